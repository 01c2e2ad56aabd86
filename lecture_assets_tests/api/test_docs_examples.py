"""The examples of docs/graphql.md, executed in their order by a stranger's client; and what the page states."""

import asyncio
import json
import re
from typing import Any

from gql import GraphQLRequest
from graphql import OperationDefinitionNode, parse

from lecture_assets.api import bodies, cost_limits, guard, patient_http, socket_session
from lecture_assets.api.guard import MOST_BYTES
from lecture_assets.api.schema import api_schema
from lecture_assets_tests.api.serving import ServedApi
from lecture_assets_tests.api.test_edits import picture
from lecture_assets_tests.project import ROOT

PAGE = (ROOT / "docs" / "graphql.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```graphql\n(.*?)```", PAGE, re.DOTALL)
(BRIEF,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)


def name_of(text: str) -> str:
    (operation,) = parse(text).definitions
    assert isinstance(operation, OperationDefinitionNode)
    assert operation.name is not None
    return operation.name.value


async def first(served: ServedApi, text: str) -> dict[str, Any]:
    """The first event of a subscription."""
    async with served.socket() as session:
        async for event in session.subscribe(GraphQLRequest(text)):
            return dict(event)
    return {}


def test_every_example_does_what_it_says(served: ServedApi) -> None:
    done: dict[str, Any] = {}
    for text in EXAMPLES:
        variables = {"Create": json.loads(BRIEF), "Upload": {"picture": picture()}}.get(name_of(text), {})
        if name_of(text) == "Regenerate":
            variables = {"token": done["Plan"]["lecture"]["plan"]["token"]}
        done[name_of(text)] = asyncio.run(first(served, text)) if name_of(text) == "Watch" else served.execute(text, **variables)
    assert done["Create"]["createLecture"]["lecture"] == {"id": "rain", "version": 1, "segments": [{"slot": 0}, {"slot": 1}]}
    assert done["Watch"]["lectureProgress"]["__typename"] == "LectureRevisionEvent"
    assert done["WhatIf"]["lecture"]["plan"]["nodeCount"] > 28
    assert done["Regenerate"]["regenerateLecture"]["regeneration"] == "QUEUED"
    assert done["Edit"]["editLecture"]["lecture"] == {"title": "Where rain comes from"}
    assert done["Upload"]["uploadMedium"]["__typename"] == "MediumUploaded"
    assert [revision["version"] for revision in done["Editor"]["lecture"]["history"]["items"]] == [1, 2]


def test_every_problem_and_every_limit_is_told() -> None:
    schema = api_schema()
    problems = {one.name for one in schema.get_implementations(schema.type_map["Problem"]).objects}  # type: ignore[arg-type]
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == problems
    for limit in (
        MOST_BYTES,
        cost_limits.MOST_CHARACTERS,
        cost_limits.MOST_TOKENS,
        cost_limits.MOST_FIELDS,
        cost_limits.MOST_COMPARISONS,
        bodies.MOST_VALUES,
        cost_limits.MOST_COST,
    ):
        assert f"{limit:,}" in PAGE
    for limit in (cost_limits.MOST_DEPTH, cost_limits.MOST_ALIASES):
        assert f"| {limit} |" in PAGE
    assert f"| {cost_limits.MOST_DEFINITIONS}; {cost_limits.MOST_VARIABLES} |" in PAGE
    assert f"| {guard.BODY_S:g} seconds, and {patient_http.HEAD_S:g} for the head |" in PAGE
    assert f"at most {socket_session.MOST_OPERATIONS} at once" in PAGE
