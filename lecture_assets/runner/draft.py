"""The timeline of a lecture as far as it is made: the assembled one where it is fresh, else one with its gaps named."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.node import Node, node_id
from lecture_assets.graph.settings import NodeSettings
from lecture_assets.graph.staleness import Status
from lecture_assets.runner.documents import error_document, statuses_of
from lecture_assets.runner.snapshot import Snapshot
from lecture_assets.store import records
from lecture_assets.timeline.assemble import assemble, assemble_segment, size_of
from lecture_assets.timeline.spread import with_words

_TIMELINE = "assembler:timeline"


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
        wanted = [node.id for node in snapshot.graph.made if node.id == _TIMELINE or _TIMELINE in self._far_readers(node.id)]
        values = records.load_values(connection, snapshot.head.lecture, wanted)
        self._lost = {node for node in wanted if (record := snapshot.records.get(node)) and record.lost}
        self._values: Mapping[str, Any] = {node: value for node, value in values.items() if node not in self._lost}

    def _far_readers(self, node: str) -> set[str]:
        """Readers and their readers: two hops reach the timeline from everything that plays."""
        near = self._snapshot.graph.readers[node]
        return {*near, *(far for reader in near for far in self._snapshot.graph.readers[reader])}

    def timeline(self) -> dict[str, Any]:
        if self._statuses[_TIMELINE] is Status.FRESH and not self._lost:
            return dict(self._values[_TIMELINE])
        order = self._settings.order
        return assemble(
            segments={slot: self._segment(slot) for slot in order},
            order=order,
            music=self._values.get("asset:music"),
            title=self._values.get("content:video-title"),
            size=self._size,
            strategy=self._text("assembly-strategy"),  # type: ignore[arg-type]  # checked when it was set
            missing={"music": self._reason("asset:music"), "title": self._reason("content:video-title")},
            estimated_segment_ms=self._length_s * 1000,
        )

    def _segment(self, slot: int) -> dict[str, Any]:
        name = node_id("assembler:segment-timeline", slot)
        node = self._snapshot.graph.nodes[name]
        if self._statuses[name] is Status.FRESH and self._lost.isdisjoint(node.read_ids):
            return dict(self._values[name])
        sources = {
            "narration": node_id("asset:narration", slot),
            "video": node_id("asset:video", slot),
            **{address[1:]: image for address, image in node.reads.get("asset:image", {}).items()},
        }
        return assemble_segment(
            slot=slot,
            narration=self._narration(node, sources["narration"]),
            pictures=[self._values.get(image) for image in node.reads.get("asset:image", {}).values()],
            clip=self._values.get(sources["video"]),
            effect=self._values.get(node_id("content:effect", slot), "none"),
            background_music=self._values.get(node_id("content:background-music", slot), ""),
            size=self._size,
            strategy=self._text("assembly-strategy"),  # type: ignore[arg-type]  # checked when it was set
            segment_length_s=self._length_s,
            missing={part: self._reason(source) for part, source in sources.items() if source in self._statuses},
        )

    def _narration(self, node: Node, source: str) -> Any:
        """A recording, a person's own with the words of the text as it is now."""
        recording = self._values.get(source)
        text = [self._values.get(name) for name in node.reads.get("content:narration-text", {}).values()]
        return with_words(recording, text[0] or "") if recording and text else recording

    def _reason(self, node: str) -> str:
        """Why a node does not exist, in words for whoever watches the half-made lecture."""
        if node in self._lost:
            lecture, settings = self._snapshot.head.lecture, self._settings.of_node(node)
            again = f"`lectures regenerate {lecture}` makes it again" if settings.pinned is None else remedy(node, settings)
            return f"the file of {node} is gone from the store, or damaged: {again}"
        error: Json = error_document(self._snapshot, self._snapshot.graph.nodes[node], self._statuses)
        return str(error["message"]) if isinstance(error, dict) else f"{node} is not made yet"

    def _text(self, name: str) -> str:
        return str(self._settings.inputs[name])

    @property
    def _size(self) -> tuple[int, int]:
        return size_of(self._text("size-aspect-ratio"))

    @property
    def _length_s(self) -> int:
        length = self._settings.inputs["segment-length"]
        return int(str(length))
