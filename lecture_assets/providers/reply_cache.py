"""Replies that a vendor gives only once, kept on disk before anybody is told of them, by our attempt id.

    reserve ─ room on the disk, before the call is sent ──► keep ─ the reply, written into it ──► find ──► forget

So a process that dies between the reply and its use loses nothing: the next one finds it here, whatever the clock says. A reply
that has no room all the same is held in memory, and written down once somebody made some.
"""

import asyncio
import errno
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from typing import Any

from lecture_assets.graph.fingerprint import Json
from lecture_assets.ports import Delayed, ignore_delay

_ROOM_KEPT_S = 24 * 3600.0
"""Room that nobody wrote into belongs to a process that was killed. One that is alive after all makes its files anew."""
LARGEST = 256 * 2**20
"""Bytes of a reply. Half an hour of speech as WAV has a third of it."""
LEAST_ROOM = 2**20
"""Bytes that are reserved at least."""
_NOTE_ROOM = 2**14
RETRY_S = 1.0
"""A reply in memory is written again so soon, and then less often."""
_LONGEST_RETRY_S, _GIVEN_UP_AFTER_S = 15.0, 300.0
_NO_FALLOCATE = {errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}


class TooLargeError(Exception):
    """A reply that goes on after so many bytes."""


class NoRoomError(Exception):
    """A reply that came, and found no room until it was given up: it is lost, and known to be paid."""


@dataclass(frozen=True, slots=True)
class CachedReply:
    """A reply that is here. about: what is known of it beside its bytes."""

    path: Path
    about: dict[str, Json]


@dataclass(frozen=True, slots=True)
class _Room:
    """Two files with nothing in them yet, for the bytes of a reply and for what is known of it."""

    content: Path
    note: Path
    delayed: Delayed = ignore_delay

    def release(self) -> None:
        """Give back what was not used."""
        self.content.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)


@dataclass(slots=True)
class _Reply:
    """A reply as it comes: in its file as far as there is room, the rest in memory."""

    file: Path
    held: list[bytes] = field(default_factory=list)
    written: int = 0
    trouble: OSError | None = None

    async def take(self, parts: AsyncIterator[bytes]) -> None:
        """All of it, whatever the disk says."""
        with _opened(self.file) as file:
            async for part in _bounded(parts):
                self._put(file, part)

    def _put(self, file: Any, part: bytes) -> None:
        if self.trouble is None:
            try:
                self.written += _write_all(file, part)
            except OSError as error:
                self.trouble = error
                with suppress(OSError):
                    file.truncate(self.written)
            else:
                return
        self.held.append(part)

    @property
    def size(self) -> int:
        """Bytes."""
        return self.written + sum(map(len, self.held))

    def finish(self) -> str:
        """What is in memory behind what is in the file, and both to the disk; the SHA-256. OSError where there is no room."""
        with _opened(self.file) as file:
            file.seek(self.written)
            for part in self.held:
                _write_all(file, part)
            file.truncate()
            os.fsync(file.fileno())
            file.seek(0)
            return hashlib.file_digest(file, "sha256").hexdigest()


