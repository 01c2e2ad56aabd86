"""What nodes hold at a version, for rows that read a part of an input (`graph/parts.py`). Read when asked, and kept."""

from collections.abc import Mapping

from lecture_assets.graph.fingerprint import Json, digest
from lecture_assets.graph.kind import Category
from lecture_assets.graph.lecture import KINDS
from lecture_assets.graph.settings import Settings
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import records
from lecture_assets.store.records import TakeRow

_DECIDING = frozenset(read.part_for for kind in KINDS.values() for read in kind.partial)
"""The kinds whose values decide which part of an input is read."""


class NodeValues:
    """The values of one lecture with these settings. counting: the takes that count, whose values are read together."""

    def __init__(self, context: Context, lecture: str, settings: Settings, counting: Mapping[str, TakeRow]) -> None:
        """Read nothing yet."""
        self._context, self._lecture, self._settings, self._counting = context, lecture, settings, counting
        self._known: dict[str, Json] = {}
        self._is_first = True

    def __call__(self, node: str, version: str) -> Json:
        """Return the value; None for a version that nothing was made for yet."""
        kind, _, name = node.partition(":")
        if kind == Category.CONFIG:
            return self._settings.value(name)
        pinned = self._settings.of_node(node).pinned
        if pinned is not None and digest(pinned) == version:
            return pinned
        if version not in self._known:
            self._read({**(self._all() if self._is_first else {}), node: version})
            self._is_first = False
        return self._known.get(version)

    def _all(self) -> dict[str, str]:
        rows = self._counting.values()
        return {row.node: row.version for row in rows if ":".join(row.node.split(":")[:2]) in _DECIDING}

    def _read(self, wanted: Mapping[str, str]) -> None:
        with self._context.database.read() as connection:
            found = records.load_versions(connection, self._lecture, wanted)
        self._known |= {wanted[node]: value for node, value in found.items()}
