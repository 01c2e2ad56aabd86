"""The timeline of a lecture as far as it is made: the assembled one where it is fresh, else one with its gaps named.

It is assembled by the steps that a run assembles it by, of what there is; they know what to show where something is missing.
"""

from typing import Any

from sqlalchemy import Connection

from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.lecture import Category, Holds
from lecture_assets.graph.node import Node
from lecture_assets.graph.settings import NodeSettings
from lecture_assets.graph.staleness import Status
from lecture_assets.runner.reading.snapshot import Snapshot
from lecture_assets.runner.reading.status import error_document, statuses_of
from lecture_assets.steps import STEPS
from lecture_assets.steps.step import Free, Inputs, Missing, read_by
from lecture_assets.store import records


def draft_timeline(snapshot: Snapshot, connection: Connection) -> dict[str, Any]:
    """A whole timeline at any moment. What is stale plays as it was; what does not exist is `missing`, with the reason."""
    return _Draft(snapshot, connection).timeline()


def remedy(node: str, settings: NodeSettings) -> str:
    """What a person can do where the bytes of a pinned medium are gone: no run makes again what somebody gave or chose."""
    if settings.take:
        return f"choose another take of it with `take {node}=NUMBER`, or have it made with `unpin {node}`"
    return f"give it again with `media {node}=@FILE`, or have it made with `unpin {node}`"


class _Draft:
    def __init__(self, snapshot: Snapshot, connection: Connection) -> None:
        self._snapshot = snapshot
        self._settings = snapshot.graph.settings
        self._statuses = statuses_of(snapshot, set())
        (self._whole,) = (node for node in snapshot.graph.made if node.kind.holds is Holds.TIMELINE)
        wanted = [node for node in self._played(self._whole) if node in snapshot.findings]
        self._lost = {node for node in wanted if (record := snapshot.records.get(node)) and record.lost}
        values = records.load_values(connection, snapshot.head.lecture, wanted)
        self._values = {node: value for node, value in values.items() if node not in self._lost}

    def timeline(self) -> dict[str, Any]:
        timeline: Any = self._assembled(self._whole)
        return dict(timeline)

    def _played(self, node: Node) -> dict[str, None]:
        """The node, and all that it is assembled of."""
        played = {node.id: None}
        for source in node.read_ids if _is_assembled(node) else ():
            played |= self._played(self._snapshot.graph.nodes[source])
        return played

    def _assembled(self, node: Node) -> Json:
        """As it is stored where it is fresh and all of it is there, else made anew of what there is."""
        if self._statuses[node.id] is Status.FRESH and self._lost.isdisjoint(self._played(node)):
            return self._values[node.id]
        step, asked = STEPS[node.kind.name], self._snapshot.asked(node)
        assert isinstance(step, Free)  # noqa: S101 - an assembly costs nothing
        return step.make(Inputs(node, read_by(node, self._value), self._settings.of_node(node.id), asked))

    def _value(self, name: str) -> "Json | Missing":
        node = self._snapshot.graph.nodes[name]
        if node.kind.is_input:
            return self._settings.value(node.kind.name.partition(":")[2])
        if _is_assembled(node):
            return self._assembled(node)
        seconds = self._settings.segment_length_s if node.kind.holds is Holds.SPEECH else None
        return self._values[name] if name in self._values else Missing(self._reason(name), seconds)

    def _reason(self, node: str) -> str:
        """Why a node does not exist, in words for whoever watches the half-made lecture."""
        if node in self._lost:
            lecture, settings = self._snapshot.head.lecture, self._settings.of_node(node)
            again = f"`lectures regenerate {lecture}` makes it again" if settings.pinned is None else remedy(node, settings)
            return f"the file of {node} is gone from the store, or damaged: {again}"
        error = error_document(self._snapshot, self._snapshot.graph.nodes[node], self._statuses)
        return error["message"] if error else f"{node} is not made yet"


def _is_assembled(node: Node) -> bool:
    return node.kind.category is Category.ASSEMBLER
