"""What a film lacks, as lines for reports and as asset checks: the rules of `timeline/`, with what a lecture knows for them.

Facts that a timeline lacks are read from the store:

    timeline, settings, stored measures ─► CheckedFilm ──► timeline/film_checks.py: after any run
    values of clips and soundtrack ──────► RenderedFilm ─► timeline/film_file_checks.py: once the film was rendered
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection

from lecture_assets.graph.lecture import FILM, RECORDING
from lecture_assets.graph.node import node_id
from lecture_assets.graph.queries import nodes_of_kind
from lecture_assets.graph.settings import Settings
from lecture_assets.graph.staleness import Status
from lecture_assets.runner.reading.asked_length import asked_length
from lecture_assets.runner.reading.snapshot import Snapshot
from lecture_assets.store import records
from lecture_assets.timeline import film_checks, film_file_checks
from lecture_assets.timeline.film_checks import CheckedFilm, clipped_permille, found_by
from lecture_assets.timeline.film_file_checks import RenderedFilm
from lecture_assets.timeline.gain import SILENCE_MILLIBEL

_MUSIC, _CLIP, _SOUND, _TIMELINE = "asset:music", "asset:clip", "asset:soundtrack", "assembler:timeline"
BREAKING = frozenset({"letters_have_fonts", "recordings_are_loud_enough", "film_is_not_black", "film_is_not_silent"})
"""Rules that a film must not break to be shown: in Dagster they fail as errors, all others as warnings."""


class FilmNotes(NamedTuple):
    """What was found, a sentence each, and whether the film is broken by it: nobody should publish it."""

    sentences: list[str]
    is_broken: bool


def film_notes(timeline: Mapping[str, Any], settings: Settings, connection: Connection, lecture: str) -> FilmNotes:
    """Return what the rules on a timeline have to say of it."""
    return _notes(found_by(film_checks.RULES, checked_film(timeline, settings, connection, lecture)))


def checked_film(timeline: Mapping[str, Any], settings: Settings, connection: Connection, lecture: str) -> CheckedFilm:
    """Return a timeline with what the rules need to know beside it."""
    sounds = _sounds(timeline, connection, lecture)
    is_whole = all(segment["narration"]["type"] != "missing" for segment in timeline["segments"])
    asked = asked_length(settings) if is_whole else None
    return CheckedFilm(
        timeline,
        asked_ms=asked.seconds * 1000 if asked else None,
        asked_as=asked.by if asked else "",
        remedy=asked.remedy if asked else "",
        has_notes=bool(cast("dict[str, str | None]", settings.inputs["user-prompt"])["notes"]),
        silent=frozenset(name for name, one in sounds.items() if one["measured"]["loudness_millibel"] <= SILENCE_MILLIBEL),
        clipped={name: clipped_permille(recording) for name, recording in sounds.items() if name != "music"},
        boxes=boxes(timeline),
    )


def _sounds(timeline: Mapping[str, Any], connection: Connection, lecture: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the recordings that are played, by slot, and the `music`: those that were measured."""
    names = {
        node_id(RECORDING, int(segment["slot"][1:])): segment["slot"]
        for segment in timeline["segments"]
        if "gain_millibel" in segment["narration"]
    }
    names |= {_MUSIC: "music"} if "gain_millibel" in timeline["music"] else {}
    values: Mapping[str, Any] = records.load_values(connection, lecture, list(names))
    return {names[node]: value for node, value in values.items() if value and "measured" in value}


def boxes(timeline: Mapping[str, Any]) -> Sequence[str]:
    """Return a sentence for each text with letters that no installed font has."""
    texts = [timeline["title"].get("text", ""), *(c["text"] for s in timeline["segments"] for c in s["captions"])]
    if all(text.isascii() for text in texts):
        return ()
    from lecture_assets.graph.errors import WrongInputError  # noqa: PLC0415 - with the next
    from lecture_assets.render.letters import check_letters  # noqa: PLC0415 - most lectures need no look into fonts

    try:
        check_letters(timeline)
    except WrongInputError as error:
        return [str(fault) for fault in error.faults]
    return ()


def rendered_notes(snapshot: Snapshot, connection: Connection) -> FilmNotes:
    """Return what the rules on a rendered film have to say of the current one; nothing if there is none."""
    film = rendered_film(snapshot, connection)
    return _notes(found_by(film_file_checks.RULES, film) if film else {})


def _notes(found: Mapping[str, Sequence[str]]) -> FilmNotes:
    return FilmNotes([sentence for sentences in found.values() for sentence in sentences], not BREAKING.isdisjoint(found))


def rendered_film(snapshot: Snapshot, connection: Connection) -> RenderedFilm | None:
    """Return what was measured of a lecture's film; None if it was not rendered since the last change."""
    if snapshot.findings[FILM].status is not Status.FRESH:
        return None
    clips = {node.id: f"s{node.cell.segment:02d}" for node in nodes_of_kind(snapshot.graph, _CLIP)}
    values: Mapping[str, Any] = records.load_values(connection, snapshot.head.lecture, [*clips, _SOUND, _TIMELINE])
    measured = {slot: values[node].get("measured", {}) for node, slot in clips.items() if node in values}
    return RenderedFilm(values[_TIMELINE], measured, values[_SOUND])
