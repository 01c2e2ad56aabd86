"""Webhooks: endpoints of a workspace, and messages to them, which are written in the transaction of the fact they tell.

enqueue ──► waiting ── claim ──► delivered
▲         └─ no 2xx ──► waiting, later; after a day: failed
└─ the sender died: claimed again once its claim is over
"""

import json
import secrets
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, delete, select, text, update

from lecture_assets.store.schema import lectures, webhook_endpoints, webhook_messages
from lecture_assets.store.webhook_tables import WAITING

_ID_BYTES, _SECRET_BYTES = 8, 32
KEPT_S = 7 * 86_400.0
"""How long a message that was delivered or failed is kept."""


class WebhookType(StrEnum):
    """What a message tells.

    playable:        a timeline was published, which plays as far as it is made
    finished:        a run has made everything that it was asked for, and none is queued after it
    failed:          a run has ended, and nodes could not be made
    ceiling_reached: a run has ended, and a ceiling kept calls from being made
    conflict:        a model made anew what a person had replaced: the person is to choose
    ping:            a test that a person asked for
    """

    PLAYABLE = "lecture.playable"
    FINISHED = "lecture.finished"
    FAILED = "lecture.failed"
    CEILING_REACHED = "lecture.ceiling_reached"
    CONFLICT = "lecture.conflict"
    PING = "webhook.ping"


