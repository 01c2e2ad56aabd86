"""REST is GraphQL by other means: the same roles, problems and requests that are done once; statuses instead of unions."""

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from graphql import GraphQLUnionType, get_named_type

from lecture_assets.api.access import ROLES
from lecture_assets.api.guard import MOST_BYTES
from lecture_assets.api.rest_operations import ERRORS, ROUTES, STATUSES, RestRoute, field_of, rest_texts
from lecture_assets.api.schema import api_schema
from lecture_assets.store.tokens import AccessRole
from lecture_assets_tests.api.serving import BRIEF, JSON, ServedApi, serving
from lecture_assets_tests.api.test_access import token
from lecture_assets_tests.api.test_http import broken
from lecture_assets_tests.counts import RAIN
from lecture_assets_tests.defs.host.http_request import HttpAnswer, ask

pytestmark = pytest.mark.slow
RAIN_PATH = "/api/lectures/rain"
PROBLEM = "application/problem+json"


def send(served: ServedApi, method: str, path: str, body: Any = None, **headers: str) -> HttpAnswer:
    """The answer to a request; a body that is no bytes is sent as JSON."""
    if body is None:
        return ask(served.port, method, path, headers)
    return ask(served.port, method, path, {**JSON, **headers}, body if isinstance(body, bytes) else json.dumps(body).encode())


def told(served: ServedApi, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    """The status of an answer and its document."""
    answer = send(served, method, path, body, **headers)
    return answer.status, json.loads(answer.body)


def edit(node: str, text: str) -> dict[str, Any]:
    return {"edits": [{"text": {"node": node, "text": text}}]}


def test_the_founding_scenarios_by_rest_alone(served_by_either: ServedApi) -> None:
    served = served_by_either
    created = send(served, "POST", "/api/lectures", {"brief": BRIEF, "id": "rain"})
    assert (created.status, created.headers["location"]) == (201, RAIN_PATH)
    assert told(served, "POST", "/api/lectures", {"brief": BRIEF, "id": "rain"})[0] == 200
    status, plan = told(served, "GET", f"{RAIN_PATH}/plan?first=2")
    assert (status, plan["nodeCount"], len(plan["nodes"]["items"])) == (200, RAIN.nodes, 2)
    status, queued = told(served, "POST", f"{RAIN_PATH}/regenerate", {"planToken": plan["token"]})
    assert (status, queued["regeneration"], queued["plan"]["nodeCount"]) == (202, "QUEUED", RAIN.nodes)
    served.make()
    status, nothing = told(served, "POST", f"{RAIN_PATH}/regenerate")
    assert (status, nothing["regeneration"], nothing["plan"]["nodeCount"]) == (200, "NONE", 0)

    for body, calls in (
        (edit("content:narration-text:segment[1]", "Rain falls on the hills."), {"SPEECH": 1}),
        ({"edits": [{"set": {"imageStyle": "ink drawing"}}]}, {"TEXT": 2, "IMAGE": 2}),
        (edit("content:image-prompt:segment[0]:image[0]", "A cloud over the sea."), {"IMAGE": 1}),
    ):
        status, edited = told(served, "PATCH", RAIN_PATH, body)
        assert status == 200
        assert "assembler:timeline" in edited["stale"]
        _, plan = told(served, "GET", f"{RAIN_PATH}/plan")
        assert {call["role"]: call["count"] for call in plan["calls"]} == calls
        assert told(served, "POST", f"{RAIN_PATH}/regenerate", {"planToken": plan["token"]})[0] == 202
        served.make()
    status, lecture = told(served, "GET", RAIN_PATH)
    assert (lecture["version"], lecture["progress"]["statuses"]) == (4, [{"status": "FRESH", "count": RAIN.nodes}])
    status, page = told(served, "GET", "/api/lectures?first=1")
    assert [one["id"] for one in page["items"]] == ["rain"]
    assert told(served, "DELETE", RAIN_PATH) == (200, {"id": "rain"})
    assert told(served, "GET", RAIN_PATH)[0] == 404


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedApi]:
    """A server with the lecture `rain`, of which nothing is made; tests leave it at version 1."""
    with serving(tmp_path_factory.mktemp("rest") / "home") as served:
        served.create()
        yield served


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "/api/lectures", {"brief": {"prompt": "Other."}, "id": "rain"}, 409, "LECTURE_ID_TAKEN"),
        ("POST", "/api/lectures", {"brief": {"prompt": "x", "duration": 1}}, 422, "INVALID_EDIT"),
        ("PATCH", RAIN_PATH, {"edits": [], "ifVersion": 1}, 422, "INVALID_EDIT"),
        ("PATCH", RAIN_PATH, {"edits": [{"reroll": "asset:music"}], "ifVersion": 7}, 409, "LECTURE_CONFLICT"),
        ("PATCH", "/api/lectures/none", {"edits": [{"reroll": "asset:music"}]}, 404, "LECTURE_NOT_FOUND"),
        ("DELETE", "/api/lectures/none", None, 404, "LECTURE_NOT_FOUND"),
        ("POST", "/api/lectures/none/cancel", None, 404, "LECTURE_NOT_FOUND"),
        ("POST", f"{RAIN_PATH}/regenerate", {"planToken": "0"}, 409, "PLAN_CHANGED"),
        ("POST", f"{RAIN_PATH}/regenerate", {"maxCostUsdMicros": 1}, 402, "CEILING_REACHED"),
        ("POST", f"{RAIN_PATH}/regenerate", {"scope": {"nodes": ["asset:nothing"]}}, 422, "INVALID_EDIT"),
        ("GET", "/api/lectures/none/plan", None, 404, "LECTURE_NOT_FOUND"),
        ("GET", "/api/lectures/none/timeline", None, 404, "LECTURE_NOT_FOUND"),
        ("GET", "/api/lectures?first=0", None, 400, "INVALID_ARGUMENT"),
        ("GET", "/api/lectures?after=x", None, 400, "INVALID_ARGUMENT"),
        ("GET", "/api/nothing", None, 404, "NOT_FOUND"),
        ("PUT", RAIN_PATH, {}, 405, "METHOD_NOT_ALLOWED"),
    ],
)
def test_a_problem_is_a_status_and_a_document(  # noqa: PLR0913, PLR0917 - a table
    shared: ServedApi, method: str, path: str, body: Any, status: int, code: str
) -> None:
    answer = send(shared, method, path, body)
    problem = json.loads(answer.body)
    assert (answer.status, answer.headers["content-type"]) == (status, PROBLEM)
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["detail"]
    assert "__typename" not in problem


