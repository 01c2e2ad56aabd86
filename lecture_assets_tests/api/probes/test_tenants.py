"""Actor × operation × object: nothing of another workspace is told or changed, and what is theirs is as if it were not there.

    actors      every role in three workspaces, on both servers; tokens that are revoked, expired, rotated out, malformed; nobody
    operations  every field and mutation of the schema (`operations.py`)
    objects     own, another's of the same name, another's alone, deleted, never there; keys for names; uploads, media, plan
                tokens, cursors and names of requests of others

A sample here; `LECTURES_THOROUGH=1` runs 5,000 on each engine.
"""

import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
import websockets
from websockets.sync.client import connect

from lecture_assets.api.schema import api_schema
from lecture_assets.store.tokens import AccessRole
from lecture_assets_tests.api.probes.leaks import leaks
from lecture_assets_tests.api.probes.operations import ProbedOperation, given, operations
from lecture_assets_tests.api.probes.tenants import (
    DELETED,
    SHARED,
    WORKSPACES,
    Actor,
    World,
    created,
    picture,
    readable,
    tenants,
)
from lecture_assets_tests.api.serving import JSON
from lecture_assets_tests.defs.host.http_request import ask
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.store.engines import ENGINES

pytestmark = pytest.mark.slow
TRIPLES = 5_000 if THOROUGH else 250
_BATCH = 25
ODD = ("", "RAIN", "rain ", "../rain", "left/rain", "left:rain", "rаin", "r" * 300, "%72ain", "rain\n", "' OR 1=1 --", "*", "-1")
NODES = ("asset:image:segment[0]:image[0]", "content:narration-text:segment[0]", "asset:music", "config:voice", "none")
NODE = "content:video-title"


