"""What a regeneration came to, counted as it goes; the JSON that `make` and `regenerate` print."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from pydantic import JsonValue
from typing_extensions import TypedDict

from lecture_assets.runner.reading.proof import SizesDocument
from lecture_assets.runner.reading.shapes import LectureVersion
from lecture_assets.runner.setup.events import Outcome


class FailedNodeDocument(TypedDict):
    """A node that was not made, and why."""

    id: str
    message: str


class TallyDocument(TypedDict):
    """What was counted.

    restored: nodes whose earlier take counts again, without a call; kept: nodes that stay as they were, inputs left out;
    stopped: those of the blocked ones that a ceiling stands against; first_playable_seconds: until one segment could be played
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
    """A regeneration that came to its end."""

    seconds: float


class ReportDocument(ConvergedDocument, SizesDocument):
    """What `regenerate` prints. conflicts: pinned nodes whose origin changed; timeline: the path of `timeline.json`."""

    conflicts: list[str]
    timeline: str


class MadeDocument(ReportDocument):
    """What `make` prints. seconds: without those of the video; understood: of a typed prompt, by key, null of a file."""

    video_seconds: float
    warnings: list[str]
    understood: dict[str, JsonValue] | None


@dataclass
class RunReport:
    """Sums over all rounds. A node counts once, with what became of it last. stopped: nodes that a ceiling stands against."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    made_now: set[tuple[str, str]] = field(default_factory=set)
    stopped: set[str] = field(default_factory=set)
    calls: Counter[str] = field(default_factory=Counter)
    cost_usd_micros: int = 0
    saved_usd_micros: int = 0
    first_playable_seconds: float | None = None

    def note(self, node: str, outcome: Outcome, message: str = "", *, superseded: bool = False) -> None:
        """What became of a node. One that was made in an earlier round stays made though a later one keeps it.

        superseded: it was made for an earlier head; what became of it for the newer one goes before
        """
        before = self.outcomes.get(node, Outcome.KEPT)
        if (outcome is Outcome.KEPT or superseded) and before is not Outcome.KEPT:
            return
        self.outcomes[node] = outcome
        self.messages[node] = message

    def stop(self, node: str, message: str) -> None:
        """A node that a ceiling stands against."""
        self.note(node, Outcome.BLOCKED, message)
        self.stopped.add(node)

    def nodes(self, outcome: Outcome) -> list[str]:
        """The nodes of which this became, in the order of their ends."""
        return [node for node, what in self.outcomes.items() if what is outcome]

    def replan(self) -> None:
        """The head moved: what failed or was blocked before is tried again, where it is still wanted."""
        for node in (*self.nodes(Outcome.FAILED), *self.nodes(Outcome.BLOCKED)):
            del self.outcomes[node]
        self.stopped.clear()

    def to_json(self, fresh: Collection[str]) -> TallyDocument:
        """The part of the report that is counted. fresh: the nodes that were made when the last round began."""
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
