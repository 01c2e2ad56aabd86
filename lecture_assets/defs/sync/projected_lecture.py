"""Converts a lecture's snapshot to the state that Dagster should show. Pure."""

from lecture_assets.defs.sync.projection import ProjectedLecture, ProjectedNode
from lecture_assets.graph.direct import direct_reasons, input_versions
from lecture_assets.graph.fingerprint import digest
from lecture_assets.graph.node import Node
from lecture_assets.graph.settings import UNSET
from lecture_assets.graph.staleness import Reason
from lecture_assets.runner.reading.snapshot import Snapshot
from lecture_assets.steps import facts_of
from lecture_assets.store.records import TakeRow


def project_lecture(snapshot: Snapshot) -> ProjectedLecture:
    """Project a lecture's inputs, the settings of single nodes, and every node with a record."""
    reasons = direct_reasons(snapshot.graph, snapshot.world)
    settings = {node.id: snapshot.graph.settings.of_node(node.id) for node in snapshot.graph.made}
    return ProjectedLecture(
        inputs=input_versions(snapshot.graph),
        settings={node: digest(own.to_json()) for node, own in settings.items() if own != UNSET},
        nodes={
            node.id: project_node(node, snapshot.takes.counting[node.id], reasons[node.id])
            for node in snapshot.graph.made
            if node.id in snapshot.takes.counting
        },
    )


def project_node(node: Node, row: TakeRow, reasons: tuple[Reason, ...] = ()) -> ProjectedNode:
    """Project one node with its record."""
    return ProjectedNode(node, row.version, f"{row.number}@{row.made_at}", facts_of(node.kind).version, reasons)
