"""Where subscriptions get a lecture's progress from, and the events as documents of the schema.

`progress.graphql` has their part of the schema.
"""

import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from anyio.to_thread import run_sync
from graphql import GraphQLError, GraphQLResolveInfo

from lecture_assets.api.lecture_view import find_lecture
from lecture_assets.api.request import ApiRequest, current_request, serving_request
from lecture_assets.api.signed_urls import UrlSigner, expiry, signer
from lecture_assets.runner.lectures import Lectures
from lecture_assets.timeline.lost_media import media_of

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

    def pages(self, lecture: str, after: int) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
        """The same, with the events that are there at once in one page, never an empty one."""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who subscribes: to lectures of which workspace, and where their progress comes from."""

    lectures: Lectures
    source: ProgressSource


async def _lecture_progress(_root: Any, info: GraphQLResolveInfo, id: str, after: int) -> AsyncIterator["WatchedEvent"]:  # noqa: A002 - the argument of the field
    """Find the lecture in its workspace, then follow it."""
    subscriber: Subscriber = info.context
    if after < 0:
        message = f"after: found {after}; allowed: 0 or more"
        raise GraphQLError(message, extensions={"code": "INVALID_ARGUMENT"})
    found = await run_sync(watched_lecture, subscriber.lectures, id)
    if found is None:
        raise unknown_lecture()
    return _documents(subscriber.source.follow(found.key, after), found)


def unknown_lecture() -> GraphQLError:
    """Return the error of a lecture that the workspace does not have."""
    return GraphQLError("there is no such lecture", extensions={"code": "LECTURE_NOT_FOUND"})


@dataclass(frozen=True, slots=True)
class WatchedLecture:
    """A lecture that is watched, by its key. urls: signs URLs of its media at any time."""

    key: str
    urls: Callable[[], UrlSigner]


@dataclass(frozen=True, slots=True)
class WatchedEvent:
    """An event of a lecture that is watched: what a subscription resolves its field from."""

    lecture: WatchedLecture
    event: Mapping[str, Any]

    @property
    def key(self) -> tuple[str | int | float, ...]:
        """What is the same for all whom the same is told: a reset has the number of another event, and URLs expire."""
        kind = self.event["kind"]
        expires = self.lecture.urls().expires if kind == "timeline" else 0
        return self.lecture.key, self.event["number"], self.event["at"], kind, expires

    @property
    def lecture_progress(self) -> dict[str, Any]:
        """The field."""
        return event_document(self.event, self.lecture.urls)


def watched_lecture(lectures: Lectures, name: str) -> WatchedLecture | None:
    """Return a lecture of the workspace, by its id; None if there is none. Waits for the database."""
    with serving_request(lectures):
        request = current_request()
        found = find_lecture(request, name)
        return None if found is None else WatchedLecture(found.key, lasting_signer(request))


def lasting_signer(request: ApiRequest) -> Callable[[], UrlSigner]:
    """Return what signs URLs long after the request, by this machine's uptime, without asking the database."""
    first, clock = signer(request), request.context.clock
    ahead_s = request.context.store_time(request.connection) - clock.uptime().seconds
    return lambda: replace(first, expires=expiry(clock.uptime().seconds + ahead_s))


async def _documents(events: AsyncIterator[Mapping[str, Any]], lecture: WatchedLecture) -> AsyncIterator[WatchedEvent]:
    try:
        async for event in events:
            yield WatchedEvent(lecture, event)
    finally:
        close = getattr(events, "aclose", None)
        if close is not None:
            await close()


def event_document(event: Mapping[str, Any], urls: Callable[[], UrlSigner]) -> dict[str, Any]:
    """Return an event as a document of its type. urls: signs those of the media that it names."""
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
        case "timeline":
            patch = event["patch"]
            document["patch"] = None if patch is None else [_operation(operation) for operation in patch]
            named = dict.fromkeys(digest for operation in patch or () for digest in _named(operation))
            signed = urls()
            document["media"] = [{"sha256": sha256, "url": signed.medium(sha256)} for sha256 in named]
    return document


def _named(operation: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the SHA-256 of each medium that an operation of a patch brings."""
    path, value = operation["path"], operation.get("value")
    if path.endswith("/media/sha256"):
        yield value
    elif path.endswith("/media") and value is not None:
        yield value["sha256"]
    else:
        yield from media_of(value)


def _operation(operation: Mapping[str, Any]) -> dict[str, Any]:
    value = json.dumps(operation["value"], ensure_ascii=False) if "value" in operation else None
    return {"op": operation["op"], "path": operation["path"], "value": value}


SUBSCRIPTIONS: Mapping[str, Callable[..., Any]] = {"lectureProgress": _lecture_progress}
"""What begins each subscription."""
