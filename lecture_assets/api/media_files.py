"""Media as answers over HTTP: the bytes of a file, or the range of them that a player requests; their types and ETags.

A medium never changes, so that its SHA-256 is its ETag. Nothing here decides who may see one.
"""

import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

from anyio import CancelScope
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import FileResponse, Response
from starlette.types import Message, Receive, Scope, Send

from lecture_assets.graph.errors import LectureError
from lecture_assets.store.artifacts import Artifacts, LocalFiles

_CORS = frozenset({"Access-Control-Allow-Origin"})
_HEX = frozenset("0123456789abcdef")
_SHA256 = 64
_RANGE = r"(?:[0-9]{1,18}-[0-9]{0,18}|-[0-9]{1,18})"
_RANGES = re.compile(rf"bytes=\s*{_RANGE}(?:\s*,\s*{_RANGE})*\s*", re.IGNORECASE)
_BOTH_ENDS = re.compile(r"([0-9]+)-([0-9]+)")
_MAGIC = (
    (0, b"\x89PNG", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (8, b"WEBP", "image/webp"),
    (0, b"RIFF", "audio/wav"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
)
"""The first bytes of each file type that a lecture can hold: offset, bytes, type."""


def is_digest(text: str) -> bool:
    """Whether a text is a SHA-256 in lower-case hexadecimal digits."""
    return len(text) == _SHA256 and set(text) <= _HEX


def media_type(path: Path) -> str:
    """The type of a medium, by its first bytes."""
    with path.open("rb") as file:
        head = file.read(16)
    return next((name for at, magic, name in _MAGIC if head[at : at + len(magic)] == magic), "application/octet-stream")


def media_headers(name: str, cache: str) -> dict[str, str]:
    """Return the headers of a medium. name: what its ETag is; cache: how long it may be kept."""
    return {
        "Cache-Control": cache,
        "ETag": f'"{name}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": "inline",
    }


def is_known(name: str, if_none_match: str) -> bool:
    """Whether a client that sends `If-None-Match` has a medium already."""
    return if_none_match.strip() == "*" or f'"{name}"' in if_none_match


def _is_range(text: str) -> bool:
    """Whether a `Range` is one of bytes; any other is to be ignored (RFC 9110, 14.2)."""
    if not _RANGES.fullmatch(text):
        return False
    return all(int(end) >= int(start) for start, end in _BOTH_ENDS.findall(text))


class MediumResponse(Response):
    """The bytes of a medium, held as a file until they are sent. Nothing of it blocks the event loop."""

    def __init__(
        self, artifacts: Artifacts, sha256: str, headers: Mapping[str, str], refused: Callable[[LectureError | None], Response]
    ) -> None:
        """refused: the answer if the bytes cannot be read, given why; or if they turn out to be missing or damaged."""
        super().__init__()
        self._artifacts, self._sha256, self._of_file, self._refused = artifacts, sha256, headers, refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file, or the range of it that was requested."""
        if not _is_range(Headers(scope=scope).get("range", "")):
            scope = {**scope, "headers": [header for header in scope["headers"] if header[0].lower() != b"range"]}
        async with self._held() as local:
            await (await run_in_threadpool(self._answer, local))(scope, receive, self._readable(send))

    def _readable(self, send: Send) -> Send:
        """Let the page that has the URL read a 416, too: starlette answers it without our headers."""

        async def with_origin(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                MutableHeaders(scope=message).update({name: self._of_file[name] for name in _CORS & self._of_file.keys()})
            await send(message)

        return with_origin

    @asynccontextmanager
    async def _held(self) -> AsyncIterator[LocalFiles]:
        holding = self._artifacts.local()
        local = await run_in_threadpool(holding.__enter__)
        try:
            yield local
        finally:
            with CancelScope(shield=True):  # also where the client is gone
                await run_in_threadpool(holding.__exit__, None, None, None)

    def _answer(self, local: LocalFiles) -> Response:
        try:
            path = local(self._sha256)
            return FileResponse(path, headers=self._of_file, media_type=media_type(path))
        except LectureError as error:
            return self._refused(error)
        except FileNotFoundError:
            return self._refused(None)
