"""What a regeneration writes to its lecture's log of progress, each event in the transaction of the fact.

Events of nodes say what the run has cost so far and how many nodes are left. They are written by the writer's thread, which may
run a write again: nothing counts twice here, because nodes are counted by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from lecture_assets.graph.plan import Plan
from lecture_assets.runner.regenerate.report import RunReport
from lecture_assets.runner.setup.events import Outcome
from lecture_assets.store import progress
from lecture_assets.store.progress import LONGEST_MESSAGE, EventKind
from lecture_assets.store.requests import Lease


@dataclass(slots=True)
class RunProgress:
    """The events of one run.

    version:         the lecture's version that is being made
    outcome:         how the run ends: `done`, `failed`, or `stopped` by an interrupt, a refusal or an error
    lost_usd_micros: what failed calls cost, as of the last one
    left:            the nodes of the plan that have no outcome yet
    is_served:       what the queued request asked for was made, or refused for good
    """

    report: RunReport
    lease: Lease
    version: int
    outcome: str = "stopped"
    lost_usd_micros: int = 0
    left: set[str] = field(default_factory=set)
    is_served: bool = False

    def planned(self, connection: Connection, plan: Plan, at: float) -> None:
        """A plan was stored."""
        low, high = plan.price_usd_micros
        document = {
            "token": plan.token,
            "nodes": len(plan.nodes),
            "calls": dict(plan.calls),
            "usd_micros": [low, high],
            "seconds": round(plan.seconds, 3),
        }
        self._append(connection, EventKind.PLANNED, plan.version, document, at)

    def begin(self, plan: Plan) -> None:
        """Count the nodes of a plan from here on."""
        self.version = plan.version
        self.left = {planned.node.id for planned in plan.nodes}

    def node(self, connection: Connection, version: int, node: str, at: float, outcome: str, **facts: Any) -> None:
        """A node was made or restored, or was not. facts: `take`, `cost`; `kind`, `message` of a failure; none that is empty.

        version: the one it was made for, which is an earlier one if it began before the head moved
        """
        if version == self.version:
            self.left.discard(node)
        if "message" in facts:
            facts["message"] = facts["message"][:LONGEST_MESSAGE]
        document = {"node": node, "outcome": outcome, "spent": self.spent_usd_micros, "left": len(self.left)}
        self._append(connection, EventKind.NODE, version, document | {name: fact for name, fact in facts.items() if fact}, at)

    def timeline(self, connection: Connection, version: int, take: int, base: int | None, at: float) -> None:
        """A timeline was published: this take. base: the take that was published before it, None if there was none."""
        self._append(connection, EventKind.TIMELINE, version, {"take": take, "base": base}, at)

    def ended(self, connection: Connection, at: float, *, is_queued: bool) -> None:
        """The run has ended. is_queued: there is more to do."""
        document = {"outcome": self.outcome, "queued": is_queued, "report": self._counts()}
        self._append(connection, EventKind.RUN_ENDED, self.version, document, at)

    def converged(self) -> None:
        """Note that everything asked for was tried."""
        self.outcome = "failed" if self.report.nodes(Outcome.FAILED) or self.report.nodes(Outcome.BLOCKED) else "done"

    @property
    def spent_usd_micros(self) -> int:
        """What the run has cost so far."""
        return self.report.cost_usd_micros + self.lost_usd_micros

    def _counts(self) -> dict[str, int]:
        counts = {outcome.value: len(self.report.nodes(outcome)) for outcome in Outcome if outcome is not Outcome.KEPT}
        money = {"cost_usd_micros": self.spent_usd_micros, "saved_usd_micros": self.report.saved_usd_micros}
        return counts | {"stopped": len(self.report.stopped), "calls": self.report.calls.total()} | money

    def _append(self, connection: Connection, kind: EventKind, version: int, document: Mapping[str, Any], at: float) -> None:
        run = {"run": self.lease.fence, "version": version}
        progress.append(connection, self.lease.lecture, kind, {**run, **document}, at)
