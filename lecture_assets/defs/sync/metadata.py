"""A take's metadata in Dagster's UI: the picture itself, links that play, the text; cost, origin, reasons."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dagster import MetadataValue

from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Holds
from lecture_assets.graph.node import Node
from lecture_assets.graph.settings import NodeSettings
from lecture_assets.graph.staleness import Reason
from lecture_assets.prose.readable import readable
from lecture_assets.runner.reading.earlier_values import LastChange
from lecture_assets.runner.setup.events import Outcome
from lecture_assets.store.artifacts import Artifacts
from lecture_assets.store.records import TakeRow

MEDIA_PATH = "/lectures/media"
"""Where the webserver of `lectures dev` serves media: `/lectures/media/<sha256>`, with thumbnails at `…/preview`.

Metadata has links rather than image data because Dagster's UI shows only Markdown of less than 1,000 characters inline.
"""
PREVIEW = "preview"
TIMELINE_PATH = "/lectures/timeline"
"""Where it serves each version of a timeline: `/lectures/timeline/<lecture>/<version>/film.mp4`, with the slot of a segment's."""
FILM, SHEET, TIMELINE_JSON = "film.mp4", "sheet.jpg", "timeline.json"
_LINK_DIGITS = 16
"""So many digits of a version are enough to tell it from all others of its node."""
_SEEN = {Holds.PICTURE, Holds.CLIP}
_TEXTS = {Holds.TEXT, Holds.EFFECT}
_TIMELINES = {Holds.SEGMENT_TIMELINE, Holds.TIMELINE}
_UNPAID = {str(Outcome.KEPT), str(Outcome.RESTORED)}
"""Outcomes of takes that were paid for earlier, so that a sum over events counts each payment once."""
_DIGITS = 8
"""Digits of a digest that distinguish it from others."""
_DIGEST = re.compile("[0-9a-f]{64}")
_LONGEST = 4_000
"""The most characters of a text in an event; the store has all of it."""

Metadata = Mapping[str, MetadataValue[Any]]


@dataclass(frozen=True, slots=True)
class EventDetails:
    """What an event reports beside the take.

    because: why it is published, as sentences
    reasons: why it was made; they come first
    seconds: from the first claim of a slot to the record
    outcome: the run's outcome for the node
    """

    because: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    seconds: float | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class MediaLinks:
    """Where links lead. base: `https://…` of the server with the media; empty for the one that shows the link."""

    artifacts: Artifacts
    base: str


def metadata_of(node: Node, row: TakeRow, value: Json, links: MediaLinks, details: EventDetails) -> Metadata:
    """The metadata of a materialization, with the most wanted entries first; `details.because` says why, in full."""
    shown: dict[str, MetadataValue[Any]] = {**_content(node.kind.holds, value, links)}
    shown["why"] = MetadataValue.text(readable("; ".join(details.because)) or "published again: nothing changed")
    if details.outcome not in {"", str(Outcome.MADE)}:
        shown["outcome"] = MetadataValue.text(details.outcome)
    spent = 0 if details.outcome in _UNPAID else row.cost_usd_micros
    shown["cost_usd"] = MetadataValue.float(spent / 1_000_000)
    if details.seconds is not None:
        shown["seconds"] = MetadataValue.float(round(details.seconds, 3))
    return shown | {
        "made_by": MetadataValue.text(row.made_by),
        "made_from": MetadataValue.json(_made_from(node, row)),
    }


def timeline_links(lecture: str, node: Node, version: str, base: str) -> Metadata:
    """Links to a contact sheet, the film and the JSON of a version of a timeline; nothing for any other node.

    They lead to this version, whatever the lecture is later. base: as of `MediaLinks`
    """
    if node.kind.holds not in _TIMELINES:
        return {}
    slot = [] if node.cell.segment is None else [f"s{node.cell.segment:02}"]
    path = "/".join([TIMELINE_PATH, lecture, *slot, version[:_LINK_DIGITS]])
    path = base + path
    return {
        "preview": MetadataValue.md(f"![{node.kind.holds}]({path}/{SHEET})"),
        "play": MetadataValue.url(f"{path}/{FILM}"),
        "timeline": MetadataValue.url(f"{path}/{TIMELINE_JSON}"),
    }


def film_sheet(lecture: str, row: TakeRow, base: str) -> Metadata:
    """Return a link to the contact sheet of the timeline that a film shows; `base` is that of `MediaLinks`."""
    version = str(json.loads(row.recipe)["reads"]["assembler:timeline"])[:_LINK_DIGITS]
    return {PREVIEW: MetadataValue.md(f"![film]({base}{TIMELINE_PATH}/{lecture}/{version}/{SHEET})")}


