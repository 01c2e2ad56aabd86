"""What one attempt needs before it is sent: the rate limiter's permission and a slot. Reports delays.

    take: queue at the rate limiter --> acquire a slot, then leave the queue --> send --> release the slot

The slot is held until the attempt's block ends.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from lecture_assets.ports import ProviderError
from lecture_assets.runner.calls.environment import CallEnvironment
from lecture_assets.runner.calls.rate_limiter import SendRequest
from lecture_assets.runner.calls.request import CallRequest
from lecture_assets.runner.setup.events import CallDelayed, NodeStarted


@dataclass(eq=False, repr=False)
class Permit(AbstractAsyncContextManager["Permit"]):
    """The permission and slot of one attempt. Everything acquired within its block is released when the block ends."""

    shared: CallEnvironment
    request: CallRequest
    _held: AsyncExitStack = field(default_factory=AsyncExitStack)

    def __post_init__(self) -> None:
        """Build the rate limiter's request."""
        it, pause = self.request, self.shared.context.pause
        self._asked = SendRequest(it.node.id, it.model, it.request, it.critical_path_s, it.interactive, pause, self.report_delay)

    async def __aenter__(self) -> Self:
        """Enter without acquiring anything."""
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Release the slot."""
        await self._held.__aexit__(kind, error, trace)

    async def take(self, *, is_retry: bool) -> None:
        """Wait for the vendor's rate limits, then for a slot. ProviderError if the vendor is down."""
        async with self.shared.rate_limiter.permit(self._asked, is_retry=is_retry):
            await self.take_slot()

    async def take_slot(self) -> None:
        """Wait for a slot only: the call was sent earlier."""
        await self._held.enter_async_context(self.slot())

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Hold a slot within this block."""
        it = self.request
        async with self.shared.slots.hold(it.model.pool, it.critical_path_s, it.node.id, interactive=it.interactive):
            self.shared.watch(NodeStarted(it.node.id, it.model.pool))
            yield

    async def await_answering(self) -> None:
        """Wait until a failing vendor may be contacted again."""
        await self.shared.rate_limiter.await_answering(self._asked)

    async def record_outcome(self, error: ProviderError | None, began: float | None = None) -> None:
        """Report a request's outcome to the rate limiter. began: when it was sent; None for just now."""
        began = self.shared.context.store_time_now() if began is None else began
        await self.shared.rate_limiter.record_outcome(self._asked, error, began)

    async def reconcile_usage(self, tokens: int | None) -> None:
        """Report the vendor's token count to the rate limiter."""
        await self.shared.rate_limiter.reconcile_usage(self._asked, tokens)

    async def wait(self, seconds: float, why: str) -> None:
        """Report a delay and wait for it to pass."""
        if seconds > 0:
            self.report_delay(seconds, why)
            await self.shared.context.pause(seconds)

    def report_delay(self, seconds: float, why: str) -> None:
        """Report that the call is delayed."""
        self.shared.watch(CallDelayed(self.request.node.id, seconds, why))
