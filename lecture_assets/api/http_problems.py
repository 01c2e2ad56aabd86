"""Why a request was not carried out, over plain HTTP: `application/problem+json` (RFC 9457), with the code that GraphQL has."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from lecture_assets.api.budget import THROTTLED, ThrottledError
from lecture_assets.api.errors import unexpected

PROBLEM_JSON = "application/problem+json"
NO_STORE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_AGAIN_S = 2
RETRIED = frozenset({"LECTURE_BUSY", "UNAVAILABLE"})
"""Codes of what may succeed if it is sent again."""


class ProblemError(Exception):
    """A request that is not carried out, and what is answered to it."""

    def __init__(self, status: HTTPStatus, code: str, detail: str, **members: Any) -> None:
        """detail: a sentence; members: what else the problem says."""
        super().__init__(detail)
        self.status, self.code, self.detail, self.members = status, code, detail, members
        self.allowed: Sequence[str] = ()
        self.again_s = _AGAIN_S if code in RETRIED else 0

    @property
    def response(self) -> Response:
        """The answer."""
        document: dict[str, Any] = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": self.detail,
        }
        document |= {"code": self.code, **self.members}
        more = {"Retry-After": str(self.again_s)} if self.again_s else {}
        if self.status == HTTPStatus.UNAUTHORIZED:
            more["WWW-Authenticate"] = "Bearer"
        if self.allowed:
            more["Allow"] = ", ".join(self.allowed)
        return Response(json.dumps(document), self.status, {**NO_STORE, **more}, PROBLEM_JSON)


def no_token() -> ProblemError:
    """Return the problem of a request that nobody with access sends."""
    sentence = "a valid access token is needed, as `Authorization: Bearer TOKEN`"
    return ProblemError(HTTPStatus.UNAUTHORIZED, "UNAUTHORIZED", sentence)


def wrong_signature() -> ProblemError:
    """Return the problem of a signed URL that is wrong or has expired."""
    sentence = "the URL's signature is wrong, or has expired; read a new URL"
    return ProblemError(HTTPStatus.FORBIDDEN, "SIGNATURE_INVALID", sentence)


def no_lecture(lecture: str) -> ProblemError:
    """Return the problem of a lecture that the workspace does not have."""
    return ProblemError(HTTPStatus.NOT_FOUND, "LECTURE_NOT_FOUND", "there is no such lecture", id=lecture)


def wrong_method(allowed: Sequence[str]) -> ProblemError:
    """Return the problem of a path that does not take a method. allowed: the methods that it takes."""
    sentence = f"this path takes {', '.join(allowed)}"
    problem = ProblemError(HTTPStatus.METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", sentence)
    problem.allowed = allowed
    return problem


def throttled(error: ThrottledError) -> ProblemError:
    """Return the problem of a sender that has asked for more than its share."""
    problem = ProblemError(HTTPStatus.TOO_MANY_REQUESTS, THROTTLED, error.message)
    problem.again_s = error.retry_after_s
    return problem


def bad_request(sentence: str) -> ProblemError:
    """Return the problem of a request that is not well formed."""
    return ProblemError(HTTPStatus.BAD_REQUEST, "BAD_REQUEST", sentence)


def of_cause(cause: BaseException) -> ProblemError:
    """Log what went wrong here, and return what a client is told of it."""
    told: Mapping[str, Any] = unexpected(cause)
    code, number = told["extensions"]["code"], told["extensions"]["id"]
    status = HTTPStatus.SERVICE_UNAVAILABLE if code == "UNAVAILABLE" else HTTPStatus.INTERNAL_SERVER_ERROR
    return ProblemError(status, code, told["message"], id=number)
