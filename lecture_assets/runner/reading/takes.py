"""The takes of a lecture as one reading sees them: the counting ones at once, the others of a node when it is asked for them.

So a lecture of thousands of edits is planned as fast as a new one: only what is stale looks at what it was before.
"""

from collections.abc import Iterable

from sqlalchemy import Connection

from lecture_assets.graph.staleness import Record
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import records
from lecture_assets.store.records import TakeRow


class StoredTakes:
    """One reading.

    counting: the take that counts, by node      lost: SHA-256 of media, of those that were looked at, whose bytes are gone
    """

    def __init__(self, context: Context, connection: Connection, lecture: str) -> None:
        """Read the counting takes, and which nodes have others."""
        self._context, self._lecture = context, lecture
        self.counting = {row.node: row for row in records.load_counting(connection, lecture)}
        numbers = records.count_takes(connection, lecture)
        self._unread = {node for node, number in numbers.items() if number > (node in self.counting)}
        self._whole: dict[tuple[str, str], TakeRow] = {}
        self.lost: set[str] = set()
        self._take_in(self.counting.values())

    def find(self, node: str, fingerprint: str) -> TakeRow | None:
        """The take of a node that answers a fingerprint, with its bytes there."""
        if node in self._unread:
            self._unread.discard(node)
            with self._context.database.read() as connection:
                self._take_in(records.load_takes(connection, self._lecture, node))
        return self._whole.get((node, fingerprint))

    def get(self, key: tuple[str, str]) -> str | None:
        """The version of that take, by (node, fingerprint), as staleness asks for it."""
        row = self.find(*key)
        return row.version if row else None

    def add(self, row: TakeRow) -> None:
        """A take that was written since."""
        self._whole[row.node, row.fingerprint] = row

    def record_of(self, row: TakeRow) -> Record:
        """A take as staleness sees it."""
        return Record(row.version, row.fingerprint, row.recipe, lost=row.artifact if row.artifact in self.lost else None)

    def _take_in(self, rows: Iterable[TakeRow]) -> None:
        for row in rows:
            if row.artifact is None or self._is_there(row.artifact):
                self._whole.setdefault((row.node, row.fingerprint), row)

    def _is_there(self, artifact: str) -> bool:
        if not self._context.artifacts.has(artifact):
            self.lost.add(artifact)
        return artifact not in self.lost
