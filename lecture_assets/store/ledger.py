r"""The call ledger: UNIQUE(workspace, fingerprint), so that identical work is bought once. States and moves, no network.

intend -> INTENT --sent--> SUBMITTED --done--> DONE            a later `intend` of DONE work is a hit
\\______________\\__________fail--> FAILED           a later `intend` of FAILED work tries again
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, Update, select, update

from lecture_assets.graph.fingerprint import Json
from lecture_assets.store.requests import Lease, holds, is_alive
from lecture_assets.store.schema import calls, lectures


class State(StrEnum):
    """Where a call is."""

    INTENT = "intent"
    SUBMITTED = "submitted"
    DONE = "done"
    FAILED = "failed"


class Step(StrEnum):
    """What is to be done about a call that is wanted."""

    BUY = "buy"  # the intent is ours and new
    FIND = "find"  # an intent whose sender is gone: ask the provider before anything is sent
    COLLECT = "collect"  # it was accepted: fetch the reply
    HIT = "hit"  # it is in the ledger, whole
    WAIT = "wait"  # somebody alive is at it


@dataclass(frozen=True, slots=True)
class Intent:
    """What is about to be bought, for which node, under which lease."""

    workspace: str
    fingerprint: str
    attempt: str
    node: str
    role: str
    model: str
    request: Json
    reserved_usd_micros: int
    lease: Lease


@dataclass(frozen=True, slots=True)
class Entry:
    """The ledger's answer: what to do, with the attempt and the provider's id that it concerns."""

    step: Step
    attempt: str
    attempts: int
    provider_id: str | None = None
    reply: Json = None
    cost_usd_micros: int = 0


def intend(connection: Connection, intent: Intent, now: float) -> Entry:
    """Write the intent down, or find out that it is bought, being bought, or left behind by somebody who is gone."""
    row = connection.execute(select(calls).where(_key(intent.workspace, intent.fingerprint))).one_or_none()
    if row is None:
        connection.execute(calls.insert().values(**_columns(intent, now), attempts=1, saved_usd_micros=0))
        return Entry(Step.BUY, intent.attempt, 1)
    if row.state == State.DONE:
        return Entry(Step.HIT, row.attempt, row.attempts, row.provider_id, row.reply, row.cost_usd_micros)
    if row.state == State.FAILED:
        again = _columns(intent, now) | {"attempts": row.attempts + 1, "provider_id": None, "error": None}
        connection.execute(_of(intent).values(**again))
        return Entry(Step.BUY, intent.attempt, row.attempts + 1)
    mine = row.lecture == intent.lease.lecture and row.fence == intent.lease.fence
    if not mine and is_alive(connection, row.lecture, row.fence, now):
        return Entry(Step.WAIT, row.attempt, row.attempts)
    owner = {"lecture": intent.lease.lecture, "node": intent.node, "fence": intent.lease.fence}
    connection.execute(_of(intent).values(**owner))
    step = Step.FIND if row.provider_id is None else Step.COLLECT
    return Entry(step, row.attempt, row.attempts, row.provider_id)


def _key(workspace: str, fingerprint: str) -> Any:
    return (calls.c.workspace == workspace) & (calls.c.fingerprint == fingerprint)


def _mine(intent: Intent) -> Any:
    """This attempt, while nobody took it over."""
    lease = intent.lease
    attempt = _key(intent.workspace, intent.fingerprint) & (calls.c.attempt == intent.attempt)
    return attempt & (calls.c.lecture == lease.lecture) & (calls.c.fence == lease.fence)


def _of(intent: Intent) -> Update:
    return update(calls).where(_key(intent.workspace, intent.fingerprint))


def _columns(intent: Intent, now: float) -> dict[str, Any]:
    return {
        "workspace": intent.workspace,
        "fingerprint": intent.fingerprint,
        "state": State.INTENT,
        "attempt": intent.attempt,
        "lecture": intent.lease.lecture,
        "node": intent.node,
        "fence": intent.lease.fence,
        "role": intent.role,
        "model": intent.model,
        "request": intent.request,
        "reserved_usd_micros": intent.reserved_usd_micros,
        "cost_usd_micros": 0,
        "intended_at": now,
    }


def may_send(connection: Connection, intent: Intent, version: int, now: float) -> bool:
    """The last look before a byte is sent: lease live, intent mine, the head still the version this was planned for."""
    found = (
        select(calls.c.attempt)
        .join(lectures, lectures.c.id == intent.lease.lecture)
        .where(
            _key(intent.workspace, intent.fingerprint),
            calls.c.attempt == intent.attempt,
            calls.c.state == State.INTENT,
            calls.c.fence == intent.lease.fence,
            lectures.c.head == version,
        )
    )
    return connection.execute(found).scalar() is not None and holds(connection, intent.lease, now)


def withdraw(connection: Connection, intent: Intent) -> None:
    """Take back an intent that was never sent; not where somebody else took the attempt over, who may send it."""
    connection.execute(calls.delete().where(_mine(intent), calls.c.state == State.INTENT))


def sent(connection: Connection, intent: Intent, provider_id: str) -> None:
    """Write the provider's own id of an attempt down; a late writer of the same fact changes nothing."""
    mine = _of(intent).where(calls.c.attempt == intent.attempt, calls.c.provider_id.is_(None))
    connection.execute(mine.values(state=State.SUBMITTED, provider_id=provider_id))


