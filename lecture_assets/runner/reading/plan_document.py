"""The graph and the plan of a lecture as JSON documents. Reads; changes nothing."""

from typing_extensions import TypedDict

from lecture_assets.graph.kind import Role
from lecture_assets.graph.node import Node
from lecture_assets.graph.plan import Plan, Quote
from lecture_assets.graph.staleness import ReasonKind, Status
from lecture_assets.runner.reading.shapes import LectureVersion
from lecture_assets.runner.reading.snapshot import Snapshot


class GraphNodeDocument(TypedDict):
    """A node. role: whose call makes it; status: null for an input; version: of what it holds, null where it holds nothing."""

    id: str
    reads: list[str]
    role: Role | None
    status: Status | None
    version: str | None


class GraphDocument(LectureVersion):
    """What `graph` prints: every node, each after what it reads."""

    nodes: list[GraphNodeDocument]


class ReasonDocument(TypedDict):
    """Why a node is made. input: the id of the node, or the name of the setting, that it is about; text: a sentence."""

    kind: ReasonKind
    input: str
    text: str


class PlannedCallDocument(TypedDict):
    """A call to be paid. estimate: the most it may cost, which is what will be reserved; low: the least."""

    provider: str
    model: str
    role: Role
    estimate_usd_micros: int
    low_usd_micros: int


class PlannedNodeDocument(TypedDict):
    """A node that would be made. layer: 0 reads nothing that is made; restored: an earlier take counts again, without a call."""

    id: str
    status: Status
    reasons: list[ReasonDocument]
    layer: int
    restored: bool
    calls: list[PlannedCallDocument]


class EstimateDocument(TypedDict):
    """From, to."""

    low: int
    high: int


class PlannedWork(LectureVersion):
    """A plan. calls: how many to be paid, by role; idle: nodes that only pinned ones would read, never made."""

    token: str
    nodes: list[PlannedNodeDocument]
    idle: list[str]
    calls: dict[str, int]
    estimate_usd_micros: EstimateDocument
    estimate_seconds: float
    affected_segments: list[int]


class PlanDocument(PlannedWork):
    """What `plan` prints. warnings: wishes of the lecture that contradict each other, a sentence each."""

    warnings: list[str]


def graph_document(snapshot: Snapshot) -> GraphDocument:
    """The graph as one document: each node with what it reads, its status and its version."""
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
    return {"lecture": snapshot.head.lecture, "version": snapshot.head.version, "nodes": nodes}


def _status(snapshot: Snapshot, node: Node) -> Status | None:
    return None if node.kind.is_input else snapshot.findings[node.id].status


def version_of(snapshot: Snapshot, node: Node) -> str | None:
    """The version of the value that counts; None where there is none yet."""
    record = snapshot.records.get(node.id)
    return record.version if record else None


def plan_document(plan: Plan) -> PlannedWork:
    """The plan as one document."""
    low, high = plan.price_usd_micros
    return {
        "lecture": plan.lecture,
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
    """The call to be paid, if one is."""
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
