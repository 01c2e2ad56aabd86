"""GET /api/media/SHA256: the bytes of a medium that the sender's workspace has, or the range of them that a player requests.

Media on S3 are read through this machine's cache, so that browsers need not reach S3; with LECTURES_MEDIA_REDIRECT=1 they are
sent there, by a signed URL.
"""

from functools import partial
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lecture_assets.api.access import Principal
from lecture_assets.api.guard import SIGNATURE
from lecture_assets.api.http_problems import ProblemError, of_cause
from lecture_assets.api.http_sender import HttpSenders
from lecture_assets.api.media_files import MediumResponse, is_digest, is_known, media_headers
from lecture_assets.api.request import ApiRequest, current_request, serving_request
from lecture_assets.api.signed_urls import MEDIA
from lecture_assets.graph.errors import LectureError
from lecture_assets.store import workspace_media


class MediaEndpoint:
    """Serves media. A signed URL is enough: it was made for somebody who sees the medium."""

    def __init__(self, senders: HttpSenders) -> None:
        """senders: knows who asks."""
        self._senders = senders

    async def __call__(self, request: Request) -> Response:
        """Answer one request."""
        return await self._senders.run(partial(self._answer, request))

    def _answer(self, request: Request) -> Response:
        sha256: str = request.path_params["sha256"]
        if not is_digest(sha256):
            self._senders.of_token(request)
            raise _no_medium()
        sender = self._senders.of_url(request, MEDIA, sha256)
        is_signed = SIGNATURE in request.query_params
        with serving_request(sender.lectures, sender.role):
            found = current_request()
            if not is_signed and not _is_own(found, sha256):
                raise _no_medium()
            kept_s = int(request.query_params["expires"]) - int(found.context.store_time(found.connection)) if is_signed else 0
        return _found(request, sender, sha256, kept_s)


def _found(request: Request, sender: Principal, sha256: str, kept_s: int) -> Response:
    """Return the answer for a medium that the sender may see. kept_s: how long a browser may keep it without asking."""
    context = sender.lectures.context
    headers = media_headers(sha256, f"private, max-age={kept_s}, immutable" if kept_s else "private, no-cache")
    if kept_s:
        headers["Access-Control-Allow-Origin"] = "*"  # whoever has the URL may read it, wherever their page is from
    if not context.artifacts.has(sha256):
        raise _no_medium()
    if is_known(sha256, request.headers.get("if-none-match", "")):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    if context.media_redirect and (url := context.artifacts.url(sha256)):
        cors = {name: value for name, value in headers.items() if name == "Access-Control-Allow-Origin"}
        return RedirectResponse(url, HTTPStatus.TEMPORARY_REDIRECT, {"Cache-Control": "no-store", **cors})
    return MediumResponse(context.artifacts, sha256, headers, _refused)


def _is_own(found: ApiRequest, sha256: str) -> bool:
    context = found.context
    return workspace_media.has(found.connection, context.workspace, sha256, context.store_time(found.connection))


def _refused(error: LectureError | None) -> Response:
    return (_no_medium() if error is None else of_cause(error)).response


def _no_medium() -> ProblemError:
    """Return the problem of a medium that the workspace does not have, whether another one has it or not."""
    return ProblemError(HTTPStatus.NOT_FOUND, "MEDIUM_NOT_FOUND", "there is no such medium")
