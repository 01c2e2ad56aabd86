"""Where others than this machine reach Dagster's webserver, operators alone get past its gate: by a token or its session."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlencode

import pytest
import websockets
from dagster._core.workspace.context import WorkspaceProcessContext
from sqlalchemy import select
from websockets.asyncio.client import connect

from lecture_assets.briefs.brief import Brief
from lecture_assets.runner.change.access_tokens import create_token, revoke_token, rotate_token
from lecture_assets.runner.lectures import Lectures
from lecture_assets.store import sessions
from lecture_assets.store.schema import tokens
from lecture_assets.store.tokens import AccessRole
from lecture_assets_tests.defs.host.http_request import HttpAnswer
from lecture_assets_tests.defs.host.test_webserver import JSON, UPGRADE, Served, context, lectures, serving

pytestmark = pytest.mark.slow
__all__ = ["context", "lectures"]
OTHERS = "0.0.0.0"  # noqa: S104 - no such address is bound
VERSION = json.dumps({"query": "{ version }"}).encode()
OURS = json.dumps({"query": "{ lectures(first: 9) { items { id } } }"}).encode()
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
LESSER = [role for role in AccessRole if role is not AccessRole.OPERATOR]
ROUTES = [
    ("GET", "/", {}),
    ("GET", "/assets", {}),
    ("GET", "/server_info", {}),
    ("GET", "/graphql?query=%7Bversion%7D", {}),
    ("POST", "/graphql", JSON),
    ("POST", "/graphql", {"Content-Type": "application/graphql"}),
    ("POST", "/report_asset_materialization/a", JSON),
    ("POST", "/report_asset_observation/a", JSON),
    ("POST", "/report_asset_check/a", JSON),
    ("GET", "/logs/a", {}),
    ("GET", "/notebook", {}),
    ("GET", "/download_debug/a", {}),
    ("GET", f"/lectures/media/{'0' * 64}", {}),
    ("GET", "/lectures/timeline/rain/0123456789abcdef/film.mp4", {}),
    ("GET", "/lectures/health/../../server_info", {}),
    ("GET", "/graphql", {**UPGRADE}),
]
Tokens = Mapping[AccessRole, str]


@pytest.fixture(scope="module")
def gated(context: WorkspaceProcessContext, lectures: Lectures) -> Iterator[Served]:
    lectures.create(Brief(prompt="Explain rain."), "rain")
    with serving(context, lectures, OTHERS) as served:
        yield served


@pytest.fixture(scope="module")
def given(lectures: Lectures) -> Tokens:
    other = replace(lectures.context, workspace="other")
    return {role: create_token(other, role, "")["token"] for role in AccessRole}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def ask_route(served: Served, place: int, headers: Mapping[str, str]) -> HttpAnswer:
    method, path, own = ROUTES[place]
    return served.ask(method, path, {**own, **headers}, VERSION if method == "POST" else None)


@pytest.mark.parametrize("place", range(len(ROUTES)), ids=lambda place: " ".join(ROUTES[place][:2]))
def test_every_route_takes_an_operator(gated: Served, given: Tokens, place: int) -> None:
    is_socket = "Upgrade" in ROUTES[place][2]
    for headers in ({}, bearer("lect_"), *(bearer(given[role]) for role in LESSER), {"Cookie": "lectures_session=a.1.b"}):
        answer = ask_route(gated, place, headers)
        is_own = ROUTES[place][:2] == ("POST", "/graphql") and "Authorization" in headers
        assert answer.status in ({400, 401} if is_own else {403} if is_socket else {401}), (headers, answer.body)
        assert b'"version"' not in answer.body
    operator = ask_route(gated, place, bearer(given[AccessRole.OPERATOR]))
    assert operator.status not in {303, 401, 403}, operator.body


def test_probes_need_nothing(gated: Served) -> None:
    assert gated.get("/lectures/health").status == 200
    assert gated.get("/lectures/ready").status in {200, 503}


@pytest.mark.parametrize("role", list(AccessRole))
def test_every_token_reaches_lectures_fields_of_its_workspace(gated: Served, given: Tokens, role: AccessRole) -> None:
    answer = gated.ask("POST", "/graphql", {**JSON, **bearer(given[role])}, OURS)
    assert json.loads(answer.body)["data"] == {"lectures": {"items": []}}
    both = json.dumps({"query": "{ version lectures(first: 9) { items { id } } }"}).encode()
    mixed = gated.ask("POST", "/graphql", {**JSON, **bearer(given[role])}, both)
    assert (mixed.status == 200) == (role is AccessRole.OPERATOR)


@pytest.mark.parametrize("path", ["/api/lectures", "/api/lectures/rain", "/api/lectures/rain/events", "/lectures/rain/events"])
def test_rest_and_events_take_a_token_of_any_role_or_a_signature(gated: Served, given: Tokens, path: str) -> None:
    assert gated.get(path).status == 401
    assert gated.ask("GET", path, bearer("lect_")).status == 401
    signed = f"{path}?workspace=default&expires=1&signature=a"
    assert gated.get(signed).status == (403 if path.endswith("/events") else 401)
    of_other = gated.ask("GET", path, bearer(given[AccessRole.READ]))
    assert (of_other.status, b"Explain rain" in of_other.body) == (200 if path == "/api/lectures" else 404, False)


def over_a_socket(served: Served, payload: Mapping[str, str], headers: Mapping[str, str]) -> str:
    async def words() -> str:
        url, protocol = f"ws://127.0.0.1:{served.port}/graphql", websockets.Subprotocol("graphql-transport-ws")
        async with connect(url, subprotocols=[protocol], additional_headers=headers) as socket, asyncio.timeout(20):
            await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
            try:
                return str(json.loads(await socket.recv())["type"])
            except websockets.ConnectionClosed as closed:
                return str(closed.rcvd.code if closed.rcvd else None)

    return asyncio.run(words())


def test_a_socket_of_lectures_says_its_token(gated: Served, given: Tokens) -> None:
    assert over_a_socket(gated, {}, {}) == "4403"
    assert over_a_socket(gated, {"authorization": "Bearer lect_"}, {}) == "4403"
    assert over_a_socket(gated, {"authorization": f"Bearer {given[AccessRole.READ]}"}, {}) == "connection_ack"
    assert over_a_socket(gated, {}, {"Cookie": logged_in(gated, given[AccessRole.OPERATOR])}) == "connection_ack"


def log_in(served: Served, token: str, **headers: str) -> HttpAnswer:
    form = urlencode({"token": token, "next": "/assets?view=all"}).encode()
    return served.ask("POST", "/lectures/login", {**FORM, **headers}, form)


def logged_in(served: Served, token: str) -> str:
    return str(log_in(served, token).headers["set-cookie"]).partition(";")[0]


def test_a_person_gives_an_operators_token_once(gated: Served, given: Tokens) -> None:
    sent = gated.get("/assets", Accept="text/html")
    assert (sent.status, sent.headers["location"]) == (303, "/lectures/login?next=/assets")
    page = gated.get("/lectures/login?next=/assets")
    assert (page.status, b'name="next" type="hidden" value="/assets"' in page.body) == (200, True)
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    done = log_in(gated, given[AccessRole.OPERATOR])
    assert (done.status, done.headers["location"]) == (303, "/assets?view=all")
    cookie = str(done.headers["set-cookie"])
    assert {"HttpOnly", "SameSite=strict", "Path=/", "Max-Age=28800"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert "Secure" in str(log_in(gated, given[AccessRole.OPERATOR], X_Forwarded_Proto="https").headers["set-cookie"])
    session = {"Cookie": cookie.partition(";")[0]}
    assert b"version" in gated.ask("POST", "/graphql", {**JSON, **session}, VERSION).body
    assert b'"rain"' in gated.ask("POST", "/graphql", {**JSON, **session}, OURS).body, "they see the server's own workspace"
    assert gated.ask("POST", "/graphql", {**JSON, **session, "Origin": "https://evil.example"}, VERSION).status == 403
    out = gated.ask("POST", "/lectures/logout", session)
    assert (out.status, 'lectures_session=""' in str(out.headers["set-cookie"])) == (303, True)


@pytest.mark.parametrize("role", LESSER)
def test_no_other_token_logs_in(gated: Served, given: Tokens, role: AccessRole) -> None:
    for token in (given[role], given[role].upper(), "", "x" * 3_000):
        refused = log_in(gated, token)
        assert (refused.status, refused.headers.get("set-cookie")) == (401, None)
        assert given[role].encode() not in refused.body
    assert log_in(gated, given[AccessRole.OPERATOR], Origin="https://evil.example").status == 403
    assert log_in(gated, given[AccessRole.OPERATOR], Sec_Fetch_Site="cross-site").status == 403


@pytest.mark.parametrize(
    "place", ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\r\nX: b", "javascript:a", "/é"]
)
def test_nobody_is_sent_elsewhere(gated: Served, given: Tokens, place: str) -> None:
    form = urlencode({"token": given[AccessRole.OPERATOR], "next": place}).encode()
    assert gated.ask("POST", "/lectures/login", FORM, form).headers["location"] == "/"
    page = gated.get(f"/lectures/login?{urlencode({'next': chr(34) + '><script>' + place})}")
    assert b"<script>" not in page.body


def test_a_session_ends_with_its_token(gated: Served, lectures: Lectures) -> None:
    def is_in(session: str) -> bool:
        return gated.ask("POST", "/graphql", {**JSON, "Cookie": session}, VERSION).status == 200

    revoked, rotated, kept = (create_token(lectures.context, AccessRole.OPERATOR, "") for _ in range(3))
    mine, other, third = (logged_in(gated, new["token"]) for new in (revoked, rotated, kept))
    assert is_in(mine)
    assert is_in(other)
    revoke_token(lectures.context, revoked["id"])
    rotate_token(lectures.context, rotated["id"], 0)
    assert not is_in(mine)
    assert not is_in(other)
    assert is_in(third)
    spoiled = third.replace(third.split(".")[1], str(int(third.split(".")[1]) + 1_000_000))
    assert not is_in(spoiled), "who changes the time has no signature"
    assert not is_in(third.replace(kept["id"], rotated["id"]))


def test_a_session_ends_by_itself_and_not_after_its_token(lectures: Lectures) -> None:
    token = create_token(lectures.context, AccessRole.OPERATOR, "", days=0.1)["token"]
    with lectures.context.database.read() as connection:
        now = lectures.context.store_time(connection)
        _, session = sessions.begin(connection, token, now) or pytest.fail("no session")
        assert sessions.resume(connection, session, now + sessions.LONGEST_S / 4)
        assert sessions.resume(connection, session, now + sessions.LONGEST_S + 1) is None
        expires = connection.execute(select(tokens.c.expires_at).where(tokens.c.id == token.split("_")[1])).scalar_one()
        assert int(session.split(".")[1]) <= expires


def test_behind_a_proxys_login_everybody_is_an_operator(context: WorkspaceProcessContext, lectures: Lectures) -> None:
    proxied = Lectures(replace(lectures.context, has_proxy_login=True))
    with serving(context, proxied, OTHERS) as served:
        assert served.ask("POST", "/graphql", JSON, VERSION).status == 200
        assert served.get("/server_info").status == 200


def test_a_token_never_reaches_more_by_another_way(context: WorkspaceProcessContext, lectures: Lectures, given: Tokens) -> None:
    with serving(context, lectures, "127.0.0.1") as served:
        for role in AccessRole:
            header = bearer(given[role])
            for path in ("/graphql?query=%7Bversion%7D", "/graphql?query=%7Blectures(first:9)%7Bitems%7Bid%7D%7D%7D"):
                answer = served.ask("GET", path, header)
                assert (answer.status, b'"data": null' in answer.body or b'"data":null' in answer.body) == (400, True)
            assert served.ask("POST", "/graphql", {"Content-Type": "application/graphql", **header}, b"{version}").status == 400
            assert served.ask("GET", "/graphql", {**UPGRADE, **header}).status == 403
