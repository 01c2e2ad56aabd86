"""Calls that a dead worker left behind are looked up and booked by whoever comes next, also where nobody wants them any more.

found ─► its reply is kept and its cost booked      never accepted ─► nothing was paid
nobody can say ─► paid, and uncertain, once the vendor's time to answer is over

What is not over yet is left to whoever comes then. Nothing is sent again: that is for whoever wants the call.
"""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import RowMapping

from lecture_assets.graph.errors import LectureError
from lecture_assets.graph.kind import Role
from lecture_assets.graph.node import parse_node_id
from lecture_assets.ports import REQUESTS, Call, FailureKind, NoLookupError, Provider, ProviderError
from lecture_assets.providers.model_name import provider_of
from lecture_assets.runner.calls.boundary import Boundary, FaultError, close_all
from lecture_assets.runner.calls.media_ingest import IngestTarget, ingest_reply
from lecture_assets.runner.calls.retries import has_ended
from lecture_assets.runner.setup.context import Context
from lecture_assets.runner.setup.liveness import at_work
from lecture_assets.store import ledger, ledger_queries
from lecture_assets.store.ledger import Intent, State
from lecture_assets.store.requests import Lease

Left: TypeAlias = RowMapping
"""The ledger's row of a call that was left behind."""
_LONGEST_S = 15.0
"""How long is waited for a vendor to say how a call ended."""
_AT_ONCE = 8


def settle_left_calls(context: Context) -> list[str]:
    """All calls of the workspace whose senders are dead: looked up and booked. `LECTURE NODE` of those that are settled now."""
    return asyncio.run(_with_own_providers(context))


async def _with_own_providers(context: Context) -> list[str]:
    if not left_calls(context):
        return []
    providers = context.open_providers()
    try:
        return await settle(context, providers, left_calls(context))
    finally:
        await close_all(providers)


def left_calls(context: Context, lecture: str | None = None) -> list[Left]:
    """Calls of the workspace, or of a lecture, that nobody alive is at and whose end nobody knows."""
    with context.database.read() as connection:
        rows = ledger_queries.unsettled(connection, context.workspace, context.store_time(connection), lecture)
    busy = set(at_work(context)) if any(has_lease for _, has_lease in rows) else set()
    return [row for row, has_lease in rows if not has_lease or row["lecture"] not in busy]


async def settle(context: Context, providers: Mapping[str, Provider], rows: Collection[Left]) -> list[str]:
    """Those of these calls whose end can be found out now; `LECTURE NODE` of each that is settled."""
    at_once = asyncio.Semaphore(_AT_ONCE)

    async def one(row: Left) -> bool:
        async with at_once:
            return await LeftCall.of(context, row, providers.get(provider_of(row["model"]))).settle()

    settled = await asyncio.gather(*(one(row) for row in rows))
    return [f"{row['lecture']} {row['node']}" for row, is_settled in zip(rows, settled, strict=True) if is_settled]


