"""Dagster's webserver, which also serves the lectures' media and timelines. It is closed to foreign web pages, and has no users.

python -m lecture_assets.defs.host.webserver --port 3000 --workspace FILE
"""

import argparse
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any, cast

import uvicorn
from dagster import __version__ as dagster_version
from dagster_webserver.webserver import DagsterWebserver
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute
from starlette.websockets import WebSocket

from lecture_assets.defs.dagster_internals import WorkspaceFileTarget, WorkspaceProcessContext, WorkspaceRequestContext
from lecture_assets.defs.host.graphql_limits import fault
from lecture_assets.defs.host.guard import Guard
from lecture_assets.defs.host.health_routes import HealthRoutes
from lecture_assets.defs.host.instance import open_instance
from lecture_assets.defs.host.media_routes import MediaRoutes
from lecture_assets.defs.host.timeline_routes import TimelineRoutes
from lecture_assets.defs.sync.metadata import MEDIA_PATH, TIMELINE_PATH
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.setup.context import Context
from lecture_assets.runner.watching.webhook_sender import WebhookSender


class LecturesWebserver(DagsterWebserver[WorkspaceProcessContext, WorkspaceRequestContext]):
    """Dagster's webserver with `/lectures/…`. GraphQL types of our own would go into `build_graphql_schema`."""

    def __init__(self, process_context: WorkspaceProcessContext, context: Context, host: str) -> None:
        """context: of the lectures; host: the address that the server is bound to."""
        self._media, self._timelines = MediaRoutes(context), TimelineRoutes(context)
        self._host, self._health = host, HealthRoutes(process_context, context.database)
        self._shown = (f"{MEDIA_PATH}/", f"{TIMELINE_PATH}/") if context.media_url else ()
        super().__init__(process_context, live_data_poll_rate=2000)

    def build_routes(self) -> list[BaseRoute]:
        """Our own routes come first, because Dagster's last route matches everything."""
        own = (self._media, self._timelines, self._health)
        return [*(route for routes in own for route in routes.routes()), *super().build_routes()]  # type: ignore[no-untyped-call]

    def build_middleware(self) -> list[Middleware]:
        """The guard comes first."""
        return [Middleware(Guard, host=self._host, shown=self._shown), *super().build_middleware()]

    async def graphql_http_endpoint(self, request: Request) -> Response:
        """Accept one operation per request: given a list, Dagster fails with an internal error."""
        if request.method == "POST" and "application/json" in request.headers.get("content-type", ""):
            with suppress(ValueError, RecursionError):
                if isinstance(await request.json(), dict):
                    return cast("Response", await super().graphql_http_endpoint(request))
            return _too_much("a JSON body must be one object with query, variables, operationName")
        return cast("Response", await super().graphql_http_endpoint(request))

    async def execute_graphql_request(
        self, request: Request, query: str, variables: dict[str, Any] | None, operation_name: str | None
    ) -> JSONResponse:
        """Execute a request that is within the limits."""
        if found := fault(query):
            return _too_much(found)
        return await super().execute_graphql_request(request, query, variables, operation_name)

    async def execute_graphql_subscription(
        self, websocket: WebSocket, operation_id: str, query: str, variables: dict[str, Any] | None, operation_name: str | None
    ) -> Any:
        """Execute a websocket request that is within the limits."""
        if found := fault(query):
            return None, {"message": f"refused: {found}"}
        return await super().execute_graphql_subscription(websocket, operation_id, query, variables, operation_name)


def _too_much(found: str) -> JSONResponse:
    return JSONResponse({"data": None, "errors": [{"message": f"refused: {found}"}]}, HTTPStatus.BAD_REQUEST)


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="Dagster's webserver with the lectures' media.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=3000)
    parser.add_argument("--workspace", required=True, help="the workspace file with the code location")
    options = parser.parse_args()
    serve(os.environ, options.host, options.port, options.workspace)


def serve(environ: Mapping[str, str], host: str, port: int, workspace: str) -> None:
    """Serve until interrupted. workspace: the workspace file with the code location."""
    target = WorkspaceFileTarget(paths=[workspace])
    with open_instance(environ) as instance, Lectures.open(environ) as lectures:
        instance.optimize_for_webserver(15_000, 3_600, 20)  # milliseconds, seconds, connections: Dagster's own defaults
        sending = WebhookSender(lectures.context)
        with sending, WorkspaceProcessContext(instance, target, version=dagster_version) as context:
            app = LecturesWebserver(context, lectures.context, host).create_asgi_app()
            _serve(app, host, port)


def _serve(app: Callable[..., Any], host: str, port: int) -> None:
    uvicorn.run(app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=2)


if __name__ == "__main__":
    main()
