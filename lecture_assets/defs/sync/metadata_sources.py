"""Reads from the store what the metadata of events is built from, for all events of a publication together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from dagster import MetadataValue
from sqlalchemy import Connection

from lecture_assets.defs.sync.metadata import (
    EventDetails,
    MediaLinks,
    Metadata,
    change_metadata,
    film_sheet,
    metadata_of,
    settings_value,
    timeline_links,
)
from lecture_assets.defs.sync.projection import SETTINGS, WITHDRAWN, LogEntrySpec, Projection
from lecture_assets.defs.sync.why import sentences
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Holds
from lecture_assets.graph.node import parse_node_id
from lecture_assets.graph.settings import Settings
from lecture_assets.runner.reading.earlier_values import EarlierValues, LastChange
from lecture_assets.store import records
from lecture_assets.store.records import TakeRow

_NO_DETAILS = EventDetails()


@dataclass(frozen=True, slots=True)
class MetadataSources:
    """The data that metadata is built from, by subject.

    rows:       the counting takes
    values:     what the nodes hold
    changes:    the newest changes of inputs and settings
    because:    why nodes were made, as sentences
    details_of: what a run reports
    """

    lecture: str
    rows: Mapping[str, TakeRow]
    values: Mapping[str, Json]
    changes: Mapping[str, LastChange]
    because: Mapping[str, tuple[str, ...]]
    details_of: Mapping[str, EventDetails]

    @classmethod
    def read(
        cls,
        connection: Connection,
        lecture: str,
        projection: Projection,
        rows: Mapping[str, TakeRow],
        details_of: Mapping[str, EventDetails],
    ) -> "MetadataSources":
        """Read what the projection's events report."""
        specs = [spec for batch in projection.batches.values() for spec in batch]
        values = records.load_values(connection, lecture, [spec.subject for spec in specs if spec.made is not None])
        earlier = EarlierValues(connection, lecture)
        observed = {spec.subject: _part(spec.subject) for spec in specs if spec.made is None and spec.version != WITHDRAWN}
        changes = earlier.last_changes(observed) if observed else {}
        because = {
            spec.subject: sentences(spec.made.node, rows[spec.subject].recipe, details_of[spec.subject].reasons, earlier)
            for spec in specs
            if spec.made is not None and spec.subject in details_of
        }
        return cls(lecture, rows, values, changes, because, details_of)

    def metadata(self, spec: LogEntrySpec, links: MediaLinks) -> Metadata:
        """The metadata of an event."""
        if spec.made is None:
            kind, _ = parse_node_id(spec.subject.removeprefix(SETTINGS))
            why: Metadata = {"why": MetadataValue.text("; ".join(spec.because))} if spec.because else {}
            if spec.subject not in self.changes:
                return why
            return {**change_metadata(kind.holds, self.changes[spec.subject], links), **why}
        name = spec.subject
        details = self.details_of.get(name, _NO_DETAILS)
        details = replace(details, because=(*self.because.get(name, ()), *details.because) or spec.because)
        node, row = spec.made.node, self.rows[name]
        made = metadata_of(node, row, self.values.get(name), links, details)
        if node.kind.holds is Holds.FILM:
            return {**film_sheet(self.lecture, row, links.base), **made}
        return {**timeline_links(self.lecture, node, row.version, links.base), **made}


def _part(subject: str) -> Callable[[Settings], Json]:
    """The part of the settings that is observed as a subject."""
    if subject.startswith(SETTINGS):
        node = subject.removeprefix(SETTINGS)
        return lambda settings: settings_value(settings.of_node(node))
    name = subject.partition(":")[2]
    return lambda settings: settings.value(name)
