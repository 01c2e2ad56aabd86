"""What people and programs read of a lecture, as JSON documents: graph, plan, status, explanation. Reads; changes nothing."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from itertools import chain
from typing import Any, cast

from sqlalchemy import Connection

from lecture_assets.graph.errors import UnknownNodeError
from lecture_assets.graph.fingerprint import Json, digest
from lecture_assets.graph.lecture import Category
from lecture_assets.graph.merge import changed_words
from lecture_assets.graph.node import Node
from lecture_assets.graph.plan import Plan, Quote
from lecture_assets.graph.queries import get_node
from lecture_assets.graph.staleness import Finding, Reason, ReasonKind, Status, reasons
from lecture_assets.ports import FailureKind
from lecture_assets.runner.ceilings import KIND as CEILING
from lecture_assets.runner.conflicts import conflict_of, conflicts
from lecture_assets.runner.snapshot import Snapshot
from lecture_assets.store import lectures, ledger, records
from lecture_assets.store.charges import Ceilings
from lecture_assets.store.records import Failure

_RETRYABLE = frozenset({FailureKind.RETRYABLE, FailureKind.AMBIGUOUS, FailureKind.QUOTA})


def graph_document(snapshot: Snapshot) -> dict[str, Json]:
    """The graph as one document: each node with what it reads, its status and its version."""
    nodes: list[Json] = [
        {
            "id": node.id,
            "reads": list(node.read_ids),
            "role": node.kind.role,
            "status": _status(snapshot, node),
            "version": _version(snapshot, node),
        }
        for node in snapshot.graph.nodes.values()
    ]
    return {"lecture": snapshot.head.lecture, "version": snapshot.head.version, "nodes": nodes}


def _status(snapshot: Snapshot, node: Node) -> Json:
    return None if node.kind.is_input else snapshot.findings[node.id].status


def _version(snapshot: Snapshot, node: Node) -> Json:
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


def status_document(snapshot: Snapshot, connection: Connection) -> dict[str, Json]:
    """Every node that a run makes, with its status and the error that stands in its way."""
    underway = ledger.underway(connection, snapshot.head.lecture, snapshot.context.store_time(connection))
    statuses, conflicting = statuses_of(snapshot, underway), conflicts(snapshot, connection)
    return {
        "lecture": snapshot.head.lecture,
        "version": snapshot.head.version,
        "published": snapshot.head.published,
        "nodes": [
            {**_node_document(snapshot, node, statuses), "conflict": conflicting.get(node.id)} for node in snapshot.graph.made
        ],
    }


def statuses_of(snapshot: Snapshot, underway: set[str]) -> Mapping[str, Status]:
    """Each node's status, with what runs and failures add: generating, failed, blocked."""
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
    """The failure that stands: one of what the node would be made from today."""
    failure = snapshot.failures.get(finding.node.id)
    return failure if failure and failure.fingerprint == finding.fingerprint else None


def _node_document(snapshot: Snapshot, node: Node, statuses: Mapping[str, Status]) -> dict[str, Json]:
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
    }


def error_document(snapshot: Snapshot, node: Node, statuses: Mapping[str, Status]) -> Json:
    """What stands in a node's way: its own failure, or that of the node it waits for. chain: from the failed node to this one."""
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


def explain_document(snapshot: Snapshot, connection: Connection, name: str) -> dict[str, Json]:
    """Where a node's value comes from and, where it is stale, why: through as many hops as there are."""
    node = get_node(snapshot.graph, name)
    if node.kind.is_input:
        value = snapshot.graph.settings.value(node.kind.name.partition(":")[2])
        return {
            "lecture": snapshot.head.lecture,
            "node": node.id,
            "status": None,
            "value": value,
            "made_from": [],
            "reasons": [],
            "unchanged": [],
            "chain": [],
        }
    statuses = statuses_of(snapshot, ledger.underway(connection, snapshot.head.lecture, snapshot.context.store_time(connection)))
    row = snapshot.takes.counting.get(node.id)
    return {
        "lecture": snapshot.head.lecture,
        "node": node.id,
        "status": statuses[node.id],
        "pinned": snapshot.graph.settings.of_node(node.id).pinned is not None,
        "take": row.number if row else None,
        "made_by": row.made_by if row else None,
        "value": records.load_values(connection, snapshot.head.lecture, [node.id]).get(node.id),
        "made_from": [
            {"id": source, "version": _version(snapshot, snapshot.graph.nodes[source]), "status": statuses.get(source)}
            for source in node.read_ids
        ],
        "reasons": _reasons(snapshot, connection, node.id),
        "unchanged": _unchanged(snapshot, node),
        "chain": _chain(snapshot, connection, node.id),
        "conflict": conflict_of(snapshot, connection, node),
        "error": error_document(snapshot, node, statuses),
    }


