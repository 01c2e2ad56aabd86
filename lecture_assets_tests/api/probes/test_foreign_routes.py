"""REST, events and media: what another workspace has is as if it were not there, on every route, by every name that it has."""

import json
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

import pytest

from lecture_assets_tests.api.probes.leaks import leaks
from lecture_assets_tests.api.probes.tenants import DELETED, WORKSPACES, Actor, World, tenants
from lecture_assets_tests.api.serving import JSON
from lecture_assets_tests.defs.host.http_request import HttpAnswer, ask
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.store.engines import ENGINES

pytestmark = pytest.mark.slow
LECTURE = "/api/lectures/{lecture}"
EDIT = {"edits": [{"reroll": "asset:music"}]}
REQUESTS: Sequence[tuple[str, str, Mapping[str, object] | None]] = (
    ("GET", LECTURE, None),
    ("GET", f"{LECTURE}/plan", None),
    ("GET", f"{LECTURE}/timeline", None),
    ("GET", f"{LECTURE}/events", None),
    ("GET", "/lectures/{lecture}/events", None),
    ("HEAD", f"{LECTURE}/timeline", None),
    ("PATCH", LECTURE, EDIT),
    ("POST", f"{LECTURE}/regenerate", {}),
    ("POST", f"{LECTURE}/cancel", None),
    ("DELETE", LECTURE, None),
)
NEVER = "never-there"


@pytest.fixture(scope="module", params=ENGINES if THOROUGH else ENGINES[:1])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with tenants(tmp_path_factory.mktemp("tenants") / "home", request.param) as world:
        yield world


def send(world: World, actor: Actor, method: str, path: str, body: Mapping[str, object] | None = None) -> HttpAnswer:
    given = {"Authorization": actor.authorization} if actor.authorization is not None else {}
    content = b"" if body is None else json.dumps(body).encode()
    return ask(world.port(actor), method, path, {**given, **(JSON if body is not None else {})}, content)


def admins(world: World) -> list[Actor]:
    return [actor for actor in world.actors if actor.name.startswith("admin of ")]


def test_what_is_theirs_is_as_if_it_were_not_there(world: World) -> None:
    before = {workspace: world.digest(workspace) for workspace in WORKSPACES}
    for actor in admins(world):
        theirs = [belongings for workspace, belongings in world.belongings.items() if workspace != actor.workspace]
        names = [DELETED, *(name for one in theirs for name in (one.own, one.target)), *world.keys_of_no_name()]
        for method, path, body in REQUESTS:
            nobodys = send(world, actor, method, path.format(lecture=NEVER), body)
            assert nobodys.status == 404, (method, path)
            for name in names:
                found = send(world, actor, method, path.format(lecture=quote(name)), body)
                assert (found.status, found.body.replace(name.encode(), NEVER.encode())) == (404, nobodys.body), (
                    actor.name,
                    name,
                )
                assert leaks(found.body.decode()) == []
        lost = send(world, actor, "GET", f"/api/media/{'0' * 64}")
        for one in theirs:
            for sha256 in (one.upload, one.medium):
                found = send(world, actor, "GET", f"/api/media/{sha256}")
                is_shared = sha256 == world.belongings[actor.workspace].medium
                assert is_shared or (found.status, found.body) == (404, lost.body), actor.name
    assert {workspace: world.digest(workspace) for workspace in WORKSPACES} == before


def test_nobody_without_a_valid_token_is_told_anything(world: World) -> None:
    actors = [actor for actor in world.actors if actor.role is None]
    assert len(actors) > len(WORKSPACES) * 5
    for actor in actors:
        mine = world.belongings[actor.workspace]
        paths = [(method, path.format(lecture=mine.own), body) for method, path, body in REQUESTS]
        for method, path, body in [*paths, ("GET", "/api/lectures", None), ("GET", f"/api/media/{mine.medium}", None)]:
            found = send(world, actor, method, path, body)
            assert found.status == 401, (actor.name, method, path)
            assert not any(marker.encode() in found.body for marker in mine.markers)


def test_a_list_has_the_lectures_of_the_workspace_alone(world: World) -> None:
    for actor in admins(world):
        found = send(world, actor, "GET", "/api/lectures").body.decode()
        others = {marker for workspace, one in world.belongings.items() if workspace != actor.workspace for marker in one.markers}
        assert not any(marker in found for marker in others)
        assert world.belongings[actor.workspace].own in found
