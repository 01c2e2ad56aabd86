"""Sessions of people who have shown an access token to a page: text that proves it for some hours, and is kept nowhere.

    TOKEN-ID.EXPIRES.SIGNATURE

The signature's key is the digest of the token's secret, which is in the database alone. So a session ends with its token, with
the secret that it was begun with, or by itself.
"""

import hashlib
import hmac
import re

from sqlalchemy import Connection

from lecture_assets.store.tokens import AccessToken, authenticate, digest_of, digests_of

LONGEST_S = 8 * 3600.0
_SESSION = re.compile(r"([0-9a-f]{12})\.([0-9]{1,12})\.([0-9a-f]{64})")


def begin(connection: Connection, token: str, now: float) -> tuple[AccessToken, str] | None:
    """Return whose token this is, and a session; None if it is not valid. now: the store's time."""
    found = authenticate(connection, token, now)
    if found is None:
        return None
    expires = int(min(now + LONGEST_S, found.expires_at or now + LONGEST_S))
    digest = digest_of(token.removeprefix(f"lect_{found.id}_"))
    return found, f"{found.id}.{expires}.{_signature(digest, found.id, expires)}"


def resume(connection: Connection, session: str, now: float) -> AccessToken | None:
    """Return the token that a session was begun with; None if it is none, or has ended. now: the store's time."""
    parts = _SESSION.fullmatch(session)
    if parts is None or int(parts[2]) <= now:
        return None
    token, digests = digests_of(connection, parts[1], now)
    wanted = [_signature(digest, parts[1], int(parts[2])) for digest in digests]
    return token if any([hmac.compare_digest(parts[3], one) for one in wanted]) else None  # noqa: C419 - all are compared


def _signature(digest: str, name: str, expires: int) -> str:
    return hmac.new(digest.encode(), f"session {name} {expires}".encode(), hashlib.sha256).hexdigest()
