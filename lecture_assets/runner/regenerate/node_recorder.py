"""Loads what the nodes of a plan read, and writes each node's take and record.

It tracks the version of every node as it is made, so that the nodes reading it are assessed against current values.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from lecture_assets.graph.errors import RefusedError
from lecture_assets.graph.fingerprint import Json, canonical, digest
from lecture_assets.graph.kind import Holds, Role
from lecture_assets.graph.node import Node
from lecture_assets.graph.plan import Plan
from lecture_assets.graph.staleness import Finding, assess
from lecture_assets.runner.calls.service import CallService
from lecture_assets.runner.reading.snapshot import Snapshot
from lecture_assets.runner.regenerate.rendering import Rendering
from lecture_assets.runner.regenerate.report import RunReport
from lecture_assets.runner.regenerate.run_progress import RunProgress
from lecture_assets.runner.setup.events import Outcome, SegmentPlayable
from lecture_assets.steps.step import Inputs, read_by
from lecture_assets.store import lectures, records
from lecture_assets.store.records import Failure, Take, TakeRow

SUPERSEDED = "superseded"
"""The outcome of a node that was made for a version that an edit has replaced: a take is kept, and does not count."""


@dataclass
class RunState:
    """State shared by the plans of one regeneration.

    values:   the values of nodes, by version
    leftover: tasks that outlived their plan
    writing:  (version, node) of values now being written to the store
    lost:     how many media of the timeline could not be read once the last plan was carried out
    has_lost: media could not be read once before: what is lost again is left to the next regeneration
    """

    calls: CallService
    report: RunReport
    progress: RunProgress
    started_at: float
    snapshot: Snapshot
    rendering: Rendering
    values: dict[str, Json] = field(default_factory=dict)
    locks: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    leftover: list["asyncio.Task[None]"] = field(default_factory=list)
    writing: set[tuple[int, str]] = field(default_factory=set)
    lost: int = 0
    has_lost: bool = False


def _nothing(_connection: Connection) -> None:
    """Do nothing: there is no call to settle."""


@dataclass(frozen=True, slots=True)
class MadeValue:
    """A new value for a node.

    made_by: `step`, `person`, or the name of the model
    settle:  the final write to the ledger
    role:    the role of its call, if any
    """

    value: Json
    made_by: str
    cost_usd_micros: int = 0
    settle: Callable[[Connection], None] = _nothing
    role: Role | None = None


class NodeRecorder:
    """Reads and writes the nodes of one plan. overtaken: the head moved; values are kept as takes, but no record is set."""

    def __init__(self, state: RunState, plan: Plan, critical_paths_s: Mapping[str, float]) -> None:
        """Take the snapshot that the plan was made from. critical_paths_s: seconds from each planned node to the end."""
        self.overtaken = False
        self._state = state
        self._calls = state.calls
        self._snapshot = state.snapshot
        self._plan = plan
        self._critical_paths_s = critical_paths_s
        planned = {planned.node.id for planned in plan.nodes}
        self._versions = {node: version for node, version in self._snapshot.versions.items() if node not in planned}

    def assess(self, node: Node) -> Finding:
        """Assess a node whose reads are all made against their current versions."""
        return assess(node, self._snapshot.graph.settings.of_node(node.id), self._versions, self._snapshot.world)

    def keep(self, node: Node, finding: Finding) -> None:
        """Keep a fresh node."""
        self._versions[node.id] = finding.version
        self._state.progress.left.discard(node.id)

    def inputs(self, node: Node) -> Inputs:
        """Return the values that a node reads. Those not in memory are loaded together."""
        settings, findings = self._snapshot.graph.settings, self._snapshot.findings
        absent = [name for name in node.read_ids if name in findings and self._versions[name] not in self._state.values]
        if absent:
            wanted = {name: str(self._versions[name]) for name in absent}
            database, lecture = self._snapshot.context.database, self._plan.lecture
            loaded = database.reading(lambda connection: records.load_versions(connection, lecture, wanted))
            self._state.values |= {str(self._versions[name]): value for name, value in loaded.items()}

        def value(source: str) -> Any:
            if source in findings:
                return self._state.values[str(self._versions[source])]
            return settings.value(source.partition(":")[2])

        return Inputs(node, read_by(node, value), settings.of_node(node.id), self._snapshot.asked(node))

    async def restore(self, node: Node, row: TakeRow) -> None:
        """Make an earlier take count again."""
        now = self._snapshot.context.clock.now()

        def write(connection: Connection) -> None:
            at = self._snapshot.context.renewed_at(connection, self._calls.lease)
            if at is None:
                raise self._taken_over()
            base = self._published(connection, node)
            records.count(connection, self._plan.lecture, node.id, row.number, now)
            outcome = Outcome.MADE if (node.id, row.fingerprint) in self._state.report.made_now else Outcome.RESTORED
            self._state.progress.node(connection, self._plan.version, node.id, at, outcome.value, take=row.number)
            self._publish(connection, node, (row.number, base), at)

        self._state.writing.add((self._plan.version, node.id))
        await self._calls.writer.submit(write, self._critical_paths_s[node.id])
        self._count(node, row)

    async def record(self, node: Node, finding: Finding, made: MadeValue) -> None:
        """Settle the call, keep the take and set the record, in one transaction. The nodes that read this one may start then."""
        take = Take(
            node=node.id,
            version=digest(made.value),
            fingerprint=str(finding.fingerprint),
            recipe=canonical(finding.recipe).decode(),
            value=made.value,
            artifact=str(made.value["sha256"]) if isinstance(made.value, dict) and "sha256" in made.value else None,
            made_by=made.made_by,
            made_at=self._snapshot.context.clock.now(),
            cost_usd_micros=made.cost_usd_micros,
        )
        current = not self.overtaken

        def write(connection: Connection) -> tuple[int, bool]:
            made.settle(connection)
            at = self._snapshot.context.renewed_at(connection, self._calls.lease)
            base = self._published(connection, node)
            number = records.save_take(connection, self._plan.lecture, take, counts=current and at is not None)
            if at is not None:
                outcome = Outcome.MADE.value if current else SUPERSEDED
                self._state.progress.node(
                    connection, self._plan.version, node.id, at, outcome, take=number, cost=made.cost_usd_micros
                )
                if current:
                    self._publish(connection, node, (number, base), at)
            return number, at is not None

        self._state.writing.add((self._plan.version, node.id))
        number, holds = await self._calls.writer.submit(write, self._critical_paths_s[node.id])
        self._remember(take, number, node if current and holds else None)
        if current and not holds:
            raise self._taken_over()

    async def fail(self, failure: Failure, outcome: Outcome) -> None:
        """Store why a node was not made."""
        state, context, lecture = self._state, self._snapshot.context, self._plan.lecture
        state.progress.lost_usd_micros = self._calls.lost_usd_micros()
        why = {"kind": failure.kind, "message": failure.message}

        def write(connection: Connection) -> None:
            lectures.version_of(connection, lecture, lock=True)
            records.save_failure(connection, lecture, failure)
            state.progress.node(
                connection, self._plan.version, failure.node, context.store_time(connection), outcome.value, **why
            )

        await self._calls.writer.submit(write)

    def _remember(self, take: Take, number: int, counting: Node | None) -> None:
        """Keep what was written in memory for this regeneration. counting: the node, if the take is now its record."""
        row = TakeRow(
            node=take.node,
            number=number,
            version=take.version,
            fingerprint=take.fingerprint,
            recipe=take.recipe,
            artifact=take.artifact,
            made_by=take.made_by,
            made_at=take.made_at,
            cost_usd_micros=take.cost_usd_micros,
            counts=counting is not None,
        )
        self._state.report.made_now.add((take.node, take.fingerprint))
        self._state.values[take.version] = take.value
        self._state.snapshot.takes.add(row)
        if counting is not None:
            self._count(counting, row)

    def _count(self, node: Node, row: TakeRow) -> None:
        """Update the snapshot with a node's record, and report a segment that became playable."""
        self._snapshot.takes.counting[node.id] = row
        self._snapshot.records[node.id] = self._snapshot.takes.record_of(row)
        self._versions[node.id] = row.version
        if node.kind.holds is Holds.SEGMENT_TIMELINE:
            seconds = self._snapshot.context.clock.uptime().seconds - self._state.started_at
            if self._state.report.first_playable_seconds is None:
                self._state.report.first_playable_seconds = round(seconds, 3)
            self._calls.watch(SegmentPlayable(int(str(node.cell.segment)), seconds))

    def _published(self, connection: Connection, node: Node) -> int | None:
        """Return the take of the timeline that counts until now; None if there is none, and for any other node."""
        return records.counting_take(connection, self._plan.lecture, node.id) if node.kind.holds is Holds.TIMELINE else None

    def _publish(self, connection: Connection, node: Node, takes: tuple[int, int | None], at: float) -> None:
        """Publish a take of the timeline; of another node, do nothing. takes: it, and the one published before."""
        if node.kind.holds is Holds.TIMELINE and lectures.publish(connection, self._plan.lecture, self._plan.version):
            self._state.progress.timeline(connection, self._plan.version, *takes, at)

    def _taken_over(self) -> RefusedError:
        return RefusedError(f"lecture {self._snapshot.head.name} was taken over by another process; what was made here is kept")
