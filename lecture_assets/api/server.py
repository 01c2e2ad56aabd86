"""The server of `lectures serve`: GraphQL for a product backend, without Dagster in the process. Any number of copies may run.

POST /graphql, and websockets of graphql-transport-ws at the same path; REST below /api/ (`rest_routes.py`), events at
/lectures/ID/events; /lectures/health while the process works, /lectures/ready once the database can be used. Requests carry an
access token (`access.py`) or a signed URL; on loopback they need neither.
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http import HTTPStatus

import uvicorn
from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute

from lecture_assets.api.access import Access
from lecture_assets.api.event_stream import EventStreams
from lecture_assets.api.guard import MOST_BYTES, Guard, is_loopback
from lecture_assets.api.http_endpoint import HttpEndpoint
from lecture_assets.api.patient_http import PatientProtocol
from lecture_assets.api.progress import ProgressSource
from lecture_assets.api.rest_routes import SIGNED, rest_routes
from lecture_assets.api.schema import api_schema
from lecture_assets.api.socket_endpoint import SocketEndpoint
from lecture_assets.runner.change.background_import import BackgroundImporter
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.setup.readiness import Readiness, store_check
from lecture_assets.runner.watching.following import ProgressHub
from lecture_assets.runner.watching.webhook_sender import WebhookSender

PATH, HEALTH, READY = "/graphql", "/lectures/health", "/lectures/ready"
_GRACE_S = 5
"""How long requests in flight may take once the server is to end."""
_DATE_S = 1.0


def api_app(lectures: Lectures, host: str, source: ProgressSource) -> Starlette:
    """Return the application. host: the address that it is bound to; source: of what can be subscribed to.

    Its `state.streams` end before the server does (`ApiServer`).
    """
    schema, access, streams = api_schema(), Access(lectures, is_open=is_loopback(host)), EventStreams()

    readiness = Readiness({"database": store_check(lectures.context.database)})

    async def ready(_request: Request) -> Response:
        is_ready, parts = await run_sync(readiness.ask)
        return JSONResponse(parts, HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE)

    routes = [
        Route(PATH, HttpEndpoint(schema, access).__call__, methods=["POST"]),
        WebSocketRoute(PATH, SocketEndpoint(schema, access, source).__call__),
        Route(HEALTH, _health),
        Route(READY, ready),
        *rest_routes(schema, lectures, access, source, streams),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(Guard, host=host, signed=SIGNED)])
    app.state.streams = streams
    return app


async def _health(_request: Request) -> Response:
    return JSONResponse({"server": "ok"})


def server_config(app: Starlette, host: str, port: int) -> uvicorn.Config:
    """Return how the application is served."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=PatientProtocol,
        log_level="warning",
        ws="websockets-sansio",
        ws_max_size=MOST_BYTES,
        timeout_graceful_shutdown=_GRACE_S,
        server_header=False,
    )


class ApiServer(uvicorn.Server):
    """A server that ends its streams of events first: uvicorn would wait for them, and then cancel them with an error.

    It sleeps until it is to end, where uvicorn looks ten times a second.
    """

    def __init__(self, config: uvicorn.Config, streams: EventStreams) -> None:
        """streams: of the application."""
        self._should_exit = False
        self._wake: Callable[[], object] = _nothing
        super().__init__(config)
        self._streams = streams

    @property
    def should_exit(self) -> bool:
        """Whether the server is to end. Any thread may set it, and a signal does."""
        return self._should_exit

    @should_exit.setter
    def should_exit(self, value: bool) -> None:
        self._should_exit = value
        self._wake()

    async def main_loop(self) -> None:
        """Renew the Date header each second, until the server is to end."""
        loop, woken = asyncio.get_running_loop(), asyncio.Event()
        self._wake = partial(loop.call_soon_threadsafe, woken.set)
        try:
            while not await self.on_tick(0):
                with suppress(TimeoutError):
                    async with asyncio.timeout(_DATE_S):
                        await woken.wait()
        finally:
            self._wake = _nothing

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then everything else."""
        self._streams.close()
        await super().shutdown(sockets)


def _nothing() -> None:
    """Wake nobody: the server does not sleep."""


def serve(lectures: Lectures, host: str, port: int) -> None:
    """Serve until interrupted; what is in flight is answered first."""
    is_over = suppress(KeyboardInterrupt)  # the signal that ended it, which uvicorn passes on afterwards
    context = lectures.context
    with ProgressHub(context.database) as hub, WebhookSender(context), BackgroundImporter(context), is_over:
        app = api_app(lectures, host, hub)
        ApiServer(server_config(app, host, port), app.state.streams).run()
