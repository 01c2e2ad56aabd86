"""One planned node made: kept, restored from a take, made here for nothing, or bought; durable when `make` returns.

    assess ─ fresh ──► kept (early cutoff)       free ──► made here
           ├ take ───► restored                  paid ──► CallService.buy ──► made

`plan_executor.py` says when; this knows no order.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from lecture_assets.graph.errors import RefusedError
from lecture_assets.graph.fingerprint import Json, canonical, digest
from lecture_assets.graph.lecture import Holds, Role
from lecture_assets.graph.node import Node
from lecture_assets.graph.plan import Plan
from lecture_assets.graph.settings import NodeSettings
from lecture_assets.graph.staleness import Finding, Status, assess
from lecture_assets.runner.calls.request import CallRequest
from lecture_assets.runner.calls.service import CallService
from lecture_assets.runner.reading.draft import remedy
from lecture_assets.runner.reading.snapshot import Snapshot
from lecture_assets.runner.regenerate.report import RunReport
from lecture_assets.runner.setup.events import Outcome, SegmentPlayable
from lecture_assets.steps import STEPS
from lecture_assets.steps.step import Free, Inputs, Paid, UnfitAnswerError, read_by
from lecture_assets.store import lectures, records
from lecture_assets.store.records import Take, TakeRow

AN_EDITS_CALLS = 12
"""A plan of at most so many paid calls is an edit's, and does not stand behind bulk work: a segment has about ten."""


