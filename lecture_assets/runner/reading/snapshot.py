"""The state of a lecture at one moment: settings, graph, takes, findings, plan. Read once, then pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from sqlalchemy import Connection

from lecture_assets.graph.apply_edits import newly_pinned
from lecture_assets.graph.build import Graph, build
from lecture_assets.graph.direct import input_versions
from lecture_assets.graph.fingerprint import Json, Recipe, canonical, digest
from lecture_assets.graph.kind import Role
from lecture_assets.graph.lecture import ADDED_SCRIPT, NARRATION, SCRIPT
from lecture_assets.graph.node import Node, node_id, parse_node_id
from lecture_assets.graph.plan import Plan, Question, Quote, demanded, make_plan, needs_call
from lecture_assets.graph.settings import Settings
from lecture_assets.graph.staleness import Finding, Record, Status, World, find_stale
from lecture_assets.languages import DEFAULT_LANGUAGE, evident_language
from lecture_assets.prose.markup import as_shown
from lecture_assets.prose.pronunciation import pronounced
from lecture_assets.providers import amounts
from lecture_assets.providers.model import Model
from lecture_assets.providers.model_name import provider_of
from lecture_assets.providers.simulated.script import bridge_lengths, narrations
from lecture_assets.providers.vendors import SIMULATED
from lecture_assets.runner.reading.earlier_values import EarlierValues
from lecture_assets.runner.reading.node_values import NodeValues
from lecture_assets.runner.reading.takes import StoredTakes
from lecture_assets.runner.setup.context import Context
from lecture_assets.steps import STEPS, facts_of
from lecture_assets.steps.step import Paid
from lecture_assets.store import ledger_queries, records
from lecture_assets.store.lectures import Head, head
from lecture_assets.store.plans import Offer
from lecture_assets.store.records import Failure

_PROMPT_BYTES = (500, 8_000)
"""Least and most bytes of a prompt not written yet, with system prompt and schema (our prompts and notes)."""
_BYTES_PER_CHARACTER = 3
"""At most, in the languages that have voices."""
_CHARACTERS_PER_TOKEN = 8
"""At most, for a text of unknown length: twice as many as an English token has."""
_CHARACTERS_PER_SECOND = (8, 20)
"""Speech at 100 to 210 words per minute, with five to six characters per word including its space."""


@dataclass
class Snapshot:
    """One reading of a lecture. While its plan is carried out, `takes` and `records` are kept up to date.

    records:        the counting takes as staleness sees them, and what a what-if edit would supply
    earlier_values: what has been looked up of the past
    """

    context: Context
    head: Head
    graph: Graph
    takes: StoredTakes
    records: dict[str, Record]
    failures: Mapping[str, Failure]
    world: World
    earlier_values: EarlierValues | None = None

    @cached_property
    def findings(self) -> Mapping[str, Finding]:
        """The staleness of each node."""
        return find_stale(self.graph, self.world)

    @cached_property
    def versions(self) -> Mapping[str, str | None]:
        """The version of every node as its readers will see it, None for nodes that will be remade first."""
        return input_versions(self.graph) | {name: finding.version for name, finding in self.findings.items()}

    @cached_property
    def demanded(self) -> frozenset[str]:
        """The nodes that a full run covers: those that count, and what they are made from."""
        return demanded(self.graph)

    @property
    def shown(self) -> tuple[Node, ...]:
        """The nodes that people are shown: all that a run makes, and of those made on demand the ones that were asked for."""
        return tuple(n for n in self.graph.made if not n.kind.on_demand or n.id in self.records or n.id in self.failures)

    def earlier(self, connection: Connection) -> EarlierValues:
        """Return the past of the lecture."""
        if self.earlier_values is None or self.earlier_values.connection is not connection:
            self.earlier_values = EarlierValues(connection, self.head.lecture, self.graph.settings)
        return self.earlier_values

    def model_name(self, node: Node) -> str:
        """Return the model that makes a node: its own, or its role's."""
        return self.graph.settings.of_node(node.id).model or str(self.graph.settings.inputs[f"{node.kind.role}-model"])

    def asked(self, node: Node) -> Mapping[str, Json]:
        """Return the structural inputs in the node's request: a script's is the number of slots it is to write."""
        return dict.fromkeys(node.kind.asks, self.graph.settings.written)

    def call_key(self, node: Node, fingerprint: str) -> str:
        """Return the key under which a call is bought once: its fingerprint, with the structural inputs in its request."""
        return call_key(fingerprint, self.asked(node))


