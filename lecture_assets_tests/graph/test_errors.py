"""Errors: a sentence for a person, facts for a program, an exit code for a shell."""

import pytest

from lecture_assets.graph.errors import (
    BusyError,
    ConflictError,
    CycleError,
    Fault,
    LectureError,
    RefusedError,
    UnknownLectureError,
    UnknownNodeError,
    WrongInputError,
)


@pytest.mark.parametrize(
    ("file", "line", "sentence"),
    [
        ("brief.yaml", 4, "brief.yaml:4: duration: found 'soon'; allowed: seconds"),
        ("brief.yaml", None, "brief.yaml: duration: found 'soon'; allowed: seconds"),
        (None, None, "duration: found 'soon'; allowed: seconds"),
    ],
)
def test_a_fault_says_where_what_and_what_is_allowed(file: str | None, line: int | None, sentence: str) -> None:
    assert str(Fault("duration", "'soon'", "seconds", file, line)) == sentence


def test_wrong_input_is_one_fault_a_line() -> None:
    faults = [Fault("a", "1", "2"), Fault("b", "3", "4")]
    error = WrongInputError(faults)
    assert str(error).splitlines() == [str(fault) for fault in faults]
    assert error.faults == tuple(faults)


def test_a_conflict_names_both_versions_and_what_to_do() -> None:
    error = ConflictError("bees", expected=3, actual=5)
    assert (error.expected, error.actual) == (3, 5)
    assert "at version 5" in str(error)
    assert "for version 3" in str(error)
    assert "repeat it for version 5" in str(error)


@pytest.mark.parametrize(
    ("known", "allowed"),
    [
        ([], "an existing lecture (there is none yet: `lectures make` makes one)"),
        (["ants"], "one of ants"),
        ([f"l{i}" for i in range(9)], "one of l0, l1, l2, l3, l4, l5, l6, l7, …"),
    ],
)
def test_an_unknown_lecture_is_told_which_there_are(known: list[str], allowed: str) -> None:
    assert str(UnknownLectureError("bees", known)) == f"lecture: found 'bees'; allowed: {allowed}"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (WrongInputError([]), 2),
        (UnknownNodeError("x", "y"), 2),
        (UnknownLectureError("x", []), 2),
        (CycleError(["a"]), 2),
        (RefusedError(), 3),
        (ConflictError("x", 1, 2), 3),
        (BusyError("x"), 3),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_shell_learns_whether_it_was_wrong_or_refused(error: LectureError, code: int) -> None:
    assert error.exit_code == code
