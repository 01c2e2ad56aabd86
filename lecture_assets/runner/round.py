"""One plan carried out: each node starts the moment what it reads is made, and is durable before anything that reads it starts.

ready ─ assess ─ fresh ──► kept (early cutoff)          a failed node blocks only what reads it
├ take ──► restored
├ free ──► made here                     the head moved: nothing more is started, what is out finishes
└ paid ──► purchase.py ──► made          as a take, and the next round goes on from there
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from lecture_assets.graph.errors import RefusedError
from lecture_assets.graph.fingerprint import Json, canonical, digest
from lecture_assets.graph.lecture import Holds, Role
from lecture_assets.graph.node import Node
from lecture_assets.graph.plan import Plan
from lecture_assets.graph.schedule import Work, tails
from lecture_assets.graph.staleness import Finding, Status, assess
from lecture_assets.ports import FailureKind, ProviderError
from lecture_assets.runner.events import NodeFinished, Outcome, SegmentPlayable
from lecture_assets.runner.purchase import HeadMovedError, Market, Order
from lecture_assets.runner.snapshot import Snapshot, record_of
from lecture_assets.runner.tally import Tally
from lecture_assets.steps import STEPS
from lecture_assets.steps.step import Free, Inputs, Paid, UnfitAnswerError
from lecture_assets.store import lectures, records, requests
from lecture_assets.store.records import Failure, Take, TakeRow


def _nothing(_connection: Connection) -> None:
    """The settlement of a node that was not bought."""


@dataclass
class Bench:
    """What the rounds of one regeneration share. values: what nodes hold, by version; underway: calls that were sent."""

    market: Market
    tally: Tally
    started_at: float
    snapshot: Snapshot
    values: dict[str, Json] = field(default_factory=dict)
    locks: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    leftover: set["asyncio.Task[None]"] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Made:
    """A value, and how it came about."""

    value: Json
    made_by: str
    cost_usd_micros: int = 0
    settle: Callable[[Connection], None] = _nothing
    role: Role | None = None


class Round:
    """Carries out one plan for one version of the head."""

    def __init__(self, bench: Bench, plan: Plan) -> None:
        """`bench.snapshot` is the snapshot that the plan was made from."""
        self._bench = bench
        self._market = bench.market
        self._snapshot = bench.snapshot
        self._plan = plan
        self._nodes = {planned.node.id: planned.node for planned in plan.nodes}
        self._waits = {node.id: sum(source in self._nodes for source in node.read_ids) for node in self._nodes.values()}
        work = {p.node.id: Work(p.quote.seconds if p.quote else 0.0) for p in plan.nodes}
        self._behind = tails(work, {p.node.id: p.node.read_ids for p in plan.nodes})
        self._versions: dict[str, str | None] = {
            node.id: digest(self._snapshot.graph.settings.value(node.kind.name.partition(":")[2]))
            for node in self._snapshot.graph.nodes.values()
            if node.kind.is_input
        }
        self._versions |= {node: finding.version for node, finding in self._snapshot.findings.items() if node not in self._nodes}
        self._broken: dict[str, str] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._writing: set[str] = set()
        self._moved = False

    async def run(self) -> bool:
        """Until every planned node is settled (True), or the head moved (False)."""
        for node in self._nodes.values():
            if not self._waits[node.id]:
                self._start(node)
        try:
            while self._tasks and not self._moved:
                await asyncio.wait(self._tasks.values(), return_when=asyncio.FIRST_COMPLETED)
                for name, task in [(name, task) for name, task in self._tasks.items() if task.done()]:
                    del self._tasks[name]
                    task.result()
        finally:
            await self._hand_over()
        return not self._moved

    @property
    def is_whole(self) -> bool:
        """Whether nothing failed and nothing was blocked."""
        return not self._broken

    async def _hand_over(self) -> None:
        """Calls that were sent, and what is being written, go on without this round; what only waits is dropped."""
        dropped = []
        for node, task in self._tasks.items():
            if self._moved and (node in self._market.sent or node in self._writing):
                self._bench.leftover.add(task)
                task.add_done_callback(self._bench.leftover.discard)
            else:
                task.cancel()
                dropped.append(task)
        await asyncio.gather(*dropped, return_exceptions=True)
        self._tasks = {}

    def _start(self, node: Node) -> None:
        self._tasks[node.id] = asyncio.create_task(self._settle(node), name=node.id)

    async def _settle(self, node: Node) -> None:
        try:
            outcome, cost, role = await self._make(node)
        except HeadMovedError:
            self._moved = True
            return
        except (ProviderError, UnfitAnswerError) as error:
            if not self._moved:
                await self._fail(node, error)
            return
        finally:
            self._market.sent.discard(node.id)
        self._bench.tally.note(node.id, outcome, superseded=self._bench.snapshot is not self._snapshot)
        pool = self._pool(node) if role else None
        self._market.watch(NodeFinished(node.id, outcome, cost, pool))
        if not self._moved:
            self._release(node)

    def _pool(self, node: Node) -> str:
        return self._snapshot.context.model(self._snapshot.model_name(node), Role(str(node.kind.role))).pool

    def _release(self, node: Node) -> None:
        """What reads this node waits for one less; what waits for nothing more is started, or is blocked."""
        for reader in (self._nodes[name] for name in self._snapshot.graph.readers[node.id] if name in self._nodes):
            self._waits[reader.id] -= 1
            if self._waits[reader.id]:
                continue
            cause = next((source for source in reader.read_ids if source in self._broken), None)
            pinned = self._snapshot.graph.settings.of_node(reader.id).pinned is not None
            if cause is None or pinned:
                self._start(reader)
            else:
                self._block(reader, self._broken[cause])

    def _block(self, node: Node, cause: str) -> None:
        self._broken[node.id] = cause
        message = f"{node.id} waits for {cause}"
        self._bench.tally.note(node.id, Outcome.BLOCKED, message)
        self._market.watch(NodeFinished(node.id, Outcome.BLOCKED, message=message))
        self._release(node)

    async def _fail(self, node: Node, error: ProviderError | UnfitAnswerError) -> None:
        self._broken[node.id] = node.id
        kind, code = (error.kind, error.code) if isinstance(error, ProviderError) else (FailureKind.VALIDATION, "unfit-answer")
        who = error.provider if isinstance(error, ProviderError) else "the model"
        message = f"{who} could not make {node.id} of lecture {self._plan.lecture}: {error}"
        finding = self._assess(node)
        failure = Failure(node.id, str(finding.fingerprint), kind, code, message, self._snapshot.context.clock.now())
        await self._market.writer.submit(lambda c: records.save_failure(c, self._plan.lecture, failure))
        self._bench.tally.note(node.id, Outcome.FAILED, message)
        self._market.watch(NodeFinished(node.id, Outcome.FAILED, message=message))
        self._release(node)

    def _assess(self, node: Node) -> Finding:
        return assess(node, self._snapshot.graph.settings.of_node(node.id), self._versions, self._snapshot.world)

    async def _make(self, node: Node) -> tuple[Outcome, int, Role | None]:
        finding = self._assess(node)
        if finding.status is Status.FRESH:
            self._versions[node.id] = finding.version
            return Outcome.KEPT, 0, None
        if finding.restored:
            return await self._restore(node, finding)
        settings = self._snapshot.graph.settings.of_node(node.id)
        if settings.pinned is not None:
            return await self._record(node, finding, _Made(settings.pinned, "person"))
        inputs = self._inputs(node)
        step = STEPS[node.kind.name]
        if isinstance(step, Free):
            return await self._record(node, finding, _Made(step.make(inputs), "step"))
        async with self._bench.locks[self._snapshot.call_key(node, str(finding.fingerprint))]:
            finding = self._assess(node)
            if finding.restored:
                return await self._restore(node, finding)
            return await self._buy(node, finding, step, inputs)

    async def _restore(self, node: Node, finding: Finding) -> tuple[Outcome, int, Role | None]:
        """An earlier take answers today's fingerprint: it counts again, and costs nothing."""
        row = self._snapshot.earlier[node.id, str(finding.fingerprint)]
        now = self._snapshot.context.clock.now()
        publish = self._publishes(node)

        def write(connection: Connection) -> None:
            self._require_lease(connection)
            records.count(connection, self._plan.lecture, node.id, row.number, now)
            publish(connection)

        self._writing.add(node.id)
        await self._market.writer.submit(write)
        self._take_up(node, row)
        if (node.id, row.fingerprint) in self._bench.tally.made_now:
            return Outcome.MADE, 0, node.kind.role
        self._bench.tally.saved_usd_micros += row.cost_usd_micros
        return Outcome.RESTORED, 0, None

    async def _buy(self, node: Node, finding: Finding, step: Paid, inputs: Inputs) -> tuple[Outcome, int, Role | None]:
        role = Role(str(node.kind.role))
        order = Order(
            node=node,
            key=self._snapshot.call_key(node, str(finding.fingerprint)),
            request=step.request(inputs),
            model=self._snapshot.context.model(self._snapshot.model_name(node), role),
            version=self._plan.version,
            seconds_behind=self._behind[node.id],
        )
        answer = await self._market.buy(order)
        if answer.bought:
            self._bench.tally.calls[role.value] += 1
            self._bench.tally.cost_usd_micros += answer.cost_usd_micros
        else:
            self._bench.tally.saved_usd_micros += answer.cost_usd_micros
        try:
            value = step.accept(inputs, answer.value)
        except UnfitAnswerError:
            await self._market.writer.submit(answer.settle)
            raise
        return await self._record(node, finding, _Made(value, order.model.name, answer.cost_usd_micros, answer.settle, role))

    async def _record(self, node: Node, finding: Finding, made: _Made) -> tuple[Outcome, int, Role | None]:
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
        current = not self._moved
        publish = self._publishes(node) if current else _nothing

        def write(connection: Connection) -> int:
            made.settle(connection)
            holds = requests.holds(connection, self._market.lease, take.made_at)
            number = records.save_take(connection, self._plan.lecture, take, counts=current and holds)
            if holds:
                publish(connection)
            return number

        self._writing.add(node.id)
        number = await self._market.writer.submit(write)
        row = TakeRow(
            take.node,
            number,
            take.version,
            take.fingerprint,
            take.recipe,
            take.artifact,
            take.made_by,
            take.made_at,
            take.cost_usd_micros,
            counts=current,
        )
        self._bench.tally.made_now.add((node.id, take.fingerprint))
        self._bench.values[take.version] = take.value
        self._bench.snapshot.earlier[node.id, take.fingerprint] = row
        if current:
            self._take_up(node, row)
        return Outcome.MADE, made.cost_usd_micros, made.role

    def _publishes(self, node: Node) -> Callable[[Connection], None]:
        if node.kind.holds is not Holds.TIMELINE:
            return _nothing
        return lambda connection: _ignore(lectures.publish(connection, self._plan.lecture, self._plan.version))

    def _require_lease(self, connection: Connection) -> None:
        if not requests.holds(connection, self._market.lease, self._snapshot.context.clock.now()):
            message = f"lecture {self._plan.lecture} was taken over by another process; what was made here is kept"
            raise RefusedError(message)

    def _take_up(self, node: Node, row: TakeRow) -> None:
        self._snapshot.counting[node.id] = row
        self._snapshot.records[node.id] = record_of(row)
        self._versions[node.id] = row.version
        if node.kind.holds is Holds.SEGMENT_TIMELINE:
            seconds = self._snapshot.context.clock.now() - self._bench.started_at
            if self._bench.tally.first_playable_seconds is None:
                self._bench.tally.first_playable_seconds = round(seconds, 3)
            self._market.watch(SegmentPlayable(int(str(node.cell.segment)), seconds))

    def _inputs(self, node: Node) -> Inputs:
        """What a node reads, by value; what is not at hand yet is loaded at once."""
        settings = self._snapshot.graph.settings
        absent = [
            name for name in node.read_ids if name in self._snapshot.findings and self._versions[name] not in self._bench.values
        ]
        if absent:
            with self._snapshot.context.database.read() as connection:
                loaded = records.load_versions(
                    connection, self._plan.lecture, {name: str(self._versions[name]) for name in absent}
                )
            self._bench.values |= {str(self._versions[name]): value for name, value in loaded.items()}

        def value(source: str) -> Any:
            if source in self._snapshot.findings:
                return self._bench.values[str(self._versions[source])]
            return settings.value(source.partition(":")[2])

        read = {
            kind: value(sources[""]) if "" in sources else {address: value(source) for address, source in sources.items()}
            for kind, sources in node.reads.items()
        }
        return Inputs(node, read, settings.of_node(node.id), self._snapshot.asked(node))


def _ignore(_published: bool) -> None:  # noqa: FBT001 - a newer timeline is out already: nothing to do
    pass
