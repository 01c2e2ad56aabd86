"""One lecture to convergence: scopes and bounds, edits that land in the middle, leases that are lost."""

import random
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.graph.errors import RefusedError, WrongInputError
from lecture_assets.ports import Call, SystemClock, Uptime
from lecture_assets.runner.regenerate.scope import EVERYTHING, Scope
from lecture_assets.store import ledger_queries, records, requests
from lecture_assets.store.requests import Claim
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.runner.conftest import CALLS, LECTURE, NODES, SmallLecture, open_small_lecture

TEXT = "content:narration-text:segment[1]"
SPEECH = "asset:narration:segment[1]"
NEW_WORDS = "High up it turns to snow."


def once(role: str, act: Callable[[], object], nth: int = 1) -> Callable[[Call], None]:
    """A hook that acts at the nth call of a role."""
    seen = 0

    def hook(call: Call) -> None:
        nonlocal seen
        if call.role.value == role:
            seen += 1
            if seen == nth:
                act()

    return hook


def assert_at_rest(small_lecture: SmallLecture) -> None:
    """All is made for the head, published, and every purchase is in the ledger, once."""
    assert set(small_lecture.statuses().values()) == {"fresh"}
    head = small_lecture.lectures.status(LECTURE)["version"]
    assert small_lecture.published() == head
    assert [row["request"] for row in small_lecture.lectures.all()] == ["none"]
    bought = [line["key"] for line in small_lecture.journal()]
    assert len(bought) == len(set(bought))
    with small_lecture.lectures.context.database.read() as connection:
        rows = ledger_queries.entries(connection, lecture=LECTURE)
    assert {row["call_key"] for row in rows} == set(bought)
    assert {row["state"] for row in rows} == {"done"}


@pytest.mark.slow
def test_a_cold_run_makes_every_node_once_by_the_tables_calls(small_lecture: SmallLecture) -> None:
    report = small_lecture.regenerate()
    assert len(report["made"]) == len(set(report["made"])) == NODES
    assert report["calls"] == CALLS
    assert_at_rest(small_lecture)


@pytest.mark.slow
def test_graph_and_plan_are_stored_before_the_first_call(small_lecture: SmallLecture) -> None:
    stored: list[Any] = []
    small_lecture.watch.before = once("text", lambda: stored.append(small_lecture.lectures.stored_plan(LECTURE)))
    small_lecture.regenerate()
    assert len(stored[0]["plan"]["nodes"]) == NODES
    assert stored[0]["plan"]["calls"] == CALLS
    assert {node["id"] for node in stored[0]["graph"]["nodes"]} >= set(small_lecture.statuses())


@pytest.mark.slow
def test_an_edit_that_lands_before_its_call_is_sent_replaces_it(small_lecture: SmallLecture) -> None:
    small_lecture.watch.after = once("text", lambda: small_lecture.edit(f"text {TEXT}={NEW_WORDS}"))
    report = small_lecture.regenerate()
    assert report["version"] == 2
    assert len([role for role in small_lecture.watch.submitted_roles() if role == "speech"]) == 2
    said = [call.request.text for call in small_lecture.watch.submitted if call.role.value == "speech"]  # type: ignore[union-attr]
    assert NEW_WORDS in said
    assert_at_rest(small_lecture)


@pytest.mark.slow
def test_a_call_that_was_sent_before_an_edit_is_kept_as_a_take(small_lecture: SmallLecture) -> None:
    """The edit lands while the speech it makes stale is out: that call is finished and kept, the new one is made besides."""

    def edit(call: Call) -> None:
        if call.role.value == "speech" and "mountains" in call.request.text and not small_lecture.published():  # type: ignore[union-attr]
            small_lecture.watch.after = None
            small_lecture.edit(f"text {TEXT}={NEW_WORDS}")

    small_lecture.watch.after = edit
    report = small_lecture.regenerate()
    assert report["calls"]["speech"] == 3
    assert_at_rest(small_lecture)
    small_lecture.edit(f"unpin {TEXT}")
    undone = small_lecture.regenerate()
    assert undone["calls"] == {}
    assert SPEECH in undone["restored"]


@pytest.mark.slow
def test_an_edit_undone_during_the_run_costs_nothing_more(made_lecture: SmallLecture) -> None:
    made_lecture.edit("set voice=teacher")

    def undo() -> None:
        made_lecture.edit("set voice=narrator")

    made_lecture.watch.before = once("speech", undo)
    report = made_lecture.regenerate()
    assert report["version"] == 3
    assert report["calls"].get("speech", 0) <= 2
    assert_at_rest(made_lecture)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12 if THOROUGH else 2))
