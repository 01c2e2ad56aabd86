"""What is stale, and why: computed from settings, records and takes, never stored as a flag.

    recipe(node) = kind, step, model, own settings, versions of what it reads     fingerprint = digest(recipe)
    fresh: the record has the current fingerprint     stale: it has another     pending: there is no record

Each rule is one `if` with its reason. `upstream` is the reason when the next version of an input cannot be known yet.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, cast

from lecture_assets.graph.build import Graph
from lecture_assets.graph.fingerprint import Json, Recipe, canonical, digest, same_recipe
from lecture_assets.graph.kind import Kind
from lecture_assets.graph.node import Node
from lecture_assets.graph.parts import DEFAULT_VERSIONS, Values, default_of, nothing_known
from lecture_assets.graph.recipe import StepFacts, recipe_of
from lecture_assets.graph.settings import NodeSettings


class Status(StrEnum):
    """The status of a node. `generating`, `failed` and `blocked` are added by the code that knows about runs and failures."""

    PENDING = "pending"
    FRESH = "fresh"
    STALE = "stale"
    GENERATING = "generating"
    FAILED = "failed"
    BLOCKED = "blocked"


class ReasonKind(StrEnum):
    """The kinds of reasons why a node is not fresh."""

    NEVER_MADE = "never-made"
    INPUT_CHANGED = "input-changed"
    READ_CHANGED = "read-changed"
    READS_CHANGED = "reads-changed"
    SETTING_CHANGED = "setting-changed"
    STEP_CHANGED = "step-changed"
    MODEL_CHANGED = "model-changed"
    PINNED = "pinned"
    UPSTREAM = "upstream"
    LOST = "lost"


_SENTENCES: Mapping[ReasonKind, str] = {
    ReasonKind.NEVER_MADE: "it was never made",
    ReasonKind.INPUT_CHANGED: "the input {} changed",
    ReasonKind.READ_CHANGED: "{} changed",
    ReasonKind.READS_CHANGED: "it reads other nodes than before: {}",
    ReasonKind.SETTING_CHANGED: "its own setting {} changed",
    ReasonKind.STEP_CHANGED: "the step that makes it changed",
    ReasonKind.MODEL_CHANGED: "its model changed: {}",
    ReasonKind.PINNED: "a person's value replaced the made one, or was withdrawn",
    ReasonKind.UPSTREAM: "{} will be made again",
    ReasonKind.LOST: "its bytes are missing: {}",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason; `input` is the node id or the name of the setting concerned.

    before, after: the version of that node, or the value of that setting, before and after the change; None if there is none,
                   or if it cannot be known yet
    in_full:       they are values, not versions: of a setting, or of the part of an input that the node uses
    """

    kind: ReasonKind
    input: str = ""
    before: Json = field(default=None, compare=False)
    after: Json = field(default=None, compare=False)
    in_full: bool = field(default=False, compare=False)

    @property
    def text(self) -> str:
        """The reason as a sentence."""
        return _SENTENCES[self.kind].format(self.input)


@dataclass(frozen=True, slots=True)
class Record:
    """The parts of a stored record needed here. `fingerprint` is the digest of `recipe`, which is canonical JSON."""

    version: str
    fingerprint: str
    recipe: str
    lost: str | None = None


class Takes(Protocol):
    """Lookup of takes; a dict will do."""

    def get(self, key: tuple[str, str], /) -> str | None:
        """Return the version of the take for (node, fingerprint), or None."""


@dataclass(frozen=True, slots=True)
class World:
    """Everything staleness depends on besides the graph.

    records: the current record of each node that has one
    takes:   the versions of takes whose bytes exist, by (node, fingerprint); a matching take is reused for free
    steps:   the facts of each kind's step
    values:  what nodes hold, for rows that read a part of an input
    """

    records: Mapping[str, Record]
    takes: Takes
    steps: Callable[[Kind], StepFacts]
    values: Values = nothing_known


@dataclass(frozen=True, slots=True)
class Finding:
    """The assessment of one node.

    recipe:      the current recipe; null in place of a version that will change when that read is made again
    fingerprint: the digest of the recipe, None if the recipe contains such a null
    version:     the version its readers will see, None if it cannot be known before the node is made
    restored:    an earlier take matches the current fingerprint
    changed:     the nodes it reads that will be made again
    """

    node: Node
    status: Status
    recipe: Recipe
    fingerprint: str | None = None
    version: str | None = None
    restored: bool = False
    changed: tuple[str, ...] = ()


def find_stale(graph: Graph, world: World) -> Mapping[str, Finding]:
    """Assess every node that a run makes, in the graph's order."""
    versions: dict[str, str | None] = {
        node.id: digest(graph.settings.value(node.kind.name.partition(":")[2]))
        for node in graph.nodes.values()
        if node.kind.is_input and not node.kind.structural
    }
    findings = {}
    for node in graph.made:
        finding = assess(node, graph.settings.of_node(node.id), versions, world)
        versions[node.id] = finding.version
        findings[node.id] = finding
    return findings


