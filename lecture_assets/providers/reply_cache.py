"""Replies that a vendor gives only once, stored on disk under our attempt id before anything else happens.

    reserve ─ disk space, before the call is sent ──► keep ─ the reply, written into it ──► find ──► forget
                                                        └─ and a copy where other machines find it (`ports.ReplyStore`)

A process that dies between receiving a reply and using it loses nothing: the next one finds the reply here, whatever the clock
says. If the disk is full after all, the reply is held in memory and written once there is space.
"""

import asyncio
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lecture_assets.graph.errors import LectureError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.ports import Call, Delayed, ReplyStore, ignore_delay
from lecture_assets.providers.reserved_files import SUFFIX, empty_file, fill, opened, replace, reserved_file, write_all

_RESERVATION_KEPT_S = 24 * 3600.0
"""A reservation unused this long belongs to a process that was killed. If that process is alive after all, it recreates it."""
LARGEST = 256 * 2**20
"""Largest reply in bytes. Half an hour of speech as WAV is a third of it."""
LEAST_RESERVED = 2**20
"""Smallest reservation in bytes."""
_NOTE_RESERVED = 2**14
RETRY_S = 1.0
"""Delay before a reply in memory is written again; later attempts wait longer."""
_LONGEST_RETRY_S, _GIVEN_UP_AFTER_S = 15.0, 300.0


class TooLargeError(Exception):
    """A reply that exceeds the limit in bytes."""


class NoRoomError(Exception):
    """A reply that arrived and could not be stored before we gave up: it is lost, and known to be paid for."""


@dataclass(frozen=True, slots=True)
class CachedReply:
    """A reply on disk. about: facts about it that are not in its bytes."""

    path: Path
    about: dict[str, Json]


@dataclass(frozen=True, slots=True)
class _Reservation:
    """A reservation: two empty files, for the bytes of a reply and for the facts about it."""

    content: Path
    note: Path
    delayed: Delayed = ignore_delay

    def release(self) -> None:
        """Delete the files."""
        self.content.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)


@dataclass(slots=True)
class _Reply:
    """A reply as it arrives: in its file as long as there is space, the rest in memory."""

    file: Path
    held: list[bytes] = field(default_factory=list)
    written: int = 0
    trouble: OSError | None = None

    async def take(self, parts: AsyncIterator[bytes]) -> None:
        """Receive all of it, whatever the disk does."""
        with opened(self.file) as file:
            async for part in _bounded(parts):
                self._put(file, part)

    def _put(self, file: Any, part: bytes) -> None:
        if self.trouble is None:
            try:
                self.written += write_all(file, part)
            except OSError as error:
                self.trouble = error
                with suppress(OSError):
                    file.truncate(self.written)
            else:
                return
        self.held.append(part)

    @property
    def size(self) -> int:
        """Bytes received."""
        return self.written + sum(map(len, self.held))

    def finish(self) -> str:
        """Append what is in memory, flush to disk and return the SHA-256. OSError if there is no space."""
        with opened(self.file) as file:
            file.seek(self.written)
            for part in self.held:
                write_all(file, part)
            file.truncate()
            os.fsync(file.fileno())
            file.seek(0)
            return hashlib.file_digest(file, "sha256").hexdigest()


