"""What clients are told of errors: their own mistakes as they are; anything else as a number under which the log has it.

A mistake is what parsing, validation and the coercion of input find, and what resolvers say to a client with a code. All else may
hold paths, addresses and SQL: also what is said of an answer that is not of its type.
"""

import logging
import secrets
from collections.abc import Sequence
from typing import Any

from graphql import GraphQLError, ValueNode

from lecture_assets.graph.errors import LectureError
from lecture_assets.store.troubles import DatabaseTroubleError

_LOG = logging.getLogger(__name__)
INTERNAL, UNAVAILABLE = "INTERNAL_ERROR", "UNAVAILABLE"


def told(errors: Sequence[GraphQLError]) -> list[dict[str, Any]]:
    """Return errors as clients are told them; the log has the rest."""
    return [_told(error) for error in errors]


def _told(error: GraphQLError) -> dict[str, Any]:
    mistake = _mistake(error)
    if mistake is not None:
        found: dict[str, Any] = {**error.formatted}
        code = {"code": "BAD_REQUEST", **(mistake.extensions or {})}
        return {**found, "extensions": {**found.get("extensions", {}), **code}}
    document = unexpected(error.original_error or error)
    place = {key: value for key, value in error.formatted.items() if key in {"path", "locations"}}
    return {**document, **place}


def _mistake(error: GraphQLError) -> GraphQLError | None:
    """Return a mistake: found before execution, told with a code of ours, or of a field's arguments; None for other errors."""
    said = error.original_error or error
    if not isinstance(said, GraphQLError):
        return None
    of_arguments = bool(said.nodes) and all(isinstance(node, ValueNode) for node in said.nodes or ())
    return said if error.path is None or "code" in (said.extensions or {}) or of_arguments else None


def unexpected(cause: BaseException) -> dict[str, Any]:
    """Log an error, and return what a client is told of it."""
    number = secrets.token_hex(8)
    _LOG.error("error %s of a GraphQL request", number, exc_info=(type(cause), cause, cause.__traceback__))
    is_away = isinstance(cause, DatabaseTroubleError | LectureError)
    message = "this cannot be done just now; try again later" if is_away else "an unexpected error"
    extensions = {"code": UNAVAILABLE if is_away else INTERNAL, "id": number}
    return {"message": f"{message} (the server's log has it as {number})", "extensions": extensions}
