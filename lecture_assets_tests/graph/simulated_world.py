"""A world in which nodes are made at once and for nothing, so that what the core decides can be watched. Stores nothing.

    plan --each node in order--> assess again (early cutoff) --> restore a take, or make a value --> record, take

A value depends on the fingerprint it was made for, so that another input is another value; what `settled` names is the exception.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from lecture_assets.graph.build import Graph, build
from lecture_assets.graph.fingerprint import Json, canonical, digest
from lecture_assets.graph.kind import Category, Kind
from lecture_assets.graph.node import Node
from lecture_assets.graph.plan import Plan, Question, Quote, make_plan, needs_call
from lecture_assets.graph.recipe import StepFacts
from lecture_assets.graph.settings import Settings
from lecture_assets.graph.staleness import Finding, Record, Status, World, assess, find_stale

SEGMENT_WORDS = ("narration-text", "visual", "background-music", "effect")
LIMITS = {"openai": 5, "replicate": 2}


@dataclass(frozen=True, slots=True)
class Making:
    """What one run did. made: nodes with a new value; restored: nodes whose earlier take counts again; calls: by role."""

    made: frozenset[str]
    restored: frozenset[str]
    calls: Mapping[str, int]


def steps(kind: Kind) -> StepFacts:
    """One version for every step; paid ones have a parameter. Of a part of an input, the entries count that a text names."""
    return StepFacts("1", {"quality": "high"} if kind.role else {}, {read.kind: entries_named for read in kind.partial})


def entries_named(entries: Json, text: Json) -> Json:
    """The entries of a mapping whose name is in what decides."""
    assert isinstance(entries, dict)
    return {name: value for name, value in entries.items() if name in str(text)}


def quote(finding: Finding) -> Quote | None:
    """A dime a call, a second each."""
    role = str(finding.node.kind.role)
    pool = "replicate" if role in {"image", "video", "music"} else "openai"
    return Quote(pool, pool, f"{pool}:{role}", role, 100_000, 150_000, 1.0, finding.fingerprint)


@dataclass
class SimulatedWorld:
    """Records and takes of one lecture. settled: slots whose words are the same in every script."""

    records: dict[str, Record] = field(default_factory=dict)
    takes: dict[tuple[str, str], str] = field(default_factory=dict)
    values: dict[str, Json] = field(default_factory=dict)
    settled: Collection[int] = ()

    @property
    def facts(self) -> World:
        """As the core wants it."""
        return World(self.records, self.takes, steps, lambda _node, version: self.values.get(version))

    def find(self, settings: Settings) -> Mapping[str, Finding]:
        """The findings for these settings."""
        self.values |= {digest(value): value for value in settings.inputs.values()}
        return find_stale(build(settings), self.facts)

    def not_fresh(self, settings: Settings) -> frozenset[str]:
        """Ids of all nodes that are stale or pending, except those that are made on demand."""
        found = self.find(settings).values()
        return frozenset(one.node.id for one in found if one.status is not Status.FRESH and not one.node.kind.on_demand)

    def plan(self, settings: Settings, targets: frozenset[str] | None = None) -> Plan:
        """The plan for these settings."""
        question = Question("bees", 1, quote, LIMITS, targets)
        return make_plan(build(settings), self.find(settings), self.records, question)

    def make(self, settings: Settings, *, failing: Collection[str] = ()) -> Making:
        """Carry out the plan; nodes of `failing` are not made, nor what needs them."""
        graph = build(settings)
        made, restored, calls = set[str](), set[str](), Counter[str]()
        for planned in self.plan(settings).nodes:
            node = planned.node
            finding = self._assess_again(graph, node)
            if finding is None or node.id in failing or finding.status is Status.FRESH:
                continue
            calls.update([str(node.kind.role)] if needs_call(graph, finding) else [])
            (restored if finding.restored else made).add(node.id)
            self._keep(graph, finding)
        return Making(frozenset(made), frozenset(restored), dict(calls))

    def lose(self, node: str) -> None:
        """The bytes of the take that counts are gone."""
        self.records[node] = replace(self.records[node], lost="sha256 of nothing on disk")
        self.takes.pop((node, self.records[node].fingerprint), None)

    def _assess_again(self, graph: Graph, node: Node) -> Finding | None:
        versions: dict[str, str | None] = {}
        for source in () if graph.settings.of_node(node.id).pinned is not None else node.read_ids:
            if graph.nodes[source].kind.is_input:
                versions[source] = digest(graph.settings.value(source.partition(":")[2]))
            elif source in self.records:
                versions[source] = self.records[source].version
            else:
                return None
        return assess(node, graph.settings.of_node(node.id), versions, self.facts)

    def _keep(self, graph: Graph, finding: Finding) -> None:
        node, fingerprint = finding.node, str(finding.fingerprint)
        if finding.restored:
            version = self.takes[node.id, fingerprint]
        else:
            pinned = graph.settings.of_node(node.id).pinned
            value = self._value(graph, finding) if pinned is None else pinned
            version = digest(value)
            self.values[version] = value
        self.takes[node.id, fingerprint] = version
        self.records[node.id] = Record(version, fingerprint, canonical(finding.recipe).decode())

    def _value(self, graph: Graph, finding: Finding) -> Json:
        node, made_for = finding.node, str(finding.fingerprint)[:16]
        match node.kind.name:
            case "llm:script-generation":
                segments: list[Json] = [self._segment(made_for, slot) for slot in range(graph.settings.written)]
                return {"video-title": "Bees", "segments": segments}
            case "llm:segment-script":
                return self._segment(made_for, None)
            case "llm:video-prompts":
                return {name: f"{name} {made_for}" for name in ("starting-image-prompt", "movie-direction-prompt")}
        if node.kind.category is Category.CONTENT:
            (source,) = node.read_ids
            return _part(self.values[self.records[source].version], node)
        return f"{node.kind.name} {made_for}"

    def _segment(self, made_for: str, slot: int | None) -> Json:
        draft = "settled" if slot in self.settled else made_for
        return {name: f"{name} of {slot}, {draft}" for name in SEGMENT_WORDS}


def _part(whole: Json, node: Node) -> Json:
    if not isinstance(whole, dict):
        return whole
    if "segments" in whole and node.cell.segment is not None:
        segments = whole["segments"]
        assert isinstance(segments, list)
        return segments[node.cell.segment]
    return whole.get(node.kind.name.partition(":")[2], whole)
