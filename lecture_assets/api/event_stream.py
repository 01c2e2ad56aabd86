"""Server-sent events: an answer that goes on until its source, its client or the server ends.

Nothing is queued: the next event is asked for once the client has taken the last one. While nothing happens, a comment tells
proxies and the client that the connection lives.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, suppress
from http import HTTPStatus

from anyio import create_task_group
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

MEDIA_TYPE = "text/event-stream"
HEARTBEAT_S = 15.0
"""Less than any proxy's patience: nginx has 60 s."""
RETRY_MS = 3000
"""How long a client waits before it connects again."""
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Accel-Buffering": "no"}


class EventStreams:
    """The streams of a server, which end before it does: they would keep it waiting."""

    def __init__(self, heartbeat_s: float = HEARTBEAT_S) -> None:
        """heartbeat_s: how long a stream may be silent."""
        self.heartbeat_s, self.is_closed = heartbeat_s, False
        self._open: set[asyncio.Event] = set()

    def close(self) -> None:
        """End all streams, from within their event loop. Those that begin later end at once."""
        self.is_closed = True
        for ended in self._open:
            ended.set()

    def begin(self) -> asyncio.Event:
        """Return what is set once a new stream is to end."""
        ended = asyncio.Event()
        self._open.add(ended)
        if self.is_closed:
            ended.set()
        return ended

    def end(self, ended: asyncio.Event) -> None:
        """Forget a stream."""
        self._open.discard(ended)


class EventStream(Response):
    """One stream."""

    def __init__(self, streams: EventStreams, texts: AsyncGenerator[bytes, None], headers: dict[str, str]) -> None:
        """texts: of events, each complete."""
        super().__init__(None, HTTPStatus.OK, {**_HEADERS, **headers}, MEDIA_TYPE)
        del self.headers["content-length"]
        self._streams, self._texts = streams, texts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events until there are no more, the client is gone, or the server ends."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async with aclosing(self._texts):
            if scope["method"] != "HEAD":
                await self._send_all(receive, send)
        with suppress(OSError):  # the client is gone
            await send({"type": "http.response.body", "body": b""})

    async def _send_all(self, receive: Receive, send: Send) -> None:
        ended, parts = self._streams.begin(), _Parts(send)
        try:
            async with create_task_group() as group:

                async def until(over: Callable[[], Awaitable[object]]) -> None:
                    await over()
                    group.cancel_scope.cancel()

                async def send_texts() -> None:
                    async for text in self._texts:
                        await parts.send(text)

                await parts.send(f"retry: {RETRY_MS}\n\n".encode())
                group.start_soon(until, ended.wait)
                group.start_soon(until, lambda: _gone(receive))
                group.start_soon(parts.beat, self._streams.heartbeat_s)
                await until(send_texts)
        finally:
            self._streams.end(ended)


class _Parts:
    """The parts of one stream, one after the other."""

    def __init__(self, send: Send) -> None:
        self._send, self._sending = send, asyncio.Lock()
        self._loop = asyncio.get_running_loop()
        self._sent_at = self._loop.time()

    async def send(self, part: bytes) -> None:
        """Send a part, once the client has taken those before it."""
        async with self._sending:
            await self._send({"type": "http.response.body", "body": part, "more_body": True})
            self._sent_at = self._loop.time()

    async def beat(self, heartbeat_s: float) -> None:
        """Send a comment whenever nothing else was sent for so long."""
        while True:
            left_s = self._sent_at + heartbeat_s - self._loop.time()
            if left_s > 0:
                await asyncio.sleep(left_s)
            else:
                await self.send(b": nothing new\n\n")


async def _gone(receive: Receive) -> None:
    """Wait until the client is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
