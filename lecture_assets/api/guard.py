"""ASGI middleware before our servers and Dagster's: refuses what a foreign web page could make a person's browser send.

Refused are host names that are not this host's (DNS rebinding), requests and websockets of foreign pages, mutations by GET, and
oversized requests, all of which Dagster's webserver would accept. Programs send neither Origin nor Sec-Fetch headers, and pass.
"""

import asyncio
import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import SplitResult, urlsplit

from graphql import GraphQLError, OperationDefinitionNode, OperationType, parse
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lecture_assets.api.http_problems import ProblemError

MOST_BYTES = 2_000_000
"""The largest body or websocket message. Dagster's largest is a run's configuration."""
BODY_S = 60.0
"""How long a client may take to send a body: 2 MB at 270 kbit/s."""
MOST_IN_ADDRESS = 8_000
"""The most characters in an address after its `?`."""
_NO_PATH = re.compile(r"(?!)")
SIGNATURE = "signature"
"""The part of an address that shows that it is signed."""
_OWN = {"same-origin", "none"}
"""Sec-Fetch-Site of requests from this server's own pages, or typed by a person. `same-site` is another port."""
_MEDIA = {"image", "audio", "video"}
_ENDS = {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_TIMEOUT}
"""Refusals of what cannot be told from the next request: the connection ends, too."""
_TOO_LARGE = 1009
_MOST_TOKENS = 20_000


@dataclass(frozen=True, slots=True)
class _Refusal:
    sentence: str
    status: HTTPStatus = HTTPStatus.FORBIDDEN


