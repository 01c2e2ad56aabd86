"""Compare a pinned node with what a model would make of it now, and find conflicts. Calls no model and changes nothing.

base    the model's value when the person overwrote it
mine    the person's value
theirs  the model's value now, None while unknown
merged  both changes in one text, None where they overlap
"""

from collections.abc import Iterable, Mapping
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
    return {"value": _values(snapshot, connection, {node.id: fingerprint})[node.id], "fingerprint": fingerprint}


def _fingerprint(snapshot: Snapshot, node: Node) -> str | None:
    settings = replace(snapshot.graph.settings.of_node(node.id), pinned=None, take=0, base=None)
    return assess(node, settings, snapshot.versions, snapshot.world).fingerprint


def _values(snapshot: Snapshot, connection: Connection, fingerprints: Mapping[str, str]) -> dict[str, Json]:
    """Return what each node would hold, made from what has this fingerprint; None where only a call could tell."""
    found = {node: snapshot.takes.find(node, fingerprint) for node, fingerprint in fingerprints.items()}
    taken = {node: row.version for node, row in found.items() if row is not None}
    values: dict[str, Json] = {**dict.fromkeys(fingerprints), **records.load_versions(connection, snapshot.head.lecture, taken)}
    made = [snapshot.graph.nodes[node] for node in fingerprints if node not in taken]
    free = {node.id: step for node in made if isinstance(step := STEPS[node.kind.name], Free)}
    wanted = {source: str(snapshot.versions[source]) for node in free for source in snapshot.graph.nodes[node].read_ids}
    held = records.load_versions(connection, snapshot.head.lecture, wanted)
    return values | {node: _made(snapshot, snapshot.graph.nodes[node], step, held) for node, step in free.items()}


def _made(snapshot: Snapshot, node: Node, step: Free, held: Mapping[str, Json]) -> Json:
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
    return _conflicts(snapshot, connection, [node]).get(node.id)


def _conflicts(snapshot: Snapshot, connection: Connection, nodes: Iterable[Node]) -> dict[str, ConflictDocument]:
    """Return the conflicts of these nodes. The values of all of them are read together."""
    now = {node.id: _fingerprint(snapshot, node) for node in nodes if _may_conflict(snapshot, node)}
    known = {node: fingerprint for node, fingerprint in now.items() if fingerprint and fingerprint != _base(snapshot, node)[1]}
    values = _values(snapshot, connection, known)
    found: dict[str, ConflictDocument] = {}
    for node, fingerprint in now.items():
        base, written = _base(snapshot, node)
        if fingerprint == written or (fingerprint is None and _will_be_known(snapshot, snapshot.graph.nodes[node])):
            continue
        mine, theirs = snapshot.graph.settings.of_node(node).pinned, values.get(node)
        if theirs is None or theirs not in (base, mine):
            found[node] = {"base": base, "mine": mine, "theirs": theirs, "merged": _merged(base, mine, theirs)}
    return found


def _may_conflict(snapshot: Snapshot, node: Node) -> bool:
    settings = snapshot.graph.settings.of_node(node.id)
    return settings.pinned is not None and settings.base is not None


def _base(snapshot: Snapshot, node: str) -> tuple[Json, Json]:
    """Return the value and the fingerprint that a pinned value was written against."""
    base = snapshot.graph.settings.of_node(node).base or {}
    return base["value"], base["fingerprint"]


def _will_be_known(snapshot: Snapshot, node: Node) -> bool:
    """Whether the next run makes what the node's own value depends on, so that nothing can be decided before it."""
    return any(snapshot.versions[source] is None and source in snapshot.demanded for source in node.read_ids)


def _merged(base: Json, mine: Json, theirs: Json) -> str | None:
    if isinstance(base, str) and isinstance(mine, str) and isinstance(theirs, str):
        return merge_texts(base, mine, theirs)
    return None


def conflicts(snapshot: Snapshot, connection: Connection) -> dict[str, ConflictDocument]:
    """Return every conflict in a lecture, by node."""
    return _conflicts(snapshot, connection, snapshot.graph.made)
