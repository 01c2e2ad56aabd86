"""Compare a pinned node with what a model would make of it now, and find conflicts. Calls no model and changes nothing.

base    the model's value when the person overwrote it
mine    the person's value
theirs  the model's value now, None while unknown
merged  both changes in one text, None where they overlap
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
"""The maker recorded for a take that a person supplied."""


def made_now(snapshot: Snapshot, connection: Connection, node: Node) -> Base | None:
    """Return what the node would hold if it were not pinned; None if something it depends on has to be made first.

    The value in it is None if only a call that was never made could tell.
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
    """Return the value a person sees when pinning the node now: the model's value that counts, or the one in conflict."""
    settings = snapshot.graph.settings.of_node(node.id)
    if settings.pinned is not None:
        made = made_now(snapshot, connection, node)
        return settings.base if made is None or made["value"] is None else made
    return last_made(connection, snapshot.head.lecture, node.id) or made_now(snapshot, connection, node)


def last_made(connection: Connection, lecture: str, node: str) -> Base | None:
    """Return the node's value that counts, unless a person supplied it. Does not read the whole lecture."""
    for row in records.load_counting(connection, lecture, [node]):
        if row.made_by != PERSON:
            return {"value": records.load_values(connection, lecture, [node])[node], "fingerprint": row.fingerprint}
    return None


def conflict_of(snapshot: Snapshot, connection: Connection, node: Node) -> ConflictDocument | None:
    """Return the three values if what the person overwrote has changed since; None if there is nothing to decide."""
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
    """Whether the next run makes what the node's own value depends on, so that nothing can be decided before it."""
    return any(snapshot.versions[source] is None and source in snapshot.demanded for source in node.read_ids)


def _merged(base: Json, mine: Json, theirs: Json) -> str | None:
    if isinstance(base, str) and isinstance(mine, str) and isinstance(theirs, str):
        return merge_texts(base, mine, theirs)
    return None


def conflicts(snapshot: Snapshot, connection: Connection) -> dict[str, ConflictDocument]:
    """Return every conflict in a lecture, by node."""
    pinned = [node for node in snapshot.graph.made if snapshot.graph.settings.of_node(node.id).base is not None]
    found = {node.id: conflict_of(snapshot, connection, node) for node in pinned}
    return {node: conflict for node, conflict in found.items() if conflict is not None}
