"""What a model says now of a node that a person pinned, and whether the two are in conflict. Asks no model; changes nothing.

base    what the model had said when the person wrote over it        mine    what the person made of it
theirs  what the model says now, None where that is not known yet    merged  both in one text, where they do not overlap
"""

from dataclasses import replace

from sqlalchemy import Connection

from lecture_assets.graph.edits import Base
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.merge import merge_texts
from lecture_assets.graph.node import Node
from lecture_assets.graph.staleness import assess
from lecture_assets.runner.reading.shapes import ConflictDocument
from lecture_assets.runner.reading.snapshot import Snapshot
from lecture_assets.steps import STEPS
from lecture_assets.steps.step import Free, Inputs, UnfitAnswerError
from lecture_assets.store import records

PERSON = "person"
"""Who made a take that a person supplied."""


def made_now(snapshot: Snapshot, connection: Connection, node: Node) -> Base | None:
    """What the node would hold if nobody had pinned it; None where something above it is made again first.

    The value is None where only a call that was never made would tell.
    """
    fingerprint = _fingerprint(snapshot, node)
    if fingerprint is None:
        return None
    return {"value": _value(snapshot, connection, node, fingerprint), "fingerprint": fingerprint}


def _fingerprint(snapshot: Snapshot, node: Node) -> str | None:
    settings = replace(snapshot.graph.settings.of_node(node.id), pinned=None, take=0, base=None)
    return assess(node, settings, snapshot.versions, snapshot.world).fingerprint


def _value(snapshot: Snapshot, connection: Connection, node: Node, fingerprint: str) -> Json:
    lecture = snapshot.head.lecture
    row = snapshot.takes.find(node.id, fingerprint)
    if row is not None:
        return records.load_versions(connection, lecture, {node.id: row.version})[node.id]
    step = STEPS[node.kind.name]
    if not isinstance(step, Free):
        return None
    wanted = {source: str(snapshot.versions[source]) for source in node.read_ids}
    held = records.load_versions(connection, lecture, wanted)
    read = {kind: held[sources[""]] for kind, sources in node.reads.items()}
    try:
        return step.make(Inputs(node, read, snapshot.graph.settings.of_node(node.id), {}))
    except UnfitAnswerError:
        return None


def seen_before_pinning(snapshot: Snapshot, connection: Connection, node: Node) -> Base | None:
    """What somebody who pins the node now has before them: the made value that counts, or the one they are in conflict with."""
    settings = snapshot.graph.settings.of_node(node.id)
    if settings.pinned is not None:
        made = made_now(snapshot, connection, node)
        return settings.base if made is None or made["value"] is None else made
    return last_made(connection, snapshot.head.lecture, node.id) or made_now(snapshot, connection, node)


def last_made(connection: Connection, lecture: str, node: str) -> Base | None:
    """The value of a node that counts, if it was made and not a person's own. Needs no reading of the whole lecture."""
    for row in records.load_counting(connection, lecture, [node]):
        if row.made_by != PERSON:
            return {"value": records.load_values(connection, lecture, [node])[node], "fingerprint": row.fingerprint}
    return None


def conflict_of(snapshot: Snapshot, connection: Connection, node: Node) -> ConflictDocument | None:
    """The three values, where what a person wrote over is not what it was; None where there is nothing to decide."""
    settings = snapshot.graph.settings.of_node(node.id)
    if settings.pinned is None or settings.base is None:
        return None
    base, mine, fingerprint = settings.base, settings.pinned, _fingerprint(snapshot, node)
    if fingerprint == base["fingerprint"] or (fingerprint is None and _will_be_known(snapshot, node)):
        return None
    theirs = _value(snapshot, connection, node, fingerprint) if fingerprint else None
    if theirs is not None and theirs in (base["value"], mine):
        return None
    return {"base": base["value"], "mine": mine, "theirs": theirs, "merged": _merged(base["value"], mine, theirs)}


def _will_be_known(snapshot: Snapshot, node: Node) -> bool:
    """Whether the next run makes what the node's own value depends on, so that there is nothing to be decided before it."""
    return any(snapshot.versions[source] is None and source in snapshot.demanded for source in node.read_ids)


def _merged(base: Json, mine: Json, theirs: Json) -> str | None:
    if isinstance(base, str) and isinstance(mine, str) and isinstance(theirs, str):
        return merge_texts(base, mine, theirs)
    return None


def conflicts(snapshot: Snapshot, connection: Connection) -> dict[str, ConflictDocument]:
    """Every conflict of a lecture, by node."""
    pinned = [node for node in snapshot.graph.made if snapshot.graph.settings.of_node(node.id).base is not None]
    found = {node.id: conflict_of(snapshot, connection, node) for node in pinned}
    return {node: conflict for node, conflict in found.items() if conflict is not None}
