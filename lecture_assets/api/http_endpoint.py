"""Operations over HTTP: POST of one JSON object, as "GraphQL over HTTP" has it (draft of 2025).

A client that accepts `application/graphql-response+json` is answered 400 for an operation that is not executed; others are
answered 200, because they take any other status for a broken server.
"""

import json
from http import HTTPStatus
from typing import Any

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from graphql import GraphQLError, GraphQLSchema, OperationType
from starlette.requests import Request
from starlette.responses import Response

from lecture_assets.api.access import Access, Principal
from lecture_assets.api.bodies import parsed_json
from lecture_assets.api.budget import ThrottledError
from lecture_assets.api.errors import told, unexpected
from lecture_assets.api.execution import MalformedError, Operation, Prepared, execute_prepared, prepare
from lecture_assets.api.guard import MOST_BYTES
from lecture_assets.graph.errors import LectureError

_RESPONSE, _JSON = "application/graphql-response+json", "application/json"
_THREADS = 8
"""Operations that are read or executed at once: few of them are in the database at a time (`request.py`)."""


class HttpEndpoint:
    """Answers operations about the lectures of the sender's workspace."""

    def __init__(self, schema: GraphQLSchema, access: Access) -> None:
        """access: knows who sends a request."""
        self._schema, self._access = schema, access
        self._limiter: CapacityLimiter | None = None

    async def __call__(self, request: Request) -> Response:
        """Answer one request."""
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _JSON:
            return _refused("a request's content type must be application/json", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        body = await bounded_body(request)
        if body is None:
            return _refused(f"a body of more than {MOST_BYTES:,} bytes", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if self._limiter is None:
            self._limiter = CapacityLimiter(_THREADS)
        return await run_sync(self._answer, request, body, limiter=self._limiter)

    def _answer(self, request: Request, body: bytes) -> Response:
        """Return what is answered. Waits for the database."""
        try:
            sender = self._access.of(request.headers.get("authorization"))
        except LectureError as error:
            return Response(json.dumps({"errors": [unexpected(error)]}), HTTPStatus.SERVICE_UNAVAILABLE, _HEADERS, _JSON)
        if sender is None:
            return _refused("a valid access token is needed, as `Authorization: Bearer TOKEN`", HTTPStatus.UNAUTHORIZED)
        try:
            self._access.budgets.take_request(sender.sender)
            answer, is_executed = self._executed(body, sender)
        except ThrottledError as error:
            return throttled(error)
        return _response(request, answer, is_executed=is_executed)

    def _executed(self, body: bytes, sender: Principal) -> tuple[dict[str, Any], bool]:
        """Return what is answered, and whether the operation was executed. ThrottledError if its sender has to wait."""
        try:
            operation = Operation.of(_document(body))
        except GraphQLError as error:
            return {"errors": told([error])}, False
        prepared = prepare(self._schema, operation)
        if not isinstance(prepared, Prepared):
            return {"errors": prepared}, False
        if prepared.kind is OperationType.SUBSCRIPTION:
            allowed = "a query or a mutation; subscriptions go over graphql-transport-ws"
            return {"errors": told([MalformedError(part="operation", allowed=allowed)])}, False
        left = self._access.budgets.take_cost(sender.sender, prepared.cost.cost)
        return execute_prepared(self._schema, sender.lectures, prepared, sender.role, left), True


def _document(body: bytes) -> Any:
    try:
        return parsed_json(body)
    except (ValueError, RecursionError):
        raise MalformedError(part="the body", allowed="one JSON object in UTF-8") from None


async def bounded_body(request: Request) -> bytes | None:
    """Read a request's body; None as soon as it proves too large."""
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > MOST_BYTES:
        return None
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


def _response(request: Request, answer: dict[str, Any], *, is_executed: bool) -> Response:
    wants_new = _RESPONSE in request.headers.get("accept", "")
    status = HTTPStatus.BAD_REQUEST if wants_new and not is_executed else HTTPStatus.OK
    media_type = _RESPONSE if wants_new else _JSON
    return Response(json.dumps(answer), status, _HEADERS, media_type)


_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def throttled(error: ThrottledError) -> Response:
    """Return the answer to a sender that has asked for more than its share."""
    headers = {**_HEADERS, "Retry-After": str(error.retry_after_s)}
    return Response(json.dumps({"errors": told([error])}), HTTPStatus.TOO_MANY_REQUESTS, headers, _JSON)


def _refused(sentence: str, status: HTTPStatus) -> Response:
    more = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else {}
    code = "UNAUTHORIZED" if status == HTTPStatus.UNAUTHORIZED else "BAD_REQUEST"
    error = {"message": f"refused: {sentence}", "extensions": {"code": code}}
    return Response(json.dumps({"errors": [error]}), status, {**_HEADERS, **more}, _JSON)
