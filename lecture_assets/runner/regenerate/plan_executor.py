"""Carries out one plan: each node starts once everything it reads is made, and is durable before any node that reads it starts.

    ready ──► node_executor.py ──┬ done ───────────► the nodes that read it have one input less to wait for
                                 ├ failed ─────────► only the nodes that read it are blocked
                                 ├ the head moved ─► nothing more is started; calls in flight finish as takes
                                 └ interrupted ────► calls in flight are handed to the regeneration (`ending.py`)

After the head moved, the regeneration plans again.
"""

import asyncio
import heapq
import itertools
from collections.abc import Iterable

from lecture_assets.graph.kind import Role
from lecture_assets.graph.node import Node
from lecture_assets.graph.plan import Plan
from lecture_assets.graph.schedule import Work, tails
from lecture_assets.ports import FailureKind, ProviderError
from lecture_assets.render.process import RenderError
from lecture_assets.runner.calls.rate_limiter import VendorDownError
from lecture_assets.runner.calls.request import HeadMovedError
from lecture_assets.runner.regenerate.node_executor import NodeExecutor
from lecture_assets.runner.regenerate.node_recorder import RunState
from lecture_assets.runner.setup.ceilings import KIND as CEILING
from lecture_assets.runner.setup.ceilings import CeilingError
from lecture_assets.runner.setup.events import NodeFinished, Outcome
from lecture_assets.steps.step import UnfitAnswerError
from lecture_assets.store.records import Failure