def test_edits_at_random_moments_are_all_converged_on(small_lecture: SmallLecture, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - a test's dice
    moments = sorted(dice.sample(range(1, sum(CALLS.values()) + 1), 3))
    edits = dice.sample(
        [
            f"text {TEXT}={NEW_WORDS}",
            "set voice=teacher",
            "set image_style=ink drawing",
            "text content:visual:segment[0]=A red umbrella in the rain.",
            "segments remove:0",
            "segments add",
            "reroll asset:music",
            "set use_video=true",
        ],
        3,
    )
    seen = landed = 0

    def hook(_call: Call) -> None:
        nonlocal seen, landed
        seen += 1
        if moments and seen >= moments[0]:
            moments.pop(0)
            small_lecture.edit(edits.pop())
            landed += 1

    small_lecture.watch.before, small_lecture.watch.after = (hook, None) if seed % 2 else (None, hook)
    report = small_lecture.regenerate()
    assert not report["failed"]
    assert landed >= 2  # an edit that removes calls may leave none for the third
    assert report["version"] == 1 + landed
    assert_at_rest(small_lecture)


@pytest.mark.slow
def test_nothing_is_sent_that_the_head_no_longer_wants(made_lecture: SmallLecture) -> None:
    """The edit lands while the call that it makes stale waits for a slot: the old picture is never bought."""
    made_lecture.edit("set image_style=ink drawing", "set voice=teacher")
    bought = len(made_lecture.journal())
    made_lecture.watch.submitted.clear()
    made_lecture.watch.before = once("text", lambda: made_lecture.edit("set image_style=neon sign"))
    report = made_lecture.regenerate()
    prompts = [call.request.prompt for call in made_lecture.watch.submitted if call.role.value == "image"]  # type: ignore[union-attr]
    assert len(prompts) == 2
    assert all("neon sign" in prompt for prompt in prompts)
    assert len(made_lecture.journal()) - bought == sum(report["calls"].values())
    assert_at_rest(made_lecture)


@pytest.mark.slow
def test_only_makes_a_node_and_what_it_needs_and_nothing_that_reads_it(small_lecture: SmallLecture) -> None:
    report = small_lecture.regenerate(Scope(only=(SPEECH,)))
    assert set(report["made"]) == {"llm:script-generation", "content:script:segment[1]", TEXT, SPEECH}
    assert report["calls"] == {"text": 1, "speech": 1}
    assert small_lecture.statuses()["assembler:segment-timeline:segment[1]"] == "pending"
    assert small_lecture.published() == 0


@pytest.mark.slow
def test_a_segment_is_made_with_what_it_needs_and_no_other(small_lecture: SmallLecture) -> None:
    report = small_lecture.regenerate(Scope(segment=1))
    assert not [name for name in report["made"] if "segment[0]" in name]
    assert small_lecture.statuses()["assembler:segment-timeline:segment[1]"] == "fresh"
    assert small_lecture.statuses()["assembler:timeline"] == "pending"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scope", "error"),
    [
        (Scope(only=("asset:image:segment[7]:image[0]",)), WrongInputError),
        (Scope(segment=9), WrongInputError),
        (Scope(token="0" * 32), RefusedError),
        (Scope(max_cost_usd_micros=1), RefusedError),
    ],
)
def test_what_cannot_be_done_as_asked_is_refused_before_anything_is_bought(
    small_lecture: SmallLecture, scope: Scope, error: type[Exception]
) -> None:
    with pytest.raises(error):
        small_lecture.regenerate(scope)
    assert small_lecture.journal() == []
    assert [row["request"] for row in small_lecture.lectures.all()] == ["none"]
    assert len(small_lecture.regenerate()["made"]) == NODES


@pytest.mark.slow
def test_a_plan_token_holds_until_the_plan_is_another(small_lecture: SmallLecture) -> None:
    token: Any = small_lecture.lectures.plan(LECTURE)["token"]
    assert len(small_lecture.regenerate(Scope(token=token))["made"]) == NODES
    with pytest.raises(RefusedError, match="nothing was made"):
        small_lecture.regenerate(Scope(token=token))


@pytest.mark.slow
def test_a_ceiling_that_an_edit_would_break_stops_the_rest_and_keeps_what_is_made(made_lecture: SmallLecture) -> None:
    made_lecture.edit(f"text {TEXT}={NEW_WORDS}")
    estimate: Any = made_lecture.lectures.plan(LECTURE)["estimate_usd_micros"]
    made_lecture.watch.after = once("speech", lambda: made_lecture.edit("set image_style=ink drawing"))
    with pytest.raises(RefusedError, match="an edit landed meanwhile"):
        made_lecture.regenerate(Scope(max_cost_usd_micros=estimate["high"]))
    assert "image" not in [line["role"] for line in made_lecture.journal()[sum(CALLS.values()) :]]
    assert [row["request"] for row in made_lecture.lectures.all()] == ["queued"]
    made_lecture.watch.after = None
    made_lecture.regenerate()
    assert_at_rest(made_lecture)