def _made_from(node: Node, row: TakeRow) -> Mapping[str, Json]:
    """The node, the number of its take, and the take's recipe, with digests shortened: `lectures explain` has them in full."""
    recipe = json.loads(row.recipe)
    rest = {name: part for name, part in recipe.items() if name not in {"kind", "reads"}}
    found = {"fingerprint": row.fingerprint, **rest, **recipe.get("reads", {})}
    return {"node": node.id, "take": row.number, **{name: _short(part) for name, part in found.items()}}


def _short(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _short(part) for name, part in value.items()}
    return value[:_DIGITS] if isinstance(value, str) and _DIGEST.fullmatch(value) else value


def change_metadata(holds: Holds, change: LastChange, links: MediaLinks) -> Metadata:
    """The metadata of an input's or a setting's observation: what it is, what it was, and the edit that changed it."""
    shown: dict[str, MetadataValue[Any]] = {**_pinned_medium(holds, change.value, links), "value": _value(change.value)}
    if change.version > 1:
        shown["before"] = _value(change.before)
    shown["edit"] = MetadataValue.text(_shortened("\n".join(change.edits)) or "the lecture was created")
    if change.client_key is not None:
        shown["client_key"] = MetadataValue.text(_shortened(change.client_key))
    if change.version == 1:
        return shown
    return shown | {
        "lecture_version": MetadataValue.int(change.version),
        "changed_at": MetadataValue.timestamp(change.at),
    }


def settings_value(settings: NodeSettings) -> Json:
    """What a person set on a node, without what the system noted beside it; empty if nothing is set."""
    return {name: value for name, value in settings.to_json().items() if name not in _NOTED}


_NOTED = {"base", "place"}


def _value(value: Json) -> MetadataValue[Any]:
    """A value, by its type; a person's own file as its media type, size and digest."""
    if isinstance(value, bool | str):
        return MetadataValue.text(_shortened(str(value) if isinstance(value, str) else json.dumps(value)) or '""')
    if isinstance(value, int):
        return MetadataValue.int(value)
    if isinstance(value, float):
        return MetadataValue.float(value)
    if value is None or value == {}:
        return MetadataValue.text("not set")
    return MetadataValue.md(_fenced(_shortened(json.dumps(_without_words(value), indent=2, ensure_ascii=False))))


def _without_words(value: Json) -> Json:
    """A value without the word times of recordings, which are as long as the text."""
    if not isinstance(value, dict):
        return value
    return {name: _without_words(part) for name, part in value.items() if not ("sha256" in value and name == "words")}


def _pinned_medium(holds: Holds, value: Json, links: MediaLinks) -> Metadata:
    """The file that a person put in a node's place, if any."""
    pinned = value.get("pinned") if isinstance(value, dict) else None
    return _medium(holds, pinned, links) if isinstance(pinned, dict) and "sha256" in pinned else {}


def _content(holds: Holds, value: Json, links: MediaLinks) -> Metadata:
    if isinstance(value, dict) and "sha256" in value:
        return _medium(holds, value, links)
    if holds in _TIMELINES and isinstance(value, dict):
        return _timeline(value)
    if holds in _TEXTS:
        return {"text": MetadataValue.text(_shortened(str(value)))}
    return {"content": MetadataValue.md(_fenced(_shortened(json.dumps(value, indent=2, ensure_ascii=False))))}


def _fenced(text: str) -> str:
    """JSON as Markdown, its fence longer than any within, so that no text can close it."""
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text)), 3)
    return f"{fence}json\n{text}\n{fence}"


def _medium(holds: Holds, value: Mapping[str, Json], links: MediaLinks) -> Metadata:
    sha256, media_type = str(value["sha256"]), str(value["media_type"])
    shown: dict[str, MetadataValue[Any]] = {}
    if holds in _SEEN and links.artifacts.has(sha256):
        shown["preview"] = MetadataValue.md(f"![{holds}]({links.base}{MEDIA_PATH}/{sha256}/{PREVIEW})")
    shown["play" if "duration_ms" in value else "open"] = MetadataValue.url(f"{links.base}{MEDIA_PATH}/{sha256}")
    for name in ("duration_ms", "width", "height"):
        if name in value:
            shown[name] = MetadataValue.int(int(str(value[name])))
    return shown | {"media_type": MetadataValue.text(media_type), "file": MetadataValue.path(links.artifacts.address(sha256))}


def _timeline(value: Mapping[str, Json]) -> Metadata:
    numbers = {name: part for name, part in value.items() if isinstance(part, int) and not isinstance(part, bool)}
    return {name: MetadataValue.int(number) for name, number in numbers.items()}


def _shortened(text: str) -> str:
    text = readable(text)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"
