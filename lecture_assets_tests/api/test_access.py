"""Access tokens: each sees its own workspace and may do what its role allows, over HTTP and over sockets."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gql import Client, gql
from gql.transport.exceptions import TransportConnectionFailed, TransportError, TransportQueryError
from gql.transport.websockets import WebsocketsTransport

from lecture_assets.api import socket_endpoint
from lecture_assets.api.access import ROLES, Access
from lecture_assets.api.schema import api_schema
from lecture_assets.runner.change.access_tokens import create_token, revoke_token
from lecture_assets.runner.lectures import Lectures
from lecture_assets.store.tokens import AccessRole
from lecture_assets_tests.api.serving import ServedApi, serving
from lecture_assets_tests.servers.homes import home_environ
from lecture_assets_tests.servers.postgres import execute, stoppable_postgres_server

pytestmark = pytest.mark.slow
OPERATIONS = {
    "lectures": "{ lectures(first: 10) { items { id } } }",
    "lecture": '{ lecture(id: "rain") { id version } }',
    "editLecture": 'mutation { editLecture(id: "rain", edits: [{set: {audience: "children"}}]) { __typename } }',
    "undoLectureEdit": 'mutation { undoLectureEdit(id: "rain") { __typename } }',
    "copyLecture": 'mutation { copyLecture(id: "rain", newId: "hail") { __typename } }',
    "renameLecture": 'mutation { renameLecture(id: "rain", newId: "snow") { __typename } }',
    "regenerateLecture": 'mutation { regenerateLecture(id: "rain") { __typename } }',
    "cancelRegeneration": 'mutation { cancelRegeneration(id: "rain") { __typename } }',
    "rollout": '{ rollout(key: "rain") { system } }',
    "shadowReport": "{ shadowReport { total { edits } } }",
    "setRollout": "mutation { setRollout(percent: 100) { __typename } }",
    "importLectures": """mutation { importLectures(lectures: [{lecture: {title: "x", segments: [{narration: "x"}]}}]) {
      __typename } }""",
    "cancelLectureImport": 'mutation { cancelLectureImport(id: "rain") { __typename } }',
    "recordLegacyCost": 'mutation { recordLegacyCost(id: "rain", version: 2, costUsdMicros: 1) { __typename } }',
    "promoteLecture": 'mutation { promoteLecture(id: "rain") { __typename } }',
    "deleteLecture": 'mutation { deleteLecture(id: "rain") { __typename } }',
}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[ServedApi]:
    with serving(tmp_path / "home") as served:
        served.create()
        yield served


def token(served: ServedApi, role: str, workspace: str = "default") -> str:
    context = served.lectures.context
    environ = {"LECTURES_DATABASE_URL": context.database.url.render_as_string(hide_password=False)}
    with Lectures.open(home_environ(context.home, **environ, LECTURES_WORKSPACE=workspace)) as lectures:
        return create_token(lectures.context, role, "")["token"]


def answer(served: ServedApi, text: str, **headers: str) -> Any:
    return json.loads(served.post({"query": text}, **headers).body)


def test_every_mutation_has_a_role() -> None:
    mutations = api_schema().mutation_type
    assert mutations is not None
    assert set(ROLES) == set(mutations.fields)


@pytest.mark.parametrize("role", list(AccessRole))
def test_a_role_allows_what_it_says_and_nothing_more(served: ServedApi, role: AccessRole) -> None:
    bearer = f"Bearer {token(served, role)}"
    for name, text in OPERATIONS.items():
        errors = answer(served, text, Authorization=bearer).get("errors", [])
        is_forbidden = bool(errors) and errors[0]["extensions"]["code"] == "FORBIDDEN"
        assert is_forbidden != role.allows(ROLES.get(name, AccessRole.READ)), (name, errors)


def test_who_may_edit_and_not_spend_queues_nothing(served: ServedApi) -> None:
    edit = """mutation { editLecture(id: "rain", edits: [{set: {audience: "%s"}}]) {
      ... on LectureEdited { version lecture { progress { regeneration } } } } }"""
    steps = (("children", "edit", "NONE"), ("experts", "spend", "QUEUED"), ("teachers", "edit", "QUEUED"))
    for version, (audience, role, state) in enumerate(steps, 2):
        found = answer(served, edit % audience, Authorization=f"Bearer {token(served, role)}")["data"]["editLecture"]
        assert found == {"version": version, "lecture": {"progress": {"regeneration": state}}}


def test_another_workspaces_lectures_are_as_if_they_were_not_there(served: ServedApi) -> None:
    bearer = f"Bearer {token(served, 'admin', 'other')}"
    assert answer(served, OPERATIONS["lectures"], Authorization=bearer)["data"] == {"lectures": {"items": []}}
    for text in OPERATIONS.values():
        theirs = json.dumps(answer(served, text, Authorization=bearer))
        nobodys = json.dumps(answer(served, text.replace('"rain"', '"none"'), Authorization=bearer))
        assert theirs.replace("rain", "none") == nobodys, text
    assert [one["lecture"] for one in served.lectures.all()] == ["rain"]
    assert served.lectures.status("rain")["version"] == 1


@pytest.mark.parametrize("header", ["Bearer x", "Bearer ", "Basic abc", "lect_0", "Bearer lect_" + "0" * 500])
def test_a_wrong_token_is_refused_even_on_loopback(served: ServedApi, header: str) -> None:
    refused = served.post({"query": OPERATIONS["lecture"]}, Authorization=header)
    assert refused.status == 401
    assert "rain" not in refused.body.decode()


def test_a_revoked_token_is_refused_at_once(served: ServedApi) -> None:
    text = token(served, "read")
    assert served.post({"query": OPERATIONS["lecture"]}, Authorization=f"Bearer {text}").status == 200
    revoke_token(served.lectures.context, text.split("_")[1])
    refused = served.post({"query": OPERATIONS["lecture"]}, Authorization=f"Bearer {text}")
    assert (refused.status, json.loads(refused.body)["errors"][0]["extensions"]["code"]) == (401, "UNAUTHORIZED")


def test_only_a_server_on_loopback_answers_without_a_token(served: ServedApi) -> None:
    assert Access(served.lectures, is_open=False).of(None) is None
    assert served.post({"query": OPERATIONS["lecture"]}).status == 200


def test_a_database_that_is_away_is_neither_a_wrong_token_nor_told_of(tmp_path: Path) -> None:
    with stoppable_postgres_server() as server:
        execute(server.url, "CREATE DATABASE mine")
        url = server.url.set(database="mine").render_as_string(hide_password=False)
        with serving(tmp_path / "home", LECTURES_DATABASE_URL=url, LECTURES_DATABASE_WAIT="0") as served:
            bearer = {"authorization": f"Bearer {token(served, 'read')}"}
            server.stop()
            away = served.post({"query": OPERATIONS["lecture"]}, **bearer)
            assert away.status == 503
            (error,) = json.loads(away.body)["errors"]
            assert error["extensions"]["code"] == "UNAVAILABLE"
            assert "127.0.0.1" not in error["message"]
            with pytest.raises(TransportError) as closed:
                over_a_socket(served, bearer, OPERATIONS["lecture"])
            assert "1013" in str(closed.value.__cause__)
            server.start()
            assert served.post({"query": OPERATIONS["lecture"]}, **bearer).status == 200


def over_a_socket(served: ServedApi, payload: dict[str, str], text: str) -> Any:
    async def execute() -> Any:
        transport = WebsocketsTransport(
            url=served.url.replace("http", "ws", 1),
            subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
            init_payload=payload,
        )
        async with Client(transport=transport) as session:
            return await session.execute(gql(text))

    return asyncio.run(execute())


def test_a_socket_says_its_token_as_it_begins(served: ServedApi) -> None:
    theirs = {"authorization": f"Bearer {token(served, 'read', 'other')}"}
    assert over_a_socket(served, theirs, OPERATIONS["lectures"]) == {"lectures": {"items": []}}
    ours = {"authorization": f"Bearer {token(served, 'read')}"}
    assert over_a_socket(served, ours, OPERATIONS["lecture"])["lecture"]["id"] == "rain"
    with pytest.raises(TransportError, match="role edit"):
        over_a_socket(served, ours, OPERATIONS["editLecture"])
    with pytest.raises((TransportError, TransportConnectionFailed)):
        over_a_socket(served, {"authorization": "Bearer x"}, OPERATIONS["lecture"])


def test_a_socket_is_answered_nothing_once_its_token_is_revoked(served: ServedApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket_endpoint, "_ASK_AGAIN_S", 0.0)
    text = token(served, "read")
    watch = gql('subscription { lectureProgress(id: "rain", after: 1) { number } }')

    async def words() -> None:
        transport = WebsocketsTransport(
            url=served.url.replace("http", "ws", 1),
            subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
            init_payload={"authorization": f"Bearer {text}"},
        )
        async with Client(transport=transport) as session, asyncio.timeout(60):
            events = session.subscribe(watch)
            served.lectures.edit("rain", ["set audience=children"])
            assert (await anext(events))["lectureProgress"]["number"] > 1
            assert (await session.execute(gql(OPERATIONS["lecture"])))["lecture"]["id"] == "rain"
            revoke_token(served.lectures.context, text.split("_")[1])
            with pytest.raises(TransportQueryError, match="not valid any more"):
                await session.execute(gql(OPERATIONS["lecture"]))
            served.lectures.edit("rain", ["set audience=adults"])
            with pytest.raises(TransportQueryError, match="not valid any more"):
                [event async for event in events]

    asyncio.run(words())
