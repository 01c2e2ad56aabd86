"""The call ledger: UNIQUE(workspace, call_key), so that identical work is bought once. States and moves, no network.

    intend --> INTENT --mark_sending--> OUT --sent--> SUBMITTED --done--> DONE     a later `intend` of the same work is a HIT
                 |                       |                |
                 +-----------------------+----------------+----fail---> FAILED   a later `intend` of the same work is a BUY

`withdraw` takes back an INTENT, or an OUT, that no byte was sent for.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Update, bindparam, select, update

from lecture_assets.graph.fingerprint import Json
from lecture_assets.store.charges import UNLIMITED, Ceilings, Price, Shortage, charge, shortage
from lecture_assets.store.requests import Lease, bound, is_alive
from lecture_assets.store.schema import calls, lectures, requests


class State(StrEnum):
    """Where a call is."""

    INTENT = "intent"
    OUT = "out"
    SUBMITTED = "submitted"
    DONE = "done"
    FAILED = "failed"


MOST_UNCERTAIN = 2
"""Attempts with an unknown end, after which a call is not sent again: the first one, and one counted resend."""

UNSETTLED = (State.INTENT, State.OUT, State.SUBMITTED)
"""Of a call that somebody is at, or was."""


class Decision(StrEnum):
    """What to do about a call that is wanted."""

    BUY = "buy"  # the intent is ours and new
    FIND = "find"  # an intent whose sender is gone: ask the provider before anything is sent
    COLLECT = "collect"  # it was accepted: fetch the reply
    HIT = "hit"  # it is in the ledger, whole
    WAIT = "wait"  # somebody alive is at it
    STOP = "stop"  # a ceiling stands against it, nothing was written
    LOST = "lost"  # its reply was lost twice, and nobody can be asked: it is not sent a third time


@dataclass(frozen=True, slots=True)
class Intent:
    """What is about to be bought, for which node, under which lease."""

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
        """What it may cost, and who pays."""
        return Price(self.workspace, self.lease.lecture, self.reserved_usd_micros, now)


@dataclass(frozen=True, slots=True)
class LedgerDecision:
    """The ledger's answer to an intent: what to do, and the attempt and the provider's id that it concerns.

    is_out: of an intent that a dead sender left behind, whether its sender had marked it as sending
    """

    decision: Decision
    attempt: str
    attempts: int
    provider_id: str | None = None
    reply: Json = None
    cost_usd_micros: int = 0
    shortage: Shortage | None = None
    is_out: bool = False


def intend(  # noqa: PLR0911 - one way a state
    connection: Connection, intent: Intent, now: float, ceilings: Ceilings = UNLIMITED
) -> LedgerDecision:
    """Write the intent down, or find out that it is bought, being bought, or left behind by somebody who is gone.

    Nothing is written where its money would pass a ceiling: the sums are read in the transaction that reserves.
    """
    key = {"of_workspace": intent.workspace, "of_call_key": intent.call_key}
    row = connection.execute(_KNOWN, key).one_or_none()
    if row is not None and row.state == State.FAILED and row.uncertain >= MOST_UNCERTAIN:
        return LedgerDecision(Decision.LOST, row.attempt, row.attempts)
    if row is None or row.state == State.FAILED:
        short = shortage(connection, intent.price(now), ceilings)
        if short is not None:
            return LedgerDecision(Decision.STOP, intent.attempt, 0, shortage=short)
    if row is None:
        connection.execute(calls.insert(), {**_columns(intent, now), "attempts": 1, "saved_usd_micros": 0})
        return LedgerDecision(Decision.BUY, intent.attempt, 1)
    if row.state == State.DONE:
        cost = row.cost_usd_micros - row.earlier_usd_micros
        return LedgerDecision(Decision.HIT, row.attempt, row.attempts, row.provider_id, row.reply, cost)
    if row.state == State.FAILED:
        spent = {"cost_usd_micros": row.cost_usd_micros, "earlier_usd_micros": row.cost_usd_micros}
        again = _columns(intent, now) | spent | {"attempts": row.attempts + 1, "provider_id": None, "error": None}
        connection.execute(_of(intent).values(**again))
        return LedgerDecision(Decision.BUY, intent.attempt, row.attempts + 1)
    mine = row.lecture == intent.lease.lecture and row.fence == intent.lease.fence
    if not mine and is_alive(connection, row.lecture, row.fence, now):
        bound(connection, row.lecture, now)
        return LedgerDecision(Decision.WAIT, row.attempt, row.attempts)
    if row.lecture != intent.lease.lecture:  # its money is this lecture's from now on
        short = shortage(connection, intent.price(now), replace(ceilings, workspace=None, month=None))
        if short is not None:
            return LedgerDecision(Decision.STOP, row.attempt, row.attempts, shortage=short)
    owner = {"lecture": intent.lease.lecture, "node": intent.node, "fence": intent.lease.fence}
    connection.execute(_of(intent).values(**owner))
    decision = Decision.FIND if row.provider_id is None else Decision.COLLECT
    return LedgerDecision(decision, row.attempt, row.attempts, row.provider_id, is_out=row.state == State.OUT)


_KNOWN = select(calls).where(calls.c.workspace == bindparam("of_workspace"), calls.c.call_key == bindparam("of_call_key"))
"""Built once, like `_LAST_LOOK`: both are asked for every call."""


def _key(workspace: str, call_key: str) -> Any:
    return (calls.c.workspace == workspace) & (calls.c.call_key == call_key)


def _attempt(intent: Intent) -> Any:
    return _key(intent.workspace, intent.call_key) & (calls.c.attempt == intent.attempt)


def _mine(intent: Intent) -> Any:
    """The attempt, while nobody took it over."""
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
    """Whether a byte may be sent, in one statement: the lease live, the intent mine, the head still the version planned for.

    Mine by lecture and fence: two lectures that want one call count their fences apart.
    """
    asked = {
        "of_workspace": intent.workspace,
        "of_call_key": intent.call_key,
        "of_attempt": intent.attempt,
        "of_lecture": intent.lease.lecture,
        "of_fence": intent.lease.fence,
        "of_version": version,
        "now": now,
    }
    return connection.execute(_LAST_LOOK, asked).scalar() is not None


_LAST_LOOK = (
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
        requests.c.state == "running",
        requests.c.fence == calls.c.fence,
        requests.c.lease_until > bindparam("now"),
    )
)


def mark_sending(connection: Connection, intent: Intent, now: float) -> None:
    """Mark an intent as about to be sent, for a vendor that cannot say at once whether it has a call."""
    unsent = _mine(intent) & calls.c.state.in_((State.INTENT, State.OUT))
    connection.execute(update(calls).where(unsent).values(state=State.OUT, out_at=now))


def withdraw(connection: Connection, intent: Intent) -> None:
    """Take back an intent that was never sent; not where somebody else took the attempt over, who may send it.

    What earlier attempts cost and saved stays in the ledger.
    """
    unsent = _mine(intent) & calls.c.state.in_((State.INTENT, State.OUT))
    connection.execute(calls.delete().where(unsent, calls.c.attempts == 1))
    connection.execute(update(calls).where(unsent).values(state=State.FAILED, attempts=calls.c.attempts - 1))


def sent(connection: Connection, intent: Intent, provider_id: str) -> None:
    """Write the provider's own id of an attempt down; a late writer of the same fact changes nothing."""
    unsettled = _attempt(intent) & (calls.c.state != State.DONE) & calls.c.provider_id.is_(None)
    connection.execute(update(calls).where(unsettled).values(state=State.SUBMITTED, provider_id=provider_id))


