"""One attempt knows where it is: its state at each moment, and what the service answers from the states of all."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from lecture_assets.graph.kind import Role
from lecture_assets.graph.queries import get_node
from lecture_assets.ports import Call, FailureKind, ProviderError, Reply, TextRequest
from lecture_assets.providers.departure import depart
from lecture_assets.runner.calls.attempt_record import AttemptState
from lecture_assets.runner.calls.budget import Budget
from lecture_assets.runner.calls.rate_limiter import RateLimiter
from lecture_assets.runner.calls.request import CallRequest
from lecture_assets.runner.calls.service import CallService
from lecture_assets.runner.reading.snapshot import read_snapshot
from lecture_assets.runner.setup.events import unwatched
from lecture_assets.store import ledger_queries
from lecture_assets.store.clock import LEASE_S
from lecture_assets.store.requests import Lease
from lecture_assets.store.writer import Writer
from lecture_assets_tests.runner.conftest import LECTURE, SmallLecture

NODE = "llm:script-generation"
REFUSED = ProviderError("simulated", FailureKind.MODERATION, "content_policy", "not this one", cost_usd_micros=7)
LOST = ProviderError("simulated", FailureKind.AMBIGUOUS, "reset", "connection reset", sent=True)


@dataclass
class Vendor:
    """A vendor that does what it is told at each moment, and sees the state of the attempt it is asked about."""

    script: dict[str, Callable[[], Any]] = field(default_factory=dict)
    seen: list[tuple[str, str]] = field(default_factory=list)
    service: CallService | None = None
    name: str = "simulated"
    settle_s: float = 0.0
    longest_s: float = 20.0

    async def _meet(self, moment: str, attempt: str, answer: Any) -> Any:
        assert self.service is not None
        self.seen.append((moment, self.service.attempts[attempt].state.value))
        told = self.script[moment]() if moment in self.script else answer
        if isinstance(told, Exception):
            raise told
        return await told if asyncio.iscoroutine(told) else told

    async def prepare(self, call: Call) -> None:
        await self._meet("prepare", call.attempt, None)

    async def submit(self, call: Call) -> str:
        depart()
        return str(await self._meet("submit", call.attempt, "id-1"))

    async def find(self, call: Call) -> str | None:
        found: str | None = await self._meet("find", call.attempt, None)
        return found

    async def collect(self, provider_id: str, call: Call) -> Reply:
        return Reply(await self._meet("collect", call.attempt, {"said": provider_id}), 40)

    async def cancel(self, provider_id: str) -> bool:  # noqa: ARG002 - it cannot
        return False

    def settled(self, call: Call) -> None:
        """It keeps nothing."""

    async def close(self) -> None:
        """It holds nothing."""


@asynccontextmanager
async def opened(small_lecture: SmallLecture, vendor: Vendor) -> AsyncIterator[tuple[CallService, CallRequest]]:
    """The calls of one regeneration, and a request of one of its nodes."""
    context = small_lecture.lectures.context
    writer, limiter = Writer(context.database), RateLimiter(context.database, context.store_time, "default", "worker")
    with context.database.read() as connection:
        snapshot = read_snapshot(context, connection, LECTURE)
    with context.lock(LECTURE) as is_locked:
        claimant = context.claimant(LECTURE, is_locked=is_locked)
        lease = await writer.submit(lambda c: context.claim(c, LECTURE, claimant))
        assert isinstance(lease, Lease)
        slots, providers = context.open_slots(context.limits, "default"), {vendor.name: vendor}
        budget, margin_s = Budget(None), LEASE_S * 2 / 3
        service = CallService(context, writer, providers, slots, limiter, lease, "default", unwatched, budget, margin_s)
        vendor.service = service
        model = context.model(context.default_models["text"], Role.TEXT)
        yield service, CallRequest(get_node(snapshot.graph, NODE), "key", TextRequest("t", "s", "p", {}, {}), model, 1, 1.0)
        await limiter.close()
        await writer.close()


def ledger_states(small_lecture: SmallLecture) -> list[str]:
    with small_lecture.lectures.context.database.read() as connection:
        return [row["state"] for row in ledger_queries.entries(connection)]


def test_an_attempt_that_is_bought_goes_from_state_to_state(small_lecture: SmallLecture) -> None:
    vendor = Vendor()

    async def scene() -> None:
        async with opened(small_lecture, vendor) as (service, request):
            result = await service.buy(request)
            (attempt,) = service.attempts.values()
            assert (result.value, result.cost_usd_micros, attempt.state) == ({"said": "id-1"}, 40, AttemptState.RECEIVED)
            assert service.is_out(1, NODE)
            assert service.awaiting_reply() == []
            await service.writer.submit(result.settle)
            result.on_settled()
            assert (attempt.state, service.is_out(1, NODE), service.lost_usd_micros()) == (AttemptState.SETTLED, False, 0)

    asyncio.run(scene())
    assert vendor.seen == [("prepare", "intended"), ("submit", "sending"), ("collect", "sent")]
    assert ledger_states(small_lecture) == ["done"]


def test_a_lost_reply_leaves_it_sent_until_the_vendor_knows_it(small_lecture: SmallLecture) -> None:
    vendor = Vendor({"submit": lambda: LOST, "find": lambda: "id-2"})

    async def scene() -> None:
        async with opened(small_lecture, vendor) as (service, request):
            assert (await service.buy(request)).value == {"said": "id-2"}

    asyncio.run(scene())
    assert vendor.seen == [("prepare", "intended"), ("submit", "sending"), ("find", "sent"), ("collect", "sent")]


def test_what_came_to_nothing_is_counted_with_its_cost(small_lecture: SmallLecture) -> None:
    async def scene() -> None:
        async with opened(small_lecture, Vendor({"submit": lambda: REFUSED})) as (service, request):
            with pytest.raises(ProviderError, match="not this one"):
                await service.buy(request)
            (attempt,) = service.attempts.values()
            assert (attempt.state, service.is_out(1, NODE), service.lost_usd_micros()) == (AttemptState.FAILED, False, 7)

    asyncio.run(scene())
    assert ledger_states(small_lecture) == ["failed"]


@pytest.mark.slow
def test_a_purchase_that_stands_is_looked_at_again_and_not_sent_again(small_lecture: SmallLecture) -> None:
    """The second look finds the same attempt in the ledger, and the service knows that it is out."""
    answers = iter([ProviderError("simulated", FailureKind.RETRYABLE, "503", "away"), {"said": "late"}])
    vendor = Vendor({"collect": lambda: next(answers)})

    async def scene() -> None:
        async with opened(small_lecture, vendor) as (service, request):
            assert (await service.buy(request)).value == {"said": "late"}
            assert len(service.attempts) == 1

    asyncio.run(scene())
    assert vendor.seen == [("prepare", "intended"), ("submit", "sending"), ("collect", "sent"), ("collect", "sent")]


@pytest.mark.parametrize(
    ("moment", "state", "kept"),
    [
        ("prepare", AttemptState.INTENDED, []),
        ("submit", AttemptState.SENDING, ["intent"]),
        ("collect", AttemptState.SENT, ["submitted"]),
    ],
)
def test_what_is_cut_off_is_taken_back_only_where_no_byte_was_sent(
    small_lecture: SmallLecture, moment: str, state: AttemptState, kept: list[str]
) -> None:
    async def scene() -> None:
        reached = asyncio.Event()

        async def hang() -> None:
            reached.set()
            await asyncio.Event().wait()

        async with opened(small_lecture, Vendor({moment: hang})) as (service, request):
            buying = asyncio.create_task(service.buy(request))
            await reached.wait()
            buying.cancel()
            await asyncio.gather(buying, return_exceptions=True)
            (attempt,) = service.attempts.values()
            assert (attempt.state, attempt.is_unsent) == (state, moment == "prepare")
            await service.withdraw_unsent()

    asyncio.run(scene())
    assert ledger_states(small_lecture) == kept


def test_an_intent_of_ours_that_was_never_sent_is_gone_on_with_and_not_looked_up(small_lecture: SmallLecture) -> None:
    """An edit cuts a call off that only waited; the next round wants the same."""
    vendor = Vendor()

    async def scene() -> None:
        async with opened(small_lecture, vendor) as (service, request):
            reached = asyncio.Event()

            async def hang() -> None:
                reached.set()
                await asyncio.Event().wait()

            vendor.script["prepare"] = hang
            buying = asyncio.create_task(service.buy(request))
            await reached.wait()
            buying.cancel()
            await asyncio.gather(buying, return_exceptions=True)
            vendor.script.clear()
            await service.buy(request)
            assert len(service.attempts) == 1

    asyncio.run(scene())
    assert [moment for moment, _ in vendor.seen] == ["prepare", "prepare", "submit", "collect"]
