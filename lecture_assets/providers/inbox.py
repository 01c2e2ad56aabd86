"""Replies that a vendor gives only once, kept on disk before anybody is told of them, by our attempt id.

So a process that dies between the reply and its use loses nothing: the next one finds it here. Nothing is kept for good: what
is older than a day was used, or belongs to nobody.
"""

import json
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lecture_assets.graph.fingerprint import Json

_KEPT_S = 24 * 3600.0
LARGEST = 256 * 2**20
"""Bytes of a reply. Half an hour of speech as WAV has a third of it."""


class TooLargeError(Exception):
    """A reply that goes on after so many bytes."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A reply that is here. about: what is known of it beside its bytes."""

    path: Path
    about: dict[str, Json]


class Inbox:
    """A folder of replies; any number of processes may share it."""

    def __init__(self, folder: Path) -> None:
        """`folder` is made when the first reply comes."""
        self._folder = folder
        self._tidied = False

    def find(self, attempt: str) -> Letter | None:
        """The reply to this attempt; None where there is none, or not the whole of it."""
        path = self._folder / attempt
        try:
            about: dict[str, Any] = json.loads(path.with_suffix(".json").read_text("utf-8"))
        except FileNotFoundError:
            return None
        return Letter(path, about)

    async def keep(self, attempt: str, parts: AsyncIterator[bytes], about: dict[str, Json]) -> Letter:
        """Write a reply down, its bytes first; it is here once what is known of it is.

        OSError where there is no room, TooLargeError where it goes on after `LARGEST` bytes.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        self._tidy()
        path = self._folder / attempt
        handle, name = tempfile.mkstemp(dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as file:
                async for part in _bounded(parts):
                    file.write(part)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)  # noqa: ASYNC240 - a rename
        except BaseException:
            Path(name).unlink(missing_ok=True)  # noqa: ASYNC240 - the same
            raise
        self._write(path.with_suffix(".json"), json.dumps(about).encode())
        return Letter(path, about)

    def copy(self, letter: Letter, folder: Path, suffix: str) -> Path:
        """The bytes as a file that may be moved away; on one disk it takes no room of its own."""
        handle, name = tempfile.mkstemp(dir=folder, suffix=suffix)
        os.close(handle)
        target = Path(name)
        target.unlink()
        try:
            os.link(letter.path, target)
        except OSError:
            shutil.copyfile(letter.path, target)
        return target

    def _write(self, path: Path, content: bytes) -> None:
        handle, name = tempfile.mkstemp(dir=self._folder)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)

    def _tidy(self) -> None:
        """Once a process: away with what is old."""
        if self._tidied:
            return
        self._tidied = True
        before = time.time() - _KEPT_S
        for path in self._folder.iterdir():
            with suppress(FileNotFoundError):  # another process tidies, too
                if path.stat().st_mtime < before:
                    path.unlink()


async def _bounded(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    size = 0
    async for part in parts:
        size += len(part)
        if size > LARGEST:
            raise TooLargeError
        yield part