class MessageState(StrEnum):
    """How far a message is."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SigningSecret:
    """A secret that messages are signed with. until: when it stops; None for the current one."""

    secret: str
    until: float | None = None


@dataclass(frozen=True, slots=True)
class WebhookEndpoint:
    """Where messages go. disabled_because: why none does any more; None while some do."""

    id: str
    workspace: str
    url: str
    types: tuple[WebhookType, ...]
    secrets: tuple[SigningSecret, ...]
    created_at: float
    disabled_because: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimedMessage:
    """A message that this sender has in hand, and where it goes. tries: that were made before."""

    id: str
    body: str
    created_at: float
    tries: int
    endpoint: WebhookEndpoint


def create(connection: Connection, workspace: str, url: str, types: Sequence[WebhookType], now: float) -> WebhookEndpoint:
    """Add an endpoint with a new secret."""
    endpoint = WebhookEndpoint(secrets.token_hex(_ID_BYTES), workspace, url, tuple(types), (_new_secret(),), now)
    row = {"id": endpoint.id, "workspace": workspace, "url": url, "types": ",".join(types), "created_at": now}
    connection.execute(webhook_endpoints.insert().values(**row, secrets=_written(endpoint.secrets)))
    return endpoint


def rotate(connection: Connection, workspace: str, name: str, now: float, until: float) -> SigningSecret | None:
    """Add a secret; messages are signed with the earlier ones as well until a time. None if there is no such endpoint."""
    endpoint = _find(connection, workspace, name)
    if endpoint is None:
        return None
    new = _new_secret()
    kept = [SigningSecret(one.secret, until if one.until is None else one.until) for one in endpoint.secrets]
    valid = (new, *(one for one in kept if one.until is None or one.until > now))
    mine = update(webhook_endpoints).where(webhook_endpoints.c.id == name)
    connection.execute(mine.values(secrets=_written(valid)))
    return new


def remove(connection: Connection, workspace: str, name: str) -> bool:
    """Remove an endpoint with its messages. False if the workspace has none of this id."""
    if _find(connection, workspace, name) is None:
        return False
    connection.execute(delete(webhook_messages).where(webhook_messages.c.endpoint == name))
    connection.execute(delete(webhook_endpoints).where(webhook_endpoints.c.id == name))
    return True


def of_workspace(connection: Connection, workspace: str) -> Sequence[WebhookEndpoint]:
    """Return the endpoints of a workspace, the oldest first."""
    mine = select(webhook_endpoints).where(webhook_endpoints.c.workspace == workspace)
    return [_endpoint(row) for row in connection.execute(mine.order_by(webhook_endpoints.c.created_at, webhook_endpoints.c.id))]


def enqueue(connection: Connection, lecture: str, kind: WebhookType, data: Mapping[str, Any], now: float) -> None:
    """Write a message for each endpoint that wants to be told this of a lecture, by its key. data: facts beside its name."""
    whose = select(lectures.c.workspace, lectures.c.name).where(lectures.c.id == lecture)
    row = connection.execute(whose).one()
    for endpoint in of_workspace(connection, row.workspace):
        if endpoint.disabled_because is None and kind in endpoint.types:
            _write(connection, endpoint, kind, {"workspace": row.workspace, "lecture": row.name, **data}, now)


def tell(connection: Connection, lecture: str, event: Mapping[str, Any], now: float) -> None:
    """Tell of a published timeline or an ended run, as the log of progress has it; an ended run has an outcome."""
    data: dict[str, Any] = {"version": event["version"]}
    if "outcome" not in event:
        enqueue(connection, lecture, WebhookType.PLAYABLE, data, now)
        return
    report = event.get("report") or {}
    data |= {name: report[name] for name in ("made", "failed", "blocked", "cost_usd_micros") if name in report}
    if report.get("stopped"):
        enqueue(connection, lecture, WebhookType.CEILING_REACHED, data | {"stopped": report["stopped"]}, now)
    elif event["outcome"] == "failed":
        enqueue(connection, lecture, WebhookType.FAILED, data, now)
    elif event["outcome"] == "done" and not event["queued"]:
        enqueue(connection, lecture, WebhookType.FINISHED, data, now)


def ping(connection: Connection, workspace: str, name: str, now: float) -> str | None:
    """Write a test message to an endpoint, and return its id. None if the workspace has no endpoint of this id."""
    endpoint = _find(connection, workspace, name)
    return None if endpoint is None else _write(connection, endpoint, WebhookType.PING, {"workspace": workspace}, now)


def _write(connection: Connection, endpoint: WebhookEndpoint, kind: WebhookType, data: Mapping[str, Any], now: float) -> str:
    body = {"type": kind, "timestamp": datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds"), "data": dict(data)}
    name = f"msg_{secrets.token_hex(2 * _ID_BYTES)}"
    written = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    row = {"id": name, "endpoint": endpoint.id, "type": kind, "body": written, "created_at": now, "next_at": now}
    connection.execute(webhook_messages.insert().values(row))
    return name


def is_any_due(connection: Connection, now: float) -> bool:
    """Whether a message is due."""
    due = (text(WAITING), webhook_messages.c.next_at <= now, webhook_messages.c.claimed_until <= now)
    return connection.execute(select(webhook_messages.c.id).where(*due).limit(1)).first() is not None


def is_any_waiting(connection: Connection) -> bool:
    """Whether a message is due, now or later, or in hand."""
    return connection.execute(select(webhook_messages.c.id).where(text(WAITING)).limit(1)).first() is not None


def claim(connection: Connection, now: float, until: float, most: int) -> Sequence[ClaimedMessage]:
    """Take messages that are due in hand, the longest due first, for so long. No two senders get the same one.

    Old ones that were delivered or failed are removed on this occasion.
    """
    prune(connection, now)
    due = (text(WAITING), webhook_messages.c.next_at <= now, webhook_messages.c.claimed_until <= now)
    found = select(webhook_messages.c.id).where(*due).order_by(webhook_messages.c.next_at).limit(most)
    names = connection.execute(found.with_for_update(skip_locked=True)).scalars().all()
    mine = webhook_messages.c.id.in_(names)
    connection.execute(update(webhook_messages).where(mine).values(claimed_until=until))
    rows = connection.execute(
        select(webhook_messages, webhook_endpoints)
        .join(webhook_endpoints, webhook_endpoints.c.id == webhook_messages.c.endpoint)
        .where(mine)
        .order_by(webhook_messages.c.created_at)
    ).mappings()
    return [
        ClaimedMessage(
            row[webhook_messages.c.id],
            row[webhook_messages.c.body],
            row[webhook_messages.c.created_at],
            row[webhook_messages.c.tries],
            _endpoint_of({column.name: row[column] for column in webhook_endpoints.c}),
        )
        for row in rows
    ]


def settle(connection: Connection, message: str, state: MessageState, said: str, next_at: float = 0.0) -> None:
    """Record how a try ended, and let the message go. next_at: when a waiting one is tried again."""
    changed = {"state": state, "said": said, "next_at": next_at, "claimed_until": 0.0, "tries": webhook_messages.c.tries + 1}
    connection.execute(update(webhook_messages).where(webhook_messages.c.id == message, text(WAITING)).values(**changed))


def disable(connection: Connection, endpoint: str, why: str, now: float) -> None:
    """Send nothing to an endpoint any more; what waits for it has failed."""
    connection.execute(
        update(webhook_endpoints).where(webhook_endpoints.c.id == endpoint).values(disabled_at=now, disabled_because=why)
    )
    waiting = update(webhook_messages).where(webhook_messages.c.endpoint == endpoint, text(WAITING))
    connection.execute(waiting.values(state=MessageState.FAILED, said=why))


def prune(connection: Connection, now: float) -> None:
    """Remove messages that were delivered or failed long ago."""
    old = webhook_messages.c.created_at < now - KEPT_S
    connection.execute(delete(webhook_messages).where(old, webhook_messages.c.state != MessageState.WAITING))


def messages(connection: Connection, endpoint: str, most: int) -> Sequence[Row[Any]]:
    """Return type, state, tries, last result and time of an endpoint's newest messages."""
    columns = (webhook_messages.c[name] for name in ("id", "type", "state", "tries", "said", "created_at"))
    found = select(*columns).where(webhook_messages.c.endpoint == endpoint)
    return connection.execute(found.order_by(webhook_messages.c.created_at.desc()).limit(most)).all()


def _find(connection: Connection, workspace: str, name: str) -> WebhookEndpoint | None:
    mine = (webhook_endpoints.c.workspace == workspace) & (webhook_endpoints.c.id == name)
    row = connection.execute(select(webhook_endpoints).where(mine).with_for_update()).one_or_none()
    return None if row is None else _endpoint(row)


def _endpoint(row: Row[Any]) -> WebhookEndpoint:
    return _endpoint_of(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name of a row as a mapping


def _endpoint_of(row: Mapping[Any, Any]) -> WebhookEndpoint:
    types = tuple(WebhookType(name) for name in row["types"].split(",") if name in list(WebhookType))
    signing = tuple(SigningSecret(**one) for one in row["secrets"])
    disabled = row["disabled_because"]
    return WebhookEndpoint(row["id"], row["workspace"], row["url"], types, signing, row["created_at"], disabled)


def _new_secret() -> SigningSecret:
    return SigningSecret(f"whsec_{b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()}")


def _written(signing: Sequence[SigningSecret]) -> list[dict[str, Any]]:
    return [{"secret": one.secret, "until": one.until} for one in signing]
