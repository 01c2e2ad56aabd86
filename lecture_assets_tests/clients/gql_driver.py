"""The story by gql, a client that knows nothing of lectures: requests over HTTP, subscriptions over a socket."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gql import Client, GraphQLRequest
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport

from lecture_assets_tests.clients.story import Seen

_PROBLEM = "... on Problem { code message }"
_CREATE = """mutation($brief: LectureBriefInput!, $id: ID, $key: String) {
  createLecture(brief: $brief, id: $id, clientKey: $key) { __typename ... on LectureCreated { created } %s } }"""
_EDIT = """mutation($id: ID!, $edits: [LectureEditInput!]!) { editLecture(id: $id, edits: $edits) { __typename
  ... on LectureEdited { version stale } %s } }"""
_UNDO = "mutation($id: ID!) { undoLectureEdit(id: $id) { __typename ... on LectureEdited { version } %s } }"
_REGENERATE = """mutation($id: ID!, $token: String) { regenerateLecture(id: $id, planToken: $token) { __typename
  ... on RegenerationQueued { regeneration } %s } }"""
_CANCEL = "mutation($id: ID!) { cancelRegeneration(id: $id) { __typename ... on RegenerationCanceled { was } %s } }"
_DELETE = "mutation($id: ID!) { deleteLecture(id: $id) { __typename %s } }"
_PRICE = "query($id: ID!) { lecture(id: $id) { plan { ... on LecturePlan { token nodeCount } } } }"
_PLAY = """query($id: ID!) { lecture(id: $id) { timeline { title { type } music { type }
  segments { narration { type } layers { type } } } } }"""
_WATCH = """subscription($id: ID!, $after: Int) { lectureProgress(id: $id, after: $after) { __typename number
  ... on LectureNodeEvent { node outcome } ... on LectureRunEndedEvent { version ending queued report { calls } } } }"""


@dataclass(frozen=True, slots=True)
class GqlDriver:
    """One lecture by gql. url: of the endpoint."""

    url: str
    lecture: str

    async def _ask(self, text: str, **variables: Any) -> Any:
        """The one field of the answer."""
        async with Client(transport=HTTPXAsyncTransport(url=self.url, timeout=60)) as session:
            text = text % _PROBLEM if "%s" in text else text
            answer = await session.execute(GraphQLRequest(text, variable_values={"id": self.lecture, **variables}))
        (found,) = answer.values()
        assert "code" not in found, found
        return found

    async def create(self, brief: Mapping[str, Any]) -> None:
        """The driver's."""
        assert (await self._ask(_CREATE, brief=dict(brief), key=self.lecture))["created"]

    async def price(self) -> tuple[str, int]:
        """The driver's."""
        plan = (await self._ask(_PRICE))["plan"]
        return plan["token"], plan["nodeCount"]

    async def edit(self, edit: Mapping[str, Any]) -> tuple[int, Sequence[str]]:
        """The driver's."""
        edited = await self._ask(_EDIT, edits=[edit])
        return edited["version"], edited["stale"]

    async def undo(self) -> int:
        """The driver's."""
        return int((await self._ask(_UNDO))["version"])

    async def regenerate(self, token: str | None) -> None:
        """The driver's."""
        assert (await self._ask(_REGENERATE, token=token))["regeneration"] in {"NONE", "QUEUED", "RUNNING"}

    async def watch(self, after: int) -> AsyncGenerator[Seen, None]:
        """The driver's."""
        url = self.url.replace("http", "ws", 1)
        transport = WebsocketsTransport(url=url, subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL])
        async with Client(transport=transport) as session:
            request = GraphQLRequest(_WATCH, variable_values={"id": self.lecture, "after": after})
            async for answer in session.subscribe(request):
                event = answer["lectureProgress"]
                calls = (event.get("report") or {}).get("calls", 0)
                node, outcome, ending = (event.get(name, "") for name in ("node", "outcome", "ending"))
                version, is_queued = event.get("version", 0), event.get("queued", False)
                yield Seen(event["number"], event["__typename"], node, outcome, ending, version, is_queued, calls)

    async def missing(self) -> int:
        """The driver's."""
        return str((await self._ask(_PLAY))["timeline"]).count("'MISSING'")

    async def cancel(self) -> str:
        """The driver's."""
        return str((await self._ask(_CANCEL))["was"])

    async def delete(self) -> str:
        """The driver's."""
        return str((await self._ask(_DELETE))["__typename"])

    async def code_when_gone(self) -> str:
        """The driver's."""
        try:
            async for event in self.watch(0):
                return event.kind
        except TransportQueryError as error:
            return str((error.errors or [{}])[0]["extensions"]["code"])
        return ""