def test_a_problem_has_the_members_of_graphql(shared: ServedApi) -> None:
    _, conflict = told(shared, "PATCH", RAIN_PATH, {"edits": [{"reroll": "asset:music"}], "ifVersion": 7})
    assert (conflict["expectedVersion"], conflict["actualVersion"], conflict["since"]) == (7, 1, [])
    _, changed = told(shared, "POST", f"{RAIN_PATH}/regenerate", {"planToken": "0"})
    assert (changed["known"], changed["newPlan"]["nodeCount"]) == (False, RAIN.nodes)
    _, invalid = told(shared, "POST", "/api/lectures", {"brief": {"prompt": "x", "duration": 1, "segmentLength": 1}})
    assert [fault["where"] for fault in invalid["faults"]] == ["duration", "segment_length"]


BODIES: dict[str, tuple[bytes, int]] = {
    "nothing": (b"", 400),
    "no JSON": (b"{", 400),
    "null": (b"null", 400),
    "a list": (b"[]", 400),
    "broken UTF-8": (b'{"edits": [{"reroll": "\xff"}]}', 400),
    "UTF-16": ('{"edits": []}'.encode("utf-16"), 400),
    "a byte order mark": (b'\xef\xbb\xbf{"edits": []}', 400),
    "half a surrogate pair": (b'{"edits": [{"reroll": "\\ud800"}]}', 400),
    "a null character": (b'{"edits": [{"reroll": "\\u0000"}]}', 400),
    "a null character in a key": (b'{"edits": [], "a\\u0000": 1}', 400),
    "an unknown key": (b'{"edits": [{"reroll": "asset:music"}], "x": 1}', 400),
    "an unknown key within": (b'{"edits": [{"reroll": "asset:music", "x": 1}]}', 400),
    "no edits": (b"{}", 400),
    "another type": (b'{"edits": "x"}', 400),
    "another type within": (b'{"edits": [{"removeSegment": "1"}]}', 400),
    "a fraction": (b'{"edits": [{"removeSegment": 0.5}]}', 400),
    "a huge number": (b'{"edits": [{"removeSegment": 1' + b"0" * 400 + b"}]}", 400),
    "a number without end": (b'{"edits": [{"removeSegment": 1' + b"0" * 10_000 + b"}]}", 400),
    "an infinite number": (b'{"edits": [{"removeSegment": 1e999}]}', 400),
    "no number": (b'{"edits": [], "ifVersion": NaN}', 400),
    "a key twice": (b'{"edits": [{"reroll": "asset:music"}], "edits": []}', 400),
    "deep brackets": (b"[" * 100_000, 400),
    "deep within": (b'{"edits": ' + b"[" * 900 + b"]" * 900 + b"}", 400),
    "too many edits": (b'{"edits": [' + b"1," * 20_000 + b"1]}", 400),
    "a hundred and one edits": (json.dumps({"edits": [{"reroll": "asset:music"}] * 101}).encode(), 422),
    "no edit": (b'{"edits": [{}]}', 400),
    "two edits in one": (b'{"edits": [{"reroll": "asset:music", "unpin": "asset:music"}]}', 400),
    "a null edit": (b'{"edits": [{"reroll": null}]}', 422),
    "a strange node": (b'{"edits": [{"reroll": "asset:music\\n; set x=y"}]}', 422),
    "too large": (b" " * (MOST_BYTES + 1), 413),
}