def call_key(fingerprint: str, asked: Mapping[str, Json]) -> str:
    """Return the key of a call with this fingerprint and these structural inputs in its request."""
    return digest({"fingerprint": fingerprint, "asks": dict(asked)}) if asked else fingerprint


def read_snapshot(context: Context, connection: Connection, lecture: str, settings: Settings | None = None) -> Snapshot:
    """Read the lecture at its head, or as it would be with other settings. UnknownLectureError if it does not exist."""
    return snapshot_of(context, connection, head(connection, lecture), settings)


def snapshot_of(context: Context, connection: Connection, found: Head, settings: Settings | None = None) -> Snapshot:
    """Return the same of a lecture whose head was read in this transaction."""
    lecture = found.lecture
    takes = StoredTakes(context, connection, lecture)
    current = {row.node: takes.record_of(row) for row in takes.counting.values()} | _supplied(found.settings, settings)
    values = NodeValues(context, lecture, settings or found.settings, takes.counting)
    world = World(records=current, takes=takes, steps=facts_of, values=values)
    graph = build(settings or found.settings)
    return Snapshot(context, found, graph, takes, current, records.load_failures(connection, lecture), world)


def _supplied(before: Settings, after: Settings | None) -> dict[str, Record]:
    """Return the records that an edit would write at once: a person's text becomes a take as soon as it is saved."""
    return {node: supplied_record(node, pin.pinned) for node, pin in newly_pinned(before, after).items()} if after else {}


def supplied_record(node: str, value: Json) -> Record:
    """Return the record of a value that a person supplied."""
    kind, _ = parse_node_id(node)
    recipe: Recipe = {"kind": kind.name, "pinned": digest(value)}
    return Record(digest(value), digest(recipe), canonical(recipe).decode())


def plan_of(snapshot: Snapshot, connection: Connection, targets: frozenset[str] | None = None) -> Plan:
    """Plan a snapshot, with prices: exact where the request is known, a range where it is not."""
    quotes = _Quotes(snapshot, connection)
    question = Question(
        lecture=snapshot.head.lecture,
        version=snapshot.head.version,
        quotes=quotes.of,
        limits=snapshot.context.limits,
        targets=targets,
        mark=f"{snapshot.head.workspace} {snapshot.head.created_at!r}",  # a key would tell whether another workspace has the id
    )
    return make_plan(snapshot.graph, snapshot.findings, snapshot.world.records, question)


def offer_of(plan: Plan) -> Offer:
    """Return what is stored of a plan that was shown to somebody."""
    return Offer(plan.token, plan.version, plan.items, sum(plan.calls.values()), plan.price_usd_micros[1])


