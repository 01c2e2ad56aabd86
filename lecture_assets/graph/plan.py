"""The plan: what a run would make, in which order, by which calls, for how much and how long. Decides; does nothing.

Findings --demand--> planned or idle --layers, calls, price--> Plan --schedule--> seconds
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from lecture_assets.graph.build import Graph
from lecture_assets.graph.dag import closure
from lecture_assets.graph.fingerprint import Json, digest
from lecture_assets.graph.lecture import Category
from lecture_assets.graph.node import Node
from lecture_assets.graph.schedule import Work, makespan
from lecture_assets.graph.staleness import Finding, Reason, Record, Status, reasons


@dataclass(frozen=True, slots=True)
class Quote:
    """What one call would be. Prices in micro-dollars, a range where the size is not known yet; seconds are typical ones.

    pool: whose concurrency it takes a slot of; key: equal keys are one purchase, None where it cannot be known yet;
    owned: already in the ledger, so free
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
    """One node of a plan. `layer`: calls and assemblies on the longest path before it; a `content:` node shares its maker's."""

    finding: Finding
    reasons: tuple[Reason, ...]
    layer: int
    quote: Quote | None

    @property
    def node(self) -> Node:
        """The node to be made."""
        return self.finding.node


@dataclass(frozen=True)
class Plan:
    """Stale and pending nodes in an order in which each stands after what it reads.

    idle: stale or pending nodes that only pinned ones would read; they are not made and cost nothing
    """

    lecture: str
    version: int
    nodes: tuple[Planned, ...]
    idle: tuple[str, ...]
    limits: Mapping[str, int]

    @cached_property
    def purchases(self) -> tuple[Quote, ...]:
        """The calls to be paid: equal keys once, owned ones not at all."""
        seen: set[str] = set()
        bought = []
        for quote in (planned.quote for planned in self.nodes if planned.quote and not planned.quote.owned):
            if quote.key is None or quote.key not in seen:
                bought.append(quote)
                seen |= {quote.key} if quote.key else set()
        return tuple(bought)

    @property
    def calls(self) -> Mapping[str, int]:
        """Number of calls by role."""
        return dict(Counter(quote.role for quote in self.purchases))

    @property
    def price_usd_micros(self) -> tuple[int, int]:
        """From, to."""
        return sum(q.low_usd_micros for q in self.purchases), sum(q.high_usd_micros for q in self.purchases)

    @property
    def affected_segments(self) -> tuple[int, ...]:
        """Slots of which something will be made."""
        return tuple(sorted({p.node.cell.segment for p in self.nodes if p.node.cell.segment is not None}))

    @cached_property
    def seconds(self) -> float:
        """How long it would take under the limits, by list scheduling with the typical latencies."""
        work = {planned.node.id: _work(planned.quote) for planned in self.nodes}
        return makespan(work, {p.node.id: p.node.read_ids for p in self.nodes}, self.limits)

    @cached_property
    def items(self) -> Mapping[str, str]:
        """By node, a name for what would be made of it: from what (as far as it is known), by which call, at which price."""
        return {p.node.id: digest([digest(p.finding.recipe), _bill(p.quote)])[:16] for p in self.nodes}

    @cached_property
    def token(self) -> str:
        """A name for exactly this plan."""
        return digest([self.lecture, dict(self.items), list(self.items), list(self.idle)])[:32]


def _work(quote: Quote | None) -> Work:
    return Work(quote.seconds, quote.pool) if quote and not quote.owned else Work(0.0)


def _bill(quote: Quote | None) -> Json:
    if quote is None:
        return None
    return [quote.model, quote.role, quote.low_usd_micros, quote.high_usd_micros, quote.owned]


@dataclass(frozen=True, slots=True)
class Question:
    """What a plan is asked about. `targets`: only these nodes and what they need; None for all that counts."""

    lecture: str
    version: int
    quotes: Callable[[Finding], Quote | None]
    limits: Mapping[str, int]
    targets: frozenset[str] | None = None


def make_plan(graph: Graph, findings: Mapping[str, Finding], records: Mapping[str, Record], question: Question) -> Plan:
    """The plan for these findings. Raises nothing: an empty plan is a plan."""
    stale = [finding for finding in findings.values() if finding.status is not Status.FRESH]
    wanted = demanded(graph, question.targets) if stale else frozenset()
    idle = [] if question.targets is not None else [finding.node.id for finding in stale if finding.node.id not in wanted]
    layers: dict[str, int] = {}
    planned = []
    for finding in stale:
        node = finding.node
        if node.id not in wanted:
            continue
        layers[node.id] = _layer(node, layers)
        quote = question.quotes(finding) if needs_call(graph, finding) else None
        planned.append(Planned(finding, reasons(finding, records.get(node.id)), layers[node.id], quote))
    return Plan(question.lecture, question.version, tuple(planned), tuple(idle), question.limits)


def needs_call(graph: Graph, finding: Finding) -> bool:
    """Whether making this node would need a paid call: it has a role, is not pinned, and no take answers for it."""
    return finding.node.kind.role is not None and not finding.restored and graph.settings.of_node(finding.node.id).pinned is None


def demanded(graph: Graph, targets: Iterable[str] | None = None) -> frozenset[str]:
    """What counts, and all that it is made from. What counts: the last assembly, and every `content:` node, pinned or not.

    Nothing above a pinned node is demanded by it, so a model that only pinned nodes would read is not asked.
    """
    if targets is None:
        targets = (n.id for n in graph.made if n.kind.category is Category.CONTENT or not graph.readers[n.id])
    reads = {n.id: () if graph.settings.of_node(n.id).pinned is not None else n.read_ids for n in graph.made}
    return closure(targets, reads)


def _layer(node: Node, layers: Mapping[str, int]) -> int:
    above = [layers[source] for source in node.read_ids if source in layers]
    return max(above) + (node.kind.category is not Category.CONTENT) if above else 0
