"""How much of a lecture a regeneration makes, and within which limits."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lecture_assets.graph.build import Graph
from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.queries import get_node, nodes_of_segment
from lecture_assets.runner.calls.service import CallService
from lecture_assets.store.regeneration_scopes import scope_of


@dataclass(frozen=True, slots=True)
class Scope:
    """What to make of a lecture, and within which limits.

    only:                these nodes and what they need, but not the nodes that read them
    segment:             the nodes of this slot and what they need
    token:               the plan must still be this one
    max_cost_usd_micros: the most that the plan may cost
    as_queued:           whatever the queued request is for, which this serves
    renders_only:        RefusedError if anything but what is made on demand would be made
    """

    only: tuple[str, ...] = ()
    segment: int | None = None
    token: str | None = None
    max_cost_usd_micros: int | None = None
    as_queued: bool = False
    renders_only: bool = False

    def targets(self, graph: Graph) -> frozenset[str] | None:
        """Return the requested nodes, or None for all. WrongInputError lists the nodes and segments that do not exist."""
        if not self.only and self.segment is None:
            return None
        if faults := [*self._wrong_nodes(graph), *self._wrong_segment(graph)]:
            raise WrongInputError(faults)
        segment = () if self.segment is None else nodes_of_segment(graph, self.segment)
        return frozenset({*self.only, *(node.id for node in segment if not node.kind.on_demand)})

    def _wrong_nodes(self, graph: Graph) -> Iterator[Fault]:
        for node in self.only:
            try:
                get_node(graph, node)
            except WrongInputError as error:
                yield from (Fault("only", fault.found, fault.allowed) for fault in error.faults)

    def _wrong_segment(self, graph: Graph) -> Iterator[Fault]:
        order = graph.settings.order
        if self.segment is not None and self.segment not in order:
            slots = ", ".join(f"s{slot:02}" for slot in order)
            yield Fault("segment", f"s{self.segment:02}", f"a segment of this lecture: {slots}")


EVERYTHING = Scope()


def narrowed(calls: CallService, scope: Scope) -> Scope:
    """Return the scope of the queued request, if the regeneration serves it. It stays the same while the lease is held."""
    if not scope.as_queued:
        return scope
    asked = calls.context.database.reading(lambda connection: scope_of(connection, calls.lease.lecture))
    calls.budget.ceiling_usd_micros = asked.max_cost_usd_micros
    return replace(scope, only=asked.only, segment=asked.segment, max_cost_usd_micros=asked.max_cost_usd_micros)
