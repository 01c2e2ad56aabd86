"""GET /api/lectures/ID/timeline: the timeline as it was published, with the URLs of its media, for a client that follows events.

`base` is what the next patch applies to, `number` the event to go on after. A lecture without a published timeline has one with
gaps instead, and no base.
"""

import json
from functools import partial
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from lecture_assets.api.http_problems import no_lecture
from lecture_assets.api.http_sender import HttpSenders, storable
from lecture_assets.api.lecture_view import LectureView, find_lecture
from lecture_assets.api.media_files import is_known
from lecture_assets.api.request import current_request, serving_request
from lecture_assets.api.signed_urls import signer
from lecture_assets.graph.kind import Holds
from lecture_assets.graph.lecture import KINDS
from lecture_assets.runner.reading.draft import draft_timeline
from lecture_assets.store import progress, records
from lecture_assets.timeline.export import media_names

(_TIMELINE,) = (kind.name for kind in KINDS.values() if kind.holds is Holds.TIMELINE)


class TimelineEndpoint:
    """Serves timelines."""

    def __init__(self, senders: HttpSenders) -> None:
        """senders: knows who asks."""
        self._senders = senders

    async def __call__(self, request: Request) -> Response:
        """Answer one request."""
        return await self._senders.run(partial(self._answer, request))

    def _answer(self, request: Request) -> Response:
        name, sender = storable(request.path_params["lecture"]), self._senders.of_token(request)
        with serving_request(sender.lectures, sender.role):
            lecture = find_lecture(current_request(), name)
            if lecture is None:
                raise no_lecture(name)
            connection, urls = lecture.request.connection, signer(lecture.request)
            number = progress.newest(connection, [lecture.key])[lecture.key]
            take = records.counting_take(connection, lecture.key, _TIMELINE)
            tag = f"{number}-{take or 0}-{urls.expires}"
            headers = {"ETag": f'"{tag}"', "Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}
            if is_known(tag, request.headers.get("if-none-match", "")):
                return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
            base, timeline = _timeline(lecture, take)
            media = {sha256: urls.medium(sha256) for sha256 in media_names(timeline)}
        document = {"number": number, "version": lecture.version, "base": base, "timeline": timeline, "media": media}
        return Response(
            json.dumps(document, ensure_ascii=False, separators=(",", ":")), HTTPStatus.OK, headers, "application/json"
        )


def _timeline(lecture: LectureView, take: int | None) -> tuple[str | None, Any]:
    """Return the version of the published timeline, and it; of a lecture that has none, what can be played of it."""
    connection = lecture.request.connection
    if take is None:
        return None, draft_timeline(lecture.snapshot, connection)
    return records.takes_by_number(connection, lecture.key, _TIMELINE, [take])[take]