def done(connection: Connection, intent: Intent, reply: Json, cost_usd_micros: int, now: float) -> None:
    """The reply is kept and the cost settled."""
    settled = {"state": State.DONE, "reply": reply, "cost_usd_micros": cost_usd_micros, "settled_at": now}
    connection.execute(_of(intent).where(calls.c.state != State.DONE).values(**settled, error=None))


def fail(connection: Connection, intent: Intent, error: Json, cost_usd_micros: int, now: float) -> None:
    """The call came to nothing; what it cost all the same is kept. Says nothing of an attempt that somebody else took over."""
    settled = {"state": State.FAILED, "error": error, "cost_usd_micros": cost_usd_micros, "settled_at": now}
    connection.execute(update(calls).where(_mine(intent), calls.c.state != State.DONE).values(**settled))


def forget_reply(connection: Connection, workspace: str, fingerprint: str, attempt: str) -> None:
    """The bytes of this attempt's reply are gone from the store: the call may be bought again."""
    lost = update(calls).where(_key(workspace, fingerprint), calls.c.attempt == attempt, calls.c.state == State.DONE)
    connection.execute(lost.values(state=State.FAILED, reply=None))


def reuse(connection: Connection, workspace: str, fingerprint: str) -> int:
    """Note that a bought call was used once more for nothing; what that saved, in micro-dollars."""
    key = _key(workspace, fingerprint)
    cost = connection.execute(select(calls.c.cost_usd_micros).where(key, calls.c.state == State.DONE)).scalar() or 0
    connection.execute(update(calls).where(key).values(saved_usd_micros=calls.c.saved_usd_micros + cost))
    return int(cost)


def owned(connection: Connection, workspace: str, fingerprints: Sequence[str]) -> set[str]:
    """Which of these are in the ledger, whole."""
    found = select(calls.c.fingerprint).where(
        calls.c.workspace == workspace, calls.c.state == State.DONE, calls.c.fingerprint.in_(fingerprints)
    )
    return set(connection.execute(found).scalars())


def underway(connection: Connection, lecture: str, now: float) -> set[str]:
    """Nodes of a lecture for which a live worker has a call out."""
    found = select(calls.c.node, calls.c.fence).where(
        calls.c.lecture == lecture, calls.c.state.in_((State.INTENT, State.SUBMITTED))
    )
    rows = connection.execute(found).all()
    return {row.node for row in rows if is_alive(connection, lecture, row.fence, now)}


def entries(connection: Connection, *, lecture: str | None = None, workspace: str | None = None) -> Sequence[RowMapping]:
    """The calls of a lecture, of a workspace, or all; the oldest first."""
    found = select(calls).order_by(calls.c.intended_at)
    if lecture is not None:
        found = found.where(calls.c.lecture == lecture)
    if workspace is not None:
        found = found.where(calls.c.workspace == workspace)
    return connection.execute(found).mappings().all()
