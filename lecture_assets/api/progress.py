"""Where subscriptions get a lecture's progress from, and the events as documents of the schema.

`progress.graphql` has their part of the schema.
"""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from anyio.to_thread import run_sync
from graphql import GraphQLError, GraphQLResolveInfo

from lecture_assets.api.lecture_view import find_lecture
from lecture_assets.api.request import current_request, serving_request
from lecture_assets.runner.lectures import Lectures

_TYPES = {
    "revision": "LectureRevisionEvent",
    "run-started": "LectureRunStartedEvent",
    "planned": "LectureRunPlannedEvent",
    "node-started": "LectureNodeStartedEvent",
    "node-delayed": "LectureNodeDelayedEvent",
    "node": "LectureNodeEvent",
    "timeline": "LectureTimelineEvent",
    "run-ended": "LectureRunEndedEvent",
    "withdrawn": "LectureWithdrawnEvent",
    "reset": "LectureResetEvent",
}
"""The schema's type of each kind of event."""


class ProgressSource(Protocol):
    """Follows the progress of lectures."""

    def follow(self, lecture: str, after: int) -> AsyncIterator[Mapping[str, Any]]:
        """Iterate over the events of a lecture, by its key, after a number: each once and in order, as they come.

        Each has `number`, `at` (seconds since 1970), `kind`, and what belongs to its kind.
        """


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who subscribes: to lectures of which workspace, and where their progress comes from."""

    lectures: Lectures
    source: ProgressSource


async def _lecture_progress(_root: Any, info: GraphQLResolveInfo, id: str, after: int) -> AsyncIterator[dict[str, Any]]:  # noqa: A002 - the argument of the field
    """Find the lecture in its workspace, then follow it."""
    subscriber: Subscriber = info.context
    if after < 0:
        message = f"after: found {after}; allowed: 0 or more"
        raise GraphQLError(message, extensions={"code": "INVALID_ARGUMENT"})
    key = await run_sync(_key_of, subscriber.lectures, id)
    if key is None:
        raise unknown_lecture()
    return _documents(subscriber.source.follow(key, after))


def unknown_lecture() -> GraphQLError:
    """Return the error of a lecture that the workspace does not have."""
    return GraphQLError("there is no such lecture", extensions={"code": "LECTURE_NOT_FOUND"})


def _key_of(lectures: Lectures, name: str) -> str | None:
    with serving_request(lectures):
        found = find_lecture(current_request(), name)
        return found.key if found else None


async def _documents(events: AsyncIterator[Mapping[str, Any]]) -> AsyncIterator[dict[str, Any]]:
    try:
        async for event in events:
            yield {"lecture_progress": event_document(event)}
    finally:
        close = getattr(events, "aclose", None)
        if close is not None:
            await close()


def event_document(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event as a document of its type."""
    document: dict[str, Any] = {"__typename": _TYPES[event["kind"]], **event}
    match event["kind"]:
        case "planned":
            price = event["estimate_usd_micros"]
            document |= {"low_usd_micros": price["low"], "high_usd_micros": price["high"]}
            document |= {"estimated_seconds": event["estimate_seconds"]}
            document["calls"] = [{"role": role, "count": count} for role, count in event["calls"].items()]
        case "node":
            document["failure"] = event["error"]["message"] if event["error"] else None
        case "run-ended":
            document["ending"] = event["outcome"]
        case "timeline" if event["patch"] is not None:
            document["patch"] = [_operation(operation) for operation in event["patch"]]
    return document


def _operation(operation: Mapping[str, Any]) -> dict[str, Any]:
    value = json.dumps(operation["value"], ensure_ascii=False) if "value" in operation else None
    return {"op": operation["op"], "path": operation["path"], "value": value}


SUBSCRIPTIONS: Mapping[str, Callable[..., Any]] = {"lectureProgress": _lecture_progress}
"""What begins each subscription."""
