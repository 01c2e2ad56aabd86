"""The call ledger: UNIQUE(workspace, call_key), so that identical work is bought once. States and transitions; no network.

    intend --> INTENT --mark_sending--> OUT --sent--> SUBMITTED --done--> DONE     a later `intend` of the same work is a HIT
                 |                       |                |
                 +-----------------------+----------------+----fail---> FAILED   a later `intend` of the same work is a BUY

`withdraw` removes an INTENT or OUT for which no byte was sent.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Any, cast

from sqlalchemy import Connection, Executable, Row, Update, bindparam, null, select, update

from lecture_assets.graph.fingerprint import Json
from lecture_assets.store.charges import UNLIMITED, Ceilings, Price, Shortage, charge, shortage
from lecture_assets.store.database import insert
from lecture_assets.store.requests import Lease, bound, is_alive
from lecture_assets.store.schema import calls, lectures, requests


class State(StrEnum):
    """The state of a call."""

    INTENT = "intent"
    OUT = "out"
    SUBMITTED = "submitted"
    DONE = "done"
    FAILED = "failed"


MAX_UNCERTAIN = 2
"""After this many attempts with an unknown outcome (the first and one resend) a call is not sent again."""

UNSETTLED = (State.INTENT, State.OUT, State.SUBMITTED)
"""States of a call that is in progress or abandoned."""


class Decision(StrEnum):
    """What to do about a requested call."""

    BUY = "buy"  # send it: the intent is ours and new
    FIND = "find"  # abandoned before its id was recorded: ask the provider before sending anything
    COLLECT = "collect"  # it was accepted: fetch the reply
    HIT = "hit"  # its reply is in the ledger
    WAIT = "wait"  # a living worker is handling it
    STOP = "stop"  # it would exceed a ceiling; nothing was written
    LOST = "lost"  # its reply was lost twice and the provider cannot be asked: it is not sent a third time


@dataclass(frozen=True, slots=True)
class Intent:
    """A call about to be bought, for a node, under a lease."""

    workspace: str
    call_key: str
    attempt: str
    node: str
    role: str
    model: str
    request: Json
    reserved_usd_micros: int
    lease: Lease

    def price(self, now: float) -> Price:
        """Return the most it may cost, and who would pay."""
        return Price(self.workspace, self.lease.lecture, self.reserved_usd_micros, now)


@dataclass(frozen=True, slots=True)
class LedgerDecision:
    """The ledger's answer to an intent: what to do, and the attempt and provider's id concerned.

    is_out: the abandoned intent was already marked as being sent
    """

    decision: Decision
    attempt: str
    attempts: int
    provider_id: str | None = None
    reply: Json = None
    cost_usd_micros: int = 0
    shortage: Shortage | None = None
    is_out: bool = False


def intend(connection: Connection, intent: Intent, now: float, ceilings: Ceilings = UNLIMITED) -> LedgerDecision:
    """Record the intent, or find that the call is already bought, being bought, or abandoned by a dead worker.

    Nothing is written if its price would exceed a ceiling: the totals are read in the transaction that reserves the price.
    """
    row = connection.execute(_KNOWN, {"of_workspace": intent.workspace, "of_call_key": intent.call_key}).one_or_none()
    if row is None:
        return _buy(connection, intent, now, ceilings)
    if row.state == State.FAILED:
        return _buy_again(connection, intent, row, now, ceilings)
    if row.state == State.DONE:
        cost = row.cost_usd_micros - row.earlier_usd_micros
        return LedgerDecision(Decision.HIT, row.attempt, row.attempts, row.provider_id, row.reply, cost)
    return _take_over(connection, intent, row, now, ceilings)


def _buy(connection: Connection, intent: Intent, now: float, ceilings: Ceilings) -> LedgerDecision:
    short = shortage(connection, intent.price(now), ceilings)
    if short is not None:
        return LedgerDecision(Decision.STOP, intent.attempt, 0, shortage=short)
    row = {**_columns(intent, now), "attempts": 1, "saved_usd_micros": 0}
    if connection.execute(_add(connection.dialect.name), row).first() is not None:
        return LedgerDecision(Decision.BUY, intent.attempt, 1)
    return intend(connection, intent, now, ceilings)  # on a server, another worker has added it since it was looked for


def _buy_again(connection: Connection, intent: Intent, row: Row[Any], now: float, ceilings: Ceilings) -> LedgerDecision:
    if row.uncertain >= MAX_UNCERTAIN:
        return LedgerDecision(Decision.LOST, row.attempt, row.attempts)
    short = shortage(connection, intent.price(now), ceilings)
    if short is not None:
        return LedgerDecision(Decision.STOP, intent.attempt, 0, shortage=short)
    spent = {"cost_usd_micros": row.cost_usd_micros, "earlier_usd_micros": row.cost_usd_micros}
    again = _columns(intent, now) | spent | {"attempts": row.attempts + 1, "provider_id": None, "error": None}
    connection.execute(_of(intent).values(**again))
    return LedgerDecision(Decision.BUY, intent.attempt, row.attempts + 1)


def _take_over(connection: Connection, intent: Intent, row: Row[Any], now: float, ceilings: Ceilings) -> LedgerDecision:
    """Continue an unsettled call if it is this worker's, or its worker is dead."""
    mine = row.lecture == intent.lease.lecture and row.fence == intent.lease.fence
    if not mine and is_alive(connection, row.lecture, row.fence, now):
        bound(connection, row.lecture, now)
        return LedgerDecision(Decision.WAIT, row.attempt, row.attempts)
    if row.lecture != intent.lease.lecture:  # from now on it is charged to this lecture
        short = shortage(connection, intent.price(now), replace(ceilings, workspace=None, month=None))
        if short is not None:
            return LedgerDecision(Decision.STOP, row.attempt, row.attempts, shortage=short)
    owner = {"lecture": intent.lease.lecture, "node": intent.node, "fence": intent.lease.fence}
    connection.execute(_of(intent).values(**owner))
    decision = Decision.FIND if row.provider_id is None else Decision.COLLECT
    return LedgerDecision(decision, row.attempt, row.attempts, row.provider_id, is_out=row.state == State.OUT)


