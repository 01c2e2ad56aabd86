"""The film of a lecture as it is: the kept one, or one that is rendered now from what changed, and kept.

    the film is fresh ───────────────────────────────► it
    everything it is made from is fresh ─► a run that renders what changed ─► it
    unfinished, being made elsewhere, read-only ─────► none: an export renders what it needs for itself

Nothing is bought: an edit that lands meanwhile ends the run.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from lecture_assets.graph.errors import BusyError, RefusedError
from lecture_assets.graph.fingerprint import digest
from lecture_assets.graph.lecture import FILM
from lecture_assets.graph.queries import nodes_of_kind
from lecture_assets.graph.recipe import recipe_of
from lecture_assets.graph.staleness import Status
from lecture_assets.runner.reading.snapshot import Snapshot, plan_of, read_snapshot
from lecture_assets.runner.regenerate.regeneration import regenerate
from lecture_assets.runner.regenerate.scope import Scope
from lecture_assets.runner.setup.context import Context
from lecture_assets.runner.setup.events import Event, Exporting, NodeFinished, RenderProgress, Watch
from lecture_assets.steps import facts_of
from lecture_assets.store import records
from lecture_assets.store.artifacts import LocalFiles
from lecture_assets.timeline.segment_frames import segment_frames

_FRAMES, _CLIP, _SOUND = "assembler:segment-frames", "asset:clip", "asset:soundtrack"
_SOUNDING, _JOINING = 0.15, 0.05
"""The parts of a film's work that are writing its sound and joining it."""


def film_of(context: Context, lecture: str, timeline: Mapping[str, Any], watch: Watch) -> str | None:
    """Return the SHA-256 of the film of this timeline, rendered now if it is not kept; None if it cannot be kept."""
    with context.database.read() as connection:
        snapshot = read_snapshot(context, connection, lecture)
        if (film := _kept_film(snapshot, connection, timeline)) is not None:
            return film
        if context.database.is_read_only or context.foreign is not None or not _is_rendering_alone(snapshot, connection):
            return None
    progress = FilmProgress(watch, [node.id for node in nodes_of_kind(snapshot.graph, _CLIP)])
    try:
        asyncio.run(regenerate(context, lecture, Scope(only=(FILM,), renders_only=True), progress.watch))
    except (BusyError, RefusedError):
        return None
    with context.database.read() as connection:
        return _kept_film(read_snapshot(context, connection, lecture), connection, timeline)


def _kept_film(snapshot: Snapshot, connection: Connection, timeline: Mapping[str, Any]) -> str | None:
    """Return the film if it is fresh and was made from this timeline."""
    finding = snapshot.findings[FILM]
    reads: Any = finding.recipe.get("reads", {})
    if finding.status is not Status.FRESH or reads.get("assembler:timeline") != digest(dict(timeline)):
        return None
    value: Any = records.load_values(connection, snapshot.head.lecture, [FILM])[FILM]
    return str(value["sha256"])


def _is_rendering_alone(snapshot: Snapshot, connection: Connection) -> bool:
    """Whether the film can be made from what is there."""
    plan = plan_of(snapshot, connection, frozenset({FILM}))
    return all(planned.node.kind.on_demand for planned in plan.nodes)


def kept_clips(snapshot: Snapshot, timeline: Mapping[str, Any], local: LocalFiles) -> dict[str, Path]:
    """Return the clips of a timeline that were rendered before, by slot: of an unfinished lecture, say."""
    found: dict[str, Path] = {}
    for node in nodes_of_kind(snapshot.graph, _CLIP):
        slot = f"s{node.cell.segment:02d}"
        if slot not in {segment["slot"] for segment in timeline["segments"]}:
            continue
        versions = {node.reads[_FRAMES][""]: digest(segment_frames(timeline, slot))}
        recipe = recipe_of(node, snapshot.graph.settings.of_node(node.id), versions, facts_of(node.kind))
        row = snapshot.takes.find(node.id, digest(recipe))
        if row is not None and row.artifact is not None:
            found[slot] = local(row.artifact)
    return found


class FilmProgress:
    """Tells a watcher how far a film is: each clip counts alike, and one that was kept as soon as it is found."""

    def __init__(self, watch: Watch, clips: list[str]) -> None:
        """clips: the nodes of all clips of the film."""
        self._watch = watch
        self._weights = dict.fromkeys(clips, (1 - _SOUNDING - _JOINING) / len(clips)) | {_SOUND: _SOUNDING, FILM: _JOINING}
        self._shares = dict.fromkeys(self._weights, 0.0)
        self._told = 0.0
        watch(Exporting(0.0))

    def watch(self, event: Event) -> None:
        """Receive an event of the run that renders."""
        match event:
            case RenderProgress(node, share) if node in self._shares:
                self._shares[node] = max(share, self._shares[node])
            case NodeFinished(node) if node in self._shares:
                self._shares[node] = 1.0
            case _:
                return
        share = sum(self._shares[node] * weight for node, weight in self._weights.items())
        if self._told < share < 1:  # the last one is told once the film is in its place
            self._told = share
            self._watch(Exporting(share))
