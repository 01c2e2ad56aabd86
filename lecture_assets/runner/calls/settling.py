"""Looks up and settles calls abandoned by dead workers, even if no lecture needs them any more.

    found ───────────► its reply is kept and its cost recorded
    never accepted ──► nothing was paid
    cannot be asked ─► counts as paid, uncertain, once the vendor's settling time is over

Calls whose settling time is not over are left for a later run. Nothing is sent again here: a node that needs the call does that.
"""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from sqlalchemy import Connection, RowMapping

from lecture_assets.graph.errors import LectureError
from lecture_assets.graph.kind import Role
from lecture_assets.graph.node import parse_node_id
from lecture_assets.ports import REQUESTS, Call, FailureKind, NoLookupError, Provider, ProviderError
from lecture_assets.providers.model_name import provider_of
from lecture_assets.runner.calls.boundary import Boundary, FaultError, close_all
from lecture_assets.runner.calls.media_ingest import IngestedReply, IngestTarget, ingest_reply
from lecture_assets.runner.calls.retries import has_ended
from lecture_assets.runner.setup.context import Context
from lecture_assets.runner.setup.liveness import at_work
from lecture_assets.store import ledger, ledger_queries
from lecture_assets.store.ledger import Intent, State
from lecture_assets.store.requests import Lease

Left: TypeAlias = RowMapping
"""The ledger's row of an abandoned call."""
_LOOKUP_TIMEOUT_S = 15.0
"""How long to wait for a vendor to report how a call ended."""
_CONCURRENT = 8


def settle_left_calls(context: Context) -> list[str]:
    """Look up and settle the workspace's abandoned calls. Return `LECTURE NODE` for each call settled now."""
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
    """Return the unsettled calls of the workspace, or of a lecture, that no living worker is handling."""
    with context.database.read() as connection:
        rows = ledger_queries.unsettled(connection, context.workspace, context.store_time(connection), lecture)
    busy = set(at_work(context)) if any(has_lease for _, has_lease in rows) else set()
    return [row for row, has_lease in rows if not has_lease or row["lecture"] not in busy]


async def settle(context: Context, providers: Mapping[str, Provider], rows: Collection[Left]) -> list[str]:
    """Settle those of the calls whose outcome can be determined now. Return `LECTURE NODE` for each."""
    concurrency = asyncio.Semaphore(_CONCURRENT)

    async def one(row: Left) -> bool:
        async with concurrency:
            return await LeftCall.of(context, row, providers.get(provider_of(row["model"]))).settle()

    settled = await asyncio.gather(*(one(row) for row in rows))
    return [f"{row['lecture']} {row['node']}" for row, is_settled in zip(rows, settled, strict=True) if is_settled]


@dataclass(frozen=True, slots=True)
class LeftCall:
    """An abandoned call in the ledger.

    row:    its row in the ledger
    vendor: the vendor's adapter; None without a key for it
    call:   the call to look up; None if it cannot be rebuilt from the row
    """

    context: Context
    row: Left
    vendor: Boundary | None
    call: Call | None

    @classmethod
    def of(cls, context: Context, row: Left, provider: Provider | None) -> "LeftCall":
        """Build it from a row of the ledger and the adapter of the row's vendor."""
        vendor = None if provider is None else Boundary(provider, row["reserved_usd_micros"])
        return cls(context, row, vendor, _call(context, row))

    async def settle(self) -> bool:
        """Settle it if possible. False if the vendor cannot be reached, or its settling time is not over."""
        if self.vendor is None:
            return False
        try:
            async with asyncio.timeout(_LOOKUP_TIMEOUT_S):
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
            self._book_failure(_never_accepted(vendor.name))  # it would have been marked before it was sent
            return True
        if self.call is None:
            raise NoLookupError(vendor.name, str(self.row["role"]))
        provider_id = self.row["provider_id"] or await vendor.find(self.call)
        if provider_id is None:
            if self.is_over(vendor.settle_s):
                self._book_failure(_never_accepted(vendor.name))
            return self.is_over(vendor.settle_s)
        self.context.database.writing(lambda connection: ledger.sent(connection, self.intent, provider_id))
        await self._keep(vendor, self.call, provider_id)
        return True

    async def _keep(self, vendor: Boundary, call: Call, provider_id: str) -> None:
        """Store its reply for later use. A reply that cannot be read was paid for."""
        cost = None
        try:
            reply = await vendor.collect(provider_id, call)
            cost = reply.cost_usd_micros
            target = IngestTarget(self.context.home, self.context.artifacts, self.context.cassette)
            holds = parse_node_id(self.row["node"])[0].holds
            with vendor.failing("while its output was being stored"):
                got = await ingest_reply(vendor.name, holds, call.request, reply, target)
        except FaultError as fault:
            raise vendor.unread(fault, cost) from None
        self.context.database.writing(partial(self._write_reply, got))
        vendor.settled(call)

    def _write_reply(self, got: IngestedReply, connection: Connection) -> None:
        now = self.context.store_time(connection)
        ledger.done(connection, self.intent, got.value, got.cost_usd_micros, now, is_counted=got.is_counted)

    async def stop(self) -> bool:
        """Cancel it at the vendor, and record what it cost anyway. Return whether the vendor confirms that it has ended."""
        if self.vendor is None or self.call is None:
            return False
        try:
            async with asyncio.timeout(_LOOKUP_TIMEOUT_S):
                provider_id = self.row["provider_id"] or await self.vendor.find(self.call)
                if provider_id is not None and await self.vendor.cancel(provider_id):
                    await self.vendor.collect(provider_id, self.call)
        except (TimeoutError, NoLookupError):
            return False
        except ProviderError as error:
            if error.sent:  # it has ended without a result
                self._book_failure(error)
            return error.sent
        return False

    def is_over(self, settle_s: float) -> bool:
        """Whether the vendor's settling time since sending is over. A send time in the future comes from a wrong clock."""
        waited_s = self.context.store_time_now() - (self.row["out_at"] or self.row["intended_at"])
        return bool(waited_s >= settle_s or waited_s < -settle_s)

    @property
    def intent(self) -> Intent:
        """The abandoned intent."""
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
        def write(connection: Connection) -> None:
            now = self.context.store_time(connection)
            ledger.fail(connection, self.intent, error.to_json(), cost, now, uncertain=uncertain)

        self.context.database.writing(write)


def _never_accepted(provider: str) -> ProviderError:
    message = "it was abandoned before it was sent, or the vendor never accepted it"
    return ProviderError(provider, FailureKind.RETRYABLE, "left-behind", message)


def _call(context: Context, row: Left) -> Call | None:
    """Rebuild the call. None if its model is no longer in the catalogue, or its request has an unsupported format."""
    try:
        model = context.model(row["model"], Role(row["role"]))
        request = REQUESTS[model.role](**row["request"])
    except (LectureError, TypeError, ValueError):
        return None
    return Call(row["call_key"], row["attempt"], model.role, model.name.partition(":")[2], request)
