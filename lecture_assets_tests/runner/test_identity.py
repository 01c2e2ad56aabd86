"""A lecture is a workspace and an id: tenants may use the same ids, renaming changes nothing else, deleting leaves the sums."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from lecture_assets.graph.errors import BusyError, LectureError, RefusedError, UnknownLectureError, WrongInputError
from lecture_assets.runner.change.garbage import collect_garbage
from lecture_assets.runner.lectures import Lectures
from lecture_assets.store import deletion
from lecture_assets.store.schema import calls, charges, import_items, lectures, metadata
from lecture_assets_tests.runner.conftest import BRIEF, LECTURE, SmallLecture
from lecture_assets_tests.servers.homes import home_environ

SNOW = BRIEF.model_copy(update={"prompt": "Explain snow."})
ELSEWHERE = 10**12
"""A grace that has passed for everything, in seconds after now."""


@pytest.fixture
def tenants(tmp_path: Path) -> Iterator[tuple[Lectures, Lectures]]:
    """Two workspaces of one store."""
    one, two = (Lectures.open(home_environ(tmp_path / "home", LECTURES_WORKSPACE=name)) for name in ("one", "two"))
    with one, two:
        yield one, two


def names(tenant: Lectures) -> list[str]:
    return [row["lecture"] for row in tenant.all()]


def test_two_workspaces_use_the_same_id(tenants: tuple[Lectures, Lectures]) -> None:
    one, two = tenants
    assert one.create(BRIEF, LECTURE).new
    created = two.create(SNOW, LECTURE)
    assert created.new
    assert (created.lecture, created.key) != (LECTURE, LECTURE)
    two.edit(LECTURE, ["set voice=teacher"])
    assert (names(one), names(two)) == ([LECTURE], [LECTURE])
    assert (one.status(LECTURE)["version"], two.status(LECTURE)["version"]) == (1, 2)
    assert two.status(LECTURE)["lecture"] == LECTURE
    assert not two.create(SNOW, LECTURE).new


def test_nothing_of_another_workspace_is_seen_or_changed(tenants: tuple[Lectures, Lectures]) -> None:
    one, two = tenants
    one.create(BRIEF, LECTURE)
    two.create(SNOW, "mine")
    for act in (
        two.status,
        two.plan,
        two.undo,
        two.redo,
        two.cancel,
        two.regenerate,
        two.history,
        two.costs,
        two.draft,
        two.graph,
        two.holdings,
        two.stored_plan,
        two.delete,
        lambda name: two.edit(name, ["set voice=teacher"]),
        lambda name: two.copy(name, "copy"),
        lambda name: two.rename(name, "renamed"),
        lambda name: two.takes(name, "asset:music"),
        lambda name: two.explain(name, "asset:music"),
    ):
        with pytest.raises(UnknownLectureError) as of_another:
            act(LECTURE)
        with pytest.raises(UnknownLectureError) as of_nobody:
            act("nothing")
        assert str(of_another.value).replace(LECTURE, "nothing") == str(of_nobody.value)
    assert one.status(LECTURE)["version"] == 1


def test_refusals_call_a_lecture_by_its_id(tmp_path: Path) -> None:
    environ = home_environ(tmp_path / "home", LECTURES_WORKSPACE="one")
    with (
        Lectures.open(environ) as one,
        Lectures.open({**environ, "LECTURES_WORKSPACE": "two", "LECTURES_CEILINGS": '{"lecture": 0}'}) as two,
    ):
        one.create(BRIEF, LECTURE)
        key = two.create(SNOW, LECTURE).key
        said = [failed["message"] for failed in two.regenerate(LECTURE)["failed"]]
        for act in (two.undo, two.redo, lambda name: two.edit(name, ["set voice=teacher"], if_version=9)):
            with pytest.raises(RefusedError) as refused:
                act(LECTURE)
            said.append(str(refused.value))
        with two.context.database.write() as connection:
            two.context.claim(connection, key, two.context.claimant(key, is_locked=False))
        with pytest.raises(BusyError) as busy:
            two.regenerate(LECTURE)
        said.append(str(busy.value))
    assert all(f"lecture {LECTURE}" in sentence for sentence in said), said
    assert not any(key in sentence for sentence in said)


@pytest.mark.slow
def test_a_run_is_charged_to_the_lectures_workspace_whoever_makes_it(tenants: tuple[Lectures, Lectures]) -> None:
    one, two = tenants
    key = two.create(SNOW, LECTURE).key
    report = Lectures(one.context.of_all()).regenerate(key)
    assert report["lecture"] == LECTURE
    assert one.costs()["calls"] == []
    assert two.costs()["spent_usd_micros"] == two.costs(LECTURE)["spent_usd_micros"] == report["cost_usd_micros"] > 0


def test_renaming_changes_nothing_else(made_lecture: SmallLecture) -> None:
    before = made_lecture.lectures.holdings(LECTURE)
    made_lecture.lectures.rename(LECTURE, "drops")
    assert names(made_lecture.lectures) == ["drops"]
    assert made_lecture.lectures.holdings("drops") == before
    assert made_lecture.lectures.plan("drops")["nodes"] == []
    assert made_lecture.lectures.create(SNOW, LECTURE).new
    with pytest.raises(RefusedError, match="drops exists"):
        made_lecture.lectures.rename(LECTURE, "drops")
    with pytest.raises(WrongInputError):
        made_lecture.lectures.rename(LECTURE, "No id")


def test_of_many_that_want_a_name_one_gets_it(tenants: tuple[Lectures, Lectures]) -> None:
    one, _ = tenants
    for number in range(8):
        one.create(BRIEF, f"rain-{number}")

    def rename(number: int) -> bool:
        try:
            one.rename(f"rain-{number}", LECTURE)
        except RefusedError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(rename, range(8))) == 1
    assert len(names(one)) == 8
    assert LECTURE in names(one)


def test_deleting_leaves_the_costs_and_nothing_else(made_lecture: SmallLecture) -> None:
    one, context = made_lecture.lectures, made_lecture.lectures.context
    spent, key = one.costs()["spent_usd_micros"], LECTURE
    one.delete(LECTURE)
    assert names(one) == []
    with pytest.raises(UnknownLectureError):
        one.status(LECTURE)
    assert one.costs()["spent_usd_micros"] == spent > 0
    with context.database.read() as connection:
        for table in metadata.sorted_tables:
            if "lecture" in table.c and table not in {calls, charges}:
                assert connection.execute(select(table).where(table.c.lecture == key)).all() == [], table.name
        assert {(row.request != {}, row.reply) for row in connection.execute(select(calls))} == {(False, None)}
    assert collect_garbage(context, dry_run=True, grace_s=-ELSEWHERE)["kept"] == 0


def test_what_another_lecture_shares_outlives_it(made_lecture: SmallLecture) -> None:
    one = made_lecture.lectures
    one.copy(LECTURE, "copy")
    before = one.holdings("copy")
    one.delete(LECTURE)
    collect_garbage(one.context, grace_s=-ELSEWHERE)
    assert one.holdings("copy") == before
    assert one.plan("copy")["nodes"] == []


@pytest.mark.slow
def test_an_id_is_free_again_and_the_next_lecture_has_nothing_of_the_deleted_one(made_lecture: SmallLecture) -> None:
    one = made_lecture.lectures
    one.delete(LECTURE)
    created = one.create(BRIEF, LECTURE)
    assert created.new
    assert created.key != LECTURE
    assert one.costs(LECTURE)["spent_usd_micros"] == 0
    assert {node["status"] for node in one.status(LECTURE)["nodes"]} >= {"pending"}
    assert not one.regenerate(LECTURE)["failed"]


@pytest.mark.slow
def test_a_lecture_that_is_being_made_is_not_deleted(small_lecture: SmallLecture) -> None:
    refused: list[LectureError] = []

    def delete(_call: object) -> None:
        try:
            small_lecture.lectures.delete(LECTURE)
        except BusyError as error:
            refused.append(error)

    small_lecture.watch.before = delete
    assert not small_lecture.regenerate()["failed"]
    assert refused
    small_lecture.lectures.delete(LECTURE)


def test_every_table_of_lectures_is_emptied_or_kept_on_purpose() -> None:
    of_lectures = {table for table in metadata.sorted_tables if "lecture" in table.c}
    assert of_lectures == {*deletion.OF_LECTURE, calls, charges, import_items}
    assert lectures not in of_lectures
