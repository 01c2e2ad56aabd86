"""The takes of a lecture as one reading sees them: the counting ones at once, a node's other takes on demand.

So a lecture with thousands of edits is planned as fast as a new one: only stale nodes load their earlier takes.
"""

from collections.abc import Iterable

from sqlalchemy import Connection

from lecture_assets.graph.staleness import Record
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import records
from lecture_assets.store.records import TakeRow

_AT_ONCE = 2_000
"""The most takes that are read before it is known which of them matter: a few megabytes."""


class StoredTakes:
    """One reading of the takes.

    counting: the take that counts, by node
    lost:     SHA-256 of the media found missing so far
    """

    def __init__(self, context: Context, connection: Connection, lecture: str) -> None:
        """Read the counting takes, and note which nodes have others."""
        self._context, self._lecture = context, lecture
        self.counting = {row.node: row for row in records.load_counting(connection, lecture)}
        numbers = records.count_takes(connection, lecture)
        self._unread = {node for node, number in numbers.items() if number > (node in self.counting)}
        self._number_unread = sum(numbers[node] for node in self._unread)
        self._whole: dict[tuple[str, str], TakeRow] = {}
        self.lost: set[str] = set()
        self._remember(self.counting.values())

    def find(self, node: str, fingerprint: str) -> TakeRow | None:
        """Return the node's take with this fingerprint, if its bytes are in the store."""
        if node in self._unread:
            self._unread.discard(node)
            with self._context.database.read() as connection:
                self._remember(records.load_takes(connection, self._lecture, node))
        return self._whole.get((node, fingerprint))

    def load_others(self, connection: Connection) -> None:
        """Read the other takes of all nodes at once, unless there are very many."""
        if self._unread and self._number_unread <= _AT_ONCE:
            found = records.load_takes_of(connection, self._lecture, sorted(self._unread))
            self._unread.clear()
            self._remember(found)

    def get(self, key: tuple[str, str]) -> str | None:
        """Return the version of the take for (node, fingerprint), as staleness needs it."""
        row = self.find(*key)
        return row.version if row else None

    def add(self, row: TakeRow) -> None:
        """Add a take that was written after this reading."""
        self._whole[row.node, row.fingerprint] = row

    def record_of(self, row: TakeRow) -> Record:
        """Convert a take to what staleness needs."""
        return Record(row.version, row.fingerprint, row.recipe, lost=row.artifact if row.artifact in self.lost else None)

    def _remember(self, rows: Iterable[TakeRow]) -> None:
        """Remember those whose bytes are in the store, asking for all of them at once."""
        found = list(rows)
        named = {row.artifact for row in found if row.artifact is not None}
        self.lost |= named - self._context.artifacts.sizes(named).keys()
        for row in found:
            if row.artifact not in self.lost:
                self._whole.setdefault((row.node, row.fingerprint), row)