class Guard:
    """Passes on what this server's own pages, a person and programs send."""

    def __init__(
        self,
        app: ASGIApp,
        host: str,
        shown: Sequence[str] = (),
        signed: re.Pattern[str] = _NO_PATH,
        body_s: float = BODY_S,
    ) -> None:
        """Remember what is allowed.

        host:   the address that the server is bound to
        shown:  what paths begin with that foreign pages may show media of
        signed: the paths that foreign pages may read by a signed URL: what answers there looks at nothing but the signature
        body_s: how long a client may take to send a body
        """
        self._app, self._shown, self._signed, self._body_s = app, tuple(shown), signed, body_s
        self._is_private = is_loopback(host)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request or websocket."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        refusal = _unclear(scope) or self._refusal(HTTPConnection(scope), scope)
        if scope["type"] == "websocket":
            if refusal:
                await send({"type": "websocket.close", "code": 1008, "reason": refusal.sentence})
            else:
                await self._app(scope, _bounded(receive, send), send)
            return
        try:
            async with asyncio.timeout(self._body_s):
                body = None if refusal else await _body(scope, receive)
        except TimeoutError:
            body, refusal = None, _Refusal(f"a body that takes more than {self._body_s:g} s", HTTPStatus.REQUEST_TIMEOUT)
        if refusal or body is None:
            refusal = refusal or _Refusal(f"a body of more than {MOST_BYTES:,} bytes", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            await _answer(refusal, scope)(scope, receive, send)
        else:
            await self._app(scope, _replayed(body, receive), send)

    def _refusal(self, connection: HTTPConnection, scope: Scope) -> _Refusal | None:
        host, origin = connection.headers.get("host", ""), connection.headers.get("origin")
        if self._is_private and not is_loopback(_split(f"//{host}").hostname or ""):
            return _Refusal(f"this server is on loopback and is not called {host!r}")
        changes = scope["type"] == "websocket" or scope["method"] not in {"GET", "HEAD", "OPTIONS"}
        if changes and origin is not None and _split(origin).netloc != host:
            return _Refusal(f"a page from {origin} may not send requests to this server")
        if connection.headers.get("sec-fetch-site", "none") not in _OWN and not (
            _is_link(connection, scope)
            or self._is_shown(connection, scope)
            or self._is_signed(connection, scope, changes=changes)
        ):
            return _Refusal("a foreign page may link to this server's pages, but not send it requests")
        if len(scope.get("query_string", b"")) > MOST_IN_ADDRESS:
            return _Refusal(
                f"an address of more than {MOST_IN_ADDRESS:,} characters; send it by POST", HTTPStatus.REQUEST_URI_TOO_LONG
            )
        if not changes and is_mutation(connection.query_params.get("query", "")):
            return _Refusal("a mutation must be sent by POST")
        return None

    def _is_shown(self, connection: HTTPConnection, scope: Scope) -> bool:
        """Whether a page shows a picture, or plays a film, of a path that foreign pages may show: it cannot read them."""
        is_medium = connection.headers.get("sec-fetch-dest") in _MEDIA and connection.headers.get("sec-fetch-mode") == "no-cors"
        return is_medium and scope["type"] == "http" and scope["path"].startswith(self._shown or (" ",))

    def _is_signed(self, connection: HTTPConnection, scope: Scope, *, changes: bool) -> bool:
        """Whether a request is by a signed URL."""
        return not changes and SIGNATURE in connection.query_params and self._signed.fullmatch(scope["path"]) is not None


def _answer(refusal: _Refusal, scope: Scope) -> Response:
    """Return what is answered: to REST a problem as any other, otherwise the sentence."""
    sentence = f"refused: {refusal.sentence}"
    if scope["path"].startswith("/api/"):
        code = "FORBIDDEN" if refusal.status is HTTPStatus.FORBIDDEN else "BAD_REQUEST"
        answer = ProblemError(refusal.status, code, sentence).response
    else:
        answer = PlainTextResponse(f"{sentence}\n", refusal.status)
    if refusal.status in _ENDS:
        answer.headers["Connection"] = "close"
    return answer


def _unclear(scope: Scope) -> _Refusal | None:
    """Refuse a body whose end servers could see in different places: what follows it would be a request of its own."""
    if scope["type"] == "http" and {"content-length", "transfer-encoding"} <= set(HTTPConnection(scope).headers):
        return _Refusal("a body has a length or is in chunks, not both", HTTPStatus.BAD_REQUEST)
    return None


def is_mutation(query: str) -> bool:
    """Whether a document contains anything but queries."""
    try:
        operations = parse(query, no_location=True, max_tokens=_MOST_TOKENS).definitions
    except (GraphQLError, RecursionError):
        return False
    return any(isinstance(part, OperationDefinitionNode) and part.operation is not OperationType.QUERY for part in operations)


def _is_link(connection: HTTPConnection, scope: Scope) -> bool:
    """Whether a person followed a link to a page of the UI, which is harmless. GraphQL and framed pages do not count."""
    asked = (connection.headers.get("sec-fetch-mode"), connection.headers.get("sec-fetch-dest"))
    is_page = scope["type"] == "http" and scope["method"] == "GET" and not scope["path"].startswith("/graphql")
    return is_page and asked == ("navigate", "document")


async def _body(scope: Scope, receive: Receive) -> bytes | None:
    """Read a request's body; None as soon as it proves too large."""
    length = HTTPConnection(scope).headers.get("content-length", "0")
    if length.isdecimal() and int(length) > MOST_BYTES:
        return None
    body, more = bytearray(), True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Replay the body, then pass on later messages: that the client disconnected."""
    first = [True]

    async def replay() -> Message:
        if first and first.pop():
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return replay


def _bounded(receive: Receive, send: Send) -> Receive:
    """Receive messages of a websocket; one that is too large closes it."""

    async def receive_bounded() -> Message:
        message = await receive()
        if max(len(message.get("text") or ""), len(message.get("bytes") or b"")) <= MOST_BYTES:
            return message
        await send({"type": "websocket.close", "code": _TOO_LARGE, "reason": f"a message of more than {MOST_BYTES:,} bytes"})
        return {"type": "websocket.disconnect", "code": _TOO_LARGE}

    return receive_bounded


def is_loopback(host: str) -> bool:
    """Whether a name or an address can only mean this machine. Names are not resolved."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _split(url: str) -> SplitResult:
    """A URL's parts; all empty for an invalid URL."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")
