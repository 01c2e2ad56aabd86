"""What openapi.json says of the routes that are no operations of GraphQL (timelines, events, media), and of all problems."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from lecture_assets.api.event_stream import HEARTBEAT_S, MEDIA_TYPE
from lecture_assets.api.http_problems import PROBLEM_JSON
from lecture_assets.api.json_schemas import JsonSchema, closed_object, reference
from lecture_assets.briefs.lecture_id import ID_PATTERN
from lecture_assets.timeline.schema import json_schema

COMMON = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
"""What every operation may answer."""
_MEANINGS: Mapping[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: "The request is not well formed.",
    HTTPStatus.UNAUTHORIZED: "It has no valid access token.",
    HTTPStatus.PAYMENT_REQUIRED: "It would cost more than is allowed.",
    HTTPStatus.FORBIDDEN: "The token's role does not allow it, or the URL's signature is wrong or has expired.",
    HTTPStatus.NOT_FOUND: "The workspace has no such thing, whether another one has it or not.",
    HTTPStatus.CONFLICT: "Something stands against it; `LECTURE_BUSY` may be sent again (`Retry-After`).",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too large.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body's content type is not application/json.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "The request is well formed, and wrong.",
    HTTPStatus.TOO_MANY_REQUESTS: "The sender has asked for more than its share; wait as long as `Retry-After` says.",
    HTTPStatus.SERVICE_UNAVAILABLE: "It cannot be done just now; send it again (`Retry-After`).",
}
PROBLEM: JsonSchema = {
    "type": "object",
    "description": "Why a request was not carried out (RFC 9457).",
    "properties": {
        "type": {"const": "about:blank"},
        "title": {"type": "string", "description": "The phrase of the status."},
        "status": {"type": "integer", "description": "The status."},
        "detail": {"type": "string", "description": "What it is, as a sentence for people."},
        "code": {"type": "string", "description": "What it is, for programs."},
    },
    "required": ["type", "title", "status", "detail", "code"],
}
LECTURE_PARAMETER: JsonSchema = {
    "name": "lecture",
    "in": "path",
    "required": True,
    "description": "The lecture's id.",
    "schema": {"type": "string", "pattern": ID_PATTERN},
}
_SIGNED = [
    {"name": name, "in": "query", "description": "Of a signed URL, as it was given out.", "schema": {"type": "string"}}
    for name in ("workspace", "expires", "signature")
]
_IF_NONE_MATCH = {"name": "If-None-Match", "in": "header", "description": "An ETag.", "schema": {"type": "string"}}


def problem_answer(status: HTTPStatus, schemas: Sequence[JsonSchema]) -> dict[str, Any]:
    """Return the response of a status, whose problem is one of these."""
    schema = schemas[0] if len(schemas) == 1 else {"anyOf": list(schemas)}
    return {"description": _MEANINGS[status], "content": {PROBLEM_JSON: {"schema": schema}}}


def _answers(success: Mapping[str, Any], *statuses: HTTPStatus) -> dict[str, Any]:
    common = (
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.SERVICE_UNAVAILABLE,
    )
    problems = {str(status.value): problem_answer(status, [reference("Problem")]) for status in (*common, *statuses)}
    return dict(sorted({**success, **problems}.items()))


def _header(description: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string"}}


_TIMELINE = {
    "operationId": "readTimeline",
    "summary": "The timeline as it was published, with the URLs of its media.",
    "description": "A client that follows the events of the lecture from `number` on applies their patches to `timeline`. "
    "Takes a token with the role `read`.",
    "parameters": [LECTURE_PARAMETER, _IF_NONE_MATCH],
    "responses": _answers(
        {
            "200": {
                "description": "Done.",
                "headers": {"ETag": _header("Changes with each event of the lecture, and with the URLs.")},
                "content": {"application/json": {"schema": reference("PublishedTimeline")}},
            },
            "304": {"description": "The client has it already."},
        },
        HTTPStatus.NOT_FOUND,
    ),
}
_EVENTS = {
    "operationId": "followLecture",
    "summary": "What happens to a lecture, as server-sent events.",
    "description": "Each event has its number as `id`, its kind as `event`, and as `data` what the subscription "
    f"`lectureProgress` of GraphQL is told of it. A comment comes every {HEARTBEAT_S:.0f} seconds. Takes a token with the "
    "role `read`, or a signed URL: `eventsUrl` of a lecture.",
    "parameters": [
        LECTURE_PARAMETER,
        {
            "name": "after",
            "in": "query",
            "description": "The number of the last event that is known; 0 for all that are kept.",
            "schema": {"type": "integer", "minimum": 0, "maximum": 2**31 - 1, "default": 0},
        },
        {
            "name": "Last-Event-ID",
            "in": "header",
            "description": "The same, as EventSource sends it; it counts more.",
            "schema": {"type": "integer", "minimum": 0, "maximum": 2**31 - 1},
        },
        *_SIGNED,
    ],
    "responses": _answers(
        {"200": {"description": "Events, without end.", "content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}},
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
    ),
}
_MEDIUM = {
    "operationId": "readMedium",
    "summary": "The bytes of a medium.",
    "description": "Takes a token with the role `read`, or a signed URL: `url` of a medium. A medium never changes: its SHA-256 "
    "is its ETag.",
    "parameters": [
        {
            "name": "sha256",
            "in": "path",
            "required": True,
            "description": "The SHA-256 of the bytes.",
            "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        },
        {"name": "Range", "in": "header", "description": "Parts of the bytes.", "schema": {"type": "string"}},
        {"name": "If-Range", "in": "header", "description": "An ETag.", "schema": {"type": "string"}},
        _IF_NONE_MATCH,
        *_SIGNED,
    ],
    "responses": _answers(
        {
            "200": {
                "description": "All of it.",
                "headers": {"ETag": _header("The SHA-256."), "Accept-Ranges": _header("`bytes`.")},
                "content": {"*/*": {}},
            },
            "206": {
                "description": "The parts that were asked for.",
                "headers": {"Content-Range": _header("Which part it is, if it is one.")},
                "content": {"*/*": {}},
            },
            "304": {"description": "The client has it already."},
            "307": {"description": "It is at S3.", "headers": {"Location": _header("Where, for 15 minutes.")}},
            "416": {"description": "It has no such part.", "headers": {"Content-Range": _header("How long it is.")}},
        },
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
    ),
}
_DOCUMENT = {
    "operationId": "readOpenapi",
    "summary": "This document.",
    "security": [{}],
    "responses": {"200": {"description": "Done.", "content": {"application/json": {"schema": {"type": "object"}}}}},
}
MORE_PATHS: Mapping[str, Mapping[str, Any]] = {
    "/api/lectures/{lecture}/timeline": {"get": _TIMELINE},
    "/lectures/{lecture}/events": {"get": _EVENTS},
    "/api/media/{sha256}": {"get": _MEDIUM},
    "/api/openapi.json": {"get": _DOCUMENT},
}
"""Paths and their operations."""


def more_components() -> dict[str, JsonSchema]:
    """Return the schemas of a published timeline: those of timeline.json, without the paths of an export."""
    whole = json_schema()
    names = {name: f"Timeline{''.join(word.capitalize() for word in name.split('_'))}" for name in whole.pop("$defs")}
    parts = {f"#/$defs/{name}": f"#/components/schemas/{component}" for name, component in names.items()}
    defined = json_schema()["$defs"]
    found = {component: _moved(defined[name], parts) for name, component in names.items() if name != "src"}
    timeline = {key: value for key, value in _moved(whole, parts).items() if key not in {"$schema", "$id"}}
    return {**found, "Timeline": timeline, "PublishedTimeline": _PUBLISHED}


def _moved(part: Any, names: Mapping[str, str]) -> Any:
    """Return a part of a schema that refers to components; `src`, which only an export has, is left out."""
    if isinstance(part, list):
        return [_moved(item, names) for item in part if item != "src"]
    if not isinstance(part, Mapping):
        return part
    return {key: names[value] if key == "$ref" else _moved(value, names) for key, value in part.items() if key != "src"}


_PUBLISHED: JsonSchema = closed_object(
    {
        "number": {"type": "integer", "description": "The number of the lecture's last event: follow those after it."},
        "version": {"type": "integer", "description": "The lecture's version."},
        "base": {
            "type": ["string", "null"],
            "description": "The SHA-256 of the timeline, which is the `base` of the next patch; null if none was published: the "
            "timeline then has gaps, and no patch applies to it.",
        },
        "timeline": reference("Timeline"),
        "media": {
            "type": "object",
            "description": "The URL of each medium, by its SHA-256: it needs no token, for 6 to 12 hours.",
            "additionalProperties": {"type": "string"},
        },
    },
    ["number", "version", "base", "timeline", "media"],
    "A timeline with the URLs of its media.",
)
