"""Events of a lecture's progress as texts of server-sent events: what a subscription to all of their fields is told.

The patch of a timeline is told as RFC 6902 has it, with JSON as values. Each event is put into words once for all who watch, and
so is each page: who watches a run is told the same pages as all others.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from graphql import DocumentNode, GraphQLObjectType, GraphQLSchema, execute_sync, get_named_type, parse

from lecture_assets.api.kept_texts import KeptTexts
from lecture_assets.api.plain_fields import PlainFieldExecution
from lecture_assets.api.progress import WatchedEvent, WatchedLecture

_EVENT = "LectureProgressEvent"


class EventTexts:
    """Puts events into words, and keeps the last ones."""

    def __init__(self, schema: GraphQLSchema) -> None:
        """schema: with the subscription `lectureProgress`."""
        self._schema, self._document = schema, _everything(schema)
        self._kept = KeptTexts()

    def of(self, lecture: WatchedLecture, page: Sequence[Mapping[str, Any]]) -> bytes:
        """Return the text of some events of a lecture, which are at least one and follow each other."""
        first, last = WatchedEvent(lecture, page[0]), WatchedEvent(lecture, page[-1])
        signs = any(event["kind"] == "timeline" for event in page)
        key = ("page", *first.key, *last.key, lecture.urls().expires if signs else 0)
        return self._kept.of(key, lambda: b"".join(self._of_event(WatchedEvent(lecture, event)) for event in page))

    def _of_event(self, watched: WatchedEvent) -> bytes:
        return self._kept.of(watched.key, lambda: self._text(watched))

    def _text(self, watched: WatchedEvent) -> bytes:
        event = watched.event
        found = execute_sync(self._schema, self._document, watched, execution_context_class=PlainFieldExecution)
        if found.data is None:
            message = f"the event {event['number']} is not of the schema: {found.errors}"
            raise ValueError(message)
        told = found.data["lectureProgress"]
        if event["kind"] == "timeline":
            told["patch"] = event["patch"]
        data = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        return f"id: {event['number']}\nevent: {event['kind']}\ndata: {data}\n\n".encode()


def _everything(schema: GraphQLSchema) -> DocumentNode:
    kinds = schema.get_implementations(schema.type_map[_EVENT]).objects  # type: ignore[arg-type]
    parts = " ".join(f"... on {kind.name} {_selection(kind)}" for kind in kinds)
    return parse(f'subscription {{ lectureProgress(id: "") {{ __typename {parts} }} }}')


def _selection(found: GraphQLObjectType) -> str:
    fields = ((name, get_named_type(field.type)) for name, field in found.fields.items())
    return f"{{ {' '.join(name + (_selection(of) if isinstance(of, GraphQLObjectType) else '') for name, of in fields)} }}"