@pytest.mark.parametrize("what", BODIES)
def test_a_body_that_is_wrong_is_told_so(shared: ServedApi, what: str) -> None:
    body, status = BODIES[what]
    answer = send(shared, "PATCH", RAIN_PATH, body)
    assert answer.status == status
    assert len(answer.body) < 2_000
    assert status == 413 or json.loads(answer.body)["status"] == status
    assert shared.lectures.status("rain")["version"] == 1


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/merge-patch+json"]
)
def test_what_a_web_form_could_send_is_refused(shared: ServedApi, kind: str) -> None:
    for body in (b"{}", b'{"edits": []}', b""):
        assert send(shared, "POST", f"{RAIN_PATH}/regenerate", body, **{"Content-Type": kind}).status == 415
    assert ask(shared.port, "DELETE", RAIN_PATH, {"Content-Type": kind}, b"x").status == 415
    assert shared.lectures.status("rain")["version"] == 1


@pytest.mark.parametrize(
    "path",
    ["/api/lectures?x=1", "/api/lectures?first=1&first=2", "/api/lectures?first=x", "/api/lectures?first=99999999999999999999"],
)
def test_a_query_that_is_wrong_is_told_so(shared: ServedApi, path: str) -> None:
    assert told(shared, "GET", path)[0] == 400


@pytest.mark.parametrize("name", ["a%00b", "%ff", "%ed%a0%80", "a%0ab", "..", "%2e%2e%2fetc", "a" * 3_000, "%F0%9F%98%80"])
def test_whatever_the_id_of_a_lecture_is_there_is_no_error(shared: ServedApi, name: str) -> None:
    for path in (f"/api/lectures/{name}", f"/api/lectures/{name}/timeline", f"/lectures/{name}/events"):
        assert ask(shared.port, "GET", path).status in {400, 404}


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_what_a_foreign_page_sends_is_refused(shared: ServedApi, headers: dict[str, str]) -> None:
    assert send(shared, "POST", f"{RAIN_PATH}/regenerate", {}, **headers).status == 403
    assert send(shared, "DELETE", RAIN_PATH, **headers).status == 403


def test_getting_changes_nothing(shared: ServedApi) -> None:
    for path in (f"{RAIN_PATH}/regenerate", f"{RAIN_PATH}/cancel"):
        assert send(shared, "GET", path).status == 405
    assert shared.lectures.status("rain")["version"] == 1


@pytest.mark.parametrize("role", list(AccessRole))
def test_a_role_allows_what_it_does_in_graphql(shared: ServedApi, role: AccessRole) -> None:
    bearer = f"Bearer {token(shared, role)}"
    for route in ROUTES:
        wanted = ROLES.get(route.within[0], AccessRole.READ)
        path = route.path.format(lecture="none")
        body: Any = {"brief": {}} if route.operation == "CreateLecture" else {"edits": []} if route.method == "PATCH" else None
        status, answer = told(shared, route.method, path, body, Authorization=bearer)
        assert (status == 403) != role.allows(wanted), (route, answer)
        assert status != 403 or answer["code"] == "FORBIDDEN"
    assert told(shared, "GET", "/api/lectures/none/timeline", Authorization=bearer)[0] == 404


def test_another_workspaces_lectures_are_as_if_they_were_not_there(shared: ServedApi) -> None:
    bearer = f"Bearer {token(shared, 'admin', 'other')}"
    for route in ROUTES:
        if "{lecture}" in route.path:
            body = {"edits": [{"reroll": "asset:music"}]} if route.method == "PATCH" else None
            theirs, nobodys = (
                send(shared, route.method, route.path.format(lecture=name), body, Authorization=bearer)
                for name in ("rain", "none")
            )
            assert (theirs.status, theirs.body.replace(b"rain", b"none")) == (404, nobodys.body)
    assert told(shared, "GET", "/api/lectures", Authorization=bearer)[1]["items"] == []
    assert told(shared, "GET", "/api/lectures", Authorization="Bearer x")[0] == 401


