"""Make, list, rotate and revoke the access tokens of a workspace."""

import re
from datetime import UTC, datetime

from sqlalchemy import Connection
from typing_extensions import TypedDict

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import tokens
from lecture_assets.store.tokens import AccessRole, AccessToken, Grant

_DAY_S, _HOUR_S = 86_400.0, 3_600.0
_LONGEST_LABEL = 100
_ID = re.compile(r"[0-9a-f]{12}")


class TokenDocument(TypedDict):
    """A token without its secret. Times are in seconds since 1970; null: it does not expire, or is not revoked."""

    id: str
    workspace: str
    role: AccessRole
    label: str
    created_at: float
    expires_at: float | None
    revoked_at: float | None


class NewTokenDocument(TypedDict):
    """What `token create` and `token rotate` print. token: shown only now."""

    id: str
    token: str


class RevokedDocument(TypedDict):
    """What `token revoke` prints: the id."""

    revoked: str


def create_token(context: Context, role: str, label: str, days: float | None = None) -> NewTokenDocument:
    """Make a token of this workspace. WrongInputError for an unknown role, or a label or number of days that is out of bounds.

    days: how long it is valid; None for ever
    """
    if role not in list(AccessRole):
        raise WrongInputError([Fault("role", repr(role), ", ".join(AccessRole))])
    if len(label) > _LONGEST_LABEL or not label.isprintable():
        raise WrongInputError([Fault("label", f"{len(label)} characters", f"up to {_LONGEST_LABEL} printable characters")])
    if days is not None and not 0 < days <= 100 * 366:
        raise WrongInputError([Fault("days", repr(days), "more than 0")])

    def create(connection: Connection) -> str:
        now = context.store_time(connection)
        expires_at = None if days is None else now + days * _DAY_S
        return tokens.create(connection, Grant(context.workspace, AccessRole(role), label, expires_at), now)

    return _new(context.database.writing(create))


def rotate_token(context: Context, name: str, hours: float) -> NewTokenDocument:
    """Give a token another secret. WrongInputError if this workspace has no valid one of this id.

    hours: how long the old secret stays valid, so that programs can change over
    """
    if not 0 <= hours <= 24 * 366:
        raise WrongInputError([Fault("hours", repr(hours), "0 or more")])
    _require_id(name)

    def rotate(connection: Connection) -> str | None:
        now = context.store_time(connection)
        return tokens.rotate(connection, context.workspace, name, now, now + hours * _HOUR_S)

    token = context.database.writing(rotate)
    if token is None:
        raise _unknown(name)
    return _new(token)


def revoke_token(context: Context, name: str) -> None:
    """Make a token invalid at once. WrongInputError if this workspace has none of this id."""
    _require_id(name)
    if not context.database.writing(lambda c: tokens.revoke(c, context.workspace, name, context.store_time(c))):
        raise _unknown(name)


def list_tokens(context: Context) -> list[TokenDocument]:
    """Return the tokens of this workspace, the oldest first."""
    found = context.database.reading(lambda connection: tokens.of_workspace(connection, context.workspace))
    return [_document(token) for token in found]


def _document(token: AccessToken) -> TokenDocument:
    return {
        "id": token.id,
        "workspace": token.workspace,
        "role": token.role,
        "label": token.label,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
    }


def state_of(token: TokenDocument, now: float) -> str:
    """Return in words whether a token is valid."""
    if token["revoked_at"] is not None:
        return "revoked"
    if token["expires_at"] is None:
        return "valid"
    until = datetime.fromtimestamp(token["expires_at"], UTC).date()
    return f"valid until {until}" if token["expires_at"] > now else f"expired on {until}"


def _new(token: str) -> NewTokenDocument:
    return {"id": token.split("_")[1], "token": token}


def _require_id(name: str) -> None:
    """Raise WrongInputError for what is no id; it may be a whole token, which no message must repeat."""
    if not _ID.fullmatch(name):
        raise WrongInputError([Fault("token", "text that is no token's id", "an id, as `lectures token list` shows it")])


def _unknown(name: str) -> WrongInputError:
    return WrongInputError([Fault("token", name, "the id of a valid token, as `lectures token list` shows it")])
