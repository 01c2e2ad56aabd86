"""Look up nodes in a graph."""

from lecture_assets.graph.build import Graph
from lecture_assets.graph.errors import UnknownNodeError
from lecture_assets.graph.node import Node, parse_node_id


def get_node(graph: Graph, node: str) -> Node:
    """Return the node with this id. Raise UnknownNodeError naming the ids the lecture has instead."""
    kind, _ = parse_node_id(node)
    if node not in graph.nodes:
        there = [other.id for other in nodes_of_kind(graph, kind.name)]
        allowed = f"{there[0]} … {there[-1]}" if there else f"another kind: {kind.name} exists only where {kind.when}"
        raise UnknownNodeError(node, allowed)
    return graph.nodes[node]


def nodes_of_kind(graph: Graph, kind: str) -> tuple[Node, ...]:
    """Return all nodes of a kind."""
    return tuple(node for node in graph.nodes.values() if node.kind.name == kind)


def nodes_of_segment(graph: Graph, slot: int) -> tuple[Node, ...]:
    """Return all nodes of a slot, including its images."""
    return tuple(node for node in graph.nodes.values() if node.cell.segment == slot)
