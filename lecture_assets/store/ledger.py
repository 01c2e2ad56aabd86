r"""The call ledger: UNIQUE(workspace, fingerprint), so that identical work is bought once. States and moves, no network.

intend -> INTENT -(goes_out)-> OUT --sent--> SUBMITTED --done--> DONE      a later `intend` of DONE work is a hit
\\______________________\\______________\\__________fail--> FAILED     a later `intend` of FAILED work tries again
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, Update, bindparam, case, func, select, update

from lecture_assets.graph.fingerprint import Json
from lecture_assets.store.requests import Lease, is_alive
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


class Step(StrEnum):
    """What is to be done about a call that is wanted."""

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
    fingerprint: str
    attempt: str
    node: str
    role: str
    model: str
    request: Json
    reserved_usd_micros: int
    lease: Lease


@dataclass(frozen=True, slots=True)
class Ceilings:
    """What may be spent at most, in micro-dollars: by a lecture, a workspace, a workspace in a month (UTC). None: no limit."""

    lecture: int | None = None
    workspace: int | None = None
    month: int | None = None


@dataclass(frozen=True, slots=True)
class Shortage:
    """A ceiling that a call would pass. committed: what is spent, and reserved for calls that are out."""

    ceiling: str
    allowed_usd_micros: int
    committed_usd_micros: int
    missing_usd_micros: int


@dataclass(frozen=True, slots=True)
class Entry:
    """The ledger's answer: what to do, with the attempt and the provider's id that it concerns.

    is_out: whether it was noted of an intent that was left behind that it goes out
    """

    step: Step
    attempt: str
    attempts: int
    provider_id: str | None = None
    reply: Json = None
    cost_usd_micros: int = 0
    shortage: Shortage | None = None
    is_out: bool = False


def intend(  # noqa: PLR0911 - one way a state
    connection: Connection, intent: Intent, now: float, ceilings: Ceilings = Ceilings()
) -> Entry:
    """Write the intent down, or find out that it is bought, being bought, or left behind by somebody who is gone.

    Nothing is written where its money would pass a ceiling: the sums are read in the transaction that reserves.
    """
    key = {"of_workspace": intent.workspace, "of_fingerprint": intent.fingerprint}
    row = connection.execute(_KNOWN, key).one_or_none()
    if row is not None and row.state == State.FAILED and row.uncertain >= MOST_UNCERTAIN:
        return Entry(Step.LOST, row.attempt, row.attempts)
    if row is None or row.state == State.FAILED:
        short = shortage(connection, intent, now, ceilings)
        if short is not None:
            return Entry(Step.STOP, intent.attempt, 0, shortage=short)
    if row is None:
        connection.execute(calls.insert(), {**_columns(intent, now), "attempts": 1, "saved_usd_micros": 0})
        return Entry(Step.BUY, intent.attempt, 1)
    if row.state == State.DONE:
        cost = row.cost_usd_micros - row.earlier_usd_micros
        return Entry(Step.HIT, row.attempt, row.attempts, row.provider_id, row.reply, cost)
    if row.state == State.FAILED:
        spent = {"cost_usd_micros": row.cost_usd_micros, "earlier_usd_micros": row.cost_usd_micros}
        again = _columns(intent, now) | spent | {"attempts": row.attempts + 1, "provider_id": None, "error": None}
        connection.execute(_of(intent).values(**again))
        return Entry(Step.BUY, intent.attempt, row.attempts + 1)
    mine = row.lecture == intent.lease.lecture and row.fence == intent.lease.fence
    if not mine and is_alive(connection, row.lecture, row.fence, now):
        return Entry(Step.WAIT, row.attempt, row.attempts)
    owner = {"lecture": intent.lease.lecture, "node": intent.node, "fence": intent.lease.fence}
    connection.execute(_of(intent).values(**owner))
    step = Step.FIND if row.provider_id is None else Step.COLLECT
    return Entry(step, row.attempt, row.attempts, row.provider_id, is_out=row.state == State.OUT)


def shortage(connection: Connection, intent: Intent, now: float, ceilings: Ceilings) -> Shortage | None:
    """The first ceiling that this call would pass; None where it passes none."""
    for name, allowed in asdict(ceilings).items():
        if allowed is not None:
            committed_now = committed(connection, name, intent.workspace, intent.lease.lecture, now)
            missing = committed_now + intent.reserved_usd_micros - allowed
            if missing > 0:
                return Shortage(name, allowed, committed_now, missing)
    return None


def committed(connection: Connection, ceiling: str, workspace: str, lecture: str, now: float) -> int:
    """What counts towards a ceiling: spent, and reserved for calls that are out. A call is of the month of its last attempt."""
    counted = calls.c.workspace == workspace
    if ceiling == "lecture":
        counted &= calls.c.lecture == lecture
    if ceiling == "month":
        today = datetime.fromtimestamp(now, UTC)
        counted &= calls.c.intended_at >= today.replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp()
    is_out = calls.c.state.in_(UNSETTLED)
    spent = calls.c.cost_usd_micros + case((is_out, calls.c.reserved_usd_micros), else_=0)
    return int(connection.execute(select(func.coalesce(func.sum(spent), 0)).where(counted)).scalar_one())


_KNOWN = select(calls).where(calls.c.workspace == bindparam("of_workspace"), calls.c.fingerprint == bindparam("of_fingerprint"))
"""Built once, like `_LAST_LOOK`: both are asked for every call."""


def _key(workspace: str, fingerprint: str) -> Any:
    return (calls.c.workspace == workspace) & (calls.c.fingerprint == fingerprint)


def _attempt(intent: Intent) -> Any:
    return _key(intent.workspace, intent.fingerprint) & (calls.c.attempt == intent.attempt)


def _mine(intent: Intent) -> Any:
    """The attempt, while nobody took it over."""
    return _attempt(intent) & (calls.c.lecture == intent.lease.lecture) & (calls.c.fence == intent.lease.fence)


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
        "earlier_usd_micros": 0,
        "intended_at": now,
    }


def may_send(connection: Connection, intent: Intent, version: int, now: float) -> bool:
    """The last look before a byte is sent, in one statement: lease live, intent mine, the head still the version planned for.

    Mine by lecture and fence: two lectures that want one fingerprint count their fences apart.
    """
    asked = {
        "of_workspace": intent.workspace,
        "of_fingerprint": intent.fingerprint,
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
        calls.c.fingerprint == bindparam("of_fingerprint"),
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


def goes_out(connection: Connection, intent: Intent) -> bool:
    """Note that an intent is about to be sent; True, for whoever is told that it may."""
    unsent = _mine(intent) & (calls.c.state == State.INTENT)
    connection.execute(update(calls).where(unsent).values(state=State.OUT))
    return True


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


def done(connection: Connection, intent: Intent, reply: Json, cost_usd_micros: int, now: float) -> None:
    """The reply is kept and the cost settled, whoever has the attempt now; nothing where another attempt took its place."""
    settled = {"state": State.DONE, "reply": reply, "settled_at": now, "error": None}
    unsettled = _attempt(intent) & (calls.c.state != State.DONE)
    connection.execute(update(calls).where(unsettled).values(**settled, **_spent(cost_usd_micros)))


def fail(  # noqa: PLR0913 - a settlement's facts
    connection: Connection, intent: Intent, error: Json, cost_usd_micros: int, now: float, *, uncertain: bool = False
) -> None:
    """The call came to nothing; what it cost all the same is kept. Says nothing of an attempt that somebody else took over.

    uncertain: nobody can find out whether the vendor accepted it, so that it counts as paid
    """
    settled = {"state": State.FAILED, "error": error, "settled_at": now, "uncertain": calls.c.uncertain + int(uncertain)}
    unsettled = _mine(intent) & calls.c.state.in_(UNSETTLED)
    connection.execute(update(calls).where(unsettled).values(**settled, **_spent(cost_usd_micros)))


def _spent(cost_usd_micros: int) -> dict[str, Any]:
    """What all attempts cost together; said twice of one attempt, it is the same."""
    return {"cost_usd_micros": calls.c.earlier_usd_micros + cost_usd_micros}


def forget_reply(connection: Connection, workspace: str, fingerprint: str, attempt: str) -> None:
    """The bytes of this attempt's reply are gone from the store: the call may be bought again."""
    lost = update(calls).where(_key(workspace, fingerprint), calls.c.attempt == attempt, calls.c.state == State.DONE)
    connection.execute(lost.values(state=State.FAILED, reply=None))


def reuse(connection: Connection, workspace: str, fingerprint: str) -> int:
    """Note that a bought call was used once more for nothing; what that saved, in micro-dollars."""
    key = _key(workspace, fingerprint)
    of_reply = calls.c.cost_usd_micros - calls.c.earlier_usd_micros
    cost = connection.execute(select(of_reply).where(key, calls.c.state == State.DONE)).scalar() or 0
    connection.execute(update(calls).where(key).values(saved_usd_micros=calls.c.saved_usd_micros + cost))
    return int(cost)


def owned(connection: Connection, workspace: str, fingerprints: Sequence[str]) -> dict[str, Json]:
    """The replies of those of these calls that are bought and settled, by fingerprint."""
    found = select(calls.c.fingerprint, calls.c.reply).where(
        calls.c.workspace == workspace, calls.c.state == State.DONE, calls.c.fingerprint.in_(fingerprints)
    )
    return {row.fingerprint: row.reply for row in connection.execute(found)}


def underway(connection: Connection, lecture: str, now: float) -> set[str]:
    """Nodes of a lecture for which a live worker has a call out."""
    found = select(calls.c.node, calls.c.fence).where(calls.c.lecture == lecture, calls.c.state.in_(UNSETTLED))
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
