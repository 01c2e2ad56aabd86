"""Access tokens: `lect_ID_SECRET`. Only a digest of the secret is stored, so a token is shown once, when it is made.

The secret is 32 random bytes, so that a plain SHA-256 of it cannot be reversed by trying.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, Row, case, or_, select, update

from lecture_assets.store.schema import tokens

_TOKEN = re.compile(r"lect_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_ID_BYTES, _SECRET_BYTES = 6, 32


class AccessRole(StrEnum):
    """What a token allows; each role allows what those before it allow.

    read:     see lectures, timelines, media and costs of the workspace
    edit:     create, edit, copy, rename, upload
    spend:    regenerate and cancel: everything that costs money
    admin:    delete, and manage tokens and webhooks of the workspace
    operator: Dagster's own fields, routes and UI, which show all workspaces
    """

    READ = "read"
    EDIT = "edit"
    SPEND = "spend"
    ADMIN = "admin"
    OPERATOR = "operator"

    def allows(self, wanted: "AccessRole") -> bool:
        """Whether this role includes another one."""
        order = list(AccessRole)
        return order.index(self) >= order.index(wanted)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token without its secret."""

    id: str
    workspace: str
    role: AccessRole
    label: str
    created_at: float
    expires_at: float | None
    revoked_at: float | None


@dataclass(frozen=True, slots=True)
class Grant:
    """What a new token allows. expires_at: in the store's time; None for never."""

    workspace: str
    role: AccessRole
    label: str = ""
    expires_at: float | None = None


def create(connection: Connection, grant: Grant, now: float) -> str:
    """Make a token and return it, secret included."""
    name, secret = secrets.token_hex(_ID_BYTES), secrets.token_urlsafe(_SECRET_BYTES)
    connection.execute(tokens.insert().values(id=name, digest=digest_of(secret), created_at=now, **asdict(grant)))
    return f"lect_{name}_{secret}"


def rotate(connection: Connection, workspace: str, name: str, now: float, old_until: float) -> str | None:
    """Give a token a new secret, and return it; the old one is valid until then. None if there is no valid token of this id."""
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    changed = {"old_digest": tokens.c.digest, "old_until": old_until, "digest": digest_of(secret)}
    done = connection.execute(update(tokens).where(*_valid(name, now), tokens.c.workspace == workspace).values(**changed))
    return f"lect_{name}_{secret}" if done.rowcount == 1 else None


def revoke(connection: Connection, workspace: str, name: str, now: float) -> bool:
    """Make a token invalid at once. False if the workspace has none of this id. Revoking again changes nothing."""
    mine = update(tokens).where(tokens.c.workspace == workspace, tokens.c.id == name)
    first = case((tokens.c.revoked_at.is_(None), now), else_=tokens.c.revoked_at)
    return connection.execute(mine.values(revoked_at=first)).rowcount == 1


def of_workspace(connection: Connection, workspace: str) -> Sequence[AccessToken]:
    """Return the tokens of a workspace, the oldest first."""
    found = connection.execute(select(tokens).where(tokens.c.workspace == workspace).order_by(tokens.c.created_at, tokens.c.id))
    return [_token(row) for row in found]


def authenticate(connection: Connection, text: str, now: float) -> AccessToken | None:
    """Return the token that a text is; None if it is none, or one that is revoked, expired or rotated away."""
    parts = _TOKEN.fullmatch(text)
    if parts is None:
        return None
    token, digests = digests_of(connection, parts[1], now)
    given = digest_of(parts[2])
    return token if any([hmac.compare_digest(given, one) for one in digests]) else None  # noqa: C419 - all are compared


def digests_of(connection: Connection, name: str, now: float) -> tuple[AccessToken | None, Sequence[str]]:
    """Return a valid token by its id, and the digests of its secrets that are valid; None and nothing if there is none."""
    row = connection.execute(select(tokens).where(*_valid(name, now))).one_or_none()
    if row is None:
        return None, ()
    is_old_valid = row.old_until is not None and now < row.old_until
    return _token(row), (row.digest, row.old_digest) if is_old_valid else (row.digest,)


def _valid(name: str, now: float) -> tuple[ColumnElement[bool], ...]:
    return (
        tokens.c.id == name,
        tokens.c.revoked_at.is_(None),
        or_(tokens.c.expires_at.is_(None), tokens.c.expires_at > now),
    )


def digest_of(secret: str) -> str:
    """Return what is stored of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _token(row: Row[tuple[object, ...]]) -> AccessToken:
    return AccessToken(row.id, row.workspace, AccessRole(row.role), row.label, row.created_at, row.expires_at, row.revoked_at)
