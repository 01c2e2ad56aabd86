"""Dagster's webserver, which also serves the lectures' media and timelines. It is closed to foreign web pages.

On loopback, and behind a proxy's login, whoever reaches it is an operator; elsewhere it takes an operator's token.

python -m lecture_assets.defs.host.webserver --port 3000 --workspace FILE
"""

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any, cast

import uvicorn
from dagster import __version__ as dagster_version
from dagster_webserver.webserver import DagsterWebserver
from graphql import GraphQLError, parse
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute
from starlette.websockets import WebSocket

from lecture_assets.api.access import Access, is_bearer
from lecture_assets.api.errors import told
from lecture_assets.api.event_stream import EventStreams
from lecture_assets.api.guard import Guard, is_loopback
from lecture_assets.api.http_endpoint import HttpEndpoint
from lecture_assets.api.progress import ProgressSource
from lecture_assets.api.request import serving_request
from lecture_assets.api.rest_routes import SIGNED, rest_routes
from lecture_assets.api.schema import added_to, api_schema, is_own
from lecture_assets.api.server import ApiServer
from lecture_assets.api.socket_endpoint import SocketEndpoint
from lecture_assets.api.socket_session import PROTOCOL
from lecture_assets.defs.dagster_internals import WorkspaceFileTarget, WorkspaceProcessContext, WorkspaceRequestContext
from lecture_assets.defs.host.graphql_limits import MOST_TOKENS, fault
from lecture_assets.defs.host.health_routes import HealthRoutes
from lecture_assets.defs.host.instance import open_instance
from lecture_assets.defs.host.media_routes import MediaRoutes
from lecture_assets.defs.host.operator_gate import IS_OPERATOR, OperatorGate
from lecture_assets.defs.host.timeline_routes import TimelineRoutes
from lecture_assets.defs.host.workspace import LecturesWorkspace
from lecture_assets.defs.sync.metadata import MEDIA_PATH, TIMELINE_PATH
from lecture_assets.runner.change.background_import import BackgroundImporter
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.setup.context import Context
from lecture_assets.runner.watching.following import ProgressHub
from lecture_assets.runner.watching.webhook_sender import WebhookSender

_NOT_STARTED = 3
"""The exit code of a server that cannot start, as uvicorn has it."""


