"""Staleness by brute force: a node is fresh iff what it was made from is what it would be made from now.

Written from the table alone. It hashes nothing, orders nothing and knows no graph: it compares whole values, by recursion.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Kind, Per, When
from lecture_assets.graph.lecture import KINDS
from lecture_assets.graph.settings import Settings


@dataclass
class Take:
    """One made value. made_from: everything it was made from, written out."""

    made_from: str
    value: Json
    lost: bool = False


@dataclass
class Memory:
    """Every take of every node, and which one counts."""

    takes: dict[str, list[Take]] = field(default_factory=dict)
    counts: dict[str, Take] = field(default_factory=dict)

    def keep(self, node: str, take: Take) -> None:
        """It counts from now on, and takes the place of one that was made from the same."""
        others = [other for other in self.takes.get(node, []) if other.made_from != take.made_from]
        self.takes[node] = [*others, take]
        self.counts[node] = take


@dataclass(frozen=True)
class Verdict:
    """status: `fresh`, `stale` or `pending`. made_from, value: None where something read will be made again first."""

    status: str
    made_from: str | None
    value: Json = None
    known: bool = False
    restored: bool = False


@dataclass
class BruteForceStaleness:
    """What is so for these settings and this memory. steps: what the maker of a kind is, beside its inputs."""

    settings: Settings
    memory: Memory
    steps: dict[str, Json]
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    def node_ids(self) -> Iterator[str]:
        """Every node that there is, inputs left out."""
        for kind in KINDS.values():
            if not kind.name.startswith("config:"):
                yield from (kind.name + address for address in self._addresses(kind))

    def verdict(self, node: str) -> Verdict:
        """The verdict on one node."""
        if node not in self.verdicts:
            self.verdicts[node] = self._judge(node)
        return self.verdicts[node]

    def keep(self, node: str, value: Json) -> None:
        """It was made just now, from what is so now."""
        made_from = self.verdict(node).made_from
        assert made_from is not None, "a node is made when all that it reads is there"
        self.memory.keep(node, Take(made_from, value))
        self.forget(node)

    def forget(self, node: str) -> None:
        """What was found out about a node is so no more."""
        del self.verdicts[node]

    def _judge(self, node: str) -> Verdict:
        counts = self.memory.counts.get(node)
        status = "pending" if counts is None else "stale"
        made_from = self._made_from(node)
        if made_from is None:
            return Verdict(status, None)
        pinned = self.settings.of_node(node).pinned
        same = counts is not None and (counts.made_from == made_from if pinned is None else _is(counts.value, pinned))
        if counts and same and not counts.lost:
            return Verdict("fresh", made_from, counts.value, known=True)
        earlier = [take for take in self.memory.takes.get(node, []) if take.made_from == made_from and not take.lost]
        if earlier:
            return Verdict(status, made_from, earlier[0].value, known=True, restored=True)
        return Verdict(status, made_from, pinned, known=pinned is not None)

    def _made_from(self, node: str) -> str | None:
        own = self.settings.of_node(node)
        if own.pinned is not None:
            return json.dumps(["pinned", own.pinned], sort_keys=True)
        kind = KINDS[":".join(node.split(":")[:2])]
        parts = {one.kind: f"{one.part_for}{node.removeprefix(kind.name)}" for one in kind.reads if one.part_for}
        read: dict[str, Json] = {}
        for source in self._sources(kind, node):
            if source.startswith("config:"):
                overruled = own.model is not None and source == f"config:{kind.role}-model"
                read[source] = "another model" if overruled else self.settings.value(source.removeprefix("config:"))
                continue
            verdict = self.verdict(source)
            if not verdict.known:
                return None
            read[source] = verdict.value
        for source, deciding in parts.items():
            whole = read[source]
            assert isinstance(whole, dict)
            read[source] = {name: said for name, said in whole.items() if name in str(read[deciding])}
        place = None if own.place is None else dict(own.place)
        return json.dumps([self.steps[kind.name], read, own.reroll, own.model, place], sort_keys=True)

    def sources(self, node: str) -> list[str]:
        """What a node reads, inputs included."""
        return list(self._sources(KINDS[":".join(node.split(":")[:2])], node))

    def _sources(self, kind: Kind, node: str) -> Iterator[str]:
        """The nodes of a kind read whose address is the reader's, a beginning of it, or begins with it."""
        address = node.removeprefix(kind.name)
        for read in kind.reads:
            if not self._holds(read.when, address):
                continue
            for other in self._addresses(KINDS[read.kind]):
                if address.startswith(other) or other.startswith(address):
                    yield read.kind + other

    def _addresses(self, kind: Kind) -> Iterator[str]:
        segments = [f":segment[{slot}]" for slot in self.settings.order] if kind.per is not Per.LECTURE else [""]
        images = [f":image[{image}]" for image in range(self.settings.images)] if kind.per is Per.IMAGE else [""]
        for segment, image in product(segments, images):
            if self._holds(kind.when, segment):
                yield segment + image

    def _holds(self, when: When, address: str) -> bool:
        added = any(address.startswith(f":segment[{slot}]") for slot in self.settings.added)
        fixed = self.settings.inputs["assembly-strategy"] == "fixed-length"
        video = self.settings.inputs["use-video"] is True
        return {
            When.ALWAYS: True,
            When.IMAGES: not video,
            When.VIDEO: video,
            When.WRITTEN: not added,
            When.ADDED: added,
            When.FIXED_LENGTH: fixed,
            When.MUSIC: self.settings.inputs["music-volume"] != 0,
            When.OWN_RECORDING: any(_is_own_recording(self.settings, address, slot) for slot in self.settings.order),
            When.OWN_VISUAL: self._shows_own_medium(address),
        }[when]

    def _shows_own_medium(self, address: str) -> bool:
        """Whether a person gave a medium of a kind that is shown at an address, of those that the lecture has now."""
        if self.settings.inputs["use-video"] is True:
            shown = {f"{kind}{address}" for kind in ("asset:starting-image", "asset:video")}
        else:
            shown = {f"asset:image{address}:image[{image}]" for image in range(self.settings.images)}
        own = {node for node, own in self.settings.nodes.items() if isinstance(own.pinned, dict) and own.take == 0}
        return not own.isdisjoint(shown)


def _is_own_recording(settings: Settings, address: str, slot: int) -> bool:
    own = settings.nodes.get(f"asset:narration:segment[{slot}]")
    if address != f":segment[{slot}]" or own is None or not isinstance(own.pinned, dict):
        return False
    return own.take == 0 or own.pinned.get("words") == []


def _is(one: Json, other: Json) -> bool:
    """Whether two values are the same JSON; to Python 1 and true are equal."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