@cache
def _add(dialect: str) -> Executable:
    return cast("Executable", insert(dialect, calls).on_conflict_do_nothing().returning(calls.c.attempt))


_OF_CALL = (calls.c.workspace == bindparam("of_workspace")) & (calls.c.call_key == bindparam("of_call_key"))
_KNOWN = select(calls).where(_OF_CALL).with_for_update()
"""Locks the call's row until the transaction ends. Built once, like `_AUTHORIZED`: both are executed for every call."""


def _key(workspace: str, call_key: str) -> Any:
    return (calls.c.workspace == workspace) & (calls.c.call_key == call_key)


def _attempt(intent: Intent) -> Any:
    return _key(intent.workspace, intent.call_key) & (calls.c.attempt == intent.attempt)


def _mine(intent: Intent) -> Any:
    """The attempt, unless another worker has taken it over."""
    return _attempt(intent) & (calls.c.lecture == intent.lease.lecture) & (calls.c.fence == intent.lease.fence)


def _of(intent: Intent) -> Update:
    return update(calls).where(_key(intent.workspace, intent.call_key))


def _columns(intent: Intent, now: float) -> dict[str, Any]:
    return {
        "workspace": intent.workspace,
        "call_key": intent.call_key,
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
        "earlier_usd_micros": 0,
        "intended_at": now,
    }


def authorize_send(connection: Connection, intent: Intent, version: int, now: float) -> bool:
    """Check in one statement that it may be sent: the lease is live, the intent ours, the head the planned one, and no shadow.

    It is ours by lecture and fence: two lectures that need the same call have separate fences.
    """
    parameters = {
        "of_workspace": intent.workspace,
        "of_call_key": intent.call_key,
        "of_attempt": intent.attempt,
        "of_lecture": intent.lease.lecture,
        "of_fence": intent.lease.fence,
        "of_version": version,
        "now": now,
    }
    return connection.execute(_AUTHORIZED, parameters).scalar() is not None


_AUTHORIZED = (
    select(calls.c.attempt)
    .join(lectures, lectures.c.id == calls.c.lecture)
    .join(requests, requests.c.lecture == calls.c.lecture)
    .where(
        calls.c.workspace == bindparam("of_workspace"),
        calls.c.call_key == bindparam("of_call_key"),
        calls.c.attempt == bindparam("of_attempt"),
        calls.c.lecture == bindparam("of_lecture"),
        calls.c.fence == bindparam("of_fence"),
        calls.c.state.in_((State.INTENT, State.OUT)),
        lectures.c.head == bindparam("of_version"),
        lectures.c.is_shadow == 0,
        requests.c.state == "running",
        requests.c.fence == calls.c.fence,
        requests.c.lease_until > bindparam("now"),
    )
)


