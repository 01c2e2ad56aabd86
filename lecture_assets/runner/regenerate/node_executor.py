"""One planned node: kept, restored from a take, made locally for free, or bought. It is durable when `make` returns.

    assess ─ fresh ──► kept (early cutoff)       free ──► made locally
           ├ take ───► restored                  rendered ──► Rendering.medium ──► made
                                                 paid ──► CallService.buy ──► made

`plan_executor.py` decides when; `node_recorder.py` reads and writes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from lecture_assets.graph.fingerprint import Json, digest
from lecture_assets.graph.kind import Role
from lecture_assets.graph.node import Node
from lecture_assets.graph.plan import Plan
from lecture_assets.graph.settings import NodeSettings
from lecture_assets.graph.staleness import Finding, Status
from lecture_assets.runner.calls.request import CallRequest
from lecture_assets.runner.reading.draft import remedy
from lecture_assets.runner.regenerate.listening import with_measures
from lecture_assets.runner.regenerate.node_recorder import MadeValue, NodeRecorder, RunState
from lecture_assets.runner.setup.events import NodeStarted, Outcome
from lecture_assets.runner.setup.slots import RENDERING
from lecture_assets.steps import STEPS
from lecture_assets.steps.step import Free, Inputs, Paid, Rendered, UnfitAnswerError


@dataclass(frozen=True, slots=True)
class NodeResult:
    """The outcome of a node. role: the role of its call; None if nothing was bought."""

    outcome: Outcome
    cost_usd_micros: int = 0
    role: Role | None = None


def _accepted(step: Paid, inputs: Inputs, answer: Json) -> Json:
    """Return the node's value from an answer. UnfitAnswerError if the step rejects it or it cannot be digested."""
    try:
        value = step.accept(inputs, answer)
        digest(value)
    except UnfitAnswerError:
        raise
    except Exception as error:
        node = inputs.node.id
        message = (
            f"the model's answer cannot be used for {node}: it has another form than was asked for; asking again gives the same "
            f"answer: `reroll {node}` buys another one, or choose another model"
        )
        raise UnfitAnswerError(message) from error
    return value


class NodeExecutor:
    """Makes the nodes of one plan, one per call of `make`."""

    def __init__(self, state: RunState, plan: Plan, critical_paths_s: Mapping[str, float]) -> None:
        """Take the snapshot that the plan was made from. critical_paths_s: seconds from each planned node to the end."""
        self.recorder = NodeRecorder(state, plan, critical_paths_s)
        self._state = state
        self._snapshot = state.snapshot
        self._plan = plan
        self._critical_paths_s = critical_paths_s

    async def make(self, node: Node) -> NodeResult:
        """Make a node. ProviderError or UnfitAnswerError if that fails; HeadMovedError if the head has moved."""
        finding = self.recorder.assess(node)
        if finding.status is Status.FRESH:
            self.recorder.keep(node, finding)
            return NodeResult(Outcome.KEPT)
        if finding.restored:
            return await self._restore(node, finding)
        settings = self._snapshot.graph.settings.of_node(node.id)
        if settings.pinned is not None:
            self._check_bytes(node, settings)
            return await self._record(node, finding, MadeValue(settings.pinned, "person"))
        inputs = self.recorder.inputs(node)
        step = STEPS[node.kind.name]
        if isinstance(step, Free):
            inputs = await with_measures(inputs, self._snapshot.context.artifacts)
            return await self._record(node, finding, MadeValue(step.make(inputs), "step"))
        return await self._make_once(node, finding, step, inputs)

    async def _make_once(self, node: Node, finding: Finding, step: Paid | Rendered, inputs: Inputs) -> NodeResult:
        """Make a node while no other of the same fingerprint is made; the second one is restored."""
        async with self._state.locks[self._snapshot.call_key(node, str(finding.fingerprint))]:
            finding = self.recorder.assess(node)
            if finding.restored:
                return await self._restore(node, finding)
            if isinstance(step, Rendered):
                return await self._render(node, finding, step, inputs)
            return await self._buy(node, finding, step, inputs)

    def _check_bytes(self, node: Node, settings: NodeSettings) -> None:
        """Raise UnfitAnswerError if the bytes of a value that a person supplied or chose are gone: no run can make them again."""
        if not self._snapshot.context.is_whole(settings.pinned):
            which = f"of take {settings.take}, chosen for" if settings.take else "supplied for"
            message = f"the bytes {which} {node.id} are missing or damaged; {remedy(node.id, settings)}"
            raise UnfitAnswerError(message)

    async def _restore(self, node: Node, finding: Finding) -> NodeResult:
        """Make an earlier take with the current fingerprint count again, at no cost."""
        row = self._snapshot.takes.find(node.id, str(finding.fingerprint))
        assert row is not None  # noqa: S101 - guaranteed by `restored`; for mypy
        await self.recorder.restore(node, row)
        if (node.id, row.fingerprint) in self._state.report.made_now:
            return NodeResult(Outcome.MADE, role=node.kind.role)
        self._state.report.saved_usd_micros += row.cost_usd_micros
        return NodeResult(Outcome.RESTORED)

    async def _record(self, node: Node, finding: Finding, made: MadeValue) -> NodeResult:
        await self.recorder.record(node, finding, made)
        return NodeResult(Outcome.MADE, made.cost_usd_micros, made.role)

    async def _render(self, node: Node, finding: Finding, step: Rendered, inputs: Inputs) -> NodeResult:
        slots, length = self._state.calls.slots, self._critical_paths_s[node.id]
        async with slots.hold(RENDERING, length, node.id, interactive=self._plan.is_edit):
            self._state.calls.watch(NodeStarted(node.id, RENDERING))
            medium = await self._state.rendering.medium(node.id, step.request(inputs))
        return await self._record(node, finding, MadeValue(step.accept(inputs, medium), "step"))

    async def _buy(self, node: Node, finding: Finding, step: Paid, inputs: Inputs) -> NodeResult:
        role, report = Role(str(node.kind.role)), self._state.report
        request = CallRequest(
            node=node,
            key=self._snapshot.call_key(node, str(finding.fingerprint)),
            request=step.request(inputs),
            model=self._snapshot.context.model(self._snapshot.model_name(node), role),
            version=self._plan.version,
            critical_path_s=self._critical_paths_s[node.id],
            interactive=self._plan.is_edit,
        )
        result = await self._state.calls.buy(request)
        if result.bought:
            report.calls[role.value] += 1
            report.cost_usd_micros += result.cost_usd_micros
        try:
            value = _accepted(step, inputs, result.value)
        except UnfitAnswerError:
            if result.bought:
                await self._state.calls.writer.submit(result.settle)
                result.on_settled()
            raise
        if not result.bought:
            report.saved_usd_micros += result.cost_usd_micros
        paid = result.cost_usd_micros if result.bought else 0
        done = await self._record(node, finding, MadeValue(value, request.model.name, paid, result.settle, role))
        result.on_settled()
        return done
