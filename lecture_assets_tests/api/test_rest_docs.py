"""The examples of docs/rest.md, sent in their order; docs/openapi.json is what is served, valid, and breaks no client."""

import json
import re
from http import HTTPStatus

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from lecture_assets.api.event_stream import HEARTBEAT_S
from lecture_assets.api.guard import MOST_BYTES
from lecture_assets.api.openapi import openapi
from lecture_assets.api.progress import _TYPES
from lecture_assets.api.rest_operations import ERRORS, ROUTES, STATUSES
from lecture_assets.api.schema import api_schema, snake
from lecture_assets.api.signed_urls import PERIOD_S
from lecture_assets_tests.api.contract import KEPT_REST, broken_rest, printed_rest, references
from lecture_assets_tests.api.serving import JSON, ServedApi
from lecture_assets_tests.defs.host.http_request import ask
from lecture_assets_tests.project import ROOT

PAGE = (ROOT / "docs" / "rest.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```http\n(.*?)```\n+\*\*(\d{3})\*\*", PAGE, re.DOTALL)
DOCUMENT = openapi(api_schema())


@pytest.mark.slow
def test_every_example_is_answered_as_the_page_says(served: ServedApi) -> None:
    assert len(EXAMPLES) == PAGE.count("```http")
    for text, status in EXAMPLES:
        head, _, body = text.strip().partition("\n\n")
        (method, path), *fields = (line.split(" ", 1) for line in head.splitlines())
        headers = {name.removesuffix(":"): value for name, value in fields}
        answer = ask(served.port, method, path, {**headers, **(JSON if body else {})}, body.encode() if body else None)
        assert answer.status == int(status), text
        about = DOCUMENT["paths"][template(path)][method.lower()]["responses"][status]["content"]
        schema = about[answer.headers["content-type"]]["schema"]
        Draft202012Validator({**schema, "components": DOCUMENT["components"]}).validate(json.loads(answer.body))


def template(path: str) -> str:
    return path.partition("?")[0].replace("/rain", "/{lecture}")


def test_the_page_names_every_route_role_code_and_number() -> None:
    told = set(re.findall(r"^\| `(GET|POST|PATCH|DELETE) ([^`]+)` \|", PAGE, re.MULTILINE))
    documented = {(m.upper(), path) for path, methods in DOCUMENT["paths"].items() for m in methods} - {
        ("GET", "/api/openapi.json")
    }
    assert told == documented
    assert {(route.method, route.path) for route in ROUTES} <= told
    codes = {snake(name).upper() for name in STATUSES} | (set(ERRORS) - {"TOO_MUCH"})
    assert [code for code in codes if f"`{code}`" not in PAGE] == []
    assert [kind for kind in _TYPES if f"`{kind}`" not in PAGE] == []
    assert f"{MOST_BYTES:,} bytes" in PAGE
    assert f"{PERIOD_S // 3600} to {2 * PERIOD_S // 3600} hours" in PAGE
    assert f"every {HEARTBEAT_S:.0f} seconds" in PAGE


@pytest.mark.slow
def test_the_document_is_valid_and_every_reference_leads_somewhere() -> None:
    validate(DOCUMENT)
    found = set(references(DOCUMENT))
    schemas = DOCUMENT["components"]["schemas"]
    assert found == {f"#/components/schemas/{name}" for name in schemas}


def test_it_is_the_one_that_is_kept_and_breaks_no_client() -> None:
    kept = json.loads(KEPT_REST.read_text(encoding="utf-8"))
    assert broken_rest(kept, DOCUMENT) == []
    assert printed_rest() == KEPT_REST.read_text(encoding="utf-8"), "python -m lecture_assets_tests.api.contract keeps it anew"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"/api/lectures/{lecture}/plan"', '"/api/lectures/{lecture}/plans"'),
        ('"patch": {', '"put": {'),
        ('"expectedVersion": {', '"versionExpected": {'),
        ('"202": {', '"204": {'),
        ('"required": [\n                  "edits"', '"required": [\n                  "ifVersion"'),
    ],
)
def test_what_breaks_a_client_is_found(before: str, after: str) -> None:
    assert before in printed_rest()
    assert broken_rest(DOCUMENT, json.loads(printed_rest().replace(before, after))) != []


def test_every_example_of_a_body_is_one() -> None:
    bodies = [
        about["requestBody"]["content"]["application/json"]
        for m in DOCUMENT["paths"].values()
        for about in m.values()
        if "requestBody" in about
    ]
    examples = [body for body in bodies if "example" in body]
    assert len(examples) == 3
    for body in examples:
        Draft202012Validator({**body["schema"], "components": DOCUMENT["components"]}).validate(body["example"])


def test_every_operation_is_described_and_names_its_role() -> None:
    for methods in DOCUMENT["paths"].values():
        for about in methods.values():
            assert about["summary"]
            assert about.get("security") == [{}] or "role `" in about["description"]
            assert all(HTTPStatus(int(status)) and answer["description"] for status, answer in about["responses"].items())
            assert all(parameter["description"] for parameter in about.get("parameters", ()))


@pytest.mark.slow
def test_it_is_served_to_anybody(made: ServedApi) -> None:
    answer = ask(made.port, "GET", "/api/openapi.json")
    assert (answer.status, json.loads(answer.body)) == (200, DOCUMENT)
