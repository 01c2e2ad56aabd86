"""Probes learn whether the webserver works, and what it cannot use just now. Runs no code server."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from dagster import DagsterInstance
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import EmptyWorkspaceTarget, GrpcServerTarget
from starlette.requests import Request
from starlette.routing import Route

from lecture_assets.defs.dagster_internals import DagsterPostgresException
from lecture_assets.defs.host.health_routes import HEALTH, READY, HealthRoutes
from lecture_assets.store.database import Database
from lecture_assets_tests.servers.postgres import free_port
from lecture_assets_tests.store.engines import migrated_database


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[DagsterInstance]:
    with DagsterInstance.local_temp(str(tmp_path), {"telemetry": {"enabled": False}}) as instance:
        yield instance


def asked(path: str, routes: HealthRoutes) -> tuple[int, dict[str, str]]:
    (route,) = [route for route in routes.routes() if isinstance(route, Route) and route.path == path]
    answer = route.endpoint(Request({"type": "http", "method": "GET", "headers": []}))
    return answer.status_code, json.loads(answer.body)


@pytest.mark.slow
def test_a_webserver_is_alive_whatever_it_cannot_use(instance: DagsterInstance) -> None:
    with WorkspaceProcessContext(instance, EmptyWorkspaceTarget()) as process:
        routes = HealthRoutes(process, Database("sqlite:////nowhere/lectures.db"))
        assert asked(HEALTH, routes) == (200, {"webserver": "ok"})


@pytest.mark.slow
def test_it_is_not_ready_without_a_database_and_definitions(instance: DagsterInstance) -> None:
    with WorkspaceProcessContext(instance, EmptyWorkspaceTarget()) as process:
        routes = HealthRoutes(process, Database("postgresql+psycopg2://user:secret@127.0.0.1:1/lectures"))
        status, said = asked(READY, routes)
    assert status == 503
    assert said["dagster"] == "ok"
    assert said["code"] == "the workspace names no code location"
    assert said["database"] == "does not answer"
    assert "secret" not in str(said)


@pytest.mark.slow
def test_it_is_not_ready_while_the_database_of_the_instance_refuses_connections(
    instance: DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_given: object, **_named: object) -> None:
        raise DagsterPostgresException

    monkeypatch.setattr(DagsterInstance, "get_runs", refused)
    with WorkspaceProcessContext(instance, EmptyWorkspaceTarget()) as process:
        status, said = asked(READY, HealthRoutes(process, Database("sqlite:////nowhere/lectures.db")))
    assert status == 503
    assert said["dagster"] == "cannot be used (DagsterPostgresException)"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Error loading repository location")
def test_a_code_server_that_does_not_answer_is_named(instance: DagsterInstance, tmp_path: Path) -> None:
    target = GrpcServerTarget(host="127.0.0.1", port=free_port(), socket=None, location_name="there")
    with migrated_database("sqlite", tmp_path) as database, WorkspaceProcessContext(instance, target) as process:
        status, said = asked(READY, HealthRoutes(process, database))
    assert status == 503
    assert said == {
        "database": "ok",
        "dagster": "ok",
        "code": "the code location there cannot be loaded; is its code server running?",
    }
