"""Say of a lecture that was changed and not made again that its exports play older versions of some parts."""

from lecture_assets.graph.kind import Category, Holds
from lecture_assets.graph.node import Node
from lecture_assets.graph.staleness import Status
from lecture_assets.runner.reading.snapshot import Snapshot
from lecture_assets.timeline.film_checks import listed

_WHOLE = {Holds.MUSIC: "the music"}
"""What people call parts of no segment; of the others only the title is shown."""


def stale_notes(snapshot: Snapshot) -> list[str]:
    """Return a sentence that names what an export plays in an older version; nothing if all is new, or was never made."""
    stale = [
        snapshot.findings[node.id]
        for node in _played(snapshot, _timeline(snapshot)).values()
        if not _is_assembled(node) and not node.kind.is_input and snapshot.findings[node.id].status is Status.STALE
    ]
    if not stale:
        return []
    places = {node.cell.segment for node in (found.node for found in stale) if node.cell.segment is not None}
    names = [f"s{slot:02d}" for slot in snapshot.graph.settings.order if slot in places]
    names += sorted({_WHOLE.get(found.node.kind.holds, "the title") for found in stale if found.node.cell.segment is None})
    verb = "has" if any(not found.changed for found in stale) else "may have"
    name = snapshot.head.name
    remedy = f"`lectures regenerate {name}` makes them again"
    if snapshot.head.is_shadow:
        remedy = f"nothing is made of a shadow until `lectures promote {name}`"
    return [f"the export {verb} older versions of {listed([(part, '') for part in names])}: {remedy}"]


def _timeline(snapshot: Snapshot) -> Node:
    (whole,) = (node for node in snapshot.graph.made if node.kind.holds is Holds.TIMELINE)
    return whole


def _played(snapshot: Snapshot, node: Node) -> dict[str, Node]:
    """Return a node and everything it is assembled from."""
    found = {node.id: node}
    for source in node.read_ids if _is_assembled(node) else ():
        found |= _played(snapshot, snapshot.graph.nodes[source])
    return found


def _is_assembled(node: Node) -> bool:
    return node.kind.category is Category.ASSEMBLER