def takes_document(snapshot: Snapshot, connection: Connection, name: str) -> dict[str, Json]:
    """Every take of a node, the oldest first: value, path of its bytes, cost, whether it counts, whether a person chose it."""
    node = get_node(snapshot.graph, name)
    if node.kind.is_input:
        raise UnknownNodeError(name, "a node that a run makes; an input has no takes (`lectures history` shows how it was set)")
    artifacts, values = snapshot.context.artifacts, records.values_of(connection, snapshot.head.lecture, name)
    rows = sorted(records.load_takes(connection, snapshot.head.lecture, name), key=lambda row: row.number)
    chosen = snapshot.graph.settings.of_node(node.id).take
    return {
        "lecture": snapshot.head.lecture,
        "version": snapshot.head.version,
        "node": node.id,
        "takes": [
            {
                "number": row.number,
                "counts": row.counts,
                "chosen": row.number == chosen,
                "made_by": row.made_by,
                "made_at": row.made_at,
                "cost_usd_micros": row.cost_usd_micros,
                "version": row.version,
                "value": values[row.number],
                "path": str(artifacts.path(row.artifact)) if row.artifact and artifacts.has(row.artifact) else None,
            }
            for row in rows
        ],
    }


def _reasons(snapshot: Snapshot, connection: Connection, node: str) -> list[Json]:
    """Why a node is stale; where something changed, from what to what."""
    found = reasons(snapshot.findings[node], snapshot.records.get(node))
    return [_reason_document(snapshot, connection, node, reason) for reason in found]


def _unchanged(snapshot: Snapshot, node: Node) -> list[Json]:
    """What a stale node reads that is as it was when the node was made."""
    finding, record = snapshot.findings[node.id], snapshot.records.get(node.id)
    if finding.status is Status.FRESH or record is None:
        return []
    then, now = (cast("dict[str, Any]", recipe.get("reads", {})) for recipe in (json.loads(record.recipe), finding.recipe))

    def version(reads: dict[str, Any], kind: str, address: str) -> Json:
        found: Json = reads.get(kind)
        return found if not address else found.get(address) if isinstance(found, dict) else None

    return [
        source
        for kind, sources in node.reads.items()
        for address, source in sources.items()
        if version(then, kind, address) == version(now, kind, address)
    ]


def _reason_document(snapshot: Snapshot, connection: Connection, node: str, reason: Reason) -> Json:
    document: dict[str, Json] = {"kind": reason.kind, "input": reason.input, "text": reason.text}
    if reason.kind is ReasonKind.SETTING_CHANGED:
        return document | {"from": reason.before, "to": reason.after}
    if reason.before is None or reason.after is None:
        return document
    before, after = (
        _value_at(snapshot, connection, node, (reason.input, str(version))) for version in (reason.before, reason.after)
    )
    before, after = _what_differs(before, after)
    return document | {"from": before, "to": after, "parts": _parts(before, after)}


def _parts(before: Json, after: Json) -> list[Json]:
    """The words that changed in a text, or in the texts of an object; nothing where a value is none."""
    pairs = [(before, after)]
    if isinstance(before, dict) and isinstance(after, dict):
        pairs = [(before[key], after[key]) for key in before]
    texts = [(old, new) for old, new in pairs if isinstance(old, str) and isinstance(new, str)]
    if len(texts) < len(pairs):
        return []
    return [{"from": old, "to": new} for one, other in texts for old, new in changed_words(one, other)]


