"""The graph and the plan of a lecture as JSON documents. Reads; changes nothing."""

from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.node import Node
from lecture_assets.graph.plan import Plan, Quote
from lecture_assets.runner.reading.snapshot import Snapshot


def graph_document(snapshot: Snapshot) -> dict[str, Json]:
    """The graph as one document: each node with what it reads, its status and its version."""
    nodes: list[Json] = [
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


def _status(snapshot: Snapshot, node: Node) -> Json:
    return None if node.kind.is_input else snapshot.findings[node.id].status


def version_of(snapshot: Snapshot, node: Node) -> Json:
    """The version of the value that counts; None where there is none yet."""
    record = snapshot.records.get(node.id)
    return record.version if record else None


def plan_document(plan: Plan) -> dict[str, Json]:
    """The plan, as INTERFACES has it. `idle`: nodes that only pinned ones would read, never made."""
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


def _calls(quote: Quote | None) -> list[Json]:
    """The call to be paid. estimate: the most it may cost, which is what will be reserved; low: the least."""
    if quote is None or quote.owned:
        return []
    return [
        {
            "provider": quote.provider,
            "model": quote.model,
            "role": quote.role,
            "estimate_usd_micros": quote.high_usd_micros,
            "low_usd_micros": quote.low_usd_micros,
        }
    ]
