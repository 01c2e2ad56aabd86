"""The server of `lectures serve`: GraphQL for a product backend, without Dagster in the process. Any number of copies may run.

POST /graphql, and websockets of graphql-transport-ws at the same path; /lectures/health while the process works,
/lectures/ready once the database can be used. Requests carry an access token (`access.py`); on loopback they need none.
"""

from contextlib import suppress
from http import HTTPStatus

import uvicorn
from anyio.to_thread import run_sync
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute

from lecture_assets.api.access import Access
from lecture_assets.api.guard import MOST_BYTES, Guard, is_loopback
from lecture_assets.api.http_endpoint import HttpEndpoint
from lecture_assets.api.patient_http import PatientProtocol
from lecture_assets.api.progress import ProgressSource
from lecture_assets.api.schema import api_schema
from lecture_assets.api.socket_endpoint import SocketEndpoint
from lecture_assets.graph.errors import LectureError
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.watching.following import ProgressHub
from lecture_assets.runner.watching.webhook_sender import WebhookSender
from lecture_assets.store.schema import identity

PATH, HEALTH, READY = "/graphql", "/lectures/health", "/lectures/ready"
_GRACE_S = 5
"""How long requests in flight may take once the server is to end."""


def api_app(lectures: Lectures, host: str, source: ProgressSource) -> Starlette:
    """Return the application. host: the address that it is bound to; source: of what can be subscribed to."""
    schema, access = api_schema(), Access(lectures, is_open=is_loopback(host))

    def is_ready() -> None:
        with lectures.context.database.read() as connection:
            connection.execute(select(identity.c.generation)).first()

    async def ready(_request: Request) -> Response:
        try:
            await run_sync(is_ready)
        except (LectureError, OSError) as error:
            said = f"cannot be used ({type(error).__name__})"
            return JSONResponse({"database": said}, HTTPStatus.SERVICE_UNAVAILABLE)
        return JSONResponse({"database": "ok"})

    routes = [
        Route(PATH, HttpEndpoint(schema, access).__call__, methods=["POST"]),
        WebSocketRoute(PATH, SocketEndpoint(schema, access, source).__call__),
        Route(HEALTH, _health),
        Route(READY, ready),
    ]
    return Starlette(routes=routes, middleware=[Middleware(Guard, host=host)])


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


def serve(lectures: Lectures, host: str, port: int) -> None:
    """Serve until interrupted; what is in flight is answered first."""
    is_over = suppress(KeyboardInterrupt)  # the signal that ended it, which uvicorn passes on afterwards
    with ProgressHub(lectures.context.database) as hub, WebhookSender(lectures.context), is_over:
        uvicorn.Server(server_config(api_app(lectures, host, hub), host, port)).run()
