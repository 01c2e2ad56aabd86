"""Add, list, rotate, test and remove the webhook endpoints of a workspace."""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

import httpx2
from sqlalchemy import Connection
from typing_extensions import TypedDict

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import webhooks
from lecture_assets.store.webhooks import WebhookEndpoint, WebhookType

T = TypeVar("T")
_HOUR_S, _MOST_HOURS = 3600.0, 24.0 * 366
_LONGEST_URL = 2000
_ID = re.compile(r"[0-9a-f]{16}")
_SHOWN_MESSAGES = 10
ALL_TYPES = tuple(kind for kind in WebhookType if kind is not WebhookType.PING)


class WebhookMessageDocument(TypedDict):
    """A message. said: how the last try ended, null before the first."""

    id: str
    type: str
    state: str
    tries: int
    said: str | None
    created_at: float


class WebhookDocument(TypedDict):
    """An endpoint without its secrets. disabled: why nothing is sent there any more; null while something is."""

    id: str
    workspace: str
    url: str
    types: list[WebhookType]
    created_at: float
    disabled: str | None
    messages: list[WebhookMessageDocument]


class NewWebhookDocument(TypedDict):
    """What `webhook create` and `webhook rotate` print. secret: shown only now."""

    id: str
    secret: str


class WebhookPingDocument(TypedDict):
    """What `webhook ping` prints: the id of the message."""

    message: str


class RemovedWebhookDocument(TypedDict):
    """What `webhook remove` prints: the id."""

    removed: str


def create_webhook(context: Context, url: str, types: Sequence[str]) -> NewWebhookDocument:
    """Add an endpoint. WrongInputError for a URL that is not https, or an unknown type; no type means all."""
    faults = [Fault("types", repr(name), ", ".join(ALL_TYPES)) for name in types if name not in ALL_TYPES]
    if not _is_allowed(url, context.webhook_loopback):
        faults.append(Fault("url", repr(url[:100]), "a URL like https://example.com/hooks"))
    if faults:
        raise WrongInputError(faults)
    wanted = tuple(WebhookType(name) for name in types) or ALL_TYPES

    def create(connection: Connection) -> WebhookEndpoint:
        return webhooks.create(connection, context.workspace, url, wanted, context.store_time(connection))

    made = context.database.writing(create)
    return {"id": made.id, "secret": made.secrets[0].secret}


def _is_allowed(text: str, loopback: frozenset[tuple[str, int]]) -> bool:
    try:
        url = httpx2.URL(text)
        url.raw_host.decode("ascii")
    except (httpx2.InvalidURL, ValueError, IndexError):
        return False
    is_ours = url.scheme == "http" and (url.host, url.port or 80) in loopback
    is_plain = text.isprintable() and " " not in text and len(text) <= _LONGEST_URL and not url.userinfo
    return is_plain and (is_ours or (url.scheme == "https" and bool(url.host)))


def rotate_webhook(context: Context, name: str, hours: float) -> NewWebhookDocument:
    """Give an endpoint another secret. hours: how long messages are signed with the earlier ones as well."""
    if not 0 <= hours <= _MOST_HOURS:
        raise WrongInputError([Fault("hours", repr(hours), f"0 to {_MOST_HOURS:.0f}")])

    def rotate(connection: Connection) -> str | None:
        now = context.store_time(connection)
        new = webhooks.rotate(connection, context.workspace, name, now, now + hours * _HOUR_S)
        return new.secret if new else None

    return {"id": name, "secret": _found(context, name, rotate)}


def remove_webhook(context: Context, name: str) -> None:
    """Remove an endpoint with its messages. WrongInputError if this workspace has none of this id."""
    _found(context, name, lambda connection: webhooks.remove(connection, context.workspace, name) or None)


def ping_webhook(context: Context, name: str) -> WebhookPingDocument:
    """Send a test message to an endpoint; return its id. WrongInputError if this workspace has none of this id."""

    def ping(connection: Connection) -> str | None:
        return webhooks.ping(connection, context.workspace, name, context.store_time(connection))

    return {"message": _found(context, name, ping)}


def list_webhooks(context: Context) -> list[WebhookDocument]:
    """Return the endpoints of this workspace, the oldest first, each with its newest messages."""

    def read(connection: Connection) -> list[WebhookDocument]:
        return [
            {
                "id": endpoint.id,
                "workspace": endpoint.workspace,
                "url": endpoint.url,
                "types": list(endpoint.types),
                "created_at": endpoint.created_at,
                "disabled": endpoint.disabled_because,
                "messages": [
                    {
                        "id": row.id,
                        "type": row.type,
                        "state": row.state,
                        "tries": row.tries,
                        "said": row.said,
                        "created_at": row.created_at,
                    }
                    for row in webhooks.messages(connection, endpoint.id, _SHOWN_MESSAGES)
                ],
            }
            for endpoint in webhooks.of_workspace(connection, context.workspace)
        ]

    return context.database.reading(read)


def _found(context: Context, name: str, work: Callable[[Connection], T | None]) -> T:
    found = context.database.writing(work) if _ID.fullmatch(name) else None
    if found is None:
        raise WrongInputError([Fault("webhook", repr(name[:40]), "the id of one, as `lectures webhook list` shows it")])
    return found
