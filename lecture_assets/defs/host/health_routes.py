"""Routes for probes: `/lectures/health`, whether the webserver works; `/lectures/ready`, whether what it needs can be used."""

from collections.abc import Callable
from http import HTTPStatus

from dagster import DagsterError
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from lecture_assets.defs.dagster_internals import DagsterPostgresException, WorkspaceProcessContext
from lecture_assets.graph.errors import LectureError
from lecture_assets.store.database import Database
from lecture_assets.store.schema import identity

HEALTH, READY = "/lectures/health", "/lectures/ready"
_OK = "ok"


class HealthRoutes:
    """The routes. Nothing that they answer names a host, a user or a password."""

    def __init__(self, process: WorkspaceProcessContext, database: Database) -> None:
        """Nothing is asked yet."""
        self._process = process
        self._database = database

    def routes(self) -> list[BaseRoute]:
        """Both of them."""
        return [Route(HEALTH, _health), Route(READY, self._ready)]

    def _ready(self, _request: Request) -> Response:
        """200 if the store's database, Dagster's instance and the code server can be used; else 503, and a sentence for each."""
        parts = {"database": _said(self._store), "dagster": _said(self._instance), "code": _said(self._code)}
        is_ready = all(said == _OK for said in parts.values())
        return JSONResponse(parts, HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE)

    def _store(self) -> str:
        with self._database.read() as connection:
            connection.execute(select(identity.c.generation)).first()
        return _OK

    def _instance(self) -> str:
        self._process.instance.get_runs(limit=1)
        return _OK

    def _code(self) -> str:
        locations = self._process.create_request_context().get_code_location_entries().values()
        if broken := [entry.origin.location_name for entry in locations if entry.load_error]:
            return f"the code location {', '.join(broken)} cannot be loaded; is its code server running?"
        return _OK if locations else "the workspace names no code location"


def _health(_request: Request) -> Response:
    return JSONResponse({"webserver": _OK})


def _said(asked: Callable[[], str]) -> str:
    try:
        return asked()
    except (LectureError, SQLAlchemyError, DagsterError, DagsterPostgresException, OSError) as error:
        return f"cannot be used ({type(error).__name__})"
