"""Orders over `{node: what it reads}`, by `graphlib`. Knows no lecture."""

import graphlib
from collections.abc import Collection, Iterable, Mapping

from lecture_assets.graph.errors import CycleError


def topological_order(reads: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """Each node after all that it reads; CycleError, drawn, where there is no such order."""
    try:
        return tuple(graphlib.TopologicalSorter(reads).static_order())
    except graphlib.CycleError as error:
        cycle: list[str] = error.args[1]
        raise CycleError(cycle[:0:-1]) from None


def closure(starts: Iterable[str], edges: Mapping[str, Collection[str]]) -> frozenset[str]:
    """Everything that can be reached from `starts` along `edges`, the starts included."""
    seen = set(starts)
    todo = list(seen)
    while todo:
        for following in edges.get(todo.pop(), ()):
            if following not in seen:
                seen.add(following)
                todo.append(following)
    return frozenset(seen)