def assess(node: Node, settings: NodeSettings, versions: Mapping[str, str | None], world: World) -> Finding:
    """Assess one node, given the versions of what it reads (None for those that will be made again)."""
    recipe = recipe_of(node, settings, versions, world.steps(node.kind), world.values)
    changed = () if "pinned" in recipe else tuple(source for source in node.read_ids if versions[source] is None)
    record = world.records.get(node.id)
    status = Status.STALE if record else Status.PENDING
    if changed:
        return Finding(node, status, recipe, changed=changed)
    if record and not record.lost and answers(record, settings, recipe):
        return Finding(node, Status.FRESH, recipe, record.fingerprint, record.version)
    fingerprint = digest(recipe)
    earlier = world.takes.get((node.id, fingerprint))
    version = digest(settings.pinned) if settings.pinned is not None else earlier
    return Finding(node, status, recipe, fingerprint, version, restored=earlier is not None)


def answers(record: Record, settings: NodeSettings, recipe: Recipe) -> bool:
    """Whether a record holds what the node should hold: made from the current recipe, or equal to the pinned value.

    The origin of a pinned value is irrelevant: a person wrote it, or chose a take that a model made.
    """
    if settings.pinned is not None:
        return record.version == digest(settings.pinned)
    return same_recipe(recipe, record.recipe)


def reasons(finding: Finding, record: Record | None) -> tuple[Reason, ...]:
    """Return the nearest causes why a node is stale or pending; none for a fresh node."""
    if finding.status is Status.FRESH:
        return ()
    if record is None:
        return (Reason(ReasonKind.NEVER_MADE),)
    if record.fingerprint == finding.fingerprint or (record.lost and record.version == finding.version):
        return (Reason(ReasonKind.LOST, record.lost or ""),)
    now: Recipe = json.loads(canonical(finding.recipe))
    return tuple(_differences(finding.node, json.loads(record.recipe), now))


def _differences(node: Node, then: Recipe, now: Recipe) -> Iterator[Reason]:
    if then.get("pinned") != now.get("pinned"):
        yield Reason(ReasonKind.PINNED)
        return
    if (then["step"], then.get("parameters")) != (now["step"], now.get("parameters")):
        yield Reason(ReasonKind.STEP_CHANGED)
    yield from _setting_differences(_section(then, "settings"), _section(now, "settings"))
    yield from _read_differences(node, _section(then, "reads"), _section(now, "reads"))
    yield from _part_differences(_section(then, "parts"), _section(now, "parts"))


def _section(recipe: Recipe, name: str) -> Recipe:
    return cast("Recipe", recipe.get(name, {}))


def _setting_differences(then: Recipe, now: Recipe) -> Iterator[Reason]:
    for name in sorted(then.keys() | now.keys()):
        if then.get(name) != now.get(name):
            yield Reason(ReasonKind.SETTING_CHANGED, name, then.get(name), now.get(name), in_full=True)


def _part_differences(then: Recipe, now: Recipe) -> Iterator[Reason]:
    """Compare the parts of inputs. A part that is not known yet is None, and no reason."""
    for kind in sorted(then.keys() | now.keys()):
        before, after = (parts[kind] if kind in parts else default_of(kind) for parts in (then, now))
        if before != after and after is not None:
            yield Reason(ReasonKind.INPUT_CHANGED, kind, before, after, in_full=True)


def _read_differences(node: Node, then: Recipe, now: Recipe) -> Iterator[Reason]:
    unsaid = {kind: version for kind, version in DEFAULT_VERSIONS.items() if kind in node.reads}
    then, now = {**unsaid, **then}, {**unsaid, **now}
    for kind in sorted(then.keys() ^ now.keys()):
        yield Reason(ReasonKind.READS_CHANGED, kind)
    for kind in (kind for kind in node.reads if kind in then and kind in now):
        before, today = _by_address(then[kind]), _by_address(now[kind])
        if before.keys() != today.keys():
            yield Reason(ReasonKind.READS_CHANGED, kind)
        for address, source in node.reads[kind].items():
            if today[address] is None:
                yield Reason(ReasonKind.UPSTREAM, source, before.get(address))
            elif address in before and before[address] != today[address]:
                yield Reason(_changed_kind(kind), source, before[address], today[address])


def _by_address(versions: Json) -> Recipe:
    return versions if isinstance(versions, dict) else {"": versions}


def _changed_kind(kind: str) -> ReasonKind:
    if not kind.startswith("config:"):
        return ReasonKind.READ_CHANGED
    return ReasonKind.MODEL_CHANGED if kind.endswith("-model") else ReasonKind.INPUT_CHANGED