class ReplyCache:
    """A folder of replies, which any number of processes may share."""

    def __init__(self, folder: Path, store: ReplyStore | None = None) -> None:
        """Remember where replies are kept.

        folder: on this machine; it is created when the first reply is expected
        store:  where other machines find them; None if there are none
        """
        self._folder, self._store = folder, store
        self._tidied = False
        self._reservations: dict[str, _Reservation] = {}

    async def find(self, call: Call) -> CachedReply | None:
        """Return the reply to this attempt, of whatever machine; None if there is none, or if it is damaged."""
        cached = self._on_this_machine(call.attempt)
        return await asyncio.to_thread(self._fetch, self._store, call) if cached is None and self._store else cached

    def _fetch(self, store: ReplyStore, call: Call) -> CachedReply | None:
        self._folder.mkdir(parents=True, exist_ok=True)
        content = empty_file(self._folder)
        try:
            about = store.find(call, content)
            if about is None:
                return None
            with content.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            fill(note := empty_file(self._folder), json.dumps({**about, _SHA256: sha256}).encode())
            self._put_in_place(call.attempt, content, note)
        finally:
            content.unlink(missing_ok=True)
        return CachedReply(self._folder / call.attempt, about)

    def _on_this_machine(self, attempt: str) -> CachedReply | None:
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
        """Reserve disk space for a reply. OSError if there is not enough.

        delayed: called if a reply has to wait for space nevertheless
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        self._tidy()
        self.release(attempt)
        content = reserved_file(self._folder, max(size, LEAST_RESERVED))
        try:
            self._reservations[attempt] = _Reservation(content, reserved_file(self._folder, _NOTE_RESERVED), delayed)
        except OSError:
            content.unlink(missing_ok=True)
            raise

    def release(self, attempt: str) -> None:
        """Release the reservation of a reply that will not come."""
        reserved = self._reservations.pop(attempt, None)
        if reserved is not None:
            reserved.release()

    def release_all(self) -> None:
        """Release all reservations."""
        for attempt in list(self._reservations):
            self.release(attempt)

    async def keep(self, call: Call, parts: AsyncIterator[bytes], about: dict[str, Json]) -> CachedReply:
        """Store a reply, its bytes first; it counts as stored once the facts about it are. Then other machines find it, too.

        If the disk is full, wait for space; NoRoomError after five minutes. TooLargeError if the reply exceeds `LARGEST` bytes.
        """
        cached = await self._keep(call.attempt, parts, about)
        if self._store is not None:
            try:
                await asyncio.to_thread(self._store.keep, call, cached.path, about)
            except LectureError as error:
                call.delayed(0.0, f"only this machine has the reply: {error}")
        return cached

    async def _keep(self, attempt: str, parts: AsyncIterator[bytes], about: dict[str, Json]) -> CachedReply:
        self._folder.mkdir(parents=True, exist_ok=True)
        reserved = self._reservations.pop(attempt, None) or _Reservation(empty_file(self._folder), empty_file(self._folder))
        reply = _Reply(reserved.content)
        try:
            await reply.take(parts)
            await self._finish(attempt, reply, reserved, about)
        except BaseException:
            reserved.release()
            raise
        return CachedReply(self._folder / attempt, about)

    async def _finish(self, attempt: str, reply: _Reply, reserved: _Reservation, about: dict[str, Json]) -> None:
        pause, ends = RETRY_S, time.monotonic() + _GIVEN_UP_AFTER_S
        while True:
            try:
                sha256 = reply.finish()
                fill(reserved.note, json.dumps({**about, _SHA256: sha256}).encode())
            except OSError as error:
                why = f"no disk space for a reply of {reply.size:,} bytes in {self._folder} ({error.strerror})"
                if time.monotonic() > ends:
                    raise NoRoomError(why) from error
                reserved.delayed(pause, f"{why}; it is held in memory: free some space")
            else:
                break
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_RETRY_S)
        self._put_in_place(attempt, reserved.content, reserved.note)

    def _put_in_place(self, attempt: str, content: Path, note: Path) -> None:
        replace(content, self._folder / attempt)
        replace(note, self._folder / f"{attempt}.json")

    def forget(self, attempt: str) -> None:
        """Delete a reply that is now stored elsewhere."""
        for path in (self._folder / f"{attempt}.json", self._folder / attempt):
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def copy(self, cached: CachedReply, folder: Path, suffix: str) -> Path:
        """Copy the bytes to a file that may be moved away. On the same disk it takes no additional space."""
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
        """Delete old reservations, once per process. Replies stay: only the ledger knows whether one is still needed."""
        if self._tidied:
            return
        self._tidied = True
        before = time.time() - _RESERVATION_KEPT_S
        for path in self._folder.glob(f"*{SUFFIX}"):
            with suppress(OSError):  # another process may be deleting them as well
                if path.stat().st_mtime < before:
                    path.unlink()


_SHA256 = "sha256"


async def _bounded(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    size = 0
    async for part in parts:
        size += len(part)
        if size > LARGEST:
            raise TooLargeError
        yield part
