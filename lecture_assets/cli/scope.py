"""What `regenerate` is asked for, looked at before a worker claims the lecture: a wrong name then leaves no trace."""

from collections.abc import Iterator

from lecture_assets.graph.errors import Fault, UnknownNodeError, WrongInputError
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.regeneration import Scope


def check_scope(lectures: Lectures, lecture: str, scope: Scope) -> None:
    """WrongInputError with a fault for each node and segment that the lecture has not."""
    lectures.history(lecture)
    if faults := [*_wrong_nodes(lectures, lecture, scope.only), *_wrong_segment(lectures, lecture, scope.segment)]:
        raise WrongInputError(faults)


def _wrong_nodes(lectures: Lectures, lecture: str, nodes: tuple[str, ...]) -> Iterator[Fault]:
    for node in nodes:
        try:
            lectures.plan(lecture, scope=Scope(only=(node,)))
        except WrongInputError as error:
            yield from (Fault("--only", fault.found, fault.allowed) for fault in error.faults)


def _wrong_segment(lectures: Lectures, lecture: str, slot: int | None) -> Iterator[Fault]:
    if slot is not None:
        try:
            lectures.plan(lecture, scope=Scope(segment=slot))
        except UnknownNodeError:
            slots = ", ".join(segment["slot"] for segment in lectures.draft(lecture)["segments"])
            yield Fault("--segment", f"s{slot:02}", f"a segment of this lecture: {slots}")
