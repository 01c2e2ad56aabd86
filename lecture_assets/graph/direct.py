"""Staleness by direct inputs alone, ignoring what will become stale once its inputs are made again.

The planner follows changes through the whole graph (`staleness.find_stale`); Dagster shows one step at a time and uses this.
"""

from collections.abc import Mapping

from lecture_assets.graph.build import Graph
from lecture_assets.graph.fingerprint import digest
from lecture_assets.graph.node import Node
from lecture_assets.graph.recipe import recipe_of
from lecture_assets.graph.staleness import Finding, Reason, ReasonKind, Record, Status, World, answers, reasons


def input_versions(graph: Graph) -> dict[str, str]:
    """Return the version of each input by node id, including structural inputs."""
    return {
        node.id: digest(graph.settings.value(node.kind.name.partition(":")[2]))
        for node in graph.nodes.values()
        if node.kind.is_input
    }


def direct_reasons(graph: Graph, world: World) -> Mapping[str, tuple[Reason, ...]]:
    """Return why each recorded node differs from what it was made from; no reasons for a node that does not.

    What a node reads is taken as recorded, even if it is stale itself.
    """
    versions: dict[str, str | None] = {**input_versions(graph)}
    versions |= {node.id: world.records[node.id].version if node.id in world.records else None for node in graph.made}
    return {
        node.id: _reasons(graph, node, versions, world.records[node.id], world) for node in graph.made if node.id in world.records
    }


def _reasons(graph: Graph, node: Node, versions: Mapping[str, str | None], record: Record, world: World) -> tuple[Reason, ...]:
    settings = graph.settings.of_node(node.id)
    recipe = recipe_of(node, settings, versions, world.steps(node.kind), world.values)
    if answers(record, settings, recipe):
        return (Reason(ReasonKind.LOST, record.lost),) if record.lost else ()
    found = reasons(Finding(node, Status.STALE, recipe), record)
    return tuple(reason for reason in found if reason.kind is not ReasonKind.UPSTREAM)