def mark_sending(connection: Connection, intent: Intent, now: float) -> None:
    """Mark an intent as about to be sent, for a vendor that cannot tell at once whether it has a call."""
    unsent = _mine(intent) & calls.c.state.in_((State.INTENT, State.OUT))
    connection.execute(update(calls).where(unsent).values(state=State.OUT, out_at=now))


def withdraw(connection: Connection, intent: Intent) -> None:
    """Withdraw an intent that was never sent, unless another worker has taken the attempt over and may send it.

    The costs and savings of earlier attempts stay in the ledger.
    """
    unsent = _mine(intent) & calls.c.state.in_((State.INTENT, State.OUT))
    connection.execute(calls.delete().where(unsent, calls.c.attempts == 1))
    connection.execute(update(calls).where(unsent).values(state=State.FAILED, attempts=calls.c.attempts - 1))


def sent(connection: Connection, intent: Intent, provider_id: str) -> None:
    """Record the provider's own id for an attempt. Recording it again later changes nothing."""
    unsettled = _attempt(intent) & (calls.c.state != State.DONE) & calls.c.provider_id.is_(None)
    connection.execute(update(calls).where(unsettled).values(state=State.SUBMITTED, provider_id=provider_id))


def done(  # noqa: PLR0913 - a settlement's facts
    connection: Connection, intent: Intent, reply: Json, cost_usd_micros: int, now: float, *, is_counted: bool = True
) -> None:
    """Store the reply and settle the cost, even if another worker took the attempt over. Ignored if a newer attempt replaced it.

    is_counted: the cost is based on the vendor's metered usage; otherwise it is the reserved price
    """
    uncounted = calls.c.uncounted + int(not is_counted)
    settled = {"state": State.DONE, "reply": reply, "settled_at": now, "error": None, "uncounted": uncounted}
    _settle(connection, intent, _attempt(intent) & (calls.c.state != State.DONE), settled, cost_usd_micros)


def fail(  # noqa: PLR0913 - a settlement's facts
    connection: Connection, intent: Intent, error: Json, cost_usd_micros: int, now: float, *, uncertain: bool = False
) -> None:
    """Record a failed call and what it cost anyway. Ignored if another worker took the attempt over.

    uncertain: whether the vendor accepted it cannot be determined, so it counts as paid
    """
    settled = {"state": State.FAILED, "error": error, "settled_at": now, "uncertain": calls.c.uncertain + int(uncertain)}
    _settle(connection, intent, _mine(intent) & calls.c.state.in_(UNSETTLED), settled, cost_usd_micros)


def _settle(connection: Connection, intent: Intent, unsettled: Any, settled: dict[str, Any], cost_usd_micros: int) -> None:
    """End an attempt. Its cost is charged to its lecture and added to the cost of earlier attempts."""
    cost = {"cost_usd_micros": calls.c.earlier_usd_micros + cost_usd_micros, "kept_reply": null()}
    if connection.execute(update(calls).where(unsettled).values(**settled, **cost)).rowcount == 1:
        charge(connection, _attempt(intent), cost_usd_micros)


def forget_reply(connection: Connection, workspace: str, call_key: str, attempt: str) -> None:
    """Allow the call to be bought again: the bytes of this attempt's reply are missing from the store."""
    lost = update(calls).where(_key(workspace, call_key), calls.c.attempt == attempt, calls.c.state == State.DONE)
    connection.execute(lost.values(state=State.FAILED, reply=None))


def forget_replies(connection: Connection, media: Collection[str]) -> None:
    """Do the same for every call whose reply is one of these media, by SHA-256."""
    found = select(calls.c.workspace, calls.c.call_key, calls.c.attempt, calls.c.reply).where(calls.c.state == State.DONE)
    for row in connection.execute(found).all():
        if isinstance(row.reply, dict) and row.reply.get("sha256") in media:
            forget_reply(connection, row.workspace, row.call_key, row.attempt)


def reuse(connection: Connection, workspace: str, call_key: str) -> int:
    """Record that a bought call was reused at no cost. Return the saving in micro-dollars."""
    key = _key(workspace, call_key)
    of_reply = calls.c.cost_usd_micros - calls.c.earlier_usd_micros
    cost = connection.execute(select(of_reply).where(key, calls.c.state == State.DONE)).scalar() or 0
    connection.execute(update(calls).where(key).values(saved_usd_micros=calls.c.saved_usd_micros + cost))
    return int(cost)
