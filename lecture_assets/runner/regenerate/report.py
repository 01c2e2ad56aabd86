"""The outcome of a regeneration, counted as it runs: the JSON that `make` and `regenerate` print."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from pydantic import JsonValue
from typing_extensions import TypedDict

from lecture_assets.runner.reading.proof import SizesDocument
from lecture_assets.runner.reading.shapes import LectureVersion
from lecture_assets.runner.setup.events import Outcome


class FailedNodeDocument(TypedDict):
    """A node that was not made, and the reason."""

    id: str
    message: str


class TallyDocument(TypedDict):
    """The counts of a regeneration.

    restored:               nodes whose earlier take counts again, without a call
    kept:                   how many nodes were left unchanged, not counting inputs
    stopped:                the blocked nodes whose own call would have exceeded a ceiling
    first_playable_seconds: the time until the first segment could be played
    """

    made: list[str]
    restored: list[str]
    kept: int
    failed: list[FailedNodeDocument]
    blocked: list[str]
    stopped: list[FailedNodeDocument]
    calls: dict[str, int]
    cost_usd_micros: int
    saved_usd_micros: int
    first_playable_seconds: float | None


class ConvergedDocument(LectureVersion, TallyDocument):
    """A completed regeneration."""

    seconds: float


class ReportDocument(ConvergedDocument, SizesDocument):
    """The output of `regenerate`.

    conflicts: pinned nodes whose origin changed
    timeline:  the path of `timeline.json`
    warnings:  what is wrong with the film, one sentence each (docs/timeline.md, Checks)
    """

    conflicts: list[str]
    timeline: str
    warnings: list[str]


class MadeDocument(ReportDocument):
    """The output of `make`.

    seconds:    not including `video_seconds`
    warnings:   settings that contradict each other, too, and what is wrong with the film as it was rendered
    understood: the brief's keys as understood from a typed prompt; null for a file
    """

    video_seconds: float
    understood: dict[str, JsonValue] | None


@dataclass
class RunReport:
    """Totals over all plans. A node counts once, with its last outcome. stopped: nodes whose own call would exceed a ceiling."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    made_now: set[tuple[str, str]] = field(default_factory=set)
    stopped: set[str] = field(default_factory=set)
    calls: Counter[str] = field(default_factory=Counter)
    cost_usd_micros: int = 0
    saved_usd_micros: int = 0
    first_playable_seconds: float | None = None

    def note(self, node: str, outcome: Outcome, message: str = "", *, superseded: bool = False) -> None:
        """Record the outcome of a node. A node made under an earlier plan still counts as made if a later plan keeps it.

        superseded: it was made for an earlier head; an outcome for the newer head takes precedence
        """
        before = self.outcomes.get(node, Outcome.KEPT)
        if (outcome is Outcome.KEPT or superseded) and before is not Outcome.KEPT:
            return
        self.outcomes[node] = outcome
        self.messages[node] = message

    def stop(self, node: str, message: str) -> None:
        """Record a node whose call would exceed a ceiling."""
        self.note(node, Outcome.BLOCKED, message)
        self.stopped.add(node)

    def nodes(self, outcome: Outcome) -> list[str]:
        """Return the nodes with this outcome, in the order in which they ended."""
        return [node for node, what in self.outcomes.items() if what is outcome]

    def replan(self) -> None:
        """Forget failed and blocked nodes: the head moved, and those still needed are tried again."""
        for node in (*self.nodes(Outcome.FAILED), *self.nodes(Outcome.BLOCKED)):
            del self.outcomes[node]
        self.stopped.clear()

    def to_json(self, fresh: Collection[str]) -> TallyDocument:
        """Return the counts. fresh: the nodes that were fresh when the last plan began."""
        changed = {Outcome.MADE, Outcome.RESTORED, Outcome.FAILED, Outcome.BLOCKED}
        failed: list[FailedNodeDocument] = [{"id": node, "message": self.messages[node]} for node in self.nodes(Outcome.FAILED)]
        stopped: list[FailedNodeDocument] = [{"id": node, "message": self.messages[node]} for node in sorted(self.stopped)]
        return {
            "made": list(self.nodes(Outcome.MADE)),
            "restored": list(self.nodes(Outcome.RESTORED)),
            "kept": sum(self.outcomes.get(node) not in changed for node in {*fresh, *self.nodes(Outcome.KEPT)}),
            "failed": failed,
            "blocked": list(self.nodes(Outcome.BLOCKED)),
            "stopped": stopped,
            "calls": dict(self.calls),
            "cost_usd_micros": self.cost_usd_micros,
            "saved_usd_micros": self.saved_usd_micros,
            "first_playable_seconds": self.first_playable_seconds,
        }
