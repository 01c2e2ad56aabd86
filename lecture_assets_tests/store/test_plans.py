"""The newest plan of a lecture is kept, as a document."""

import json
from dataclasses import replace

from sqlalchemy import text

from lecture_assets.store import plans
from lecture_assets.store.database import Database
from lecture_assets.store.plans import StoredPlan
from lecture_assets_tests.store.conftest import LECTURE

PLAN = StoredPlan(1, "token", {"nodes": [1, None, "ü"]}, {"calls": {"text": 3}}, 5.0)


def test_a_lecture_that_was_never_regenerated_has_no_plan(database: Database) -> None:
    with database.read() as connection:
        assert plans.load(connection, LECTURE) is None


def test_the_newest_plan_replaces_the_one_before_whose_version_is_returned(database: Database) -> None:
    newest = replace(PLAN, version=2, token="t2", graph={}, stored_at=7.0)  # noqa: S106 - a plan's token is no secret
    for plan, before in ((PLAN, 0), (newest, 1)):
        with database.write() as connection:
            assert plans.save(connection, LECTURE, plan) == before
        with database.read() as connection:
            assert plans.load(connection, LECTURE) == plan
            assert plans.load(connection, "wasps") is None


def test_the_graph_is_one_document_that_the_database_itself_can_read(database: Database) -> None:
    with database.write() as connection:
        plans.save(connection, LECTURE, replace(PLAN, graph={"nodes": [{"id": "asset:music", "reads": ["config:voice"]}]}))
    of_engine = {
        "sqlite": "SELECT json_extract(graph, '$.document') FROM plans WHERE lecture = :lecture",
        "postgresql": "SELECT graph -> 'document' FROM plans WHERE lecture = :lecture",
    }
    with database.read() as connection:
        found = connection.execute(text(of_engine[connection.dialect.name]), {"lecture": LECTURE}).scalar_one()
    graph = json.loads(found) if isinstance(found, str) else found
    assert graph == {"nodes": [{"id": "asset:music", "reads": ["config:voice"]}]}