class PlanExecutor:
    """Carries out one plan for one version of the head."""

    def __init__(self, state: RunState, plan: Plan) -> None:
        """Prepare a plan that was made from `state.snapshot`."""
        self._state = state
        self._calls = state.calls
        self._snapshot = state.snapshot
        self._plan = plan
        self._nodes = {planned.node.id: planned.node for planned in plan.nodes}
        self._waits = {node.id: sum(source in self._nodes for source in node.read_ids) for node in self._nodes.values()}
        work = {p.node.id: Work(p.quote.seconds if p.quote else 0.0) for p in plan.nodes}
        self._critical_paths_s = tails(work, {p.node.id: p.node.read_ids for p in plan.nodes})
        self._depth = _depths(self._nodes.values())
        self._executor = NodeExecutor(state, plan, self._critical_paths_s)
        self._broken: dict[str, str] = {}
        self._ready: list[tuple[float, int, int, Node]] = []
        self._ticket = itertools.count()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._ended: asyncio.Queue[asyncio.Task[None]] = asyncio.Queue()

    async def run(self) -> bool:
        """Run until every planned node has an outcome (True) or the head moved (False)."""
        self._start(node for node in self._nodes.values() if not self._waits[node.id])
        try:
            while (self._ready or self._tasks) and not self._executor.recorder.overtaken:
                if self._ready:
                    self._begin(heapq.heappop(self._ready)[-1])
                    await asyncio.sleep(0)
                else:
                    self._end(await self._ended.get())
                while not self._ended.empty():
                    self._end(self._ended.get_nowait())
        finally:
            await self._hand_over()
        return not self._executor.recorder.overtaken

    @property
    def is_whole(self) -> bool:
        """Whether nothing failed and nothing is blocked."""
        return not self._broken

    def _start(self, ready: Iterable[Node]) -> None:
        """Queue nodes by the longest remaining path first; among equals, those deepest in the graph.

        They are started one per turn of the event loop, so that nodes released meanwhile can overtake.
        """
        for node in ready:
            heapq.heappush(self._ready, (-self._critical_paths_s[node.id], -self._depth[node.id], next(self._ticket), node))

    def _begin(self, node: Node) -> None:
        self._tasks[node.id] = asyncio.create_task(self._settle(node), name=node.id)
        self._tasks[node.id].add_done_callback(self._ended.put_nowait)

    def _end(self, task: "asyncio.Task[None]") -> None:
        del self._tasks[task.get_name()]
        task.result()

    async def _hand_over(self) -> None:
        """Leave sent calls and unfinished writes to the regeneration, and cancel tasks that only wait."""
        dropped = []
        for node, task in self._tasks.items():
            is_written = (self._plan.version, node) in self._state.writing
            if not task.done() and (is_written or self._calls.is_out(self._plan.version, node)):
                self._state.leftover.append(task)
            else:
                task.cancel()
                dropped.append(task)
        await asyncio.gather(*dropped, return_exceptions=True)
        self._tasks = {}

    async def _settle(self, node: Node) -> None:
        try:
            done = await self._executor.make(node)
        except HeadMovedError:
            self._executor.recorder.overtaken = True
            return
        except CeilingError as error:
            if not self._executor.recorder.overtaken:
                await self._stop(node, error)
            return
        except (ProviderError, UnfitAnswerError, RenderError) as error:
            if not self._executor.recorder.overtaken:
                await self._fail(node, error)
            return
        finally:
            self._state.writing.discard((self._plan.version, node.id))
        self._state.report.note(node.id, done.outcome, superseded=self._state.snapshot is not self._snapshot)
        pool = self._pool(node) if done.role else None
        self._calls.watch(NodeFinished(node.id, done.outcome, done.cost_usd_micros, pool))
        if not self._executor.recorder.overtaken:
            self._release(node)

    def _pool(self, node: Node) -> str:
        return self._snapshot.context.model(self._snapshot.model_name(node), Role(str(node.kind.role))).pool

    def _release(self, node: Node) -> None:
        """Count this node off for the nodes that read it. Those that wait for nothing else are started or blocked."""
        ready = []
        for reader in (self._nodes[name] for name in self._snapshot.graph.readers[node.id] if name in self._nodes):
            self._waits[reader.id] -= 1
            if self._waits[reader.id]:
                continue
            cause = next((source for source in reader.read_ids if source in self._broken), None)
            pinned = self._snapshot.graph.settings.of_node(reader.id).pinned is not None
            if cause is None or pinned:
                ready.append(reader)
            else:
                self._block(reader, self._broken[cause])
        self._start(ready)

    def _block(self, node: Node, cause: str) -> None:
        self._broken[node.id] = cause
        message = f"{node.id} waits for {cause}"
        self._state.progress.left.discard(node.id)
        self._state.report.note(node.id, Outcome.BLOCKED, message)
        self._calls.watch(NodeFinished(node.id, Outcome.BLOCKED, message=message))
        self._release(node)

    async def _stop(self, node: Node, error: CeilingError) -> None:
        """Block a node whose call would exceed a ceiling, with the missing amount, and the nodes that read it."""
        self._broken[node.id] = node.id
        await self._save_failure(node, Outcome.BLOCKED, CEILING, error.shortage.ceiling, str(error))
        self._state.report.stop(node.id, str(error))
        self._calls.watch(NodeFinished(node.id, Outcome.BLOCKED, message=str(error)))
        self._release(node)

    async def _save_failure(  # noqa: PLR0913, PLR0917 - the facts of a failure
        self, node: Node, outcome: Outcome, kind: str, code: str, message: str, tries: int = 0, request_id: str | None = None
    ) -> None:
        """Store why the node was not made."""
        finding, now = self._executor.recorder.assess(node), self._snapshot.context.clock.now()
        failure = Failure(node.id, str(finding.fingerprint), kind, code, message, now, tries, request_id)
        await self._executor.recorder.fail(failure, outcome)

    async def _fail(self, node: Node, error: ProviderError | UnfitAnswerError | RenderError) -> None:
        self._broken[node.id] = node.id
        who, kind, code = _blame(error)
        message = f"{who} could not make {node.id} of lecture {self._plan.lecture}{_tried(error)}: {error}"
        if kind is FailureKind.RETRYABLE and not isinstance(error, VendorDownError):
            message += f"; the next run will try again: `lectures regenerate {self._plan.lecture}`"
        facts = (error.tries, error.request_id) if isinstance(error, ProviderError) else (1, None)
        await self._save_failure(node, Outcome.FAILED, kind, code, message, *facts)
        self._state.report.note(node.id, Outcome.FAILED, message)
        self._calls.watch(NodeFinished(node.id, Outcome.FAILED, message=message))
        self._release(node)


def _depths(nodes: Iterable[Node]) -> dict[str, int]:
    """Return the number of planned nodes on the longest path to each node. `nodes` are in topological order."""
    depths: dict[str, int] = {}
    for node in nodes:
        depths[node.id] = max((depths[source] + 1 for source in node.read_ids if source in depths), default=0)
    return depths


def _blame(error: ProviderError | UnfitAnswerError | RenderError) -> tuple[str, FailureKind, str]:
    """Return who failed, with the kind and the code of the failure."""
    if isinstance(error, ProviderError):
        return error.provider, error.kind, error.code
    if isinstance(error, RenderError):
        return "the renderer", FailureKind.NOT_RETRYABLE, "rendering"
    return "the model", FailureKind.VALIDATION, "unfit-answer"


def _tried(error: ProviderError | UnfitAnswerError | RenderError) -> str:
    return f" after {error.tries} tries" if isinstance(error, ProviderError) and error.tries > 1 else ""
