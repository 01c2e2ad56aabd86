"""One websocket of the protocol graphql-transport-ws: messages in, messages out, a task for each operation.

    connection_init ─► connection_ack      subscribe ─► next … complete, or error      complete ends it      ping ─► pong

The protocol is described at github.com/enisdenjo/graphql-ws. Whatever ends the socket ends its tasks, and their sources.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect

from lecture_assets.api.bodies import parsed_json
from lecture_assets.api.cost_limits import TooMuchError
from lecture_assets.api.errors import unexpected
from lecture_assets.graph.errors import LectureError

PROTOCOL = "graphql-transport-ws"
MOST_OPERATIONS = 20
"""At once, over one socket."""
_INIT_S = 10.0
"""How long a client may take to say `connection_init`."""
_LONGEST_ID = 128
_INVALID, _UNAUTHORIZED, _FORBIDDEN, _TOO_LATE, _TAKEN, _TOO_MANY_INITS = 4400, 4401, 4403, 4408, 4409, 4429
"""The codes of the protocol with which a server closes."""
_TRY_LATER = 1013
"""The code of websockets for a server that cannot serve just now (IANA's registry of close codes)."""


class Executor(Protocol):
    """Executes operations."""

    async def admit(self, payload: Any) -> bool:
        """Whether a client may begin. payload: of its `connection_init`. OperationError if it may later."""

    def results(self, payload: Mapping[str, Any]) -> AsyncIterator[str]:
        """Iterate over the answers to an operation, as JSON: one, or those of a subscription.

        OperationError if it cannot be begun.
        """


class OperationError(Exception):
    """An operation that is not executed. errors: as clients are told them."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        """Keep the errors."""
        super().__init__(f"{len(errors)} errors")
        self.errors = errors


class _ProtocolError(Exception):
    """A message that ends the socket."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class SocketSession:
    """The session of one socket."""

    def __init__(self, socket: WebSocket, executor: Executor, init_s: float = _INIT_S) -> None:
        """init_s: how long the client may take to begin."""
        self._socket, self._executor, self._init_s = socket, executor, init_s
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._sending = asyncio.Lock()
        self._is_begun = False

    async def run(self) -> None:
        """Serve the socket until it ends."""
        await self._socket.accept(subprotocol=PROTOCOL)
        try:
            await self._begin()
            while True:
                await self._handle(await self._receive())
        except WebSocketDisconnect:
            pass
        except _ProtocolError as error:
            with suppress(RuntimeError, WebSocketDisconnect):  # it is closed already
                await self._socket.close(error.code, error.reason)
        finally:
            await self._end()

    async def _begin(self) -> None:
        """Wait for `connection_init`; a ping may come before it."""
        try:
            async with asyncio.timeout(self._init_s):
                while not self._is_begun:
                    await self._handle(await self._receive())
        except TimeoutError:
            raise _ProtocolError(_TOO_LATE, "Connection initialisation timeout") from None

    async def _end(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _receive(self) -> dict[str, Any]:
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1006))
        try:
            document = parsed_json(message.get("text") or "")
        except TooMuchError as error:
            raise _ProtocolError(_INVALID, error.message) from None
        except (ValueError, RecursionError):
            document = None
        if not isinstance(document, dict) or not isinstance(document.get("type"), str):
            raise _ProtocolError(_INVALID, "Invalid message")
        return document

    async def _handle(self, message: Mapping[str, Any]) -> None:
        handlers: Mapping[str, Callable[[Mapping[str, Any]], Awaitable[None]]] = {
            "connection_init": self._init,
            "ping": self._ping,
            "pong": _ignore,
            "subscribe": self._subscribe,
            "complete": self._complete,
        }
        if message["type"] not in handlers:
            raise _ProtocolError(_INVALID, "Invalid message")
        await handlers[message["type"]](message)

    async def _init(self, message: Mapping[str, Any]) -> None:
        if self._is_begun:
            raise _ProtocolError(_TOO_MANY_INITS, "Too many initialisation requests")
        try:
            is_admitted = await self._executor.admit(message.get("payload"))
        except LectureError as error:
            unexpected(error)  # the log has it
            raise _ProtocolError(_TRY_LATER, "Try again later") from None
        except OperationError:
            raise _ProtocolError(_TRY_LATER, "Too many requests") from None
        if not is_admitted:
            raise _ProtocolError(_FORBIDDEN, "Forbidden")
        self._is_begun = True
        await self._send({"type": "connection_ack"})

    async def _ping(self, message: Mapping[str, Any]) -> None:
        payload = message.get("payload")
        await self._send({"type": "pong"} if payload is None else {"type": "pong", "payload": payload})

    async def _subscribe(self, message: Mapping[str, Any]) -> None:
        name, payload = message.get("id"), message.get("payload")
        if not self._is_begun:
            raise _ProtocolError(_UNAUTHORIZED, "Unauthorized")
        if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_ID or not isinstance(payload, dict):
            raise _ProtocolError(_INVALID, "Invalid message")
        if name in self._tasks:
            raise _ProtocolError(_TAKEN, f"Subscriber for {ascii(name)[1:-1][:80]} already exists")
        if len(self._tasks) >= MOST_OPERATIONS:
            too_many = f"refused: more than {MOST_OPERATIONS} operations at once over one socket"
            errors = [{"message": too_many, "extensions": {"code": "TOO_MUCH"}}]
            await self._send({"id": name, "type": "error", "payload": errors})
            return
        self._tasks[name] = asyncio.create_task(self._operate(name, payload))

    async def _complete(self, message: Mapping[str, Any]) -> None:
        task = self._tasks.pop(str(message.get("id")), None)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _operate(self, name: str, payload: Mapping[str, Any]) -> None:
        """Send the answers to one operation. A client that completed it gets no more of them."""
        results = self._executor.results(payload)
        try:
            async for result in results:
                await self._send_text(f'{{"id": {json.dumps(name)}, "type": "next", "payload": {result}}}')
            self._tasks.pop(name, None)
            await self._send({"id": name, "type": "complete"})
        except OperationError as error:
            self._tasks.pop(name, None)
            await self._send({"id": name, "type": "error", "payload": error.errors})
        except (WebSocketDisconnect, RuntimeError):
            self._tasks.pop(name, None)  # the socket is gone; the receiving end notices it, too
        finally:
            close = getattr(results, "aclose", None)
            if close is not None:
                await close()

    async def _send(self, message: Mapping[str, Any]) -> None:
        await self._send_text(json.dumps(message))

    async def _send_text(self, text: str) -> None:
        async with self._sending:
            await self._socket.send_text(text)


async def _ignore(_message: Mapping[str, Any]) -> None:
    """Do nothing."""
