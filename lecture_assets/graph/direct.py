"""What is stale by its own inputs as they stand now; not what will be stale once what is above it is made again.

The planner looks through all hops (`staleness.find_stale`); whoever shows one hop, as Dagster does, is asked for this.
"""

from collections.abc import Mapping

from lecture_assets.graph.build import Graph
from lecture_assets.graph.fingerprint import digest
from lecture_assets.graph.node import Node
from lecture_assets.graph.staleness import Finding, Reason, ReasonKind, Record, Status, World, answers, reasons, recipe_of


def input_versions(graph: Graph) -> dict[str, str]:
    """The version of each input, by node id, structural ones included."""
    return {
        node.id: digest(graph.settings.value(node.kind.name.partition(":")[2]))
        for node in graph.nodes.values()
        if node.kind.is_input
    }


def direct_reasons(graph: Graph, world: World) -> Mapping[str, tuple[Reason, ...]]:
    """Of each node that has a record: why it differs from what it was made from, no reason for one that does not.

    Its reads are taken as their records stand, whether these are stale themselves or not.
    """
    versions: dict[str, str | None] = {**input_versions(graph)}
    versions |= {node.id: world.records[node.id].version if node.id in world.records else None for node in graph.made}
    return {
        node.id: _reasons(graph, node, versions, world.records[node.id], world) for node in graph.made if node.id in world.records
    }


def _reasons(graph: Graph, node: Node, versions: Mapping[str, str | None], record: Record, world: World) -> tuple[Reason, ...]:
    settings = graph.settings.of_node(node.id)
    recipe = recipe_of(node, settings, versions, world.steps(node.kind))
    if answers(record, settings, recipe):
        return (Reason(ReasonKind.LOST, record.lost),) if record.lost else ()
    found = reasons(Finding(node, Status.STALE, recipe), record)
    return tuple(reason for reason in found if reason.kind is not ReasonKind.UPSTREAM)
