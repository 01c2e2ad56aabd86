"""Every error this software raises on purpose, two levels deep. Constructors take facts and write the sentence.

`exit_code` is what the command line answers with: 2 the request was wrong, 3 it was refused, 1 some nodes failed.
"""

from collections.abc import Sequence
from dataclasses import dataclass


class LectureError(Exception):
    """The root: a sentence for a person, never a traceback."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request: where, what was found, what is allowed."""

    where: str
    found: str
    allowed: str
    file: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        """`brief.yaml:4: duration: found 'soon', allowed: a whole number of seconds from 3 to 7200`."""
        place = f"{self.file}:{self.line}: " if self.file and self.line else f"{self.file}: " if self.file else ""
        return f"{place}{self.where}: found {self.found}; allowed: {self.allowed}"


class WrongInputError(LectureError):
    """The request itself is wrong; nothing was changed. One fault a line."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the faults for programs, join them for people."""
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class UnknownNodeError(WrongInputError):
    """A node id that the lecture does not have."""

    def __init__(self, node: str, allowed: str) -> None:
        """Name the node and what there is instead."""
        super().__init__([Fault(where="node", found=repr(node), allowed=allowed)])


class CycleError(LectureError):
    """The graph reads itself; a fault of the table, drawn."""

    def __init__(self, cycle: Sequence[str]) -> None:
        """`cycle` lists each node once, in reading order."""
        self.cycle = tuple(cycle)
        chain = (*self.cycle, self.cycle[0])
        drawn = "\n".join(f"  {'   ' * i}{'└─ reads ' if i else ''}{node}" for i, node in enumerate(chain))
        super().__init__(f"the lecture graph has a cycle of {len(self.cycle)}:\n{drawn} (again)")


class RefusedError(LectureError):
    """The request is well formed and may not be done now: a conflict, a ceiling, a plan that changed."""

    exit_code = 3


class ConflictError(RefusedError):
    """The lecture moved under an edit."""

    def __init__(self, lecture: str, expected: int, actual: int) -> None:
        """Both versions, so that the caller can decide."""
        self.expected, self.actual = expected, actual
        super().__init__(
            f"lecture {lecture} is at version {actual}, this request was for version {expected}; "
            f"nothing was changed (look at it again, then repeat with --if-version {actual})"
        )


class UnknownLectureError(WrongInputError):
    """No lecture has this id."""

    def __init__(self, lecture: str, known: Sequence[str]) -> None:
        """Name some that exist."""
        some = ", ".join(known[:8]) + (", …" if len(known) > 8 else "")  # noqa: PLR2004 - a line's worth of ids
        allowed = f"one of {some}" if known else "none yet: make one with `lectures make --example photosynthesis`"
        super().__init__([Fault(where="lecture", found=repr(lecture), allowed=allowed)])
