"""Takes and ledger agree whatever was done, and each way of changing one of them behind the other's back is found."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Delete, Update

from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.reading.ledger_check import LedgerComparison, compare_ledger
from lecture_assets.store.schema import calls, charges, takes
from lecture_assets_tests.runner.conftest import BRIEF, LECTURE
from lecture_assets_tests.scenarios.quick_vendor import Mood, open_quick_lectures
from lecture_assets_tests.servers.homes import copy_home
from lecture_assets_tests.store.media_folder import folder_of

IMAGE = "asset:image:segment[0]:image[0]"
SCRIPT = "llm:script-generation"
MOTTO = "text content:narration-text:segment[0]=Rain is water that comes back."


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a finished lecture, which tests copy. Its first picture failed at the vendor; the next attempt did not."""
    home = tmp_path_factory.mktemp("made") / "home"
    with open_quick_lectures(home, Mood(), {"LECTURES_SIM_FAULTS": "image:failed@1"}) as lectures:
        lectures.create(BRIEF, LECTURE)
        lectures.regenerate(LECTURE)
        lectures.regenerate(LECTURE)
    return home


@pytest.fixture
def lectures(made: Path, tmp_path: Path) -> Iterator[Lectures]:
    copy_home(made, tmp_path / "home")
    with open_quick_lectures(tmp_path / "home", Mood()) as lectures:
        yield lectures


def compared(lectures: Lectures, lecture: str = LECTURE) -> LedgerComparison:
    with lectures.context.database.read() as connection:
        return compare_ledger(connection, lecture)


def spent(lectures: Lectures, lecture: str = LECTURE) -> int:
    return lectures.costs(lecture)["spent_usd_micros"]


def change(lectures: Lectures, statement: Update | Delete) -> None:
    """Change the database, as no command does."""
    with lectures.context.database.write() as connection:
        assert connection.execute(statement).rowcount > 0


@pytest.mark.slow
def test_what_was_paid_is_in_the_takes(lectures: Lectures) -> None:
    found = compared(lectures)
    assert found.faults == []
    assert found.spent == found.in_takes + found.without_take == spent(lectures) > 0
    assert found.takes == sum(call["state"] == "done" for call in lectures.costs(LECTURE)["calls"])


@pytest.mark.slow
def test_edits_rerolls_and_undo_leave_both_equal(lectures: Lectures) -> None:
    for edit in (f"reroll {IMAGE}", MOTTO, "set image_style=oil", "segments add", f"take {IMAGE}=1"):
        lectures.edit(LECTURE, [edit])
        lectures.regenerate(LECTURE)
        assert compared(lectures).faults == [], edit
    lectures.undo(LECTURE)
    lectures.regenerate(LECTURE)
    found = compared(lectures)
    assert (found.faults, found.spent, found.paid_by_others) == ([], spent(lectures), 0)


def test_a_copy_has_takes_that_another_lecture_paid(lectures: Lectures) -> None:
    lectures.copy(LECTURE, "copy", [MOTTO])
    lectures.regenerate("copy")
    found, source = compared(lectures, "copy"), compared(lectures)
    assert (found.faults, source.faults) == ([], [])
    assert found.paid_by_others == source.in_takes
    assert found.spent == found.in_takes == spent(lectures, "copy") > 0


def test_a_lecture_that_reuses_the_calls_of_another_pays_nothing(lectures: Lectures) -> None:
    lectures.create(BRIEF, "twin")
    lectures.regenerate("twin")
    assert compared(lectures, "twin") == LedgerComparison()


@pytest.mark.slow
def test_a_medium_that_was_lost_is_bought_again_and_both_payments_are_known(lectures: Lectures) -> None:
    before = compared(lectures)
    for file in folder_of(lectures.context.artifacts).files():
        file.unlink()
    lectures.regenerate(LECTURE)
    found = compared(lectures)
    assert found.faults == []
    assert found.spent == spent(lectures) > before.spent
    assert found.in_takes == before.in_takes


IS_IMAGE = takes.c.node == IMAGE
TAMPERED: dict[str, tuple[Update | Delete, str]] = {
    "a take that says it cost more": (
        takes.update().where(IS_IMAGE).values(cost_usd_micros=1),
        f"{IMAGE}: take 1 costs $0.000001, but ",
    ),
    "a take that says it cost nothing": (
        takes.update().where(IS_IMAGE).values(cost_usd_micros=0),
        f"{IMAGE}: take 1 cost nothing, but ",
    ),
    "a call that says it cost more": (
        calls.update().where(calls.c.node == IMAGE).values(cost_usd_micros=1),
        f"{IMAGE}: its call cost $0.000001, but ",
    ),
    "a call that is gone": (calls.delete().where(calls.c.node == SCRIPT), f"{SCRIPT}: "),
    "a charge that is gone": (charges.delete().where(charges.c.node == SCRIPT), f"{SCRIPT}: take 1 costs "),
}


@pytest.mark.parametrize("case", TAMPERED)
def test_what_was_changed_by_something_else_is_found(lectures: Lectures, case: str) -> None:
    statement, said = TAMPERED[case]
    change(lectures, statement)
    assert [fault[: len(said)] for fault in compared(lectures).faults][:1] == [said]
