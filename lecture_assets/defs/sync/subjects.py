"""What an event of Dagster's log is about: a subject of the projection, in one lecture."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from dagster import AssetKey

from lecture_assets.defs.keys import asset_key, node_at, settings_key
from lecture_assets.defs.sync.events import asset_partition_of
from lecture_assets.defs.sync.projection import SETTINGS
from lecture_assets.graph.errors import UnknownNodeError
from lecture_assets.graph.kind import Per
from lecture_assets.graph.lecture import KINDS
from lecture_assets.graph.node import parse_node_id

MADE, OBSERVED, PLANNED = "ASSET_MATERIALIZATION", "ASSET_OBSERVATION", "ASSET_MATERIALIZATION_PLANNED"
"""Types of events."""


@dataclass(frozen=True, slots=True)
class LectureSubject:
    """A subject of the projection, in one lecture."""

    lecture: str
    name: str


def subject_of(asset: str, partition: str | None) -> LectureSubject | None:
    """The subject of an asset partition, whose key is as Dagster stores it; None if it is not of a lecture."""
    kind = kinds_by_asset().get(asset)
    key = AssetKey.from_db_string(asset)
    if kind is None or key is None or not partition:
        return None
    with suppress(ValueError, IndexError, UnknownNodeError):
        found = node_at(asset_key(KINDS[kind.removeprefix(SETTINGS)]), partition)
        name = (SETTINGS if kind.startswith(SETTINGS) else "") + found.node
        if str(asset_partition_of(found.lecture, name).partition) == partition:
            return LectureSubject(found.lecture, name)
    return None


def deciding_type(subject: str) -> str:
    """The type of event from which Dagster takes a subject's version: others may be reported without effect."""
    is_made = not subject.startswith(SETTINGS) and not KINDS[kind_of(subject)].is_input
    return MADE if is_made else OBSERVED


def kind_of(subject: str) -> str:
    """The kind of a subject: `asset:image`, or `settings:asset:image`."""
    prefix = SETTINGS if subject.startswith(SETTINGS) else ""
    return prefix + parse_node_id(subject.removeprefix(SETTINGS))[0].name


@lru_cache(maxsize=1)
def kinds_by_asset() -> Mapping[str, str]:
    """Kinds by asset key, as Dagster stores it."""
    made = {asset_key(kind).to_string(): kind.name for kind in KINDS.values()}
    return made | {settings_key(kind).to_string(): SETTINGS + kind.name for kind in KINDS.values() if not kind.is_input}


@lru_cache(maxsize=1)
def assets_by_level() -> Mapping[Per, Sequence[str]]:
    """The assets whose partitions are lectures, segments or images, as Dagster stores their keys."""
    found: dict[Per, list[str]] = {}
    for asset, kind in kinds_by_asset().items():
        found.setdefault(KINDS[kind.removeprefix(SETTINGS)].per, []).append(asset)
    return found