@pytest.mark.parametrize("route", [one for one in ROUTES if one.method != "GET"], ids=lambda route: route.operation)
def test_a_route_tells_whatever_its_operation_may_answer(route: RestRoute) -> None:
    answers = get_named_type(field_of(api_schema(), route).type)
    assert isinstance(answers, GraphQLUnionType)
    told = set(re.findall(r"^fragment (\w+) on", rest_texts()[route.operation], re.MULTILINE))
    assert {one.name for one in answers.types} - {"NothingToRestore"} <= told  # nothing is undone by REST


def test_a_body_that_is_too_large_is_a_problem_too(shared: ServedApi) -> None:
    found = ask(shared.port, "POST", "/api/lectures", {**JSON, "Content-Length": str(MOST_BYTES + 1)}, b"{")
    assert (found.status, found.headers["content-type"]) == (413, "application/problem+json")
    assert json.loads(found.body)["code"] == "BAD_REQUEST"


def test_every_problem_and_error_of_graphql_has_a_status() -> None:
    schema = api_schema()
    problems = {one.name for one in schema.get_implementations(schema.type_map["Problem"]).objects}  # type: ignore[arg-type]
    assert problems - set(STATUSES) == {"NothingToRestore", "LectureImportNotFound"}  # of what REST does not do
    assert set(ERRORS) == {"BAD_REQUEST", "INVALID_ARGUMENT", "TOO_MUCH", "FORBIDDEN", "THROTTLED", "UNAVAILABLE"}


def test_a_request_with_a_key_is_done_once_whoever_sends_it(served_by_either: ServedApi) -> None:
    served = served_by_either
    body = {"brief": BRIEF}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: told(served, "POST", "/api/lectures", body, **{"Idempotency-Key": '"k"'}), range(12)))
    assert {status for status, _ in answers} == {201}
    (name,) = {answer["lecture"]["id"] for _, answer in answers}
    assert [one["lecture"] for one in served.lectures.all()] == [name]
    assert told(served, "POST", "/api/lectures", body, **{"Idempotency-Key": "k"})[1]["lecture"]["id"] == name
    assert told(served, "POST", "/api/lectures", {"brief": {"prompt": "x"}}, **{"Idempotency-Key": "k"})[0] == 422
    assert told(served, "POST", "/api/lectures", body, **{"Idempotency-Key": "k" * 201})[0] == 422
    path, change = f"/api/lectures/{name}", {"edits": [{"reroll": "asset:music"}]}
    versions = [told(served, "PATCH", path, change, **{"Idempotency-Key": "e"})[1]["version"] for _ in range(3)]
    assert versions == [2, 2, 2]
    text = 'editLecture(id: $id, clientKey: "e", edits: [{reroll: "asset:music"}]) { ... on LectureEdited { version } }'
    assert served.data(f"mutation($id: ID!) {{ {text} }}", id=name) == {
        "editLecture": {"version": 2}
    }  # by GraphQL it is the same request


def test_a_busy_lecture_may_be_asked_again(served: ServedApi) -> None:
    served.create()
    context = served.lectures.context
    with context.database.write() as connection:
        claimed = context.claim(connection, "rain", context.claimant("rain", is_locked=False))
    assert not isinstance(claimed, str)
    answer = send(served, "DELETE", RAIN_PATH)
    assert (answer.status, json.loads(answer.body)["code"], answer.headers["retry-after"]) == (409, "LECTURE_BUSY", "2")


def test_an_unexpected_error_says_nothing_but_a_number(served: ServedApi) -> None:
    served.create()
    with broken(served):
        for method, path in (
            ("GET", RAIN_PATH),
            ("DELETE", RAIN_PATH),
            ("GET", f"{RAIN_PATH}/timeline"),
            ("GET", "/lectures/rain/events"),
        ):
            answer = send(served, method, path)
            assert (answer.status, json.loads(answer.body)["code"]) == (500, "INTERNAL_ERROR")
            assert not any(word in answer.body.decode() for word in ("secret", "SELECT", str(served.lectures.context.home)))


def test_a_timeline_is_not_sent_again_until_something_happens(served: ServedApi) -> None:
    served.create()
    path = f"{RAIN_PATH}/timeline"
    draft = send(served, "GET", path)
    document = json.loads(draft.body)
    assert (document["base"], document["media"], document["number"]) == (None, {}, 1)
    assert document["timeline"]["segments"][0]["narration"]["type"] == "missing"
    assert send(served, "GET", path, **{"If-None-Match": draft.headers["etag"]}).status == 304
    served.make()
    made = send(served, "GET", path, **{"If-None-Match": draft.headers["etag"]})
    assert (made.status, json.loads(made.body)["timeline"]) == (200, served.lectures.draft("rain"))
    assert send(served, "GET", path, **{"If-None-Match": f'"x", {made.headers["etag"]}'}).status == 304
    assert send(served, "HEAD", path).body == b""
