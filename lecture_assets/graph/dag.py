"""Topological order and reachability over `{node: what it reads}`; knows nothing about lectures."""

import graphlib
from collections.abc import Collection, Iterable, Mapping

from lecture_assets.graph.errors import CycleError


def topological_order(reads: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """Order the nodes so that each comes after everything it reads. Raise CycleError if there is a cycle."""
    try:
        return tuple(graphlib.TopologicalSorter(reads).static_order())
    except graphlib.CycleError as error:
        cycle: list[str] = error.args[1]
        raise CycleError(cycle[:0:-1]) from None


def closure(starts: Iterable[str], edges: Mapping[str, Collection[str]]) -> frozenset[str]:
    """Return everything reachable from `starts` along `edges`, including the starts."""
    seen = set(starts)
    todo = list(seen)
    while todo:
        for following in edges.get(todo.pop(), ()):
            if following not in seen:
                seen.add(following)
                todo.append(following)
    return frozenset(seen)