def done(  # noqa: PLR0913 - a settlement's facts
    connection: Connection, intent: Intent, reply: Json, cost_usd_micros: int, now: float, *, is_counted: bool = True
) -> None:
    """The reply is kept and the cost settled, whoever has the attempt now; nothing where another attempt took its place.

    is_counted: whether the cost is by what the vendor counted; else it is what was reserved
    """
    uncounted = calls.c.uncounted + int(not is_counted)
    settled = {"state": State.DONE, "reply": reply, "settled_at": now, "error": None, "uncounted": uncounted}
    _settle(connection, intent, _attempt(intent) & (calls.c.state != State.DONE), settled, cost_usd_micros)


def fail(  # noqa: PLR0913 - a settlement's facts
    connection: Connection, intent: Intent, error: Json, cost_usd_micros: int, now: float, *, uncertain: bool = False
) -> None:
    """The call came to nothing; what it cost all the same is kept. Says nothing of an attempt that somebody else took over.

    uncertain: nobody can find out whether the vendor accepted it, so that it counts as paid
    """
    settled = {"state": State.FAILED, "error": error, "settled_at": now, "uncertain": calls.c.uncertain + int(uncertain)}
    _settle(connection, intent, _mine(intent) & calls.c.state.in_(UNSETTLED), settled, cost_usd_micros)


def _settle(connection: Connection, intent: Intent, unsettled: Any, settled: dict[str, Any], cost_usd_micros: int) -> None:
    """The end of an attempt, and its cost: charged to its lecture, and added to that of earlier attempts."""
    cost = {"cost_usd_micros": calls.c.earlier_usd_micros + cost_usd_micros}
    if connection.execute(update(calls).where(unsettled).values(**settled, **cost)).rowcount == 1:
        charge(connection, _attempt(intent), cost_usd_micros)


def forget_reply(connection: Connection, workspace: str, call_key: str, attempt: str) -> None:
    """The bytes of this attempt's reply are gone from the store: the call may be bought again."""
    lost = update(calls).where(_key(workspace, call_key), calls.c.attempt == attempt, calls.c.state == State.DONE)
    connection.execute(lost.values(state=State.FAILED, reply=None))


def forget_replies(connection: Connection, media: Collection[str]) -> None:
    """The same of every call whose reply is one of these media, by SHA-256."""
    found = select(calls.c.workspace, calls.c.call_key, calls.c.attempt, calls.c.reply).where(calls.c.state == State.DONE)
    for row in connection.execute(found).all():
        if isinstance(row.reply, dict) and row.reply.get("sha256") in media:
            forget_reply(connection, row.workspace, row.call_key, row.attempt)


def reuse(connection: Connection, workspace: str, call_key: str) -> int:
    """Note that a bought call was used once more for nothing; what that saved, in micro-dollars."""
    key = _key(workspace, call_key)
    of_reply = calls.c.cost_usd_micros - calls.c.earlier_usd_micros
    cost = connection.execute(select(of_reply).where(key, calls.c.state == State.DONE)).scalar() or 0
    connection.execute(update(calls).where(key).values(saved_usd_micros=calls.c.saved_usd_micros + cost))
    return int(cost)


def owned(connection: Connection, workspace: str, call_keys: Sequence[str]) -> dict[str, Json]:
    """The replies of those of these calls that are bought and settled, by call key."""
    found = select(calls.c.call_key, calls.c.reply).where(
        calls.c.workspace == workspace, calls.c.state == State.DONE, calls.c.call_key.in_(call_keys)
    )
    return {row.call_key: row.reply for row in connection.execute(found)}
