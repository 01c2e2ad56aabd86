"""Opens a client, and watches lectures through whatever happens to the connection and to the server."""

import asyncio
import random
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from typing import TypeAlias

import httpx
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from .generated import (
    GraphQLClientGraphQLMultiError,
    LectureNodeDelayedEvent,
    LectureNodeEvent,
    LectureNodeStartedEvent,
    LectureResetEvent,
    LectureRevisionEvent,
    LectureRunEndedEvent,
    LectureRunPlannedEvent,
    LectureRunStartedEvent,
    LecturesClient,
    LectureTimelineEvent,
    LectureWithdrawnEvent,
    WatchLecture,
)
from .generated.exceptions import GraphQLClientError
from .open_types import OtherEvent

LectureEvent: TypeAlias = (
    LectureRevisionEvent
    | LectureRunStartedEvent
    | LectureRunPlannedEvent
    | LectureNodeStartedEvent
    | LectureNodeDelayedEvent
    | LectureNodeEvent
    | LectureTimelineEvent
    | LectureRunEndedEvent
    | LectureWithdrawnEvent
    | LectureResetEvent
    | OtherEvent
)
"""What happens to a lecture, with a `number` of its own."""
_PASSING = {"UNAVAILABLE", "INTERNAL_ERROR"}
"""Codes of errors after which it is worth asking again."""
_BAD_REQUEST, _FORBIDDEN, _UNAUTHORIZED = 4400, 4403, 4401
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 10.0
_TIMEOUT_S = 60.0
_SERVER_ERROR = 500


def open_client(url: str, token: str | None = None, timeout_s: float = _TIMEOUT_S) -> LecturesClient:
    """Return a client, to be used in an `async with`. url: like `http://127.0.0.1:8000/graphql`; token: an access token."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return LecturesClient(
        url=url,
        http_client=httpx.AsyncClient(headers=headers, timeout=timeout_s),
        ws_url=url.replace("http", "ws", 1),
        ws_headers=headers,
    )


@asynccontextmanager
async def watch(client: LecturesClient, lecture: str, after: int = 0) -> AsyncGenerator[AsyncGenerator[LectureEvent, None], None]:
    """Watch a lecture during an `async with`: the events after a number, each once and in order, as they come, without an end.

    It connects again whenever the connection breaks or the server is away. The iteration raises GraphQLClientGraphQLMultiError
    where the workspace has no such lecture (any more), and ConnectionClosed or InvalidStatus where the token is refused.
    """
    async with aclosing(_events(client, lecture, after)) as events:
        yield events


async def _events(client: LecturesClient, lecture: str, after: int) -> AsyncGenerator[LectureEvent, None]:
    pause_s = _FIRST_PAUSE_S
    while True:
        try:
            async with aclosing(client.watch_lecture(lecture, after)) as messages:  # type: ignore[type-var]  # it is a generator
                async for message in messages:
                    event = _event_of(message)
                    yield event
                    after, pause_s = event.number, _FIRST_PAUSE_S
        except (OSError, TimeoutError, InvalidHandshake, ConnectionClosed, GraphQLClientError) as error:
            if _is_final(error):
                raise
        await asyncio.sleep(pause_s * random.uniform(0.5, 1.0))  # noqa: S311 - so that clients do not return all at once
        pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)


def _event_of(message: WatchLecture) -> LectureEvent:
    return message.lecture_progress


def _is_final(error: Exception) -> bool:
    """Whether the same request would be answered by the same error again."""
    if isinstance(error, GraphQLClientGraphQLMultiError):
        return not all((one.extensions or {}).get("code") in _PASSING for one in error.errors)
    if isinstance(error, ConnectionClosed):
        return error.rcvd is not None and error.rcvd.code in {_BAD_REQUEST, _UNAUTHORIZED, _FORBIDDEN}
    return isinstance(error, InvalidStatus) and error.response.status_code < _SERVER_ERROR
