"""Dagster's webserver, which also serves the lectures' media and timelines. It is closed to foreign web pages, and has no users.

python -m lecture_assets.defs.host.webserver --port 3000 --workspace FILE
"""

import argparse
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast

import uvicorn
from dagster import __version__ as dagster_version
from dagster_webserver.webserver import DagsterWebserver
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.websockets import WebSocket

from lecture_assets.defs.dagster_internals import WorkspaceFileTarget, WorkspaceProcessContext, WorkspaceRequestContext
from lecture_assets.defs.host.graphql_limits import fault
from lecture_assets.defs.host.guard import Guard
from lecture_assets.defs.host.health_routes import HealthRoutes
from lecture_assets.defs.host.instance import open_instance
from lecture_assets.defs.host.timeline_routes import TimelineRoutes
from lecture_assets.defs.sync.metadata import MEDIA_PATH, PREVIEW
from lecture_assets.render.thumbnail import thumbnail
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.setup.context import Context

_HEX = frozenset("0123456789abcdef")
_SHA256 = 64
_YEAR = "public, max-age=31536000, immutable"
_MAGIC = (
    (0, b"\x89PNG", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (8, b"WEBP", "image/webp"),
    (0, b"RIFF", "audio/wav"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
)
"""The first bytes of each file type that a lecture can hold: offset, bytes, type."""


class LecturesWebserver(DagsterWebserver[WorkspaceProcessContext, WorkspaceRequestContext]):
    """Dagster's webserver with `/lectures/…`. GraphQL types of our own would go into `build_graphql_schema`."""

    def __init__(self, process_context: WorkspaceProcessContext, context: Context, host: str) -> None:
        """context: of the lectures; host: the address that the server is bound to."""
        self._artifacts, self._timelines = context.artifacts, TimelineRoutes(context)
        self._host, self._health = host, HealthRoutes(process_context, context.database)
        super().__init__(process_context, live_data_poll_rate=2000)

    def build_routes(self) -> list[BaseRoute]:
        """Our own routes come first, because Dagster's last route matches everything."""
        methods = ["GET", "HEAD"]
        media = [
            Route(f"{MEDIA_PATH}/{{sha256:str}}", self._medium, methods=methods),
            Route(f"{MEDIA_PATH}/{{sha256:str}}/{PREVIEW}", self._preview, methods=methods),
            Route(f"{MEDIA_PATH}/{{sha256:path}}", _missing),
        ]
        return [*media, *self._timelines.routes(), *self._health.routes(), *super().build_routes()]  # type: ignore[no-untyped-call]

    def build_middleware(self) -> list[Middleware]:
        """The guard comes first."""
        return [Middleware(Guard, host=self._host), *super().build_middleware()]

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

    def _medium(self, request: Request) -> Response:
        """A medium, or the range of it that a player requests. It never changes, so browsers cache it."""
        path = self._path(request)
        if path is None:
            return _missing(request)
        if _tag(path.name) in request.headers.get("if-none-match", ""):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=_headers(path.name))
        return FileResponse(path, headers=_headers(path.name), media_type=media_type(path))

    def _preview(self, request: Request) -> Response:
        """A thumbnail of a picture, or of a clip's first frame."""
        path = self._path(request)
        kind = media_type(path) if path else ""
        if path is None or not kind.startswith(("image/", "video/")):
            return _missing(request)
        try:
            small = thumbnail(path, kind)
        except OSError:
            return _missing(request)
        return Response(small, headers=_headers(f"{path.name}-{PREVIEW}"), media_type="image/jpeg")

    def _path(self, request: Request) -> Path | None:
        sha256 = request.path_params["sha256"]
        is_digest = len(sha256) == _SHA256 and set(sha256) <= _HEX
        return self._artifacts.path(sha256) if is_digest and self._artifacts.has(sha256) else None


def _too_much(found: str) -> JSONResponse:
    return JSONResponse({"data": None, "errors": [{"message": f"refused: {found}"}]}, HTTPStatus.BAD_REQUEST)


def _missing(request: Request) -> Response:
    return PlainTextResponse(f"no medium {request.path_params['sha256'][:_SHA256]!r}\n", HTTPStatus.NOT_FOUND)


def _headers(name: str) -> dict[str, str]:
    return {
        "Cache-Control": _YEAR,
        "ETag": _tag(name),
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": "inline",
    }


def _tag(name: str) -> str:
    return f'"{name}"'


def media_type(path: Path) -> str:
    """The type of a medium, by its first bytes."""
    with path.open("rb") as file:
        head = file.read(16)
    return next((name for at, magic, name in _MAGIC if head[at : at + len(magic)] == magic), "application/octet-stream")


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
        with WorkspaceProcessContext(instance, target, version=dagster_version) as context:
            app = LecturesWebserver(context, lectures.context, host).create_asgi_app()
            _serve(app, host, port)


def _serve(app: Callable[..., Any], host: str, port: int) -> None:
    uvicorn.run(app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=2)


if __name__ == "__main__":
    main()
