"""Events of a lecture's progress as texts of server-sent events: what a subscription to all of their fields is told.

The patch of a timeline is told as RFC 6902 has it, with JSON as values. Each event is put into words once for all who watch.
"""

import json
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from graphql import DocumentNode, GraphQLObjectType, GraphQLSchema, execute_sync, get_named_type, parse

from lecture_assets.api.progress import event_document
from lecture_assets.api.signed_urls import UrlSigner

_KEPT = 64
_EVENT = "LectureProgressEvent"


class EventTexts:
    """Puts events into words, and keeps the last ones."""

    def __init__(self, schema: GraphQLSchema) -> None:
        """schema: with the subscription `lectureProgress`."""
        self._schema, self._document = schema, _everything(schema)
        self._kept: OrderedDict[tuple[str, int, str, int], bytes] = OrderedDict()

    def of(self, lecture: str, event: Mapping[str, Any], urls: UrlSigner) -> bytes:
        """Return the text of an event of a lecture, by its key."""
        name = (lecture, event["number"], event["kind"], urls.expires)  # a reset has the number of another event
        if name not in self._kept:
            self._kept[name] = self._text(event, urls)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return self._kept[name]

    def _text(self, event: Mapping[str, Any], urls: UrlSigner) -> bytes:
        found = execute_sync(self._schema, self._document, {"lecture_progress": event_document(event, urls)})
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
