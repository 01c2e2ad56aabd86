"""Operations and subscriptions over websockets, about the lectures of the sender's workspace."""

import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, TypeVar

from anyio.to_thread import run_sync
from graphql import ExecutionResult, GraphQLError, GraphQLSchema, OperationType, create_source_event_stream
from starlette.websockets import WebSocket

from lecture_assets.api.access import Access, Principal
from lecture_assets.api.budget import ThrottledError
from lecture_assets.api.errors import told, unexpected
from lecture_assets.api.event_answers import EventAnswers
from lecture_assets.api.execution import Operation, Prepared, execute_prepared, prepare
from lecture_assets.api.progress import ProgressSource, Subscriber, unknown_lecture
from lecture_assets.api.socket_session import PROTOCOL, OperationError, SocketSession
from lecture_assets.graph.errors import LectureError, UnknownLectureError

T = TypeVar("T")
_NOT_OURS = 4406
_ASK_AGAIN_S = 15.0
"""How long after its token was revoked a subscription may still be told of events."""


class SocketEndpoint:
    """Serves sockets that offer graphql-transport-ws; others are closed."""

    def __init__(self, schema: GraphQLSchema, access: Access, source: ProgressSource) -> None:
        """access: knows who connects; source: of what is subscribed to."""
        self._schema, self._access, self._source = schema, access, source
        self._answers = EventAnswers(schema)

    async def __call__(self, socket: WebSocket) -> None:
        """Serve one socket."""
        if PROTOCOL not in socket.scope.get("subprotocols", []):
            await socket.close(_NOT_OURS, "Subprotocol not acceptable")
            return
        executor = _Executor(self._schema, self._access, self._source, self._answers, socket.headers.get("authorization"))
        await SocketSession(socket, executor).run()


class _Executor:
    """Executes the operations of one socket, once `admit` knows who they are of.

    Tokens are revoked, and expire, while sockets are open: who an operation is of is asked again for each, and for a subscription
    before an event that comes long after the last answer.
    """

    _sender: Principal
    _asked_at = 0.0

    def __init__(
        self, schema: GraphQLSchema, access: Access, source: ProgressSource, answers: EventAnswers, authorization: str | None
    ) -> None:
        self._schema, self._access, self._source, self._authorization = schema, access, source, authorization
        self._answers = answers

    async def admit(self, payload: Any) -> bool:
        given = payload.get("authorization") if isinstance(payload, dict) else None
        self._authorization = given if isinstance(given, str) else self._authorization
        sender = await run_sync(self._access.of, self._authorization)
        if sender is not None:
            self._take(lambda: self._access.budgets.take_request(sender.sender))
            self._sender = sender
        return sender is not None

    async def results(self, payload: Mapping[str, Any]) -> AsyncIterator[str]:
        sender = await self._still()
        self._take(lambda: self._access.budgets.take_request(sender.sender))
        try:
            operation = Operation.of(payload)
        except GraphQLError as error:
            raise OperationError(told([error])) from None
        prepared = await run_sync(prepare, self._schema, operation)
        if not isinstance(prepared, Prepared):
            raise OperationError(prepared)
        left = self._take(lambda: self._access.budgets.take_cost(sender.sender, prepared.cost.cost))
        if prepared.kind is not OperationType.SUBSCRIPTION:
            yield await run_sync(self._executed, sender, prepared, left)
            return
        events, answer = await self._events(prepared, self._source), self._answers.to(prepared)
        try:
            async for event in events:
                if time.monotonic() - self._asked_at > _ASK_AGAIN_S:
                    await self._still()
                yield answer(event)
        except UnknownLectureError:  # it was deleted meanwhile
            raise OperationError(told([unknown_lecture()])) from None
        except OperationError:
            raise
        except Exception as error:
            raise OperationError([unexpected(error)]) from error
        finally:
            await events.aclose()

    def _executed(self, sender: Principal, prepared: Prepared, left: Mapping[str, Any]) -> str:
        return json.dumps(execute_prepared(self._schema, sender.lectures, prepared, sender.role, left))

    async def _still(self) -> Principal:
        """Return who the socket is of. OperationError if its token is not valid any more."""
        try:
            sender = await run_sync(self._access.of, self._authorization)
        except LectureError as error:
            raise OperationError([unexpected(error)]) from None
        if sender is None:
            raise OperationError([{"message": "the access token is not valid any more", "extensions": {"code": "UNAUTHORIZED"}}])
        self._sender, self._asked_at = sender, time.monotonic()
        return sender

    @staticmethod
    def _take(take: Callable[[], T]) -> T:
        """Take from the sender's budget. OperationError if there is not enough left."""
        try:
            return take()
        except ThrottledError as error:
            raise OperationError(told([error])) from None

    async def _events(self, prepared: Prepared, source: ProgressSource) -> Any:
        """Begin a subscription. OperationError if it cannot be begun."""
        try:
            found = await create_source_event_stream(
                self._schema,
                prepared.document,
                context_value=Subscriber(self._sender.lectures, source),
                variable_values=dict(prepared.operation.variables),
                operation_name=prepared.operation.name,
            )
        except Exception as error:
            raise OperationError([unexpected(error)]) from error
        if isinstance(found, ExecutionResult):
            raise OperationError(told(found.errors or []))
        return found
