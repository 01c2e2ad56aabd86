"""The plan: what a run would make, in which order, with which calls, at what price and in how much time. Nothing is carried out.

Findings --demand--> planned or idle --layers, calls, price--> Plan --schedule--> seconds
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeGuard

from lecture_assets.graph.build import Graph
from lecture_assets.graph.dag import closure
from lecture_assets.graph.fingerprint import Json, digest
from lecture_assets.graph.kind import Category
from lecture_assets.graph.node import Node
from lecture_assets.graph.schedule import Work, makespan
from lecture_assets.graph.staleness import Finding, Reason, Record, Status, reasons

MAX_EDIT_CALLS = 12
"""A plan with at most this many paid calls is treated as an edit, which bulk work does not delay: a segment has about ten."""


@dataclass(frozen=True, slots=True)
class Quote:
    """The estimate for one call, with prices in micro-dollars.

    pool:    the concurrency pool whose slot it needs
    low_usd_micros, high_usd_micros: the price range; the two differ while the size of the result is unknown
    seconds: the typical latency
    key:     calls with equal keys are one purchase; None while the key cannot be known
    owned:   already in the ledger, so free
    """

    provider: str
    pool: str
    model: str
    role: str
    low_usd_micros: int
    high_usd_micros: int
    seconds: float
    key: str | None = None
    owned: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """One node of a plan. layer: calls and assemblies on the longest path to it; a `content:` node has its source's layer."""

    finding: Finding
    reasons: tuple[Reason, ...]
    layer: int
    quote: Quote | None

    @property
    def node(self) -> Node:
        """The node to make."""
        return self.finding.node


@dataclass(frozen=True)
class Plan:
    """The stale and pending nodes, each after everything it reads.

    idle: stale or pending nodes that only pinned nodes read; they are not made and cost nothing
    mark: what tells the lecture from others in tokens, if not `lecture`
    """

    lecture: str
    version: int
    nodes: tuple[Planned, ...]
    idle: tuple[str, ...]
    limits: Mapping[str, int]
    mark: str = ""

    @cached_property
    def purchases(self) -> tuple[Quote, ...]:
        """The calls to pay for: equal keys once, owned calls not at all."""
        seen: set[str] = set()
        bought = []
        for quote in (planned.quote for planned in self.nodes if planned.quote and not planned.quote.owned):
            if quote.key is None or quote.key not in seen:
                bought.append(quote)
                seen |= {quote.key} if quote.key else set()
        return tuple(bought)

    @property
    def calls(self) -> Mapping[str, int]:
        """The number of calls by role."""
        return dict(Counter(quote.role for quote in self.purchases))

    @property
    def is_edit(self) -> bool:
        """Whether the plan is small enough to go before bulk work."""
        return is_edit(len(self.purchases))

    @property
    def price_usd_micros(self) -> tuple[int, int]:
        """The lowest and highest price."""
        return sum(q.low_usd_micros for q in self.purchases), sum(q.high_usd_micros for q in self.purchases)

    @property
    def affected_segments(self) -> tuple[int, ...]:
        """The slots in which something will be made."""
        return tuple(sorted({p.node.cell.segment for p in self.nodes if p.node.cell.segment is not None}))

    @cached_property
    def seconds(self) -> float:
        """The estimated duration under the limits, from list scheduling with typical latencies."""
        work = {planned.node.id: _work(planned.quote) for planned in self.nodes}
        return makespan(work, {p.node.id: p.node.read_ids for p in self.nodes}, self.limits)

    @cached_property
    def items(self) -> Mapping[str, str]:
        """A digest per node of what would be made: its recipe as far as known, the call and the price."""
        return {p.node.id: digest([digest(p.finding.recipe), _bill(p.quote)])[:16] for p in self.nodes}

    @cached_property
    def token(self) -> str:
        """A digest that identifies exactly this plan."""
        return digest([self.mark or self.lecture, dict(self.items), list(self.items), list(self.idle)])[:32]


def is_edit(calls: int | None) -> TypeGuard[int]:
    """Whether a plan with so many calls goes before bulk work. None: not known, so it does not."""
    return calls is not None and calls <= MAX_EDIT_CALLS


def _work(quote: Quote | None) -> Work:
    return Work(quote.seconds, quote.pool) if quote and not quote.owned else Work(0.0)


def _bill(quote: Quote | None) -> Json:
    if quote is None:
        return None
    return [quote.model, quote.role, quote.low_usd_micros, quote.high_usd_micros, quote.owned]


@dataclass(frozen=True, slots=True)
class Question:
    """The question a plan answers. `targets`: only these nodes and what they need; None for everything that counts."""

    lecture: str
    version: int
    quotes: Callable[[Finding], Quote | None]
    limits: Mapping[str, int]
    targets: frozenset[str] | None = None
    mark: str = ""


def make_plan(graph: Graph, findings: Mapping[str, Finding], records: Mapping[str, Record], question: Question) -> Plan:
    """Make the plan for these findings; it may be empty."""
    is_asked = question.targets is not None
    stale = [f for f in findings.values() if f.status is not Status.FRESH and (is_asked or not f.node.kind.on_demand)]
    wanted = demanded(graph, question.targets) if stale else frozenset()
    idle = [] if is_asked else [finding.node.id for finding in stale if finding.node.id not in wanted]
    layers: dict[str, int] = {}
    planned = []
    for finding in stale:
        node = finding.node
        if node.id not in wanted:
            continue
        layers[node.id] = _layer(node, layers)
        quote = question.quotes(finding) if needs_call(graph, finding) else None
        planned.append(Planned(finding, reasons(finding, records.get(node.id)), layers[node.id], quote))
    return Plan(question.lecture, question.version, tuple(planned), tuple(idle), question.limits, question.mark)


def needs_call(graph: Graph, finding: Finding) -> bool:
    """Whether making this node needs a paid call: it has a role, is not pinned, and no earlier take can be reused."""
    return finding.node.kind.role is not None and not finding.restored and graph.settings.of_node(finding.node.id).pinned is None


def demanded(graph: Graph, targets: Iterable[str] | None = None) -> frozenset[str]:
    """Return the targets and everything they are made from. Default targets: the last assembly and all `content:` nodes.

    A pinned node demands nothing, so no model is called for a result that only pinned nodes would read. Nodes that are made on
    demand are no default targets: the last assembly is the one that only they read.
    """
    if targets is None:
        targets = (n.id for n in graph.made if not n.kind.on_demand and _is_wanted(graph, n))
    reads = {n.id: () if graph.settings.of_node(n.id).pinned is not None else n.read_ids for n in graph.made}
    return closure(targets, reads)


def _is_wanted(graph: Graph, node: Node) -> bool:
    """Whether a full run makes a node for its own sake."""
    return node.kind.category is Category.CONTENT or all(graph.nodes[name].kind.on_demand for name in graph.readers[node.id])


def _layer(node: Node, layers: Mapping[str, int]) -> int:
    above = [layers[source] for source in node.read_ids if source in layers]
    return max(above) + (node.kind.category is not Category.CONTENT) if above else 0
