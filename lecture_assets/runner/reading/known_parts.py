"""What is known of a lecture besides its settings: which calls are to come, and the texts and own media that exist."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from lecture_assets.graph.kind import Role
from lecture_assets.graph.lecture import ADDED_SCRIPT, CLIP, NARRATION, RECORDING, SCRIPT
from lecture_assets.graph.node import node_id
from lecture_assets.graph.plan import needs_call
from lecture_assets.graph.staleness import Status
from lecture_assets.runner.reading.snapshot import Snapshot
from lecture_assets.store import records
from lecture_assets.timeline.film_checks import clipped_permille

IMPORTED = "import"
"""By what a take was made that came with an import: it is a person's own."""


@dataclass(frozen=True, slots=True)
class KnownParts:
    """What is known of a lecture; by default of one of which nothing exists.

    calls:   the roles of which calls are to come
    writes:  whether a script is to be written
    spoken:  the recordings that are to be bought, by node; None for all
    texts:   narrations that are there, by slot
    speech_ms: the lengths of a person's own recordings, by slot; heard_ms: of all that are there; clips_ms: of own clips
    clipped: for how much of its time each own recording is clipped, in permille, by slot
    """

    calls: frozenset[Role] = frozenset(Role)
    writes: bool = True
    spoken: frozenset[str] | None = None
    texts: Mapping[int, str] = field(default_factory=dict)
    speech_ms: Mapping[int, int] = field(default_factory=dict)
    heard_ms: Mapping[int, int] = field(default_factory=dict)
    clips_ms: Mapping[int, int] = field(default_factory=dict)
    clipped: Mapping[int, int] = field(default_factory=dict)


NOTHING_MADE = KnownParts()


def known_parts(snapshot: Snapshot, connection: Connection) -> KnownParts:
    """Return what is known of a lecture, as it is or as it would be after edits."""
    graph, order = snapshot.graph, snapshot.graph.settings.order
    coming = [
        found.node
        for found in snapshot.findings.values()
        if found.status is not Status.FRESH and found.node.id in snapshot.demanded and needs_call(graph, found)
    ]
    texts, speech, clips = (dict(_there(snapshot, connection, kind)) for kind in (NARRATION, RECORDING, CLIP))
    own_speech = {slot: recording for slot, recording in speech.items() if _is_own(snapshot, node_id(RECORDING, slot))}
    return KnownParts(
        calls=frozenset(node.kind.role for node in coming if node.kind.role),
        writes=any(node.kind.name in {SCRIPT, ADDED_SCRIPT} for node in coming),
        spoken=frozenset(node.id for node in coming if node.kind.name == RECORDING),
        texts={slot: texts[slot] for slot in order if slot in texts},
        speech_ms={slot: recording["duration_ms"] for slot, recording in own_speech.items()},
        heard_ms={slot: speech[slot]["duration_ms"] for slot in speech},
        clips_ms={slot: clips[slot]["duration_ms"] for slot in clips if _is_own(snapshot, node_id(CLIP, slot))},
        clipped={slot: clipped_permille(recording) for slot, recording in own_speech.items()},
    )


def _there(snapshot: Snapshot, connection: Connection, kind: str) -> Iterator[tuple[int, Any]]:
    """Yield slot and value of each node of a kind that need not be made."""
    settings, findings = snapshot.graph.settings, snapshot.findings
    nodes = {slot: node for slot in settings.order if (node := node_id(kind, slot)) in findings}
    pinned = {slot: value for slot, node in nodes.items() if (value := settings.of_node(node).pinned) is not None}
    fresh = {slot: node for slot, node in nodes.items() if slot not in pinned and findings[node].status is Status.FRESH}
    values = records.load_values(connection, snapshot.head.lecture, list(fresh.values())) if fresh else {}
    yield from pinned.items()
    yield from ((slot, values[node]) for slot, node in fresh.items() if node in values)


def _is_own(snapshot: Snapshot, node: str) -> bool:
    settings, row = snapshot.graph.settings.of_node(node), snapshot.takes.counting.get(node)
    return settings.holds_own_medium if settings.pinned is not None else bool(row and row.made_by == IMPORTED)
