"""The graph and the plan of a lecture as JSON documents. Read-only."""

from typing_extensions import TypedDict

from lecture_assets.graph.kind import Role
from lecture_assets.graph.node import Node
from lecture_assets.graph.plan import Plan, Quote
from lecture_assets.graph.staleness import ReasonKind, Status
from lecture_assets.runner.reading.shapes import LectureVersion
from lecture_assets.runner.reading.snapshot import Snapshot


class GraphNodeDocument(TypedDict):
    """A node of the graph.

    role:    the role of the call that makes it, if any
    status:  null for an input
    version: the version of its value; null if it has none
    """

    id: str
    reads: list[str]
    role: Role | None
    status: Status | None
    version: str | None


class GraphDocument(LectureVersion):
    """The output of `graph`: every node, each after the nodes it reads."""

    nodes: list[GraphNodeDocument]


class ReasonDocument(TypedDict):
    """Why a node would be made. input: the id of the node or the name of the setting concerned; text: a sentence."""

    kind: ReasonKind
    input: str
    text: str


class PlannedCallDocument(TypedDict):
    """A paid call. estimate: the most it can cost, which will be reserved; low: the least it can cost."""

    provider: str
    model: str
    role: Role
    estimate_usd_micros: int
    low_usd_micros: int


class PlannedNodeDocument(TypedDict):
    """A node that would be made.

    layer:    the calls and assemblies of this plan on the longest path before it; a `content:` node has the layer of its maker
    restored: an earlier take would count again, without a call
    """

    id: str
    status: Status
    reasons: list[ReasonDocument]
    layer: int
    restored: bool
    calls: list[PlannedCallDocument]


class EstimateDocument(TypedDict):
    """The least and the most that the plan can cost."""

    low: int
    high: int


class PlannedWork(LectureVersion):
    """A plan. calls: the number of paid calls by role; idle: nodes that are not made because only pinned nodes read them."""

    token: str
    nodes: list[PlannedNodeDocument]
    idle: list[str]
    calls: dict[str, int]
    estimate_usd_micros: EstimateDocument
    estimate_seconds: float
    affected_segments: list[int]


class PlanDocument(PlannedWork):
    """The output of `plan`. warnings: settings of the lecture that contradict each other, one sentence each."""

    warnings: list[str]


def graph_document(snapshot: Snapshot) -> GraphDocument:
    """Return the graph: each node with what it reads, its status and its version."""
    nodes: list[GraphNodeDocument] = [
        {
            "id": node.id,
            "reads": list(node.read_ids),
            "role": node.kind.role,
            "status": _status(snapshot, node),
            "version": version_of(snapshot, node),
        }
        for node in snapshot.graph.nodes.values()
    ]
    return {"lecture": snapshot.head.name, "version": snapshot.head.version, "nodes": nodes}


def _status(snapshot: Snapshot, node: Node) -> Status | None:
    return None if node.kind.is_input else snapshot.findings[node.id].status


def version_of(snapshot: Snapshot, node: Node) -> str | None:
    """Return the version of the value that counts, or None if there is none yet."""
    record = snapshot.records.get(node.id)
    return record.version if record else None


def plan_document(plan: Plan, lecture: str) -> PlannedWork:
    """Return the plan of a lecture, by its name, as a document."""
    low, high = plan.price_usd_micros
    return {
        "lecture": lecture,
        "version": plan.version,
        "token": plan.token,
        "nodes": [
            {
                "id": planned.node.id,
                "status": planned.finding.status,
                "reasons": [{"kind": r.kind, "input": r.input, "text": r.text} for r in planned.reasons],
                "layer": planned.layer,
                "restored": planned.finding.restored,
                "calls": _calls(planned.quote),
            }
            for planned in plan.nodes
        ],
        "idle": list(plan.idle),
        "calls": dict(plan.calls),
        "estimate_usd_micros": {"low": low, "high": high},
        "estimate_seconds": round(plan.seconds, 3),
        "affected_segments": list(plan.affected_segments),
    }


def _calls(quote: Quote | None) -> list[PlannedCallDocument]:
    """Return the paid call, if any, as a list."""
    if quote is None or quote.owned:
        return []
    return [
        {
            "provider": quote.provider,
            "model": quote.model,
            "role": Role(quote.role),
            "estimate_usd_micros": quote.high_usd_micros,
            "low_usd_micros": quote.low_usd_micros,
        }
    ]
