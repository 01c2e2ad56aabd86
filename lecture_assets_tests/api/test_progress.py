"""Events of a lecture's progress: each kind as a document of its type, and a whole run over a socket that is cut."""

import asyncio
from typing import Any

import pytest
from gql import GraphQLRequest
from gql.transport.exceptions import TransportQueryError
from graphql import GraphQLInterfaceType, GraphQLObjectType, execute_sync, get_named_type, parse

from lecture_assets.api.progress import event_document
from lecture_assets.api.schema import api_schema
from lecture_assets.api.signed_urls import UrlSigner
from lecture_assets_tests.api.serving import ServedApi
from lecture_assets_tests.counts import RAIN

pytestmark = pytest.mark.slow
RUN = {"run": 3, "version": 2}
EVENTS: list[dict[str, Any]] = [
    {"kind": "revision", "version": 2, "edits": ["set voice=teacher"]},
    {"kind": "run-started", **RUN},
    {
        "kind": "planned",
        **RUN,
        "token": "t",
        "nodes": 7,
        "calls": {"text": 1, "image": 2},
        "estimate_usd_micros": {"low": 3, "high": 5_000_000_000},
        "estimate_seconds": 1.5,
    },
    {"kind": "node-started", **RUN, "node": "asset:music", "model": "openai:x"},
    {"kind": "node-delayed", **RUN, "node": "asset:music", "seconds": 2.0, "message": "HTTP 429"},
    {
        "kind": "node",
        **RUN,
        "node": "asset:music",
        "outcome": "failed",
        "take": None,
        "cost_usd_micros": 0,
        "error": {"kind": "retryable", "message": "HTTP 500"},
        "spent_usd_micros": 9,
        "left": 4,
    },
    {
        "kind": "node",
        **RUN,
        "node": "asset:music",
        "outcome": "superseded",
        "take": 2,
        "cost_usd_micros": 5,
        "error": None,
        "spent_usd_micros": 9,
        "left": 3,
    },
    {"kind": "timeline", **RUN, "timeline": "a" * 64, "base": None, "patch": None},
    {
        "kind": "timeline",
        **RUN,
        "timeline": "a" * 64,
        "base": "b" * 64,
        "patch": [{"op": "replace", "path": "/fps", "value": 30}, {"op": "remove", "path": "/music/media"}],
    },
    {
        "kind": "run-ended",
        **RUN,
        "outcome": "done",
        "queued": False,
        "report": {
            "made": 1,
            "restored": 2,
            "failed": 3,
            "blocked": 4,
            "stopped": 5,
            "calls": 6,
            "cost_usd_micros": 7,
            "saved_usd_micros": 8,
        },
    },
    {"kind": "run-ended", **RUN, "outcome": "lost", "queued": True, "report": None},
    {"kind": "withdrawn"},
    {"kind": "reset"},
]
SCHEMA = api_schema()
URLS = UrlSigner(b"secret", "default", "", 7)


def whole(found: Any) -> str:
    """A selection of all fields of a type."""
    fields = []
    for name, field in found.fields.items():
        of_field = get_named_type(field.type)
        fields.append(f"{name} {whole(of_field)}" if isinstance(of_field, GraphQLObjectType) else name)
    return "{ " + " ".join(fields) + " }"


def asked() -> str:
    event = SCHEMA.type_map["LectureProgressEvent"]
    assert isinstance(event, GraphQLInterfaceType)
    parts = [f"... on {one.name} {whole(one)}" for one in SCHEMA.get_implementations(event).objects]
    return f'subscription {{ lectureProgress(id: "rain") {{ __typename number at {" ".join(parts)} }} }}'


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event["kind"])
def test_an_event_is_a_document_of_its_type(event: dict[str, Any]) -> None:
    root = {"lecture_progress": event_document({"number": 1, "at": 2.0, **event}, lambda: URLS)}
    result = execute_sync(SCHEMA, parse(asked()), root)
    assert result.errors is None
    assert result.data is not None
    told = result.data["lectureProgress"]
    assert (told["number"], told["at"]) == (1, 2.0)
    if event["kind"] == "timeline" and event["patch"]:
        assert told["patch"] == [
            {"op": "replace", "path": "/fps", "value": "30"},
            {"op": "remove", "path": "/music/media", "value": None},
        ]


PROGRESS = """subscription($after: Int! = 0) { lectureProgress(id: "rain", after: $after) { __typename number at
  ... on LectureNodeEvent { node outcome left } ... on LectureRunEndedEvent { ending report { made calls } }
  ... on LectureTimelineEvent { timeline base patch { op path } } } }"""


def test_a_strangers_client_sees_a_lecture_being_made_whenever_it_reconnects(served_by_either: ServedApi) -> None:
    served = served_by_either
    served.create()

    async def watch(after: int, most: int) -> list[dict[str, Any]]:
        seen: list[dict[str, Any]] = []
        async with served.socket() as session, asyncio.timeout(60):
            async for event in session.subscribe(GraphQLRequest(PROGRESS, variable_values={"after": after})):
                seen.append(event["lectureProgress"])
                if len(seen) == most or seen[-1]["__typename"] == "LectureRunEndedEvent":
                    return seen
        return seen

    async def watched() -> list[dict[str, Any]]:
        """The first ten events in two connections, and the rest in a third, while it is made."""
        making = asyncio.create_task(asyncio.to_thread(served.make))
        seen: list[dict[str, Any]] = []
        for most in (3, 7, 10_000):
            seen += await watch(seen[-1]["number"] if seen else 0, most)
        await making
        return seen

    events = asyncio.run(watched())
    assert [event["number"] for event in events] == list(range(1, len(events) + 1))
    kinds = [event["__typename"] for event in events]
    assert kinds[:3] == ["LectureRevisionEvent", "LectureRunStartedEvent", "LectureRunPlannedEvent"]
    assert (kinds.count("LectureNodeEvent"), events[-1]["ending"]) == (RAIN.nodes, "DONE")
    assert events[-1]["report"] == {"made": RAIN.nodes, "calls": RAIN.all_calls}
    assert next(event for event in events if event["__typename"] == "LectureTimelineEvent")["base"] is None


def test_canceling_and_deleting_are_told(served: ServedApi) -> None:
    served.create()
    served.data('mutation { regenerateLecture(id: "rain") { __typename } cancelRegeneration(id: "rain") { __typename } }')

    async def watched() -> list[str]:
        seen: list[str] = []
        async with served.socket() as session, asyncio.timeout(60):
            events = session.subscribe(GraphQLRequest(PROGRESS))
            async for event in events:
                seen.append(event["lectureProgress"]["__typename"])
                if seen[-1] == "LectureWithdrawnEvent":
                    await asyncio.to_thread(served.data, 'mutation { deleteLecture(id: "rain") { __typename } }')
        return seen

    with pytest.raises(TransportQueryError, match="there is no such lecture"):
        asyncio.run(watched())