@pytest.fixture(scope="module", params=ENGINES if THOROUGH else ENGINES[1:])
def world(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with tenants(tmp_path_factory.mktemp("tenants") / "home", request.param) as world:
        yield world


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered. status: of HTTP, or the code that a socket was closed with."""

    status: int
    text: str

    @property
    def document(self) -> Any:
        return json.loads(self.text)

    @property
    def codes(self) -> set[str]:
        return {error["extensions"]["code"] for error in self.document.get("errors") or ()}


def http(world: World, actor: Actor, operation: ProbedOperation, variables: Mapping[str, Any]) -> Answer:
    headers = {**JSON, **({"Authorization": actor.authorization} if actor.authorization is not None else {})}
    body = json.dumps({"query": operation.text, "variables": variables}).encode()
    found = ask(world.port(actor), "POST", "/graphql", headers, body)
    return Answer(found.status, found.body.decode())


def over_a_socket(world: World, actor: Actor, operation: ProbedOperation, variables: Mapping[str, Any]) -> Answer:
    payload = {} if actor.authorization is None else {"authorization": actor.authorization}
    protocol = websockets.Subprotocol("graphql-transport-ws")
    with connect(f"ws://127.0.0.1:{world.port(actor)}/graphql", subprotocols=[protocol], max_size=None) as socket:
        socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        try:
            socket.recv(20)
        except websockets.ConnectionClosed as closed:
            return Answer(closed.rcvd.code if closed.rcvd else 0, str(closed.rcvd and closed.rcvd.reason))
        asked = {"query": operation.text, "variables": variables}
        socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": asked}))
        message = json.loads(socket.recv(20))
        payload = {"errors": message["payload"]} if message["type"] == "error" else message["payload"]
        return Answer(200, json.dumps(payload))


@dataclass
class Probing:
    """One series of triples, by one generator."""

    world: World
    random: random.Random
    seen: Counter[str] = field(default_factory=Counter)
    used: set[tuple[str, ...]] = field(default_factory=set)
    sent: dict[str, set[str]] = field(default_factory=dict)
    number: int = 0

    def triple(self, workspace: str, operation: ProbedOperation) -> None:
        """Draw an actor and objects, and let the one do it with the others."""
        actor = self._actor(workspace)
        other = self.random.choice([name for name in WORKSPACES if name != workspace])
        is_pair = actor.role is not None and self.random.random() < 0.4
        has_own = is_pair and operation.name.startswith(_REPEATED) and self.random.random() < 0.5
        draws = self._pair(other, SHARED if has_own else "") if is_pair else [self._draw(workspace, other)]
        if operation.name in _CREATING:
            draws = [{**draw, "id": draw["newId"]} for draw in draws]
        state, answers = self.random.getstate(), []
        for draw in draws:
            self.random.setstate(state)
            variables = given(operation, lambda name, draw=draw: draw[name], self.random.choice)  # type: ignore[misc]
            socket = operation.kind == "subscription" or self._rare(operation)
            answer = (over_a_socket if socket else http)(self.world, actor, operation, variables)
            self._check(actor, operation, variables, answer)
            answers.append(answer.text)
            if operation.changes:
                self.world.restore(workspace)
        if is_pair and "ifVersion" not in str(variables):
            self._compare(draws, answers, (actor.name, operation.name))

    def _rare(self, operation: ProbedOperation) -> bool:
        return self.random.random() < (0.02 if operation.changes else 0.06)

    def _actor(self, workspace: str) -> Actor:
        mine = [actor for actor in self.world.actors if actor.workspace == workspace]
        is_wrong = self.random.random() < 0.15
        return self.random.choice([actor for actor in mine if (actor.role is None) == is_wrong])

    def _fresh(self, stem: str) -> str:
        self.number += 1
        return f"{stem}-{self.number}"

    def _draw(self, workspace: str, other: str) -> dict[str, str]:
        mine, theirs, draw = self.world.belongings[workspace], self.world.belongings[other], self.random.choice
        never = f"{self.random.getrandbits(256):064x}"
        kept = (SHARED, mine.own)
        return {
            "id": draw(
                (*kept, *kept, *kept, DELETED, theirs.own, "never", *mine.keys, *theirs.keys, draw(ODD), mine.job, theirs.job)
            ),
            "newId": draw((SHARED, DELETED, theirs.target, self._fresh("new"), draw(theirs.keys), draw(ODD))),
            "after": draw((*mine.cursors, *theirs.cursors, "x", "")),
            "clientKey": draw((mine.client_key, theirs.client_key, self._fresh("key"), "")),
            "planToken": draw((mine.plan_token, theirs.plan_token, never[:32])),
            "upload": draw((mine.upload, theirs.upload, mine.medium, theirs.medium, never)),
            "node": draw(NODES),
            "base64": draw((picture(f"zq{workspace}zq"), picture(self._fresh("picture")), "bm8=")),
        }

    def _pair(self, other: str, own: str) -> list[dict[str, str]]:
        """What another workspace has, and the same of what nobody has. own: the id of a lecture of one's own, if not theirs."""
        theirs, never = self.world.belongings[other], f"{self.random.getrandbits(256):064x}"
        foreign = (theirs.own, "never-there") if self.random.random() < 0.7 else (self.random.choice(theirs.keys), "never-key")
        if self.random.random() < 0.2:
            foreign = (theirs.job, "0" * len(theirs.job))
        if foreign[0] in (SHARED, DELETED):
            foreign = (theirs.own, "never-there")
        node, after, key = self.random.choice(NODES), "x", self._fresh("pair")
        pairs = {
            "id": (own, own) if own else foreign,
            "newId": (theirs.target, self._fresh("none")),
            "after": (after, after),
            "clientKey": (f"{key}-1", f"{key}-2"),
            "planToken": (theirs.plan_token, never[:32]),
            "upload": (self.random.choice((theirs.upload, theirs.medium)), never),
            "node": (node, node),
            "base64": ("bm8=", "bm8="),
        }
        return [{name: pair[place] for name, pair in pairs.items()} for place in (0, 1)]

    def _check(self, actor: Actor, operation: ProbedOperation, variables: Mapping[str, Any], answer: Answer) -> None:
        about = (actor.name, operation.name, variables, answer.text[:2_000])
        if actor.role is None:
            assert (answer.status, answer.text) in ((401, UNAUTHORIZED), (4403, "Forbidden")), about
            self.seen["401"] += 1
            return
        assert answer.status == 200, about
        assert not answer.codes & {"INTERNAL_ERROR", "UNAVAILABLE", "BAD_REQUEST", "TOO_MUCH"}, about
        assert ("FORBIDDEN" in answer.codes) == (not actor.role.allows(operation.role)), about
        assert leaks(answer.text) == [], about
        self.seen.update([*answer.codes, operation.name if answer.document.get("data") else ""])
        self.seen.update(_kinds(answer.document))
        told = readable(answer.text)
        mine = self.sent.setdefault(actor.workspace, set())  # an edit's history names the request, also in later answers
        mine |= {str(value) for name, value in variables.items() if name.startswith("clientKey")}
        for said in (*_texts(variables), *mine):
            told = told.replace(json.dumps(said)[1:-1], "").replace(said, "") if said else told
        foreign = {m for name in WORKSPACES if name != actor.workspace for m in self.world.belongings[name].markers}
        assert [marker for marker in foreign if marker in told] == [], about
        assert [key for key in self.world.keys_of_no_name() if key in told] == [], about
        self._check_client_key(actor, operation, variables, answer)

    def _check_client_key(self, actor: Actor, operation: ProbedOperation, variables: Mapping[str, Any], answer: Answer) -> None:
        """A name of a request that others used is free here."""
        name = next((str(value) for key, value in variables.items() if key.startswith("clientKey")), "")
        used = (actor.workspace, operation.name, name)
        if name and used not in self.used and name != self.world.belongings[actor.workspace].client_key:
            assert '"KeyReused"' not in answer.text, (used, answer.text)
        self.used.add(used)

    def _compare(self, draws: list[dict[str, str]], answers: list[str], about: tuple[str, str]) -> None:
        theirs, nobodys = ([*draw.values()] for draw in draws)
        for one, other in zip(theirs, nobodys, strict=True):
            if one != other:
                answers = [answers[0].replace(one, "@"), answers[1].replace(other, "@")]
        if answers[0] != answers[1]:
            first, second = (json.loads(answer) for answer in answers)
            assert _is_done(first), (about, draws, answers)
            is_twice = "LectureEdited" in _kinds(first)  # the second edit finds what the first left
            assert is_twice or list(_problems(first)) == list(_problems(second)), (about, draws, answers)
        self.seen["pair"] += 1


_CREATING = {"Mutation.createLecture", "Mutation.importLecture"}
_REFUSED = "refused: a valid access token is needed, as `Authorization: Bearer TOKEN`"
UNAUTHORIZED = json.dumps({"errors": [{"message": _REFUSED, "extensions": {"code": "UNAUTHORIZED"}}]})


_REPEATED = ("Query", "Mutation.editLecture", "Mutation.copyLecture", "Mutation.renameLecture", "Mutation.regenerateLecture")
"""What answers the same when it is asked twice, apart from versions and times."""


def _is_done(answer: Any) -> bool:
    """Whether something was done, or planned anew, which has times, versions and tokens of its own."""
    return any(kind.endswith(("ed", "Lecture")) for kind in _kinds(answer))


def _problems(answer: Any) -> Iterator[Any]:
    """What was done, or why not, without times, versions and tokens."""
    for found in (answer.get("data") or {}).values():
        yield [found.get(name) for name in ("__typename", "code", "message", "faults", "known", "created")]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(inner)


def _kinds(answer: Any) -> Iterator[str]:
    for found in (answer.get("data") or {}).values():
        if isinstance(found, dict):
            yield str(found.get("__typename"))


def test_a_conflict_tells_of_the_own_lecture_not_of_anothers_whose_key_is_its_id(world: World) -> None:
    text = """mutation($id: ID!) { undoLectureEdit(id: $id, ifVersion: 1) { __typename
      ... on LectureConflict { since { edits clientKey } } } }"""
    for workspace in WORKSPACES:
        actor = next(a for a in world.actors if a.name == f"edit of {workspace}")
        found = http(world, actor, ProbedOperation("", "mutation", text, AccessRole.EDIT, {}), {"id": SHARED}).document["data"]
        (since,) = found["undoLectureEdit"]["since"]
        assert (since["clientKey"], since["edits"][0]) == (f"shared key-zq{workspace}zq", f"set image-style=zq{workspace}zq")


def test_no_triple_crosses(world: World) -> None:
    probing, asked = Probing(world, random.Random(15)), operations(api_schema())  # noqa: S311 - examples
    deck: list[ProbedOperation] = []
    for _ in range(TRIPLES // _BATCH):
        workspace = probing.random.choice(WORKSPACES)
        others = [name for name in WORKSPACES if name != workspace]
        before = [world.digest(name) for name in others]
        for _ in range(_BATCH):
            if not deck:
                deck = probing.random.sample(asked, len(asked))
            probing.triple(workspace, deck.pop())
        assert [world.digest(name) for name in others] == before
    wanted = {"401", "FORBIDDEN", "pair", "LectureNotFound", "Lecture", "LectureEdited"}
    wanted |= {operation.name for operation in asked} if THOROUGH else set()
    assert wanted - set(probing.seen) == set(), "each is answered at least once"


def test_nothing_tells_whether_another_workspace_has_an_id(world: World) -> None:
    """Whoever creates a lecture sees the same whether others have, or had, its id: a key that is no id is told nowhere."""
    told = []
    for name in (world.belongings["left"].own, "none-other"):
        lectures = world.of("right")
        created(lectures, name, "same words")
        lectures.regenerate(name)
        actor = next(a for a in world.actors if a.name == "read of right")
        found = [http(world, actor, one, variables_of(one, name)).text for one in operations(api_schema()) if one.kind == "query"]
        lectures.delete(name)
        costs = next(one for one in operations(api_schema()) if one.name == "Query.workspaceCosts.calls")
        calls = http(world, actor, costs, {"first_0": 100}).document["data"]["workspaceCosts"]["calls"]["items"]
        assert calls[-1]["lecture"] == name
        told.append([readable(text).replace(name, "@") for text in found])
    hidden = world.keys_of_no_name()
    assert any(key.startswith("only-left-") for key in hidden)
    assert [key for key in hidden for text in told[0] if key in text] == []


def variables_of(operation: ProbedOperation, name: str) -> dict[str, Any]:
    names = {"id": name, "node": NODE, "after": "x"}
    found = given(operation, lambda key: names.get(key, "none"), lambda several: several[0])
    return {
        key: value
        for key, value in found.items()
        if not key.startswith(("after", "statuses", "kinds", "segment", "scope", "edits"))
    }