@dataclass(frozen=True, slots=True)
class LeftCall:
    """A call in the ledger without a worker. call: None where it cannot be asked for any more, vendor: where its key is gone."""

    context: Context
    row: Left
    vendor: Boundary | None
    call: Call | None

    @classmethod
    def of(cls, context: Context, row: Left, provider: Provider | None) -> "LeftCall":
        """A row of the ledger, and the vendor that it names."""
        vendor = None if provider is None else Boundary(provider, row["reserved_usd_micros"])
        return cls(context, row, vendor, _call(context, row))

    async def settle(self) -> bool:
        """Whether it is settled; not where the vendor cannot be reached, or where its time to answer is not over."""
        if self.vendor is None:
            return False
        try:
            async with asyncio.timeout(_LONGEST_S):
                return await self._look_up(self.vendor)
        except TimeoutError:
            return False
        except NoLookupError as error:
            return self._book_uncertain(error)
        except ProviderError as error:
            if has_ended(error):
                self._book_failure(error)
            return has_ended(error)

    async def _look_up(self, vendor: Boundary) -> bool:
        if self.row["state"] == State.INTENT and vendor.settle_s > 0:
            self._book_failure(_never_accepted(vendor.name))  # it would have been noted that it goes out
            return True
        if self.call is None:
            raise NoLookupError(vendor.name, str(self.row["role"]))
        provider_id = self.row["provider_id"] or await vendor.find(self.call)
        if provider_id is None:
            if self.is_over(vendor.settle_s):
                self._book_failure(_never_accepted(vendor.name))
            return self.is_over(vendor.settle_s)
        with self.context.database.write() as connection:
            ledger.sent(connection, self.intent, provider_id)
        await self._keep(vendor, self.call, provider_id)
        return True

    async def _keep(self, vendor: Boundary, call: Call, provider_id: str) -> None:
        """Its reply, for whoever wants it; one that cannot be read was paid for."""
        cost = None
        try:
            reply = await vendor.collect(provider_id, call)
            cost = reply.cost_usd_micros
            target = IngestTarget(self.context.home, self.context.artifacts, self.context.cassette)
            holds = parse_node_id(self.row["node"])[0].holds
            with vendor.failing("while what it made was taken in"):
                got = await ingest_reply(vendor.name, holds, call.request, reply, target)
        except FaultError as fault:
            raise vendor.unread(fault, cost) from None
        with self.context.database.write() as connection:
            now, cost = self.context.store_time(connection), got.cost_usd_micros
            ledger.done(connection, self.intent, got.value, cost, now, is_counted=got.is_counted)
        vendor.settled(call)

    async def stop(self) -> bool:
        """Stop it at the vendor, whose own word decides whether it was; what it cost all the same is booked."""
        if self.vendor is None or self.call is None:
            return False
        try:
            async with asyncio.timeout(_LONGEST_S):
                provider_id = self.row["provider_id"] or await self.vendor.find(self.call)
                if provider_id is not None and await self.vendor.cancel(provider_id):
                    await self.vendor.collect(provider_id, self.call)
        except (TimeoutError, NoLookupError):
            return False
        except ProviderError as error:
            if error.sent:  # it has ended, and came to nothing
                self._book_failure(error)
            return error.sent
        return False

    def is_over(self, settle_s: float) -> bool:
        """Whether the vendor has had its time to answer, since the call went out. A time ahead is of somebody's wrong clock."""
        waited_s = self.context.store_time_now() - (self.row["out_at"] or self.row["intended_at"])
        return bool(waited_s >= settle_s or waited_s < -settle_s)

    @property
    def intent(self) -> Intent:
        """The intent that was left behind."""
        kept = ("workspace", "call_key", "attempt", "node", "role", "model", "request", "reserved_usd_micros")
        return Intent(**{name: self.row[name] for name in kept}, lease=Lease(self.row["lecture"], "", self.row["fence"]))

    def _book_uncertain(self, error: ProviderError) -> bool:
        is_over = self.vendor is not None and self.is_over(self.vendor.settle_s)
        if is_over:
            self._book(error, self.row["reserved_usd_micros"], uncertain=True)
        return is_over

    def _book_failure(self, error: ProviderError) -> None:
        self._book(error, error.cost_usd_micros)

    def _book(self, error: ProviderError, cost: int, *, uncertain: bool = False) -> None:
        with self.context.database.write() as connection:
            now = self.context.store_time(connection)
            ledger.fail(connection, self.intent, error.to_json(), cost, now, uncertain=uncertain)


def _never_accepted(provider: str) -> ProviderError:
    message = "it was left behind before it was sent, or the vendor never accepted it"
    return ProviderError(provider, FailureKind.RETRYABLE, "left-behind", message)


def _call(context: Context, row: Left) -> Call | None:
    """The call as it was; None where its model is not in the catalogue any more, or its request is of another version."""
    try:
        model = context.model(row["model"], Role(row["role"]))
        request = REQUESTS[model.role](**row["request"])
    except (LectureError, TypeError, ValueError):
        return None
    return Call(row["call_key"], row["attempt"], model.role, model.name.partition(":")[2], request)
