"""One node: where its value comes from, why it is stale, and its takes. Read-only."""

import json
from typing import Any, NotRequired, cast

from pydantic import JsonValue
from sqlalchemy import Connection
from typing_extensions import TypedDict

from lecture_assets.graph.errors import UnknownNodeError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.merge import changed_words
from lecture_assets.graph.node import Node
from lecture_assets.graph.queries import get_node
from lecture_assets.graph.staleness import Reason, ReasonKind, Status, reasons
from lecture_assets.runner.reading.conflicts import conflict_of
from lecture_assets.runner.reading.plan_document import version_of
from lecture_assets.runner.reading.shapes import ConflictDocument, LectureVersion, NodeErrorDocument
from lecture_assets.runner.reading.snapshot import Snapshot
from lecture_assets.runner.reading.status import error_document, statuses_of
from lecture_assets.store import ledger_queries, records

ChangedPart = TypedDict("ChangedPart", {"from": str, "to": str})
"""Words of a text, before and after."""

ExplainedReason = TypedDict(
    "ExplainedReason",
    {
        "kind": ReasonKind,
        "input": str,
        "text": str,
        "from": NotRequired[JsonValue],
        "to": NotRequired[JsonValue],
        "parts": NotRequired[list[ChangedPart]],
    },
)
"""Why a node is stale. from, to: the changed value, or its parts that differ; parts: the changed words of a text."""


class SourceDocument(TypedDict):
    """A node that the explained node reads. status: null for an input."""

    id: str
    version: str | None
    status: Status | None


class StaleLink(TypedDict):
    """A stale node upstream, with its reasons."""

    id: str
    reasons: list[ExplainedReason]


class NodeExplanation(TypedDict):
    """The output of `explain` for a node that a run makes.

    unchanged: the nodes it reads that have not changed since it was made
    chain:     the stale nodes upstream, the nearest first
    """

    lecture: str
    node: str
    status: Status
    pinned: bool
    take: int | None
    made_by: str | None
    value: JsonValue
    made_from: list[SourceDocument]
    reasons: list[ExplainedReason]
    unchanged: list[str]
    chain: list[StaleLink]
    conflict: ConflictDocument | None
    error: NodeErrorDocument | None


class InputExplanation(TypedDict):
    """The output of `explain` for an input. Its lists are empty: it is not made from anything."""

    lecture: str
    node: str
    status: None
    value: JsonValue
    made_from: list[SourceDocument]
    reasons: list[ExplainedReason]
    unchanged: list[str]
    chain: list[StaleLink]


class TakeDocument(TypedDict):
    """One take.

    counts: it is the node's current value
    chosen: a person chose it
    path:   the file with its bytes; null if it has none
    """

    number: int
    counts: bool
    chosen: bool
    made_by: str
    made_at: float
    cost_usd_micros: int
    version: str
    value: JsonValue
    path: str | None


class TakesDocument(LectureVersion):
    """The output of `takes`, oldest take first."""

    node: str
    takes: list[TakeDocument]


def explain_document(snapshot: Snapshot, connection: Connection, name: str) -> NodeExplanation | InputExplanation:
    """Explain where a node's value comes from and, if it is stale, why, all the way up to the inputs that changed."""
    node = get_node(snapshot.graph, name)
    if node.kind.is_input:
        value = snapshot.graph.settings.value(node.kind.name.partition(":")[2])
        return {
            "lecture": snapshot.head.name,
            "node": node.id,
            "status": None,
            "value": value,
            "made_from": [],
            "reasons": [],
            "unchanged": [],
            "chain": [],
        }
    statuses = statuses_of(
        snapshot, ledger_queries.underway(connection, snapshot.head.lecture, snapshot.context.store_time(connection))
    )
    row = snapshot.takes.counting.get(node.id)
    return {
        "lecture": snapshot.head.name,
        "node": node.id,
        "status": statuses[node.id],
        "pinned": snapshot.graph.settings.of_node(node.id).pinned is not None,
        "take": row.number if row else None,
        "made_by": row.made_by if row else None,
        "value": records.load_values(connection, snapshot.head.lecture, [node.id]).get(node.id),
        "made_from": [
            {"id": source, "version": version_of(snapshot, snapshot.graph.nodes[source]), "status": statuses.get(source)}
            for source in node.read_ids
        ],
        "reasons": _reasons(snapshot, connection, node.id),
        "unchanged": _unchanged(snapshot, node),
        "chain": _chain(snapshot, connection, node.id),
        "conflict": conflict_of(snapshot, connection, node),
        "error": error_document(snapshot, node, statuses),
    }