class LecturesWebserver(DagsterWebserver[WorkspaceProcessContext, WorkspaceRequestContext]):
    """Dagster's webserver with `/lectures/…`, and the fields of `api/` beside Dagster's own.

    What asks for our fields alone is answered as `lectures serve` answers it; what asks for Dagster's too, by a schema with both.
    """

    def __init__(self, process_context: WorkspaceProcessContext, context: Context, host: str, source: ProgressSource) -> None:
        """context: of the lectures; host: the address that the server is bound to; source: of what can be subscribed to."""
        self._lectures, schema = Lectures(context), api_schema()
        access = Access(self._lectures, is_open=True, is_behind_login=True)  # as Dagster's own fields are
        by_token = Access(self._lectures, is_open=False, budgets=access.budgets)
        self._own, self._own_sockets = HttpEndpoint(schema, access), SocketEndpoint(schema, access, source)
        self.streams = EventStreams()
        self._rest = rest_routes(schema, self._lectures, access, source, self.streams)
        self._token_sockets = SocketEndpoint(schema, by_token, source)
        self._is_gated = not (is_loopback(host) or context.has_proxy_login)
        self._media, self._timelines = MediaRoutes(context), TimelineRoutes(context)
        self._host, self._health = host, HealthRoutes(process_context, context.database)
        self._shown = (f"{MEDIA_PATH}/", f"{TIMELINE_PATH}/") if context.media_url else ()
        super().__init__(process_context, live_data_poll_rate=2000)

    def build_routes(self) -> list[BaseRoute]:
        """Our own routes come first, because Dagster's last route matches everything."""
        own = (self._media, self._timelines, self._health)
        ours = [*self._rest, *(route for routes in own for route in routes.routes())]
        return [*ours, *super().build_routes()]  # type: ignore[no-untyped-call]

    def build_middleware(self) -> list[Middleware]:
        """The guard comes first."""
        gate = [Middleware(OperatorGate, context=self._lectures.context)] if self._is_gated else []
        return [Middleware(Guard, host=self._host, shown=self._shown, signed=SIGNED), *gate, *super().build_middleware()]

    def build_graphql_schema(self) -> Any:
        """Dagster's schema with ours in it."""
        schema = super().build_graphql_schema()
        schema.graphql_schema = added_to(schema.graphql_schema)
        return schema

    async def graphql_http_endpoint(self, request: Request) -> Response:
        """Accept one operation per request: given a list, Dagster fails with an internal error."""
        of_lectures = is_bearer(request.headers.get("authorization", "")) and not request.scope.get(IS_OPERATOR)
        if request.method == "POST" and "application/json" in request.headers.get("content-type", ""):
            with suppress(ValueError, RecursionError):
                body = await request.json()
                if isinstance(body, dict):
                    if _is_own(body.get("query")):
                        return await self._own(request)
                    if of_lectures:
                        return _refused(_FOR_LECTURES)
                    return cast("Response", await super().graphql_http_endpoint(request))
            return _refused("a JSON body must be one object with query, variables, operationName")
        if of_lectures:
            return _refused(_FOR_LECTURES)
        return cast("Response", await super().graphql_http_endpoint(request))

    async def graphql_ws_endpoint(self, websocket: WebSocket) -> None:
        """Dagster speaks `graphql-ws`, which its UI uses, whatever a client offers; graphql-transport-ws is ours."""
        is_operator = websocket.scope.get(IS_OPERATOR)
        if PROTOCOL in websocket.scope.get("subprotocols", []):
            await (self._own_sockets if is_operator or not self._is_gated else self._token_sockets)(websocket)
        elif is_bearer(websocket.headers.get("authorization", "")) and not is_operator:
            await websocket.close(_FORBIDDEN, "Forbidden")
        else:
            await super().graphql_ws_endpoint(websocket)

    def graphql_execution_thread(self, *arguments: Any, **named: Any) -> JSONResponse:
        """Execute an operation that asks for Dagster's fields, and may ask for ours."""
        with serving_request(self._lectures):
            return super().graphql_execution_thread(*arguments, **named)

    def handle_graphql_errors(self, errors: Sequence[GraphQLError]) -> list[dict[str, Any]]:
        """Tell clients no more than they may know: Dagster would hand out messages and stacks."""
        return told(errors)

    async def execute_graphql_request(
        self, request: Request, query: str, variables: dict[str, Any] | None, operation_name: str | None
    ) -> JSONResponse:
        """Execute a request that is within the limits."""
        if found := fault(query):
            return _refused(found)
        return await super().execute_graphql_request(request, query, variables, operation_name)

    async def execute_graphql_subscription(
        self, websocket: WebSocket, operation_id: str, query: str, variables: dict[str, Any] | None, operation_name: str | None
    ) -> Any:
        """Execute a websocket request that is within the limits."""
        if found := fault(query):
            return None, {"message": f"refused: {found}"}
        return await super().execute_graphql_subscription(websocket, operation_id, query, variables, operation_name)


_FOR_LECTURES = "an access token is for fields of lectures; ask for Dagster's without one, or with an operator's"
_FORBIDDEN = 4403


def _is_own(query: object) -> bool:
    """Whether a query asks for our fields alone. One that cannot be read is Dagster's to refuse."""
    if not isinstance(query, str) or fault(query):
        return False
    try:
        return is_own(parse(query, no_location=True, max_tokens=MOST_TOKENS))
    except (GraphQLError, RecursionError):
        return False


def _refused(found: str) -> JSONResponse:
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
        sending, importing = WebhookSender(lectures.context), BackgroundImporter(lectures.context)
        hub = ProgressHub(lectures.context.database)
        with sending, importing, hub, LecturesWorkspace(instance, target, version=dagster_version) as context:
            server = LecturesWebserver(context, lectures.context, host, hub)
            _serve(server.create_asgi_app(), server.streams, host, port)


def _serve(app: Callable[..., Any], streams: EventStreams, host: str, port: int) -> None:
    config = uvicorn.Config(app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=2)
    server = ApiServer(config, streams)
    with suppress(KeyboardInterrupt):  # as uvicorn.run does
        server.run()
    if not server.started:
        sys.exit(_NOT_STARTED)


if __name__ == "__main__":
    main()
