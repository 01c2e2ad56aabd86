"""What a regeneration came to, counted as it goes; the JSON that `make` and `regenerate` print."""

from collections import Counter
from dataclasses import dataclass, field

from lecture_assets.graph.fingerprint import Json
from lecture_assets.runner.events import Outcome


@dataclass
class Tally:
    """Sums over all rounds. A node counts once, with what became of it last."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    made_now: set[tuple[str, str]] = field(default_factory=set)
    calls: Counter[str] = field(default_factory=Counter)
    cost_usd_micros: int = 0
    saved_usd_micros: int = 0
    first_playable_seconds: float | None = None

    def note(self, node: str, outcome: Outcome, message: str = "") -> None:
        """What became of a node. One that was made in an earlier round stays made though a later one keeps it."""
        if outcome is Outcome.KEPT and self.outcomes.get(node) in {Outcome.MADE, Outcome.RESTORED}:
            return
        self.outcomes[node] = outcome
        self.messages[node] = message

    def nodes(self, outcome: Outcome) -> list[str]:
        """The nodes of which this became, in the order of their ends."""
        return [node for node, what in self.outcomes.items() if what is outcome]

    def to_json(self, nodes: int) -> dict[str, Json]:
        """The part of the report that is counted. nodes: how many the lecture has beside its inputs."""
        changed = {Outcome.MADE, Outcome.RESTORED, Outcome.FAILED, Outcome.BLOCKED}
        failed: list[Json] = [{"id": node, "message": self.messages[node]} for node in self.nodes(Outcome.FAILED)]
        return {
            "made": list(self.nodes(Outcome.MADE)),
            "restored": list(self.nodes(Outcome.RESTORED)),
            "kept": nodes - sum(what in changed for what in self.outcomes.values()),
            "failed": failed,
            "blocked": list(self.nodes(Outcome.BLOCKED)),
            "calls": dict(self.calls),
            "cost_usd_micros": self.cost_usd_micros,
            "saved_usd_micros": self.saved_usd_micros,
            "first_playable_seconds": self.first_playable_seconds,
        }
