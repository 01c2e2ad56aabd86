"""GET /lectures/ID/events: a lecture's progress as server-sent events, for EventSource.

What EventSource does decides the answers: it connects again where a stream ends or breaks, with the number of the last event,
and gives up on any other status than 200. So a stream ends when the server does or the lecture is deleted; the next try is then
told 404, which ends it. While the database is away, a stream that ends at once keeps a client trying.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from functools import partial
from http import HTTPStatus
from typing import Any, cast

from graphql import GraphQLSchema
from starlette.requests import Request
from starlette.responses import Response

from lecture_assets.api.errors import unexpected
from lecture_assets.api.event_stream import MEDIA_TYPE, EventStream, EventStreams
from lecture_assets.api.event_text import EventTexts
from lecture_assets.api.guard import SIGNATURE
from lecture_assets.api.http_problems import ProblemError, bad_request, no_lecture
from lecture_assets.api.http_sender import HttpSenders, storable
from lecture_assets.api.progress import ProgressSource, WatchedLecture, watched_lecture
from lecture_assets.api.signed_urls import EVENTS
from lecture_assets.graph.errors import UnknownLectureError

_MOST = 2**31 - 1
"""The highest number of an event that the database can hold."""
_GONE = b'event: deleted\ndata: {"message":"the lecture was deleted"}\n\n'


class EventsEndpoint:
    """Serves the events of lectures."""

    def __init__(self, schema: GraphQLSchema, senders: HttpSenders, source: ProgressSource, streams: EventStreams) -> None:
        """senders: knows who asks; source: of the events; streams: ends them."""
        self._senders, self._source, self._streams = senders, source, streams
        self._texts = EventTexts(schema)

    async def __call__(self, request: Request) -> Response:
        """Begin one stream, or refuse it."""
        after = _after(request)
        try:
            watched = await self._senders.run(partial(self._watched, request))
        except ProblemError as problem:
            if problem.status == HTTPStatus.SERVICE_UNAVAILABLE and MEDIA_TYPE in request.headers.get("accept", ""):
                return EventStream(self._streams, _nothing(), _cors(request))
            raise
        return EventStream(self._streams, self._follow(watched, after), _cors(request))

    def _watched(self, request: Request) -> WatchedLecture:
        lecture = storable(request.path_params["lecture"])
        found = watched_lecture(self._senders.of_url(request, EVENTS, lecture).lectures, lecture)
        if found is None:
            raise no_lecture(lecture)
        return found

    async def _follow(self, watched: WatchedLecture, after: int) -> AsyncGenerator[bytes, None]:
        pages = cast("AsyncGenerator[Sequence[Mapping[str, Any]], None]", self._source.pages(watched.key, after))
        async with aclosing(pages):
            try:
                async for page in pages:
                    yield self._texts.of(watched, page)
            except UnknownLectureError:
                yield _GONE
            except Exception as error:  # noqa: BLE001 - the log has it; the client connects again
                unexpected(error)


async def _nothing() -> AsyncGenerator[bytes, None]:
    """Yield no event."""
    texts: list[bytes] = []
    for text in texts:
        yield text


def _after(request: Request) -> int:
    """Return the number of the last event that the client knows. What it says as it connects again counts more."""
    text = request.headers.get("last-event-id") or request.query_params.get("after") or "0"
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(_MOST)) and int(text) <= _MOST):
        sentence = f"after, Last-Event-ID: allowed is the number of an event, from 0 to {_MOST}"
        raise bad_request(sentence)
    return int(text)


def _cors(request: Request) -> dict[str, str]:
    """Whoever has a signed URL may read it, wherever their page is from."""
    return {"Access-Control-Allow-Origin": "*"} if SIGNATURE in request.query_params else {}