def takes_document(snapshot: Snapshot, connection: Connection, name: str) -> TakesDocument:
    """Return every take of a node, oldest first."""
    node = get_node(snapshot.graph, name)
    if node.kind.is_input:
        raise UnknownNodeError(name, "a node that a run makes; an input has no takes (`lectures history` shows how it was set)")
    artifacts, values = snapshot.context.artifacts, records.values_of(connection, snapshot.head.lecture, name)
    rows = sorted(records.load_takes(connection, snapshot.head.lecture, name), key=lambda row: row.number)
    chosen = snapshot.graph.settings.of_node(node.id).take
    return {
        "lecture": snapshot.head.name,
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
                "path": artifacts.address(row.artifact) if row.artifact and artifacts.has(row.artifact) else None,
            }
            for row in rows
        ],
    }


def _reasons(snapshot: Snapshot, connection: Connection, node: str) -> list[ExplainedReason]:
    """Return the reasons why a node is stale, with the old and new values if a value changed."""
    found = reasons(snapshot.findings[node], snapshot.records.get(node))
    return [_reason_document(snapshot, connection, node, reason) for reason in found]


def _unchanged(snapshot: Snapshot, node: Node) -> list[str]:
    """Return the nodes that a stale node reads and that have not changed since it was made."""
    finding, record = snapshot.findings[node.id], snapshot.records.get(node.id)
    if finding.status is Status.FRESH or record is None:
        return []
    recipes: tuple[Any, Any] = (json.loads(record.recipe), finding.recipe)
    then, now = (cast("dict[str, Any]", recipe.get("reads", {}) | recipe.get("parts", {})) for recipe in recipes)

    def version(reads: dict[str, Any], kind: str, address: str) -> Json:
        found: Json = reads.get(kind)
        return found if not address else found.get(address) if isinstance(found, dict) else None

    return [
        source
        for kind, sources in node.reads.items()
        for address, source in sources.items()
        if version(then, kind, address) == version(now, kind, address)
    ]


def _reason_document(snapshot: Snapshot, connection: Connection, node: str, reason: Reason) -> ExplainedReason:
    document: ExplainedReason = {"kind": reason.kind, "input": reason.input, "text": reason.text}
    if reason.kind is ReasonKind.SETTING_CHANGED:
        return {**document, "from": reason.before, "to": reason.after}
    if reason.in_full:
        before, after = _what_differs(reason.before, reason.after)
        return {**document, "from": before, "to": after, "parts": []}
    if reason.before is None or reason.after is None:
        return document
    earlier = snapshot.earlier(connection)
    before, after = (earlier.at(node, reason.input, str(version)) for version in (reason.before, reason.after))
    before, after = _what_differs(before, after)
    return {**document, "from": before, "to": after, "parts": _parts(before, after)}


def _parts(before: Json, after: Json) -> list[ChangedPart]:
    """Return the changed words of a text, or of an object's texts; empty if a value is not text."""
    pairs = [(before, after)]
    if isinstance(before, dict) and isinstance(after, dict):
        pairs = [(before[key], after[key]) for key in before]
    texts = [(old, new) for old, new in pairs if isinstance(old, str) and isinstance(new, str)]
    if len(texts) < len(pairs):
        return []
    return [{"from": old, "to": new} for one, other in texts for old, new in changed_words(one, other)]


def _what_differs(before: Json, after: Json) -> tuple[Json, Json]:
    """Of two objects, the parts that are not equal; other values whole."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return before, after
    keys = [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
    return {key: before.get(key) for key in keys}, {key: after.get(key) for key in keys}


def _chain(snapshot: Snapshot, connection: Connection, node: str) -> list[StaleLink]:
    """Return the stale nodes upstream, nearest first, with their reasons, up to the inputs that changed."""
    links: list[StaleLink] = []
    seen, todo = {node}, list(snapshot.findings[node].changed)
    while todo:
        above = todo.pop(0)
        if above not in seen:
            seen.add(above)
            links.append({"id": above, "reasons": _reasons(snapshot, connection, above)})
            todo += snapshot.findings[above].changed
    return links
