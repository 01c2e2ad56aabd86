"""The timeline of a lecture as far as it has been made: the stored one if it is fresh, else one whose gaps are named.

The same steps assemble it as in a run, from the parts that exist; they know what to show in place of missing ones.
"""

from typing import Any

from sqlalchemy import Connection

from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Category, Holds
from lecture_assets.graph.node import Node
from lecture_assets.graph.settings import NodeSettings
from lecture_assets.graph.staleness import Status
from lecture_assets.languages import seconds_to_say
from lecture_assets.prose.markup import as_shown
from lecture_assets.runner.reading.snapshot import Snapshot
from lecture_assets.runner.reading.status import error_document, statuses_of
from lecture_assets.steps import STEPS
from lecture_assets.steps.step import Free, Inputs, Missing, read_by
from lecture_assets.store import records


def draft_timeline(snapshot: Snapshot, connection: Connection) -> dict[str, Any]:
    """Return a complete timeline at any moment. Stale parts play in their last version; absent ones are `missing`, with why."""
    return _Draft(snapshot, connection).timeline()


def remedy(node: str, settings: NodeSettings) -> str:
    """Say what a person can do if a pinned medium's bytes are lost: no run remakes what a person supplied or chose."""
    if settings.take:
        return f"choose another take with `take {node}=NUMBER`, or let a model make it with `unpin {node}`"
    return f"supply it again with `media {node}=@FILE`, or let a model make it with `unpin {node}`"


class _Draft:
    def __init__(self, snapshot: Snapshot, connection: Connection) -> None:
        self._snapshot = snapshot
        self._settings = snapshot.graph.settings
        self._statuses = statuses_of(snapshot, set())
        (self._whole,) = (node for node in snapshot.graph.made if node.kind.holds is Holds.TIMELINE)
        played = [node for node in self._played(self._whole) if node in snapshot.findings]
        self._lost = {node for node in played if (record := snapshot.records.get(node)) and record.lost}
        wanted = [*played, *(text for node in played if (text := self._text_of(node)))]
        is_whole = not self._lost and self._statuses[self._whole.id] is Status.FRESH
        values = records.load_values(connection, snapshot.head.lecture, [self._whole.id] if is_whole else wanted)
        self._values = {node: value for node, value in values.items() if node not in self._lost}

    def timeline(self) -> dict[str, Any]:
        timeline: Any = self._assembled(self._whole)
        return dict(timeline)

    def _played(self, node: Node) -> dict[str, None]:
        """Return the node and everything it is assembled from."""
        played = {node.id: None}
        for source in node.read_ids if _is_assembled(node) else ():
            played |= self._played(self._snapshot.graph.nodes[source])
        return played

    def _assembled(self, node: Node) -> Json:
        """Return the stored value if it is fresh and nothing in it is lost, else one assembled from what exists."""
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
        return self._values[name] if name in self._values else self._missing(node)

    def _missing(self, node: Node) -> Missing:
        """Return what takes the place of a node: speech lasts as long as its text takes to say, or as long as segments do."""
        if node.kind.holds is not Holds.SPEECH:
            return Missing(self._reason(node.id))
        text: Any = self._values.get(self._text_of(node.id) or "")
        if text is None:
            return Missing(self._reason(node.id), self._settings.segment_length_s)
        seconds = seconds_to_say(as_shown(text), *(str(self._settings.value(name)) for name in ("language", "speech-model")))
        return Missing(self._reason(node.id), max(1, seconds), text)

    def _text_of(self, node: str) -> str | None:
        """Return the node with the text that speech is made of, if that speech does not exist."""
        kind = self._snapshot.graph.nodes[node].kind
        if kind.holds is not Holds.SPEECH or (node in self._snapshot.records and node not in self._lost):
            return None
        assert kind.sized_by is not None  # noqa: S101 - the table has it for speech
        return next(iter(self._snapshot.graph.nodes[node].reads[kind.sized_by].values()))

    def _reason(self, node: str) -> str:
        """Say why a node does not exist, for a viewer of the unfinished lecture."""
        if node in self._lost:
            lecture, settings = self._snapshot.head.name, self._settings.of_node(node)
            again = f"`lectures regenerate {lecture}` makes it again" if settings.pinned is None else remedy(node, settings)
            return f"the file of {node} is missing from the store, or damaged: {again}"
        error = error_document(self._snapshot, self._snapshot.graph.nodes[node], self._statuses)
        return error["message"] if error else f"{node} has not been made yet"


def _is_assembled(node: Node) -> bool:
    return node.kind.category is Category.ASSEMBLER
