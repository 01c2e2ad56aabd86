"""Routes for probes: `/lectures/health`, whether the webserver works; `/lectures/ready`, whether what it needs can be used."""

from http import HTTPStatus

from dagster import DagsterError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from lecture_assets.defs.dagster_internals import DagsterPostgresException, WorkspaceProcessContext
from lecture_assets.runner.setup.readiness import OK, Readiness, store_check
from lecture_assets.store.database import Database

HEALTH, READY = "/lectures/health", "/lectures/ready"


class HealthRoutes:
    """The routes. Nothing that they answer names a host, a user or a password."""

    def __init__(self, process: WorkspaceProcessContext, database: Database) -> None:
        """Nothing is asked yet."""
        self._process = process
        parts = {"database": store_check(database), "dagster": self._instance, "code": self._code}
        self._readiness = Readiness(parts, (DagsterError, DagsterPostgresException))

    def routes(self) -> list[BaseRoute]:
        """Both of them."""
        return [Route(HEALTH, _health), Route(READY, self._ready)]

    def _ready(self, _request: Request) -> Response:
        """200 if the store's database, Dagster's instance and the code server can be used; else 503, and a sentence for each."""
        is_ready, parts = self._readiness.ask()
        return JSONResponse(parts, HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE)

    def _instance(self) -> str:
        self._process.instance.get_runs(limit=1)
        return OK

    def _code(self) -> str:
        locations = self._process.create_request_context().get_code_location_entries().values()
        if broken := [entry.origin.location_name for entry in locations if entry.load_error]:
            return f"the code location {', '.join(broken)} cannot be loaded; is its code server running?"
        return OK if locations else "the workspace names no code location"


def _health(_request: Request) -> Response:
    return JSONResponse({"webserver": OK})
