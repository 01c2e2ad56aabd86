"""The status of every node of a lecture, and the error that prevents it from being made. Read-only."""

from collections.abc import Mapping

from sqlalchemy import Connection
from typing_extensions import TypedDict

from lecture_assets.graph.node import Node
from lecture_assets.graph.staleness import Finding, Status
from lecture_assets.ports import FailureKind
from lecture_assets.runner.reading.conflicts import conflicts
from lecture_assets.runner.reading.shapes import ConflictDocument, LectureVersion, NodeErrorDocument
from lecture_assets.runner.reading.snapshot import Snapshot
from lecture_assets.runner.setup.ceilings import KIND as CEILING
from lecture_assets.store import ledger_queries
from lecture_assets.store.records import Failure

_RETRYABLE = frozenset({FailureKind.RETRYABLE, FailureKind.AMBIGUOUS, FailureKind.QUOTA})


class NodeStatusDocument(TypedDict):
    """A node that a run makes. `take` to `made_by`, and `made_at`, describe the take that counts; null if there is none."""

    id: str
    status: Status
    pinned: bool
    take: int | None
    version: str | None
    fingerprint: str | None
    made_by: str | None
    error: NodeErrorDocument | None
    cost_usd_micros: int
    made_at: float | None
    conflict: ConflictDocument | None


class StatusDocument(LectureVersion):
    """The output of `status`. published: the newest version with a complete timeline; 0 if there is none yet."""

    published: int
    nodes: list[NodeStatusDocument]


def status_document(snapshot: Snapshot, connection: Connection) -> StatusDocument:
    """Return every node that a run makes, with its status and the error that prevents it from being made."""
    underway = ledger_queries.underway(connection, snapshot.head.lecture, snapshot.context.store_time(connection))
    statuses, conflicting = statuses_of(snapshot, underway), conflicts(snapshot, connection)
    return {
        "lecture": snapshot.head.name,
        "version": snapshot.head.version,
        "published": snapshot.head.published,
        "nodes": [_node_document(snapshot, node, statuses, conflicting.get(node.id)) for node in snapshot.shown],
    }


def statuses_of(snapshot: Snapshot, underway: set[str]) -> Mapping[str, Status]:
    """Return each node's status, including those that come from runs and failures: generating, failed, blocked."""
    statuses: dict[str, Status] = {}
    for node in snapshot.graph.made:
        finding = snapshot.findings[node.id]
        pinned = snapshot.graph.settings.of_node(node.id).pinned is not None
        statuses[node.id] = finding.status
        if finding.status is Status.FRESH:
            continue
        if node.id in underway:
            statuses[node.id] = Status.GENERATING
        elif failure := _failure(snapshot, finding):
            statuses[node.id] = Status.BLOCKED if failure.kind == CEILING else Status.FAILED
        elif not pinned and any(statuses.get(source) in {Status.FAILED, Status.BLOCKED} for source in node.read_ids):
            statuses[node.id] = Status.BLOCKED
    return statuses


def _failure(snapshot: Snapshot, finding: Finding) -> Failure | None:
    """Return the node's failure if it applies to the inputs that the node would be made from now."""
    failure = snapshot.failures.get(finding.node.id)
    return failure if failure and failure.fingerprint == finding.fingerprint else None


def _node_document(
    snapshot: Snapshot, node: Node, statuses: Mapping[str, Status], conflict: ConflictDocument | None
) -> NodeStatusDocument:
    row = snapshot.takes.counting.get(node.id)
    return {
        "id": node.id,
        "status": statuses[node.id],
        "pinned": snapshot.graph.settings.of_node(node.id).pinned is not None,
        "take": row.number if row else None,
        "version": row.version if row else None,
        "fingerprint": row.fingerprint if row else None,
        "made_by": row.made_by if row else None,
        "error": error_document(snapshot, node, statuses),
        "cost_usd_micros": row.cost_usd_micros if row else 0,
        "made_at": row.made_at if row else None,
        "conflict": conflict,
    }


def errors_of(snapshot: Snapshot) -> Mapping[str, NodeErrorDocument]:
    """Return the error of each node that failed, or waits for one that failed."""
    statuses = statuses_of(snapshot, set())
    found = {node.id: error_document(snapshot, node, statuses) for node in snapshot.graph.made}
    return {node: error for node, error in found.items() if error is not None}


def error_document(snapshot: Snapshot, node: Node, statuses: Mapping[str, Status]) -> NodeErrorDocument | None:
    """Return the error that prevents a node from being made: its own, or that of the node it waits for."""
    if statuses[node.id] not in {Status.FAILED, Status.BLOCKED}:
        return None
    links = [node.id]
    while _failure(snapshot, snapshot.findings[links[0]]) is None:
        reads = snapshot.graph.nodes[links[0]].read_ids
        links.insert(0, next(s for s in reads if statuses.get(s) in {Status.FAILED, Status.BLOCKED}))
    failure = snapshot.failures[links[0]]
    return {
        "kind": failure.kind,
        "message": failure.message if len(links) == 1 else f"waits for {links[0]}: {failure.message}",
        "retryable": failure.kind in _RETRYABLE,
        "provider_code": failure.code,
        "tries": failure.tries,
        "request_id": failure.request_id,
        "chain": list(links),
    }
