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
from lecture_assets.prose.readable import readable
from lecture_assets.runner.setup.events import Outcome
from lecture_assets.store.artifacts import Artifacts
from lecture_assets.store.records import TakeRow

MEDIA_PATH = "/lectures/media"
"""Where the webserver of `lectures dev` serves media: `/lectures/media/<sha256>`, with thumbnails at `…/preview`.

Metadata has links rather than image data because Dagster's UI shows only Markdown of less than 1,000 characters inline.
"""
PREVIEW = "preview"
_SEEN = {Holds.PICTURE, Holds.CLIP}
_TEXTS = {Holds.TEXT, Holds.EFFECT}
_TIMELINES = {Holds.SEGMENT_TIMELINE, Holds.TIMELINE}
_UNPAID = {str(Outcome.KEPT), str(Outcome.RESTORED)}
"""Outcomes of takes that were paid for earlier, so that a sum over events counts each payment once."""
_LONGEST = 4_000
"""The most characters of a text in an event; the store has all of it."""

Metadata = Mapping[str, MetadataValue[Any]]


@dataclass(frozen=True, slots=True)
class EventDetails:
    """What an event reports beside the take.

    because: the reasons, as sentences
    seconds: from the first claim of a slot to the record
    outcome: the run's outcome for the node
    """

    because: tuple[str, ...] = ()
    seconds: float | None = None
    outcome: str = ""


def metadata_of(node: Node, row: TakeRow, value: Json, artifacts: Artifacts, details: EventDetails) -> Metadata:
    """The metadata of a materialization, with the most wanted entries first."""
    shown: dict[str, MetadataValue[Any]] = {**_content(node.kind.holds, value, artifacts)}
    shown["why"] = MetadataValue.text(readable("; ".join(details.because)) or "published again: nothing changed")
    if details.outcome:
        shown["outcome"] = MetadataValue.text(details.outcome)
    spent = 0 if details.outcome in _UNPAID else row.cost_usd_micros
    shown["cost_usd"] = MetadataValue.float(spent / 1_000_000)
    if details.seconds is not None:
        shown["seconds"] = MetadataValue.float(round(details.seconds, 3))
    return shown | {
        "made_by": MetadataValue.text(row.made_by),
        "take": MetadataValue.int(row.number),
        "made_from": MetadataValue.json(json.loads(row.recipe)),
        "fingerprint": MetadataValue.text(row.fingerprint),
        "node": MetadataValue.text(node.id),
    }


def _content(holds: Holds, value: Json, artifacts: Artifacts) -> Metadata:
    if isinstance(value, dict) and "sha256" in value:
        return _medium(holds, value, artifacts)
    if holds in _TIMELINES and isinstance(value, dict):
        return _timeline(value)
    if holds in _TEXTS:
        return {"text": MetadataValue.text(_shortened(str(value)))}
    return {"content": MetadataValue.md(_fenced(_shortened(json.dumps(value, indent=2, ensure_ascii=False))))}


def _fenced(text: str) -> str:
    """JSON as Markdown, its fence longer than any within, so that no text can close it."""
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text)), 3)
    return f"{fence}json\n{text}\n{fence}"


def _medium(holds: Holds, value: Mapping[str, Json], artifacts: Artifacts) -> Metadata:
    sha256, media_type = str(value["sha256"]), str(value["media_type"])
    shown: dict[str, MetadataValue[Any]] = {}
    if holds in _SEEN and artifacts.has(sha256):
        shown["preview"] = MetadataValue.md(f"![{holds}]({MEDIA_PATH}/{sha256}/{PREVIEW})")
    shown["play" if "duration_ms" in value else "open"] = MetadataValue.url(f"{MEDIA_PATH}/{sha256}")
    for name in ("duration_ms", "width", "height"):
        if name in value:
            shown[name] = MetadataValue.int(int(str(value[name])))
    return shown | {"media_type": MetadataValue.text(media_type), "file": MetadataValue.path(str(artifacts.path(sha256)))}


def _timeline(value: Mapping[str, Json]) -> Metadata:
    numbers = {name: part for name, part in value.items() if isinstance(part, int) and not isinstance(part, bool)}
    return {name: MetadataValue.int(number) for name, number in numbers.items()}


def _shortened(text: str) -> str:
    text = readable(text)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"
