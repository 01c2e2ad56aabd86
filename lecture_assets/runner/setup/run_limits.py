"""How many runs are started at once, and how many of these places bulk work leaves to edits."""

from collections.abc import Mapping
from dataclasses import dataclass

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.plan import MAX_EDIT_CALLS, is_edit

AT_ONCE, FOR_EDITS = "LECTURES_RUNS", "LECTURES_RUNS_FOR_EDITS"
_MOST, _DIGITS = 1000, 10


@dataclass(frozen=True, slots=True)
class RunLimits:
    """The most runs at once.

    at_once:   of all kinds; each takes memory, and they share the vendors' slots
    for_edits: of these, the places that bulk work may not take; fewer than `at_once`
    """

    at_once: int = 8
    for_edits: int = 2

    def may_start(self, calls: int | None, edits: int, bulk: int) -> bool:
        """Whether a run may start beside so many that make edits, and so many that do bulk work.

        More bulk work than allowed, started by hand, takes nothing from edits. A flood of edits leaves one place to bulk work,
        and larger edits leave one to those of at most six calls: a sentence, or a picture.

        calls: of its plan; None if not known, as of bulk work
        """
        for_bulk = self.at_once - self.for_edits
        if not is_edit(calls):
            return bulk < for_bulk and edits + bulk < self.at_once
        places = min(self.at_once - min(bulk, for_bulk), max(self.at_once - 1, 1))
        return edits < (places if calls <= MAX_EDIT_CALLS // 2 else max(places - 1, 1))


def run_limits(environ: Mapping[str, str]) -> RunLimits:
    """Parse `LECTURES_RUNS` and `LECTURES_RUNS_FOR_EDITS`. WrongInputError if one of them is no suitable number."""
    standard = RunLimits()
    at_once = _number(environ, AT_ONCE, standard.at_once, 1, _MOST)
    return RunLimits(at_once, _number(environ, FOR_EDITS, min(standard.for_edits, at_once - 1), 0, at_once - 1))


def _number(environ: Mapping[str, str], variable: str, default: int, least: int, most: int) -> int:
    text = environ.get(variable) or str(default)
    if not (text.isascii() and text.isdecimal() and len(text) < _DIGITS and least <= int(text) <= most):
        allowed = f"a whole number from {least} to {most}"
        if variable == FOR_EDITS:
            allowed += f", fewer than {AT_ONCE}"
        raise WrongInputError([Fault(variable, repr(text[:100]), allowed)])
    return int(text)