@pytest.mark.slow
def test_a_ceiling_counts_what_is_out_when_an_edit_replaces_it(made_lecture: SmallLecture) -> None:
    """The speech that the edit makes unwanted is bought already: it and the new one together may not pass the ceiling."""
    made_lecture.edit(f"text {TEXT}=Some forty characters of quite new words.")
    estimate: Any = made_lecture.lectures.plan(LECTURE)["estimate_usd_micros"]
    bought = len(made_lecture.journal())
    made_lecture.watch.after = once(
        "speech", lambda: made_lecture.edit(f"text {TEXT}=Some forty characters of even newer words.")
    )
    with pytest.raises(RefusedError):
        made_lecture.regenerate(Scope(max_cost_usd_micros=estimate["high"] + 1))
    assert len(made_lecture.journal()) == bought + 1
    made_lecture.watch.after = None
    made_lecture.regenerate()
    assert_at_rest(made_lecture)


@pytest.mark.slow
def test_a_lease_that_ran_out_and_that_nobody_took_goes_on(small_lecture: SmallLecture) -> None:
    """The machine slept in the middle: the clock jumps far beyond the lease, and every record still counts."""

    class Jumping(SystemClock):
        ahead = 0.0

        def now(self) -> float:
            return super().now() + self.ahead

        def uptime(self) -> Uptime:
            return replace(up := super().uptime(), seconds=up.seconds + self.ahead)

    clock = Jumping()
    small_lecture.lectures.context = replace(small_lecture.lectures.context, clock=clock)
    small_lecture.watch.after = once("image", lambda: setattr(clock, "ahead", 1000.0))
    small_lecture.regenerate()
    assert set(small_lecture.statuses().values()) == {"fresh"}
    assert small_lecture.published() == 1


@pytest.mark.slow
def test_two_at_one_lecture_are_one_too_many(small_lecture: SmallLecture) -> None:
    seen: list[str] = []

    def regenerate_too() -> None:
        with small_lecture.open_again() as other, pytest.raises(RefusedError) as refused:
            other.regenerate()
        seen.append(str(refused.value))

    def second() -> None:
        thread = threading.Thread(target=regenerate_too)
        thread.start()
        thread.join()

    small_lecture.watch.before = once("text", second)
    report = small_lecture.regenerate()
    assert len(report["made"]) == NODES
    assert "is being regenerated by another process" in seen[0]
    assert_at_rest(small_lecture)


@pytest.mark.slow
def test_a_worker_that_lost_its_lease_adds_facts_and_publishes_nothing(small_lecture: SmallLecture) -> None:
    """Another machine takes the lecture over in the middle: what is bought here is kept, no record is set, nothing is sent."""

    def take_over() -> None:
        context = small_lecture.lectures.context
        with context.database.write() as connection:
            later = context.store_time(connection) + 3600
            requests.claim(connection, LECTURE, Claim("another/machine", later, later + 3600, "another/"))

    small_lecture.watch.after = once("text", take_over)
    with pytest.raises(RefusedError, match="was taken over"):
        small_lecture.regenerate()
    with small_lecture.lectures.context.database.read() as connection:
        takes = records.load_takes(connection, LECTURE)
    assert "llm:script-generation" in {take.node for take in takes}
    assert not [take for take in takes if take.counts]
    assert len(small_lecture.journal()) == 1
    assert small_lecture.published() == 0


@pytest.mark.slow
def test_a_dead_workers_call_is_adopted_and_not_bought_again(small_lecture: SmallLecture, tmp_path: Path) -> None:
    """The call was accepted, its reply never arrived, and the worker is gone before it could write the id down."""

    class Gone(BaseException):
        """A process that ends here."""

    def die() -> None:
        raise Gone

    small_lecture.watch.after = once("text", die)
    with pytest.raises(Gone):
        small_lecture.regenerate()
    small_lecture.watch.after = None
    report = small_lecture.regenerate(EVERYTHING)
    assert len(report["made"]) == NODES
    assert len(small_lecture.journal()) == sum(CALLS.values())
    assert_at_rest(small_lecture)
    assert tmp_path in small_lecture.home.parents


@pytest.mark.slow
def test_one_brief_in_two_homes_gives_equal_fingerprints_and_media(made_lecture: SmallLecture, tmp_path: Path) -> None:
    with open_small_lecture(tmp_path / "other") as other:
        other.regenerate()
        theirs = {name: (node["fingerprint"], node["version"]) for name, node in other.nodes().items() if "music" not in name}
    ours = {name: (node["fingerprint"], node["version"]) for name, node in made_lecture.nodes().items() if "music" not in name}
    assert ours == theirs
