"""What is said over HTTP: methods, content types, statuses; what is too much; and that errors say nothing of the server."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from lecture_assets.api.cost_limits import MOST_ALIASES, MOST_COST, MOST_DEPTH, cost_of, parsed
from lecture_assets.api.execution import Operation, prepare
from lecture_assets.api.guard import MOST_BYTES
from lecture_assets.api.schema import api_schema
from lecture_assets_tests.api.serving import ServedApi
from lecture_assets_tests.defs.host.http_request import ask

pytestmark = pytest.mark.slow
VERSION = {"query": "{ __typename }"}
NEW = "application/graphql-response+json"
SECRET = "postgresql://lectures:secret@db/lectures"  # noqa: S105 - a password that must not be shown


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_operations_are_posted(made: ServedApi, method: str) -> None:
    path = "/graphql?query={lectures(first:1){items{id}}}"
    assert ask(made.port, method, path).status == 405


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/graphql", ""]
)
def test_what_a_web_form_could_send_is_refused(made: ServedApi, kind: str) -> None:
    answer = made.post(VERSION, **{"Content-Type": kind})
    assert (answer.status, "application/json" in json.loads(answer.body)["errors"][0]["message"]) == (415, True)


def test_each_accepted_content_type_has_its_statuses(made: ServedApi) -> None:
    for body, executed in ((VERSION, True), ({"query": "{ nothing }"}, False), ({"query": "{"}, False), (b"[]", False)):
        new, old = made.post(body, Accept=NEW), made.post(body, Accept="application/json")
        assert (new.status, new.headers["content-type"]) == (200 if executed else 400, NEW)
        assert (old.status, old.headers["content-type"]) == (200, "application/json")
        assert ("data" in json.loads(new.body)) == executed


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b'"x"',
        b"[{}]",
        b"\xff\xfe",
        b"[" * 30_000,
        {},
        {"query": None},
        {"query": 7},
        {"query": "{ __typename }", "variables": []},
        {"query": "{ __typename }", "operationName": 7},
        {"query": "query a { __typename } query b { __typename }"},
        {"query": "query a { __typename }", "operationName": "b"},
        {"query": "subscription { __typename }"},
        b'{"query": "{ __typename }", "variables": {"a": "\\ud800"}}',
        b'{"query": "{ __typename }", "variables": {"a\\u0000": 1}}',
    ],
)
def test_what_is_no_operation_is_told_as_such(made: ServedApi, body: Any) -> None:
    answer = made.post(body, Accept=NEW)
    document = json.loads(answer.body)
    assert (answer.status, document["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")


def test_what_an_operation_costs_is_told(made: ServedApi) -> None:
    text = '{ lecture(id: "rain") { id nodes(first: 10) { items { id status } pageInfo { hasNextPage } } } }'
    answer = json.loads(made.post({"query": text}).body)
    cost = answer["extensions"]["cost"]
    assert 0 < cost.pop("available") < 2_000_000
    assert cost == {"requested": 1 + 1 + 1 + 10 + 20 + 10 + 10, "allowed": MOST_COST, "restoreRate": 100_000.0}


def nested(depth: int) -> str:
    return "{ " + "lecture(id: 1) { " * depth + "id" + " }" * depth + " }"


TRIPLED = "fragment {} on Query {{ ...{} ...{} ...{} }}"
FRAGMENTS = " ".join(TRIPLED.format(x, y, y, y) for x, y in zip("abcdefgh", "bcdefghi", strict=True))
FRAGMENTS += " fragment i on Query { " + " ".join(f"x{n}: __typename" for n in range(10)) + " }"
PAGES = " ".join("a%d: nodes(first: 100) { items { %s } }" % (n, "id " * 40) for n in range(40))  # noqa: UP031 - braces
TOO_MUCH = {
    "aliases": "{ " + " ".join(f"a{n}: __typename" for n in range(2_000)) + " }",
    "depth": nested(50),
    "brackets": "{ a " * 30_000,
    "tokens": "{ " + "a " * 90_000 + "}",
    "characters": " " * 200_001,
    "fields": "{ " + "__typename " * 2_100 + "}",
    "rows": "{ lecture(id: 1) { " + PAGES + " } }",
    "fragments": "{ ...a } " + FRAGMENTS,
    "endless": "{ ...a } fragment a on Query { ...a }",
    "beside": "query a { __typename } query b { " + " ".join(f"a{n}: __typename" for n in range(200)) + " }",
}


@pytest.mark.parametrize("what", TOO_MUCH)
def test_too_much_is_refused_before_any_of_it_is_executed(made: ServedApi, what: str) -> None:
    body = {"query": TOO_MUCH[what], "operationName": "a"} if what == "beside" else {"query": TOO_MUCH[what]}
    answer = made.post(body, Accept=NEW)
    (error,) = json.loads(answer.body)["errors"]
    assert (answer.status, error["extensions"]["code"]) == (400, "TOO_MUCH")


def test_a_page_that_is_a_variable_counts_as_many_rows_as_it_has() -> None:
    document = parsed("query a($n: Int! = 7) { lectures(first: $n) { items { id } } }")
    (operation,) = document.definitions
    costs = [cost_of(document, operation, given).cost for given in ({}, {"n": 3}, {"n": 10**9}, {"n": "x"})]  # type: ignore[arg-type]
    assert costs == [1 + 7 + 7, 1 + 3 + 3, 1 + 100 + 100, 1 + 100 + 100]


def test_the_largest_page_of_an_editor_is_well_within_the_limits() -> None:
    from lecture_assets_tests.api.test_queries import EVERYTHING  # noqa: PLC0415 - the other tests need it first

    prepared = prepare(api_schema(), Operation(EVERYTHING, {"id": "rain"}))
    assert not isinstance(prepared, list)
    assert prepared.cost.cost < MOST_COST / 4
    assert (prepared.cost.depth, prepared.cost.aliases) < (MOST_DEPTH / 2, MOST_ALIASES)


def test_a_body_that_is_too_large_is_refused_before_it_is_read(made: ServedApi) -> None:
    answer = made.post(b"{" + b" " * MOST_BYTES)
    assert answer.status == 413
    assert (
        ask(made.port, "POST", "/graphql", {"Content-Type": "application/json", "Content-Length": "60000000"}, b"{").status == 413
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_what_a_foreign_page_sends_is_refused(made: ServedApi, headers: dict[str, str]) -> None:
    assert made.post(VERSION, **headers).status == 403


@contextmanager
def broken(served: ServedApi) -> Iterator[None]:
    """A database whose every statement fails with what a client must not see."""
    from sqlalchemy import event  # noqa: PLC0415 - of this test

    def fail(*_arguments: Any) -> None:
        message = f"{SECRET}: a SELECT at {served.lectures.context.home}"
        raise ZeroDivisionError(message)

    engine = served.lectures.context.database.engine
    event.listen(engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", fail)


@pytest.mark.parametrize(
    "text",
    [
        "{ lectures(first: 1) { items { id } } }",
        '{ lecture(id: "rain") { id } }',
        "{ workspaceCosts { spentUsdMicros } }",
        'mutation { editLecture(id: "rain", edits: [{reroll: "x"}]) { __typename } }',
        'mutation { createLecture(brief: {prompt: "x"}, clientKey: "k") { __typename } }',
    ],
)
def test_an_unexpected_error_says_nothing_but_a_number_that_the_log_has(
    made: ServedApi, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    with broken(made), caplog.at_level(logging.ERROR):
        answer = made.post({"query": text}).body.decode()
    error = json.loads(answer)["errors"][0]
    assert error["extensions"]["code"] == "INTERNAL_ERROR"
    assert not any(word in answer for word in ("secret", "SELECT", str(made.lectures.context.home), "Traceback", "ZeroDivision"))
    assert error["extensions"]["id"] in caplog.text
    assert SECRET in caplog.text


def test_probes_are_answered(made: ServedApi) -> None:
    assert ask(made.port, "GET", "/lectures/health").status == 200
    assert ask(made.port, "GET", "/lectures/ready").status == 200
