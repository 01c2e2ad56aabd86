"""The webserver's routes for media: each by its SHA-256, and small pictures of those that can be seen.

/lectures/media/<sha256>           the bytes, or the range of them that a player requests
/lectures/media/<sha256>/preview   a thumbnail of a picture, or of a clip's first frame

Media on S3 are read through this machine's cache, so that browsers need not reach S3; with LECTURES_MEDIA_REDIRECT=1 they are
sent there, by a signed URL.
"""

from http import HTTPStatus
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from lecture_assets.defs.sync.metadata import MEDIA_PATH, PREVIEW
from lecture_assets.graph.errors import LectureError
from lecture_assets.render.thumbnail import thumbnail
from lecture_assets.runner.setup.context import Context
from lecture_assets.store.artifacts import Artifacts, LocalFiles

_HEX = frozenset("0123456789abcdef")
_SHA256 = 64
_YEAR = "public, max-age=31536000, immutable"
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


class MediaRoutes:
    """Serves media from the store. They never change, so browsers cache them."""

    def __init__(self, context: Context) -> None:
        """context: of the lectures."""
        self._artifacts, self._redirects = context.artifacts, context.media_redirect

    def routes(self) -> list[BaseRoute]:
        """The routes; the last one catches what looks like one of them."""
        methods = ["GET", "HEAD"]
        return [
            Route(f"{MEDIA_PATH}/{{sha256:str}}", self._medium, methods=methods),
            Route(f"{MEDIA_PATH}/{{sha256:str}}/{PREVIEW}", self._preview, methods=methods),
            Route(f"{MEDIA_PATH}/{{sha256:path}}", _missing),
        ]

    def _medium(self, request: Request) -> Response:
        sha256 = request.path_params["sha256"]
        try:
            if not self._has(sha256):
                return _missing(request)
            if _tag(sha256) in request.headers.get("if-none-match", ""):
                return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=_headers(sha256))
            if self._redirects and (url := self._artifacts.url(sha256)):
                return RedirectResponse(url, HTTPStatus.TEMPORARY_REDIRECT, {"Cache-Control": "no-store"})
        except LectureError as error:
            return _away(error)
        return _MediumResponse(self._artifacts, sha256, _missing(request))

    def _preview(self, request: Request) -> Response:
        sha256 = request.path_params["sha256"]
        try:
            small = self._thumbnail(sha256) if self._has(sha256) else None
        except LectureError as error:
            return _away(error)
        except OSError:
            small = None
        if small is None:
            return _missing(request)
        return Response(small, headers=_headers(f"{sha256}-{PREVIEW}"), media_type="image/jpeg")

    def _thumbnail(self, sha256: str) -> bytes | None:
        with self._artifacts.local() as local:
            path = local(sha256)
            kind = media_type(path)
            return thumbnail(path, kind) if kind.startswith(("image/", "video/")) else None

    def _has(self, sha256: str) -> bool:
        return len(sha256) == _SHA256 and set(sha256) <= _HEX and self._artifacts.has(sha256)


class _MediumResponse(Response):
    """The bytes of a medium, held as a file until they are sent."""

    def __init__(self, artifacts: Artifacts, sha256: str, missing: Response) -> None:
        """missing: what is answered if the bytes turn out to be missing or damaged."""
        super().__init__()
        self._artifacts, self._sha256, self._missing = artifacts, sha256, missing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file, or the range of it that was requested."""
        with self._artifacts.local() as local:
            await (await run_in_threadpool(self._answer, local))(scope, receive, send)

    def _answer(self, local: LocalFiles) -> Response:
        try:
            path = local(self._sha256)
            return FileResponse(path, headers=_headers(self._sha256), media_type=media_type(path))
        except LectureError as error:
            return _away(error)
        except FileNotFoundError:
            return self._missing


def _away(error: LectureError) -> Response:
    return PlainTextResponse(f"{error}\n", HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "5", "Cache-Control": "no-store"})


def _missing(request: Request) -> Response:
    return PlainTextResponse(f"no medium {request.path_params['sha256'][:_SHA256]!r}\n", HTTPStatus.NOT_FOUND)


def _headers(name: str) -> dict[str, str]:
    return {
        "Cache-Control": _YEAR,
        "ETag": _tag(name),
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": "inline",
    }


def _tag(name: str) -> str:
    return f'"{name}"'


def media_type(path: Path) -> str:
    """The type of a medium, by its first bytes."""
    with path.open("rb") as file:
        head = file.read(16)
    return next((name for at, magic, name in _MAGIC if head[at : at + len(magic)] == magic), "application/octet-stream")