class ReplyCache:
    """A folder of replies; any number of processes may share it."""

    def __init__(self, folder: Path) -> None:
        """`folder` is made when the first reply is expected."""
        self._folder = folder
        self._tidied = False
        self._rooms: dict[str, _Room] = {}

    def find(self, attempt: str) -> CachedReply | None:
        """The reply to this attempt; None where there is none, or not as it was kept."""
        path = self._folder / attempt
        try:
            about: Any = json.loads(path.with_suffix(".json").read_bytes())
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except (OSError, ValueError, RecursionError):
            return None
        is_whole = isinstance(about, dict) and about.get(_SHA256, found) == found
        return CachedReply(path, about) if is_whole else None

    def reserve(self, attempt: str, size: int, delayed: Delayed = ignore_delay) -> None:
        """Room for a reply of so many bytes. OSError where there is none.

        delayed: is told where a reply has to wait for room all the same
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        self._tidy()
        self.release(attempt)
        content = _reserved(self._folder, max(size, LEAST_ROOM))
        try:
            self._rooms[attempt] = _Room(content, _reserved(self._folder, _NOTE_ROOM), delayed)
        except OSError:
            content.unlink(missing_ok=True)
            raise

    def release(self, attempt: str) -> None:
        """Give back the room of a reply that does not come."""
        room = self._rooms.pop(attempt, None)
        if room is not None:
            room.release()

    def release_all(self) -> None:
        """Give back all rooms."""
        for attempt in list(self._rooms):
            self.release(attempt)

    async def keep(self, attempt: str, parts: AsyncIterator[bytes], about: dict[str, Json]) -> CachedReply:
        """Write a reply down, its bytes first; it is here once what is known of it is.

        A reply without room waits for some, five minutes at most: then NoRoomError. TooLargeError where it goes on after
        `LARGEST` bytes.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        room = self._rooms.pop(attempt, None) or _Room(_empty(self._folder), _empty(self._folder))
        reply = _Reply(room.content)
        try:
            await reply.take(parts)
            await self._finish(attempt, reply, room, about)
        except BaseException:
            room.release()
            raise
        return CachedReply(self._folder / attempt, about)

    async def _finish(self, attempt: str, reply: _Reply, room: _Room, about: dict[str, Json]) -> None:
        pause, ends = RETRY_S, time.monotonic() + _GIVEN_UP_AFTER_S
        while True:
            try:
                sha256 = reply.finish()
                _fill(room.note, json.dumps({**about, _SHA256: sha256}).encode())
            except OSError as error:
                why = f"no room for a reply of {reply.size:,} bytes in {self._folder} ({error.strerror})"
                if time.monotonic() > ends:
                    raise NoRoomError(why) from error
                room.delayed(pause, f"{why}; it is held in memory: make room")
            else:
                break
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_RETRY_S)
        for source, target in ((room.content, self._folder / attempt), (room.note, self._folder / f"{attempt}.json")):
            _put_in_place(source, target)

    def forget(self, attempt: str) -> None:
        """The reply is kept elsewhere."""
        for path in (self._folder / f"{attempt}.json", self._folder / attempt):
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def copy(self, cached: CachedReply, folder: Path, suffix: str) -> Path:
        """The bytes as a file that may be moved away; on one disk it takes no room of its own."""
        handle, name = tempfile.mkstemp(dir=folder, suffix=suffix)
        os.close(handle)
        target = Path(name)
        target.unlink()
        try:
            os.link(cached.path, target)
        except OSError:
            shutil.copyfile(cached.path, target)
        return target

    def _tidy(self) -> None:
        """Once a process: away with old rooms. Replies stay: whether one is of use yet, is the ledger's to say."""
        if self._tidied:
            return
        self._tidied = True
        before = time.time() - _ROOM_KEPT_S
        for path in self._folder.glob(f"*{_ROOM}"):
            with suppress(OSError):  # another process tidies, too
                if path.stat().st_mtime < before:
                    path.unlink()


_ROOM, _SHA256 = ".room", "sha256"


def _empty(folder: Path) -> Path:
    handle, name = tempfile.mkstemp(dir=folder, suffix=_ROOM)
    os.close(handle)
    return Path(name)


def _reserved(folder: Path, size: int) -> Path:
    """A file of so many bytes that the disk has set aside; written where the file system cannot do otherwise."""
    path = _empty(folder)
    try:
        with path.open("r+b", buffering=0) as file:
            try:
                os.posix_fallocate(file.fileno(), 0, size)
            except (AttributeError, OSError) as error:
                if isinstance(error, OSError) and error.errno not in _NO_FALLOCATE:
                    raise
                _write_all(file, bytes(size))
                os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return path


def _opened(path: Path) -> FileIO:
    """A room to write into; made again where somebody took it for a dead process's."""
    return FileIO(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+")


def _fill(path: Path, content: bytes) -> None:
    with _opened(path) as file:
        _write_all(file, content)
        file.truncate()
        os.fsync(file.fileno())


def _write_all(file: Any, content: bytes) -> int:
    """Bytes to an unbuffered file, which may take a part at a time."""
    left = memoryview(content)
    while left:
        left = left[file.write(left) :]
    return len(content)


def _put_in_place(source: Path, target: Path) -> None:
    """Also where a folder stands in the way, as only damage puts one there."""
    if target.is_dir() and not target.is_symlink():
        shutil.rmtree(target, ignore_errors=True)
    source.replace(target)


async def _bounded(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    size = 0
    async for part in parts:
        size += len(part)
        if size > LARGEST:
            raise TooLargeError
        yield part
