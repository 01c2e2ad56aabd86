"""Staleness agrees with brute force, on random lectures, edits, makings, failures and losses."""

import random
from dataclasses import dataclass, field, replace

from hypothesis import given
from hypothesis import strategies as st

from lecture_assets.graph.apply_edits import apply_edits
from lecture_assets.graph.build import build
from lecture_assets.graph.fingerprint import Json, canonical, digest
from lecture_assets.graph.kind import Editable, Kind
from lecture_assets.graph.lecture import KINDS
from lecture_assets.graph.recipe import StepFacts
from lecture_assets.graph.settings import Settings
from lecture_assets.graph.staleness import Record, Status, World, assess, find_stale
from lecture_assets_tests.graph.brute_force import BruteForceStaleness, Memory
from lecture_assets_tests.graph.edit_strategies import edits, lectures
from lecture_assets_tests.graph.lectures import MOMENT
from lecture_assets_tests.graph.simulated_world import entries_named

VALUES: list[Json] = ["tea", 1, True, {"b": [1, "1"], "a": None}, ["é"]]
"""Few, so that a node made again often holds what it held before; and of every sort."""


@dataclass
class Comparison:
    """The same lecture as the core stores it (records, takes) and as brute force does (memory)."""

    settings: Settings
    chance: random.Random
    records: dict[str, Record] = field(default_factory=dict)
    takes: dict[tuple[str, str], str] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)
    versions: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 1))

    def steps(self, kind: Kind) -> StepFacts:
        parts = {read.kind: entries_named for read in kind.partial}
        return StepFacts(str(self.versions[kind.name]), {"temperature": 0.5} if kind.role else {}, parts)

    def value_of(self, node: str, version: str) -> Json:
        if node.startswith("config:"):
            return self.settings.value(node.removeprefix("config:"))
        return next(value for value in [self.settings.of_node(node).pinned, *VALUES] if digest(value) == version)

    @property
    def world(self) -> World:
        return World(self.records, self.takes, self.steps, self.value_of)

    @property
    def brute_force(self) -> BruteForceStaleness:
        return BruteForceStaleness(self.settings, self.memory, dict(self.versions))

    def make_some(self, share: float) -> None:
        """A run in which some nodes fail: each that can be made is made with a probability of `share`."""
        graph, brute_force = build(self.settings), self.brute_force
        versions: dict[str, str | None] = {
            node.id: digest(self.settings.value(node.id.removeprefix("config:")))
            for node in graph.nodes.values()
            if node.kind.is_input
        }
        for node in graph.made:
            verdict = brute_force.verdict(node.id)
            own = self.settings.of_node(node.id)
            if verdict.made_from is not None and verdict.status != "fresh" and self.chance.random() < share:
                value = self.chance.choice(VALUES) if not verdict.known else verdict.value
                finding = assess(node, own, versions, self.world)
                fingerprint = str(finding.fingerprint)
                self.records[node.id] = Record(digest(value), fingerprint, canonical(finding.recipe).decode())
                self.takes[node.id, fingerprint] = digest(value)
                brute_force.keep(node.id, value)
            after = brute_force.verdict(node.id)
            versions[node.id] = digest(after.value) if after.known else None

    def lose_some(self) -> None:
        """Bytes go missing of some takes that count."""
        for node in sorted(self.records):
            if self.chance.random() < 0.1:
                record = self.records[node]
                self.records[node] = replace(record, lost="a sha256")
                self.takes.pop((node, record.fingerprint), None)
                self.memory.counts[node].lost = True

    def pin_a_medium(self) -> None:
        """Own media, an older take: a value of a person's on a node that no text edit reaches."""
        media = [node.id for node in build(self.settings).made if node.kind.editable is Editable.MEDIA]
        node, value = self.chance.choice(media), self.chance.choice(VALUES)
        self.settings = self.settings.with_node(node, replace(self.settings.of_node(node), pinned=value))

    def core_results(self) -> dict[str, tuple[str, bool, str | None]]:
        findings = find_stale(build(self.settings), self.world)
        return {node: (str(found.status), found.restored, found.version) for node, found in findings.items()}

    def brute_force_results(self) -> dict[str, tuple[str, bool, str | None]]:
        brute_force = self.brute_force
        verdicts = {node: brute_force.verdict(node) for node in brute_force.node_ids()}
        return {node: (v.status, v.restored, digest(v.value) if v.known else None) for node, v in verdicts.items()}


ACTIONS = st.lists(st.sampled_from(["edit", "make", "make", "lose", "pin", "undo", "step"]), min_size=2, max_size=8)


@given(st.data(), lectures(max_edits=2), st.integers(0, 2**32), ACTIONS)
def test_staleness_agrees_with_brute_force(data: st.DataObject, settings: Settings, seed: int, actions: list[str]) -> None:
    comparison = Comparison(settings, random.Random(seed))  # noqa: S311 - a seeded choice, no secret
    past: list[Settings] = [settings]
    comparison.make_some(data.draw(st.sampled_from([0.5, 0.9, 1.0])))
    for action in actions:
        if action == "edit":
            past.append(comparison.settings)
            comparison.settings = apply_edits(comparison.settings, [data.draw(edits(comparison.settings))], MOMENT)
        elif action == "make":
            comparison.make_some(data.draw(st.sampled_from([0.5, 0.9, 1.0])))
        elif action == "lose":
            comparison.lose_some()
        elif action == "pin":
            past.append(comparison.settings)
            comparison.pin_a_medium()
        elif action == "undo":
            comparison.settings = past.pop() if len(past) > 1 else past[0]
        else:
            comparison.versions[comparison.chance.choice(sorted(KINDS))] += 1
        assert comparison.core_results() == comparison.brute_force_results(), action


@given(lectures(), st.integers(0, 2**32))
def test_a_lecture_made_in_full_is_fresh_by_both_methods(settings: Settings, seed: int) -> None:
    comparison = Comparison(settings, random.Random(seed))  # noqa: S311 - a seeded choice, no secret
    comparison.make_some(1.0)
    assert {status for status, _, _ in comparison.core_results().values()} == {Status.FRESH}
    assert comparison.core_results() == comparison.brute_force_results()
