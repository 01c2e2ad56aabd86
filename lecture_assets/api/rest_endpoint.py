"""REST: a request becomes a stored operation of GraphQL, and its answer a status with a document.

path, query, body, headers ─ checked against the schemas of openapi.json ─► variables ─► executed ─► 2xx, or a problem
"""

import json
from collections.abc import Iterable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any, NoReturn

from graphql import GraphQLError, GraphQLSchema
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from starlette.requests import Request
from starlette.responses import Response

from lecture_assets.api.bodies import parsed_json
from lecture_assets.api.body_faults import body_fault
from lecture_assets.api.cost_limits import TooMuchError
from lecture_assets.api.execution import Operation, Prepared, execute_prepared, prepare
from lecture_assets.api.http_endpoint import bounded_body
from lecture_assets.api.http_problems import NO_STORE, ProblemError, bad_request, no_lecture
from lecture_assets.api.http_sender import HttpSenders, storable
from lecture_assets.api.openapi import body_schema, query_schemas
from lecture_assets.api.rest_operations import CLIENT_KEY, ERRORS, LECTURE, STATUSES, RestRoute, rest_texts, takes_key

_JSON = "application/json"
_KEY = "idempotency-key"
_LONGEST_NOTE = 200


class RestEndpoint:
    """Answers one route."""

    def __init__(self, schema: GraphQLSchema, senders: HttpSenders, route: RestRoute) -> None:
        """senders: knows who asks."""
        self._schema, self._senders, self._route = schema, senders, route
        body, self._query = body_schema(schema, route), query_schemas(schema, route)
        self._takes_body, self._needs_body = body is not None, "required" in (body or {})
        self._takes_key, self._body = takes_key(route), Draft202012Validator(body or {})

    async def __call__(self, request: Request) -> Response:
        """Answer one request."""
        body = await bounded_body(request)
        if body is None:
            sentence = "the body is too large"
            raise ProblemError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "BAD_REQUEST", sentence)
        return await self._senders.run(partial(self._answer, request, body))

    def _answer(self, request: Request, body: bytes) -> Response:
        sender = self._senders.of_token(request)
        variables = {**self._asked(request), **self._given(request, body)}
        if "lecture" in request.path_params:
            variables["id"] = storable(request.path_params["lecture"])
        if self._takes_key and _KEY in request.headers:
            variables[CLIENT_KEY] = _unquoted(request.headers[_KEY])
        prepared = self._prepared(variables)
        self._senders.take_cost(sender, prepared.cost.cost)
        answer = execute_prepared(self._schema, sender.lectures, prepared, sender.role)
        if answer.get("errors"):
            _refuse(answer["errors"][0])
        return self._told(answer["data"], str(variables.get("id", "")))

    def _asked(self, request: Request) -> dict[str, Any]:
        """Return the variables of the query."""
        found: dict[str, Any] = {}
        for name, text in request.query_params.multi_items():
            if name not in self._query or name in found:
                sentence = f"the query: found {name[:_LONGEST_NOTE]!r}; allowed, once each: {', '.join(self._query) or 'none'}"
                raise bad_request(sentence)
            is_number = self._query[name].get("type") == "integer"
            found[name] = _number(name, text) if is_number else storable(text)
        return found

    def _given(self, request: Request, body: bytes) -> dict[str, Any]:
        """Return the variables of the body."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if (body or kind) and kind != _JSON and (self._takes_body or body):
            sentence = f"a body's content type must be {_JSON}"
            raise ProblemError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "BAD_REQUEST", sentence)
        if not body and not self._needs_body:
            return {}
        if not self._takes_body:
            sentence = "this takes no body"
            raise bad_request(sentence)
        document = _document(body)
        first = next(self._body.iter_errors(document), None)
        if first is not None:
            error = best_match([first]) or first
            sentence = f"the body at {error.json_path[:_LONGEST_NOTE]}: {body_fault(error)[:_LONGEST_NOTE]}"
            raise bad_request(sentence)
        found: dict[str, Any] = document
        return found

    def _prepared(self, variables: Mapping[str, Any]) -> Prepared:
        document = {"query": rest_texts()[self._route.operation], "variables": variables, "operationName": None}
        try:
            prepared = prepare(self._schema, Operation.of(document))
        except GraphQLError as error:
            raise bad_request(error.message) from None
        if not isinstance(prepared, Prepared):
            _refuse(prepared[0])
        return prepared

    def _told(self, data: Mapping[str, Any], lecture: str) -> Response:
        answer: Any = data
        for name in self._route.within:
            answer = answer[name]
            if answer is None:
                raise no_lecture(lecture)
        kind = answer.pop("__typename", "")
        if kind in STATUSES:
            code, message = answer.pop("code"), answer.pop("message")
            raise ProblemError(STATUSES[kind], code, message, **answer)
        status = self._route.status(answer)
        made = answer.get("lecture") if status is HTTPStatus.CREATED else None
        place = {"Location": LECTURE.format(lecture=made["id"])} if made else {}
        return Response(json.dumps(answer), status, {**NO_STORE, **place}, _JSON)


def _document(body: bytes) -> Any:
    """Return a body as JSON. ProblemError for anything that is none, or that readers of JSON disagree about."""
    try:
        return parsed_json(body.decode(), object_pairs_hook=_object, parse_constant=_refuse_constant)
    except TooMuchError as error:
        raise bad_request(error.message) from None
    except (ValueError, RecursionError):
        sentence = "the body: allowed is one JSON object in UTF-8, without duplicate keys"
        raise bad_request(sentence) from None


def _object(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(key)
        found[key] = value
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and infinities are no JSON


def _number(name: str, text: str) -> int:
    if not (text.removeprefix("-").isdecimal() and text.isascii() and len(text) <= len("-2147483648")):
        sentence = f"{name}: allowed is a whole number"
        raise bad_request(sentence)
    return int(text)


def _unquoted(text: str) -> str:
    """Return an `Idempotency-Key`, which may be in quotes, as structured fields have it (RFC 9651)."""
    is_quoted = len(text) > 1 and text[0] == text[-1] == '"'
    return storable(text[1:-1] if is_quoted else text)


def _refuse(error: Mapping[str, Any]) -> NoReturn:
    """Refuse a request with an error of GraphQL."""
    extensions = {**error.get("extensions", {})}
    code = str(extensions.pop("code", "INTERNAL_ERROR"))
    raise ProblemError(ERRORS.get(code, HTTPStatus.INTERNAL_SERVER_ERROR), code, error["message"], **extensions)