def _value_at(snapshot: Snapshot, connection: Connection, reader: str, read: tuple[str, str]) -> Json:
    """What the reader found in a node at a version: of an input, the newest revision's that had it; else the take's."""
    if read not in snapshot.told:
        node, version = read
        kind, _, name = node.partition(":")
        if kind == Category.CONFIG:
            snapshot.told[read] = next((v for v in _ever(snapshot, connection, reader, name) if digest(v) == version), None)
        else:
            snapshot.told[read] = records.load_versions(connection, snapshot.head.lecture, {node: version}).get(node)
    return snapshot.told[read]


def _ever(snapshot: Snapshot, connection: Connection, reader: str, name: str) -> Iterator[Json]:
    """Every value that an input had for this reader, the newest first; a model of its own stands in for its role's."""
    for settings in chain([snapshot.graph.settings], lectures.earlier_settings(connection, snapshot.head.lecture)):
        yield settings.value(name)
        if settings.of_node(reader).model is not None:
            yield settings.of_node(reader).model


def _what_differs(before: Json, after: Json) -> tuple[Json, Json]:
    """Of two objects, the parts that are not equal; other values whole."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return before, after
    keys = [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
    return {key: before.get(key) for key in keys}, {key: after.get(key) for key in keys}


def _chain(snapshot: Snapshot, connection: Connection, node: str) -> list[Json]:
    """The stale nodes above, the nearest first, each with its reasons: down to the inputs that changed."""
    links: list[Json] = []
    seen, todo = {node}, list(snapshot.findings[node].changed)
    while todo:
        above = todo.pop(0)
        if above not in seen:
            seen.add(above)
            links.append({"id": above, "reasons": _reasons(snapshot, connection, above)})
            todo += snapshot.findings[above].changed
    return links


def ceilings_document(ceilings: Ceilings, committed: Callable[[str], int]) -> list[Json]:
    """Each ceiling with what counts towards it and what is left. committed: micro-dollars, by the ceiling's name."""
    return [
        {
            "ceiling": name,
            "allowed_usd_micros": allowed,
            "committed_usd_micros": committed(name),
            "left_usd_micros": max(0, allowed - committed(name)),
        }
        for name, allowed in asdict(ceilings).items()
        if allowed is not None
    ]


def costs_document(rows: list[Mapping[str, Any]]) -> dict[str, Json]:
    """The ledger in sums: estimated, spent and saved, by provider, by model and role, and every call with its node."""
    calls: list[Json] = [
        {
            "node": row["node"],
            "lecture": row["lecture"],
            "role": row["role"],
            "model": row["model"],
            "state": row["state"],
            "attempts": row["attempts"],
            "estimated_usd_micros": row["reserved_usd_micros"],
            "spent_usd_micros": row["cost_usd_micros"],
            "spent_is_estimated": _is_estimated(row),
            "saved_usd_micros": row["saved_usd_micros"],
        }
        for row in rows
    ]
    return {
        "estimated_usd_micros": sum(row["reserved_usd_micros"] for row in rows),
        "spent_usd_micros": sum(row["cost_usd_micros"] for row in rows),
        "spent_by_estimate_usd_micros": sum(row["cost_usd_micros"] for row in rows if _is_estimated(row)),
        "saved_usd_micros": sum(row["saved_usd_micros"] for row in rows),
        "providers": _sums(rows, lambda row: {"provider": row["model"].partition(":")[0]}),
        "models": _sums(rows, lambda row: {"model": row["model"], "role": row["role"]}),
        "calls": calls,
    }


def _is_estimated(row: Mapping[str, Any]) -> bool:
    """Whether some of what was spent is what was reserved: the vendor does not count, or could not be asked what became of it."""
    return bool(row["uncertain"] or row["uncounted"])


def _sums(rows: list[Mapping[str, Any]], name: Callable[[Mapping[str, Any]], dict[str, Json]]) -> list[Json]:
    """Calls made, spent and saved by whatever `name` tells of a row, in the order of the first call."""
    sums: dict[str, dict[str, Any]] = {}
    for row in rows:
        group = sums.setdefault(str(name(row)), {**name(row), "calls": 0, "spent_usd_micros": 0, "saved_usd_micros": 0})
        group["calls"] += row["state"] == ledger.State.DONE
        group["spent_usd_micros"] += row["cost_usd_micros"]
        group["saved_usd_micros"] += row["saved_usd_micros"]
    return list(sums.values())
