"""Signed URLs, for what a browser fetches by itself: `<video>`, `<img>` and EventSource send no access token.

    /api/media/SHA256?workspace=…&expires=…&signature=…            /lectures/ID/events?workspace=…&expires=…&signature=…

A signature is of one thing in one workspace, until a time. The time is the end of a period, so that a URL stays the same for as
long as a period and browsers find the medium in their cache. The secret is the database's: each copy of the server accepts the
URLs of all others.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from lecture_assets.api.guard import SIGNATURE
from lecture_assets.api.request import ApiRequest
from lecture_assets.store import signing_secrets

PERIOD_S = 6 * 3600
"""A URL is valid for one to two periods: longer than the longest lecture plays."""
MEDIA, EVENTS = "media", "events"
"""What a signature may be for."""
_NUMBER_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature is of. purpose: MEDIA or EVENTS; name: a SHA-256 or a lecture's id; expires: seconds since 1970."""

    purpose: str
    workspace: str
    name: str
    expires: int

    def signature(self, secret: bytes) -> str:
        """Return the signature."""
        text = json.dumps([self.purpose, self.workspace, self.name, self.expires]).encode()
        return base64.urlsafe_b64encode(hmac.digest(secret, text, hashlib.sha256)).decode().rstrip("=")

    def query(self, secret: bytes) -> str:
        """Return what follows the `?` of a URL."""
        return f"workspace={quote(self.workspace, safe='')}&expires={self.expires}&{SIGNATURE}={self.signature(secret)}"


@dataclass(frozen=True, slots=True)
class UrlSigner:
    """Signs URLs of one workspace.

    base:    what URLs begin with; empty for paths of the server that is asked
    expires: when they do, in the store's time
    """

    secret: bytes
    workspace: str
    base: str
    expires: int

    def medium(self, sha256: str) -> str:
        """Return the URL of a medium."""
        return self._url(f"/api/media/{sha256}", Signed(MEDIA, self.workspace, sha256, self.expires))

    def events(self, lecture: str) -> str:
        """Return the URL of a lecture's events, by its id."""
        return self._url(f"/lectures/{quote(lecture, safe='')}/events", Signed(EVENTS, self.workspace, lecture, self.expires))

    def _url(self, path: str, signed: Signed) -> str:
        return f"{self.base}{path}?{signed.query(self.secret)}"


def expiry(now: float) -> int:
    """Return when a URL that is signed now expires. now: the store's time."""
    return (int(now) // PERIOD_S + 2) * PERIOD_S


def signer(request: ApiRequest) -> UrlSigner:
    """Return what signs URLs of the request's workspace."""

    def make() -> UrlSigner:
        context, connection = request.context, request.connection
        secret, now = signing_secrets.find(connection), context.store_time(connection)
        if secret is None:
            secret = context.database.writing(lambda c: signing_secrets.make(c, now))
        return UrlSigner(secret, context.workspace, context.media_url, expiry(now))

    return request.once("url signer", make)


def signed_of(purpose: str, name: str, query: Mapping[str, str]) -> tuple[Signed, str] | None:
    """Return what a URL's signature should be of, and the signature; None if the URL is not well formed."""
    workspace, expires, signature = (query.get(key, "") for key in ("workspace", "expires", SIGNATURE))
    if not (expires.isascii() and expires.isdecimal() and len(expires) <= _NUMBER_DIGITS and signature.isascii()):
        return None
    return Signed(purpose, workspace, name, int(expires)), signature


def is_valid(request: ApiRequest, signed: Signed, signature: str) -> bool:
    """Whether a signature is right, and has not expired."""
    secret = signing_secrets.find(request.connection)
    is_right = secret is not None and hmac.compare_digest(signed.signature(secret), signature)
    return is_right and request.context.store_time(request.connection) < signed.expires