@dataclass
class RunState:
    """What the rounds of one regeneration share.

    values:   what nodes hold, by version
    leftover: what outlived its round
    writing:  (version, node) of values on their way into the store
    """

    calls: CallService
    report: RunReport
    started_at: float
    snapshot: Snapshot
    values: dict[str, Json] = field(default_factory=dict)
    locks: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    leftover: list["asyncio.Task[None]"] = field(default_factory=list)
    writing: set[tuple[int, str]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class NodeResult:
    """What became of a node. role: that of its call, None where there was none."""

    outcome: Outcome
    cost_usd_micros: int = 0
    role: Role | None = None


def _nothing(_connection: Connection) -> None:
    """The settlement of a node that was not bought."""


@dataclass(frozen=True, slots=True)
class _Value:
    """A value, and how it came about."""

    value: Json
    made_by: str
    cost_usd_micros: int = 0
    settle: Callable[[Connection], None] = _nothing
    role: Role | None = None


def _accepted(step: Paid, inputs: Inputs, answer: Json) -> Json:
    """What a node holds of an answer. UnfitAnswerError for any that the step, or a fingerprint, can make nothing of."""
    try:
        value = step.accept(inputs, answer)
        digest(value)
    except UnfitAnswerError:
        raise
    except Exception as error:
        node = inputs.node.id
        message = (
            f"the model answered with something {node} cannot hold ({type(error).__name__}); asking again gives the same "
            f"answer: `reroll {node}` buys another, or choose another model"
        )
        raise UnfitAnswerError(message) from error
    return value


class NodeExecutor:
    """Makes the nodes of one plan, each after what it reads.

    critical_path_s: the longest path from each planned node to the end
    overtaken:      set once the head has moved: what is still made is kept as a take, and no record is set
    """

    def __init__(self, state: RunState, plan: Plan, critical_path_s: Mapping[str, float]) -> None:
        """`state.snapshot` is the snapshot that the plan was made from."""
        self.overtaken = False
        self._state = state
        self._calls = state.calls
        self._snapshot = state.snapshot
        self._plan = plan
        self._behind = critical_path_s
        planned = {planned.node.id for planned in plan.nodes}
        self._versions = {node: version for node, version in self._snapshot.versions.items() if node not in planned}

    def assess(self, node: Node) -> Finding:
        """A node whose reads are all made, as it stands now."""
        return assess(node, self._snapshot.graph.settings.of_node(node.id), self._versions, self._snapshot.world)

    async def make(self, node: Node) -> NodeResult:
        """ProviderError and UnfitAnswerError where it cannot be made; HeadMovedError where it is not wanted any more."""
        finding = self.assess(node)
        if finding.status is Status.FRESH:
            self._versions[node.id] = finding.version
            return NodeResult(Outcome.KEPT)
        if finding.restored:
            return await self._restore(node, finding)
        settings = self._snapshot.graph.settings.of_node(node.id)
        if settings.pinned is not None:
            self._check_bytes(node, settings)
            return await self._record(node, finding, _Value(settings.pinned, "person"))
        inputs = self._inputs(node)
        step = STEPS[node.kind.name]
        if isinstance(step, Free):
            return await self._record(node, finding, _Value(step.make(inputs), "step"))
        async with self._state.locks[self._snapshot.call_key(node, str(finding.fingerprint))]:
            finding = self.assess(node)
            if finding.restored:
                return await self._restore(node, finding)
            return await self._buy(node, finding, step, inputs)

    def _check_bytes(self, node: Node, settings: NodeSettings) -> None:
        """What a person gave or chose cannot be made again: UnfitAnswerError where its bytes are gone."""
        if not self._snapshot.context.is_whole(settings.pinned):
            whose = f"of take {settings.take}, which was chosen for" if settings.take else "that a person gave for"
            message = f"the bytes {whose} {node.id} are missing or damaged; {remedy(node.id, settings)}"
            raise UnfitAnswerError(message)

    async def _restore(self, node: Node, finding: Finding) -> NodeResult:
        """An earlier take answers today's fingerprint: it counts again, and costs nothing."""
        row = self._snapshot.takes.find(node.id, str(finding.fingerprint))
        assert row is not None  # noqa: S101 - what `restored` says; this is for mypy
        now = self._snapshot.context.clock.now()
        publish = self._publishes(node)

        def write(connection: Connection) -> None:
            self._require_lease(connection)
            records.count(connection, self._plan.lecture, node.id, row.number, now)
            publish(connection)

        self._state.writing.add((self._plan.version, node.id))
        await self._calls.writer.submit(write, self._behind[node.id])
        self._take_up(node, row)
        if (node.id, row.fingerprint) in self._state.report.made_now:
            return NodeResult(Outcome.MADE, role=node.kind.role)
        self._state.report.saved_usd_micros += row.cost_usd_micros
        return NodeResult(Outcome.RESTORED)

    async def _buy(self, node: Node, finding: Finding, step: Paid, inputs: Inputs) -> NodeResult:
        role = Role(str(node.kind.role))
        request = CallRequest(
            node=node,
            key=self._snapshot.call_key(node, str(finding.fingerprint)),
            request=step.request(inputs),
            model=self._snapshot.context.model(self._snapshot.model_name(node), role),
            version=self._plan.version,
            critical_path_s=self._behind[node.id],
            interactive=sum(self._plan.calls.values()) <= AN_EDITS_CALLS,
        )
        result = await self._calls.buy(request)
        if result.bought:
            self._state.report.calls[role.value] += 1
            self._state.report.cost_usd_micros += result.cost_usd_micros
        try:
            value = _accepted(step, inputs, result.value)
        except UnfitAnswerError:
            if result.bought:
                await self._calls.writer.submit(result.settle)
                result.settled()
            raise
        if not result.bought:
            self._state.report.saved_usd_micros += result.cost_usd_micros
        paid = result.cost_usd_micros if result.bought else 0
        done = await self._record(node, finding, _Value(value, request.model.name, paid, result.settle, role))
        result.settled()
        return done

    async def _record(self, node: Node, finding: Finding, made: _Value) -> NodeResult:
        """The ledger settled, the take kept and the record set, in one transaction; then whatever reads it may start."""
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
        publish = self._publishes(node) if current else _nothing

        def write(connection: Connection) -> tuple[int, bool]:
            made.settle(connection)
            holds = self._snapshot.context.renew(connection, self._calls.lease)
            number = records.save_take(connection, self._plan.lecture, take, counts=current and holds)
            if holds:
                publish(connection)
            return number, holds

        self._state.writing.add((self._plan.version, node.id))
        number, holds = await self._calls.writer.submit(write, self._behind[node.id])
        self._keep(take, number, node if current and holds else None)
        if current and not holds:
            raise self._taken_over()
        return NodeResult(Outcome.MADE, made.cost_usd_micros, made.role)

    def _keep(self, take: Take, number: int, counting: Node | None) -> None:
        """What was written, for the rest of this regeneration; `counting`: the node, where the take is its record now."""
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
            self._take_up(counting, row)

    def _publishes(self, node: Node) -> Callable[[Connection], None]:
        if node.kind.holds is not Holds.TIMELINE:
            return _nothing

        def publish(connection: Connection) -> None:
            lectures.publish(connection, self._plan.lecture, self._plan.version)

        return publish

    def _require_lease(self, connection: Connection) -> None:
        if not self._snapshot.context.renew(connection, self._calls.lease):
            raise self._taken_over()

    def _taken_over(self) -> RefusedError:
        return RefusedError(f"lecture {self._plan.lecture} was taken over by another process; what was made here is kept")

    def _take_up(self, node: Node, row: TakeRow) -> None:
        self._snapshot.takes.counting[node.id] = row
        self._snapshot.records[node.id] = self._snapshot.takes.record_of(row)
        self._versions[node.id] = row.version
        if node.kind.holds is Holds.SEGMENT_TIMELINE:
            seconds = self._snapshot.context.clock.uptime().seconds - self._state.started_at
            if self._state.report.first_playable_seconds is None:
                self._state.report.first_playable_seconds = round(seconds, 3)
            self._calls.watch(SegmentPlayable(int(str(node.cell.segment)), seconds))

    def _inputs(self, node: Node) -> Inputs:
        """What a node reads, by value; what is not at hand yet is loaded at once."""
        settings, findings = self._snapshot.graph.settings, self._snapshot.findings
        absent = [name for name in node.read_ids if name in findings and self._versions[name] not in self._state.values]
        if absent:
            wanted = {name: str(self._versions[name]) for name in absent}
            with self._snapshot.context.database.read() as connection:
                loaded = records.load_versions(connection, self._plan.lecture, wanted)
            self._state.values |= {str(self._versions[name]): value for name, value in loaded.items()}

        def value(source: str) -> Any:
            if source in findings:
                return self._state.values[str(self._versions[source])]
            return settings.value(source.partition(":")[2])

        return Inputs(node, read_by(node, value), settings.of_node(node.id), self._snapshot.asked(node))
