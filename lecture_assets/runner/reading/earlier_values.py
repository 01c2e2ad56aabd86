"""What nodes held and inputs were before, and which edit changed them. Read-only; revisions are read as far back as is asked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from sqlalchemy import Connection, RowMapping

from lecture_assets.graph.fingerprint import Json, digest
from lecture_assets.graph.kind import Category
from lecture_assets.graph.settings import Settings
from lecture_assets.store import lectures, records


@dataclass(frozen=True, slots=True)
class LastChange:
    """The newest edit that changed an input or the settings of a node.

    value, before: after and before it; `before` is None if it was so from the lecture's creation
    version:       the lecture's version that the edit created
    edits:         as they were written
    client_key:    the sender's key for the edit, if it had one
    at:            in seconds since 1970
    """

    value: Json
    before: Json
    version: int
    edits: Sequence[str]
    client_key: str | None
    at: float


@dataclass
class EarlierValues:
    """The past of one lecture. supposed: settings that are newer than the head, as in a what-if."""

    connection: Connection
    lecture: str
    supposed: Settings | None = None
    _found: dict[tuple[str, str, str], Json] = field(default_factory=dict)
    _origins: dict[int, RowMapping] = field(default_factory=dict)

    def at(self, reader: str, node: str, version: str) -> Json:
        """Return what a node held at a version: an input as the reader saw it, any other node by its take. None if unknown."""
        read = (reader, node, version)
        if read not in self._found:
            kind, _, name = node.partition(":")
            if kind == Category.CONFIG:
                values = (value for value in self._ever(reader, name) if digest(value) == version)
                self._found[read] = next(values, None)
            else:
                self._found[read] = records.load_versions(self.connection, self.lecture, {node: version}).get(node)
        return self._found[read]

    def last_changes(self, parts: Mapping[str, Callable[[Settings], Json]]) -> Mapping[str, LastChange]:
        """Return the newest change of each part of the settings; the lecture's creation if no edit changed it."""
        version, revisions = lectures.version_of(self.connection, self.lecture), self._revisions()
        newest = next(revisions)
        now = {name: read(newest) for name, read in parts.items()}
        found: dict[str, LastChange] = {}
        for settings in revisions:
            before = {name: parts[name](settings) for name in now.keys() - found.keys()}
            changed = [name for name, value in before.items() if value != now[name]]
            found |= {name: self._change(now[name], before[name], version) for name in changed}
            if len(found) == len(parts):
                break
            version -= 1
        return {name: found.get(name) or self._change(now[name], None, version) for name in parts}

    def _change(self, value: Json, before: Json, version: int) -> LastChange:
        if version not in self._origins:
            self._origins[version] = lectures.origin(self.connection, self.lecture, version)
        origin = self._origins[version]
        return LastChange(value, before, version, origin["edits"], origin["client_key"], origin["created_at"])

    def _ever(self, reader: str, name: str) -> Iterator[Json]:
        """Yield every value that an input had for this reader, newest first. The reader's own model replaces its role's."""
        for settings in chain([self.supposed] if self.supposed else [], self._revisions()):
            yield settings.value(name)
            if settings.of_node(reader).model is not None:
                yield settings.of_node(reader).model

    def _revisions(self) -> Iterator[Settings]:
        """Yield the settings of each revision, newest first; few are in memory at a time."""
        return lectures.earlier_settings(self.connection, self.lecture)