class _Quotes:
    """Quotes for a plan's calls. Reads the ledger and the values once, for all nodes together."""

    def __init__(self, snapshot: Snapshot, connection: Connection) -> None:
        self._snapshot = snapshot
        wanted = [f for f in snapshot.findings.values() if f.status is not Status.FRESH and needs_call(snapshot.graph, f)]
        self._keys = {f.node.id: snapshot.call_key(f.node, f.fingerprint) for f in wanted if f.fingerprint}
        replies = ledger_queries.owned(connection, snapshot.head.workspace, list(self._keys.values()))
        self._owned = {key for key, reply in replies.items() if snapshot.context.is_whole(reply)}
        texts = {source for f in wanted if f.node.kind.role is Role.SPEECH for source in f.node.read_ids}
        versions = {source: snapshot.findings[source].version for source in texts if source in snapshot.findings}
        known = {source: version for source, version in versions.items() if version is not None}
        self._script: list[str] | None = None
        self._values = records.load_versions(connection, snapshot.head.lecture, known)

    def of(self, finding: Finding) -> Quote:
        """Quote one node's call."""
        node = finding.node
        model = self._snapshot.context.model(self._snapshot.model_name(node), Role(str(node.kind.role)))
        low, high = amounts.price_range_usd_micros(model, self._amounts(node, model))
        key = self._keys.get(node.id)
        return Quote(
            provider=model.provider,
            pool=model.pool,
            model=model.name,
            role=model.role,
            low_usd_micros=low,
            high_usd_micros=high,
            seconds=model.seconds,
            key=key,
            owned=key in self._owned,
        )

    def _amounts(self, node: Node, model: Model) -> amounts.Ranges:
        """Return what the call would use: exact if the request is known, else the least and the most."""
        inputs = self._snapshot.graph.settings.inputs
        match model.role:
            case Role.TEXT:
                step = cast("Paid", STEPS[node.kind.name])
                return amounts.of_text(model, _PROMPT_BYTES, step.answer_tokens(self._snapshot.asked(node)))
            case Role.SPEECH:
                characters = self._characters(node)
                return amounts.of_speech(characters, (characters[0], characters[1] * _BYTES_PER_CHARACTER))
            case Role.IMAGE:
                return amounts.of_image(_PROMPT_BYTES)
            case Role.VIDEO | Role.MUSIC:
                return amounts.of_seconds(model, cast("int", inputs[str(node.kind.sized_by).partition(":")[2]]))

    def _characters(self, node: Node) -> tuple[int, int]:
        """Return the text's length if it exists; else the range its writer will produce, or that fits into a segment."""
        graph, settings = self._snapshot.graph, self._snapshot.graph.settings
        (source,) = node.reads[str(node.kind.sized_by)].values()
        text = settings.of_node(source).pinned or self._values.get(source)
        if isinstance(text, str):
            return (len(text) + self._lengthened(text),) * 2
        writers = [graph.nodes[name] for name in self._writers_of(graph.nodes[source])]
        if graph.nodes[source].kind.name != NARRATION:
            tokens = sum(cast("Paid", STEPS[w.kind.name]).answer_tokens(self._snapshot.asked(w)) for w in writers)
            return 1, _CHARACTERS_PER_TOKEN * tokens or _PROMPT_BYTES[1]
        if {provider_of(self._snapshot.model_name(writer)) for writer in writers} == {SIMULATED}:
            written = self._simulated_lengths(node, settings)
            if written is not None:
                return written
        slow, fast = _CHARACTERS_PER_SECOND
        return settings.segment_length_s * slow, settings.segment_length_s * fast

    def _lengthened(self, text: str) -> int:
        """Return by how many characters the lexicon makes a narration longer, at most: said words are sent, not shown ones."""
        lexicon = cast("dict[str, str]", self._snapshot.graph.settings.inputs["lexicon"])
        shown = as_shown(text) if lexicon else ""
        return max(0, len(pronounced(shown, lexicon).text) - len(shown))

    def _writers_of(self, node: Node) -> dict[str, None]:
        """Return the nodes whose models write this node's value: itself, or the nearest ones it depends on."""
        if node.kind.role is not None:
            return {node.id: None}
        above = (self._snapshot.graph.nodes[name] for name in node.read_ids)
        return {writer: None for source in above if not source.kind.is_input for writer in self._writers_of(source)}

    def _simulated_lengths(self, node: Node, settings: Settings) -> tuple[int, int] | None:
        """Return the least and most characters the simulated writer will write; None if it will refuse."""
        language, slot = str(settings.inputs["language"]), cast("int", node.cell.segment)
        if slot in settings.added:
            place = settings.of_node(node_id(ADDED_SCRIPT, slot)).place or {}
            before, after = (cast("str | None", place.get(side)) for side in ("previous", "next"))
            tags = {language, evident_language(f"{before or ''} {after or ''}") or DEFAULT_LANGUAGE}
            lengths = [bridge_lengths(before, after, tag) for tag in tags]
            return min(least for least, _ in lengths), max(most for _, most in lengths)
        if self._script is None:
            self._script = _script(settings)
        return (len(self._script[slot]),) * 2 if self._script else None


def _script(settings: Settings) -> list[str]:
    """Return what the simulated writer would write now for each slot of the script; empty if it would refuse."""
    asked = cast("dict[str, str | None]", settings.inputs["user-prompt"])
    try:
        return narrations(
            asked["prompt"] or "",
            asked["notes"] or "",
            seconds=cast("int", settings.inputs["segment-length"]),
            count=settings.written,
            reroll=settings.of_node(SCRIPT).reroll,
            language=str(settings.inputs["language"]),
        )
    except ValueError:
        return []
