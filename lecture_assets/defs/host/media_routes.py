"""The webserver's routes for media: each by its SHA-256, and small pictures of those that can be seen.

/lectures/media/<sha256>           the bytes, or the range of them that a player requests
/lectures/media/<sha256>/preview   a thumbnail of a picture, or of a clip's first frame

Media on S3 are read through this machine's cache, so that browsers need not reach S3; with LECTURES_MEDIA_REDIRECT=1 they are
sent there, by a signed URL.
"""

from functools import partial
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lecture_assets.api.media_files import MediumResponse, is_digest, is_known, media_headers, media_type
from lecture_assets.defs.sync.metadata import MEDIA_PATH, PREVIEW
from lecture_assets.graph.errors import LectureError
from lecture_assets.runner.setup.context import Context

_YEAR = "public, max-age=31536000, immutable"


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
            if is_known(sha256, request.headers.get("if-none-match", "")):
                return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=_headers(sha256))
            if self._redirects and (url := self._artifacts.url(sha256)):
                return RedirectResponse(url, HTTPStatus.TEMPORARY_REDIRECT, {"Cache-Control": "no-store"})
        except LectureError as error:
            return _away(error)
        refused = partial(_refused, request)
        return MediumResponse(self._artifacts, sha256, _headers(sha256), refused)

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
        from lecture_assets.render.thumbnail import thumbnail  # noqa: PLC0415 - media libraries, in all processes forked from this one

        with self._artifacts.local() as local:
            path = local(sha256)
            kind = media_type(path)
            return thumbnail(path, kind) if kind.startswith(("image/", "video/")) else None

    def _has(self, sha256: str) -> bool:
        return is_digest(sha256) and self._artifacts.has(sha256)


def _refused(request: Request, error: LectureError | None) -> Response:
    return _missing(request) if error is None else _away(error)


def _away(error: LectureError) -> Response:
    return PlainTextResponse(f"{error}\n", HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "5", "Cache-Control": "no-store"})


def _missing(request: Request) -> Response:
    return PlainTextResponse(f"no medium {request.path_params['sha256'][:64]!r}\n", HTTPStatus.NOT_FOUND)


def _headers(name: str) -> dict[str, str]:
    return media_headers(name, _YEAR)
