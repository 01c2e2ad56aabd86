"""Shadows: whatever tries to make one is refused; an edit answers what it would have made, and the report has the sums."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

from lecture_assets.graph.errors import ShadowError, WrongInputError
from lecture_assets.runner.change.promoting import put_legacy_cost
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.reading.shadow_report import shadow_report
from lecture_assets.runner.regenerate.scope import EVERYTHING, Scope
from lecture_assets.store import lectures as store_lectures
from lecture_assets.store import requests, schema, shadows
from lecture_assets.store.ledger import Intent, authorize_send, intend
from lecture_assets.store.regeneration_scopes import AskedScope
from lecture_assets.store.requests import Claim, Lease
from lecture_assets.store.schema import calls, charges, shadow_edits
from lecture_assets.store.waiting import waiting
from lecture_assets_tests.api.serving import open_lectures
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.runner.shadow_lectures import old_lecture
from lecture_assets_tests.store.engines import ENGINES

SHADOW, REAL = "shadow", "real"
SAID = "content:narration-text:segment[1]"
EDITS: tuple[tuple[str, ...], ...] = (
    (f"text {SAID}=It says something else now.",),
    ("set image_style=ink drawing",),
    ("reroll asset:image:segment[0]:image[0]",),
    ("segments add:1",),
    ("segments remove:0",),
    ("set voice=teacher", "set aspect_ratio=1:1"),
)


@dataclass
class Beside:
    """Lectures of both systems."""

    lectures: Lectures
    folder: Path

    @property
    def key(self) -> str:
        return self.lectures.key_of(SHADOW)

    def bought(self) -> int:
        """How many calls the ledger has, of whatever state, and charges."""
        with self.lectures.context.database.read() as connection:
            return sum(connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (calls, charges))

    def waiting(self) -> list[str]:
        return [row.lecture for row in self.lectures.context.database.reading(waiting)]


@pytest.fixture(params=ENGINES)
def beside(request: Any, tmp_path: Path) -> Iterator[Beside]:
    with open_lectures(tmp_path / "home", request.param) as lectures:
        imported = lectures.adopt(old_lecture(tmp_path), SHADOW, shadow=True)
        assert (imported["created"], imported["shadow"]) == (True, True)
        yield Beside(lectures, tmp_path)


def ways(beside: Beside) -> dict[str, Callable[[], Any]]:
    """Every way into the rooms where lectures are made: by name, what tries it."""
    lectures, database, now = beside.lectures, beside.lectures.context.database, 1_000.0
    claimant = lectures.context.claimant(beside.key, is_locked=False)
    return {
        "regenerate": lambda: lectures.regenerate(SHADOW),
        "a part of it": lambda: lectures.regenerate(SHADOW, Scope(only=("asset:music",))),
        "as a worker does": lambda: lectures.regenerate(SHADOW, Scope(as_queued=True)),
        "by its key, as Dagster does": lambda: Lectures(lectures.context.of_all()).regenerate(beside.key, EVERYTHING),
        "a claim": lambda: database.writing(lambda c: lectures.context.claim(c, beside.key, claimant)),
        "a claim of the store": lambda: database.writing(lambda c: requests.claim(c, beside.key, Claim("me", now, now + 9, ""))),
        "a request": lambda: database.writing(lambda c: requests.ask(c, beside.key, AskedScope(), now)),
    }


@pytest.mark.slow
def test_whatever_tries_to_make_a_shadow_is_refused_and_nothing_is_bought(beside: Beside) -> None:
    for edit in EDITS[:2]:
        beside.lectures.edit(SHADOW, edit)
    beside.lectures.undo(SHADOW)
    beside.lectures.redo(SHADOW)
    assert beside.lectures.copy(SHADOW, "variant", ["set voice=teacher"])["created"]
    for name, way in ways(beside).items():
        with pytest.raises(ShadowError, match="nothing was bought"):
            way()
        assert (beside.bought(), beside.waiting()) == (0, []), name
    with pytest.raises(ShadowError):
        beside.lectures.regenerate("variant")
    assert [row["shadow"] for row in beside.lectures.all()] == [True, True]
    assert len(beside.lectures.plan(SHADOW)["nodes"]) > len(beside.lectures.plan(SHADOW, [], Scope(segment=0))["nodes"]) > 0


def test_not_even_a_call_with_a_forged_lease_is_sent(beside: Beside) -> None:
    """The last statement before a call is sent asks, too."""
    lease, database, now = Lease(beside.key, "me", 1), beside.lectures.context.database, 1_000.0
    intent = Intent("default", "key", "attempt", "asset:music", "music", "m", {}, 1, lease)

    def forge(connection: Any) -> bool:
        running = {"state": "running", "owner": "me", "fence": 1, "lease_until": now + 10}
        connection.execute(update(schema.requests).where(schema.requests.c.lecture == beside.key).values(running))
        intend(connection, intent, now)
        return authorize_send(connection, intent, 1, now)

    assert not database.writing(forge)
    database.writing(lambda connection: shadows.promote(connection, beside.key))
    assert database.writing(lambda connection: authorize_send(connection, intent, 1, now))


@pytest.mark.slow
def test_each_edit_answers_the_plan_of_a_lecture_of_which_everything_before_was_made(beside: Beside) -> None:
    if beside.lectures.context.database.is_server and not THOROUGH:
        pytest.skip("what follows from a lecture's versions is the same on each engine")
    priced = [beside.lectures.edit(SHADOW, edit)["shadow"] for edit in EDITS]
    priced += [beside.lectures.undo(SHADOW)["shadow"], beside.lectures.redo(SHADOW)["shadow"]]
    assert beside.bought() == 0
    beside.lectures.adopt(old_lecture(beside.folder), REAL)
    assert not beside.lectures.regenerate(REAL)["failed"]
    changes: list[Callable[[], Any]] = [partial(beside.lectures.edit, REAL, edit) for edit in EDITS]
    changes += [lambda: beside.lectures.undo(REAL), lambda: beside.lectures.redo(REAL)]
    for price, change in zip(priced, changes, strict=True):
        change()
        plan = beside.lectures.plan(REAL)
        assert price is not None
        assert set(price["nodes"]) == {node["id"] for node in plan["nodes"]}
        assert price["calls"] == plan["calls"]
        low, high = plan["estimate_usd_micros"]["low"], plan["estimate_usd_micros"]["high"]
        assert price["low_usd_micros"] <= low <= high <= price["high_usd_micros"]
        assert not beside.lectures.regenerate(REAL)["failed"]
    assert priced[-1] is not None
    assert (priced[-1]["calls"], priced[-1]["high_usd_micros"]) == ({}, 0), "what was undone and redone was there before"


@pytest.mark.slow
def test_what_a_killed_process_did_not_write_down_is_written_down_with_the_next_question(beside: Beside) -> None:
    written = [beside.lectures.edit(SHADOW, edit)["shadow"] for edit in EDITS[:3]]
    database = beside.lectures.context.database
    before = database.reading(lambda connection: shadows.prices(connection, beside.key))
    for first in (2, 3, 4):
        with database.write() as connection:
            connection.execute(delete(shadow_edits).where(shadow_edits.c.version >= first))
        assert shadow_report(beside.lectures.context)["total"]["edits"] == 3
        assert database.reading(lambda connection: shadows.prices(connection, beside.key)) == before
    assert [price.high_usd_micros for price in before] == [price and price["high_usd_micros"] for price in written]


@pytest.mark.slow
def test_the_report_sums_by_lecture_and_by_day_beside_what_the_other_system_paid(beside: Beside) -> None:
    context = beside.lectures.context
    beside.lectures.adopt(old_lecture(beside.folder, title="Hail"), "hail", shadow=True)
    edited = ((SHADOW, EDITS[0]), (SHADOW, EDITS[1]), ("hail", EDITS[1]))
    prices = [beside.lectures.edit(name, edit)["shadow"] for name, edit in edited]
    put_legacy_cost(context, beside.key, 3, 700_000)
    put_legacy_cost(context, beside.key, 3, 800_000)
    for version, cost in ((1, 1), (3, -1)):
        with pytest.raises(WrongInputError, match=r"found -?1; allowed"):
            put_legacy_cost(context, beside.key, version, cost)
    report = shadow_report(context)
    assert [(one["lecture"], one["edits"]) for one in report["lectures"]] == [("hail", 1), (SHADOW, 2)]
    assert [one["edits"] for one in report["days"]] == [3] or len(report["days"]) == 2, "midnight"
    total = report["total"]
    assert total["high_usd_micros"] == sum(price["high_usd_micros"] for price in prices if price)
    assert total["calls"] == sum(sum(price["calls"].values()) for price in prices if price)
    assert (total["compared_edits"], total["legacy_usd_micros"]) == (1, 800_000)
    assert prices[1] is not None
    assert total["compared_high_usd_micros"] == prices[1]["high_usd_micros"]
    assert shadow_report(context, since=1e11)["total"]["edits"] == 0
    beside.lectures.delete("hail")
    assert shadow_report(context)["total"]["edits"] == 2


@pytest.mark.slow
def test_a_promoted_shadow_is_a_lecture_like_any_other_and_its_sums_stay(beside: Beside) -> None:
    beside.lectures.edit(SHADOW, EDITS[0])
    assert [beside.lectures.promote(SHADOW), beside.lectures.promote(SHADOW)] == [True, False]
    assert (beside.bought(), beside.waiting()) == (0, []), "promoting buys and queues nothing"
    assert shadow_report(beside.lectures.context)["total"]["edits"] == 1
    planned = beside.lectures.plan(SHADOW)["calls"]
    report = beside.lectures.regenerate(SHADOW)
    assert (report["failed"], report["calls"]) == ([], planned)
    assert beside.lectures.edit(SHADOW, EDITS[1])["shadow"] is None
    assert beside.waiting() == [beside.key]
    with beside.lectures.context.database.read() as connection:
        assert not store_lectures.head(connection, beside.key).is_shadow
