"""The timeline of a lecture as far as it is made: the assembled one where it is fresh, else one with its gaps named."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.node import node_id
from lecture_assets.graph.staleness import Status
from lecture_assets.runner.documents import error_document, statuses_of
from lecture_assets.runner.snapshot import Snapshot
from lecture_assets.store import records
from lecture_assets.timeline.assemble import assemble, assemble_segment, size_of

_TIMELINE = "assembler:timeline"


def draft_timeline(snapshot: Snapshot, connection: Connection) -> dict[str, Any]:
    """A whole timeline at any moment. What is stale plays as it was; what does not exist is `missing`, with the reason."""
    return _Draft(snapshot, connection).timeline()


class _Draft:
    def __init__(self, snapshot: Snapshot, connection: Connection) -> None:
        self._snapshot = snapshot
        self._settings = snapshot.graph.settings
        self._statuses = statuses_of(snapshot, set())
        wanted = [node.id for node in snapshot.graph.made if node.id == _TIMELINE or _TIMELINE in self._far_readers(node.id)]
        values = records.load_values(connection, snapshot.head.lecture, wanted)
        self._values: Mapping[str, Any] = {node: value for node, value in values.items() if not snapshot.records[node].lost}

    def _far_readers(self, node: str) -> set[str]:
        """Readers and their readers: two hops reach the timeline from everything that plays."""
        near = self._snapshot.graph.readers[node]
        return {*near, *(far for reader in near for far in self._snapshot.graph.readers[reader])}

    def timeline(self) -> dict[str, Any]:
        if self._statuses[_TIMELINE] is Status.FRESH:
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
        if self._statuses[name] is Status.FRESH:
            return dict(self._values[name])
        node = self._snapshot.graph.nodes[name]
        sources = {
            "narration": node_id("asset:narration", slot),
            "video": node_id("asset:video", slot),
            **{address[1:]: image for address, image in node.reads.get("asset:image", {}).items()},
        }
        return assemble_segment(
            slot=slot,
            narration=self._values.get(sources["narration"]),
            pictures=[self._values.get(image) for image in node.reads.get("asset:image", {}).values()],
            clip=self._values.get(sources["video"]),
            effect=self._values.get(node_id("content:effect", slot), "none"),
            background_music=self._values.get(node_id("content:background-music", slot), ""),
            size=self._size,
            strategy=self._text("assembly-strategy"),  # type: ignore[arg-type]  # checked when it was set
            segment_length_s=self._length_s,
            missing={part: self._reason(source) for part, source in sources.items() if source in self._statuses},
        )

    def _reason(self, node: str) -> str:
        """Why a node does not exist, in words for whoever watches the half-made lecture."""
        record = self._snapshot.records.get(node)
        if record and record.lost:
            return (
                f"the file of {node} is gone from the store; `lectures regenerate {self._snapshot.head.lecture}` makes it again"
            )
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
