"""The vendor's purchase journal, in a file outside the process that is appended to and never rewritten.

A call is bought once its line, including the newline, is in the file. Any number of processes may buy at once: each appends its
line with one write while holding the file's lock. An incomplete last line (its writer was killed, or the disk was full) is not a
purchase, and the next writer removes it. The file is not synced: it survives the death of a process, not of the machine.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

_LONGEST_TAIL = 65_536
"""Upper bound on a line in bytes; how far back an incomplete one is looked for."""


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One purchase.

    submitted_at: seconds since 1970
    fault:        the failure that was injected into it, if any
    """

    id: str
    attempt: str
    key: str
    role: str
    model: str
    cost_usd_micros: int
    submitted_at: float
    pid: int
    fault: str | None = None


class PurchaseJournal:
    """One journal file. Entries are kept once read, and only what was appended since is read again."""

    def __init__(self, path: Path) -> None:
        """`path` and its folder are created at the first purchase."""
        self.path = path
        self._offset = 0
        self._by_id: dict[str, JournalEntry] = {}
        self._by_attempt: dict[str, JournalEntry] = {}

    def append(self, entry: JournalEntry) -> None:
        """Record a purchase. OSError if it could not be written completely; then nothing was bought."""
        line = json.dumps(asdict(entry), separators=(",", ":")).encode() + b"\n"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._locked() as journal:
            _drop_torn_line(journal)
            if os.write(journal, line) != len(line):
                _drop_torn_line(journal)
                message = f"{self.path}: no space for a line of {len(line)} bytes"
                raise OSError(message)

    def bought(self, provider_id: str) -> JournalEntry | None:
        """Return the purchase with this id."""
        if provider_id not in self._by_id:
            self._read_on()
        return self._by_id.get(provider_id)

    def find(self, attempt: str) -> JournalEntry | None:
        """Return the first purchase with this attempt id."""
        if attempt not in self._by_attempt:
            self._read_on()
        return self._by_attempt.get(attempt)

    def entries(self) -> tuple[JournalEntry, ...]:
        """Return every purchase so far, in the order of the file."""
        self._read_on()
        return tuple(self._by_id.values())

    @contextmanager
    def _locked(self) -> Iterator[int]:
        journal = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(journal, fcntl.LOCK_EX)
            yield journal
        finally:
            os.close(journal)

    def _read_on(self) -> None:
        """Read the lines that were completed since the last time."""
        try:
            with self.path.open("rb") as journal:
                journal.seek(self._offset)
                added = journal.read()
        except FileNotFoundError:
            return
        finished = added[: added.rfind(b"\n") + 1]
        self._offset += len(finished)
        for line in finished.splitlines():
            self._take_in(line)

    def _take_in(self, line: bytes) -> None:
        try:
            entry = JournalEntry(**json.loads(line))
        except (ValueError, TypeError):
            return  # not one of our lines: only what can be read back is a purchase
        self._by_id.setdefault(entry.id, entry)
        self._by_attempt.setdefault(entry.attempt, entry)


def _drop_torn_line(journal: int) -> None:
    """Cut off whatever follows the last newline. It was never read: readers stop at the last newline too."""
    size = os.fstat(journal).st_size
    tail = os.pread(journal, min(size, _LONGEST_TAIL), max(0, size - _LONGEST_TAIL))
    if tail and not tail.endswith(b"\n"):
        os.ftruncate(journal, size - len(tail) + tail.rfind(b"\n") + 1)
