"""A reference model by brute force: what a regeneration has to make, restore and buy, from the table alone.

It uses no graph, fingerprints or plan: `graph/brute_force.py` compares whole values by recursion; this adds which takes are in
use, what is pinned and what was ever bought. Of the software under test it reads only the models' answers.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Category, Kind, Per
from lecture_assets.graph.lecture import KINDS
from lecture_assets.graph.settings import Settings
from lecture_assets.steps import STEPS
from lecture_assets_tests.graph.brute_force import BruteForceStaleness, Memory, Take


@dataclass
class Expected:
    """What one regeneration has to come to."""

    made: set[str] = field(default_factory=set)
    restored: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    blocked: set[str] = field(default_factory=set)
    purchases: list[str] = field(default_factory=list)


@dataclass
class ReferenceModel:
    """The reference model of one lecture.

    owned:   every purchase that was ever made, by all that it was made from
    numbers: what each take of a node was made from, the first one first
    """

    memory: Memory = field(default_factory=Memory)
    owned: set[str] = field(default_factory=set)
    numbers: dict[str, list[str]] = field(default_factory=dict)

    def brute_force(self, settings: Settings) -> BruteForceStaleness:
        """What is so for these settings."""
        return BruteForceStaleness(settings, self.memory, {name: step.version for name, step in STEPS.items()})

    def supply(self, node: str, value: Json) -> None:
        """A person put a value in the place of a made one: it counts at once."""
        self._keep(node, Take(json.dumps(["pinned", value], sort_keys=True), value))

    def choose(self, node: str, number: int) -> None:
        """A person chose a take, by its number from 1."""
        made_from = self.numbers[node][number - 1]
        (self.memory.counts[node],) = (take for take in self.memory.takes[node] if take.made_from == made_from)

    def _keep(self, node: str, take: Take) -> None:
        self.memory.keep(node, take)
        numbers = self.numbers.setdefault(node, [])
        if take.made_from not in numbers:
            numbers.append(take.made_from)

    def regenerate(self, settings: Settings, held: Callable[[str], Json], failed: set[str]) -> Expected:
        """What a run makes; `held`: what nodes hold after it, asked only of those that a model answers for."""
        brute_force, expected = self.brute_force(settings), Expected()
        wanted = set(self._wanted(brute_force, settings))
        for node in [node for node in _in_order(brute_force) if node in wanted]:
            pinned = settings.of_node(node).pinned is not None
            if not pinned and any(source in expected.failed | expected.blocked for source in _sources(brute_force, node)):
                expected.blocked.add(node)
                continue
            verdict = brute_force.verdict(node)
            if verdict.status == "fresh":
                continue
            assert verdict.made_from is not None, f"{node} cannot be made before what it reads"
            kind = KINDS[_kind_of(node)]
            if verdict.known:
                (expected.restored if verdict.restored else expected.made).add(node)  # made: the title of a brief
                self._note(brute_force, node, verdict.value)
            elif node in failed:
                expected.failed.add(node)
            else:
                expected.made.add(node)
                if kind.role is not None:
                    self._buy(expected, kind, node, verdict.made_from, settings)
                self._note(brute_force, node, held(node))
        return expected

    def _note(self, brute_force: BruteForceStaleness, node: str, value: Json) -> None:
        """The node holds this now, made from what is so now."""
        made_from = brute_force.verdict(node).made_from
        assert made_from is not None
        self._keep(node, Take(made_from, value))
        brute_force.forget(node)

    def _buy(self, expected: Expected, kind: Kind, node: str, made_from: str, settings: Settings) -> None:
        """Equal work is bought once, whichever node it is for."""
        own = settings.of_node(node)
        model = own.model or settings.inputs[f"{kind.role}-model"]
        addresses = {Per.IMAGE: node.rpartition(":image")[2], Per.SEGMENT: node.partition(":segment")[2]}
        place = addresses[kind.index] if kind.index else ""
        asked = settings.written if kind.asks else 0
        step, read, reroll, _, frozen = json.loads(made_from)
        values = {_kind_of(source): value for source, value in read.items()}
        purchase = json.dumps([kind.name, step, values, place, model, asked, reroll, frozen], sort_keys=True)
        if purchase not in self.owned:
            self.owned.add(purchase)
            expected.purchases.append(str(kind.role))

    def _wanted(self, brute_force: BruteForceStaleness, settings: Settings) -> Iterator[str]:
        """Every `content:` node and the timeline, and all that they are made from; nothing above what a person pinned."""
        todo = [n for n in brute_force.node_ids() if KINDS[_kind_of(n)].category is Category.CONTENT or n == "assembler:timeline"]
        seen: set[str] = set()
        while todo:
            node = todo.pop()
            if node in seen:
                continue
            seen.add(node)
            yield node
            if settings.of_node(node).pinned is None:
                todo += _sources(brute_force, node)


def _kind_of(node: str) -> str:
    return ":".join(node.split(":")[:2])


def _sources(brute_force: BruteForceStaleness, node: str) -> list[str]:
    """The made nodes that a node reads."""
    return [source for source in brute_force.sources(node) if not source.startswith("config:")]


def _in_order(brute_force: BruteForceStaleness) -> Iterator[str]:
    """Every node after what it reads, by going through all of them again and again."""
    left, done = list(brute_force.node_ids()), set[str]()
    while left:
        ready = [node for node in left if done.issuperset(_sources(brute_force, node))]
        assert ready, "the table reads itself"
        yield from ready
        done.update(ready)
        left = [node for node in left if node not in done]
