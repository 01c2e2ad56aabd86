"""ASGI middleware that lets operators alone reach Dagster's fields, routes and UI, where others than this machine reach them.

A program sends a token of the role `operator`. A person gives it once, at /lectures/login, to a page that answers with a cookie;
pages of other sites cannot use it, and no script can read it. Tokens of other roles reach lectures' own fields, as anywhere.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import parse_qs, quote

from anyio.to_thread import run_sync
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from lecture_assets.api.access import is_bearer
from lecture_assets.api.errors import unexpected
from lecture_assets.api.guard import SIGNATURE
from lecture_assets.api.rest_routes import REST, SIGNED
from lecture_assets.api.socket_session import PROTOCOL
from lecture_assets.defs.host.health_routes import HEALTH, READY
from lecture_assets.defs.host.login_page import login_page
from lecture_assets.graph.errors import LectureError
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import sessions, tokens
from lecture_assets.store.tokens import AccessRole, AccessToken

LOGIN, LOGOUT = "/lectures/login", "/lectures/logout"
IS_OPERATOR = "lectures.is_operator"
"""The key of the scope that says so to what comes after the gate."""
_COOKIE = "lectures_session"
_LONGEST_FORM = 2_000
_GRAPHQL = "/graphql"
_LOCAL = re.compile(r"/(?:[A-Za-z0-9_.~%?=&-][A-Za-z0-9_.~%?=&/:-]*)?")


class OperatorGate:
    """Passes on what operators send, and what carries or will carry a token for lectures' own fields."""

    def __init__(self, app: ASGIApp, context: Context) -> None:
        """context: of the store that has the tokens."""
        self._app, self._context = app, context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request or websocket."""
        if scope["type"] not in {"http", "websocket"} or scope["path"] in {HEALTH, READY}:
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        try:
            if scope["type"] == "http" and scope["path"] in {LOGIN, LOGOUT}:
                await (await self._log_in_or_out(Request(scope, receive)))(scope, receive, send)
                return
            is_operator = await run_sync(self._is_operator, connection)
        except LectureError as error:
            answer = JSONResponse({"errors": [unexpected(error)]}, HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "5"})
            await _answer(answer, scope, receive, send)
            return
        if is_operator or _is_for_own_fields(connection, scope):
            await self._app({**scope, IS_OPERATOR: is_operator}, receive, send)
        else:
            await _answer(_refusal(connection, scope), scope, receive, send)

    def _is_operator(self, connection: HTTPConnection) -> bool:
        """Whether an operator's token or session comes with a request. Waits for the database."""
        given, session = connection.headers.get("authorization", ""), connection.cookies.get(_COOKIE, "")
        if is_bearer(given):
            found = self._context.database.reading(
                lambda c: tokens.authenticate(c, given.partition(" ")[2].strip(), self._context.store_time(c))
            )
        elif session:
            found = self._context.database.reading(lambda c: sessions.resume(c, session, self._context.store_time(c)))
        else:
            return False
        return _operates(found)

    async def _log_in_or_out(self, request: Request) -> Response:
        if request.method == "POST" and request.url.path == LOGOUT:
            answer: Response = RedirectResponse(LOGIN, HTTPStatus.SEE_OTHER)
            answer.delete_cookie(_COOKIE, path="/", secure=_is_https(request), httponly=True, samesite="strict")
            return answer
        if request.method != "POST":
            return login_page(_local(request.query_params.get("next", "/")))
        form = _form(await request.body())
        wanted = _local(form.get("next", "/"))
        begun = await run_sync(self._begin, form.get("token", "").strip())
        if begun is None:
            return login_page(wanted, refused=True)
        answer = RedirectResponse(wanted, HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})
        life = int(sessions.LONGEST_S)
        answer.set_cookie(_COOKIE, begun, life, path="/", secure=_is_https(request), httponly=True, samesite="strict")
        return answer

    def _begin(self, token: str) -> str | None:
        """Return a session of an operator's token; None if it is none."""
        begun = self._context.database.reading(lambda c: sessions.begin(c, token, self._context.store_time(c)))
        return begun[1] if begun and _operates(begun[0]) else None


def _operates(token: AccessToken | None) -> bool:
    return token is not None and token.role.allows(AccessRole.OPERATOR)


def _is_for_own_fields(connection: HTTPConnection, scope: Scope) -> bool:
    """Whether a request has, or will have, a token or a signature for lectures' own. What comes after checks it."""
    path, is_told = scope["path"], is_bearer(connection.headers.get("authorization", ""))
    if scope["type"] == "websocket":
        return path == _GRAPHQL and PROTOCOL in scope.get("subprotocols", [])
    if path == _GRAPHQL:
        return is_told and scope["method"] == "POST"
    is_signed = SIGNED.fullmatch(path) is not None
    return (is_told and (is_signed or path.startswith(REST))) or (is_signed and SIGNATURE in connection.query_params)


def _refusal(connection: HTTPConnection, scope: Scope) -> Response:
    if scope["type"] == "http" and scope["method"] == "GET" and "text/html" in connection.headers.get("accept", ""):
        return RedirectResponse(f"{LOGIN}?next={quote(scope['path'])}", HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})
    sentence = f"refused: this takes a token with the role {AccessRole.OPERATOR}, as `Authorization: Bearer TOKEN`, or a login"
    headers = {"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"}
    return JSONResponse({"errors": [{"message": sentence}]}, HTTPStatus.UNAUTHORIZED, headers)


async def _answer(answer: Response, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": "Unauthorized"})
    else:
        await answer(scope, receive, send)


def _form(body: bytes) -> Mapping[str, str]:
    """Read a form of a page; empty if it is none, or too long for one."""
    if len(body) > _LONGEST_FORM or not body.isascii():
        return {}
    return {name: values[0] for name, values in parse_qs(body.decode(), max_num_fields=10).items()}


def _local(path: str) -> str:
    """Return a path of this server: a page must not lead elsewhere."""
    return path if _LOCAL.fullmatch(path) else "/"


def _is_https(request: Request) -> bool:
    """Whether the person's browser speaks HTTPS, with this server or with a proxy before it."""
    return "https" in {request.url.scheme, request.headers.get("x-forwarded-proto", "")}
