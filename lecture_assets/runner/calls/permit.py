"""What one attempt needs in order to be at its vendor: the rate limiter's permission, and a slot. Says why it waits.

take: the rate limiter's line --> a slot (the line is left once the slot is held) --> at the vendor --> given back
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
    """The permission of one attempt; whatever is taken within its block is given back at the end of it."""

    shared: CallEnvironment
    request: CallRequest
    _held: AsyncExitStack = field(default_factory=AsyncExitStack)

    def __post_init__(self) -> None:
        """Put into words what the rate limiter is asked for."""
        it, pause = self.request, self.shared.context.pause
        self._asked = SendRequest(it.node.id, it.model, it.request, it.critical_path_s, it.interactive, pause, self.tell)

    async def __aenter__(self) -> Self:
        """Nothing is taken yet."""
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Give back the slot."""
        await self._held.__aexit__(kind, error, trace)

    async def take(self, *, is_retry: bool) -> None:
        """Wait for the vendor's limits, then for a slot. ProviderError where the vendor is down."""
        async with self.shared.rate_limiter.permit(self._asked, is_retry=is_retry):
            await self.take_slot()

    async def take_slot(self) -> None:
        """Wait for a slot alone: what is asked for now was sent before."""
        await self._held.enter_async_context(self.slot())

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Hold a slot within this block."""
        it = self.request
        async with self.shared.slots.hold(it.model.pool, it.critical_path_s, it.node.id, interactive=it.interactive):
            self.shared.watch(NodeStarted(it.node.id, it.model.pool))
            yield

    async def await_answering(self) -> None:
        """Wait until a vendor that failed may be asked again."""
        await self.shared.rate_limiter.await_answering(self._asked)

    async def record_outcome(self, error: ProviderError | None, began: float | None = None) -> None:
        """Tell the rate limiter what came of a request to the vendor. began: when it was sent; None for just now."""
        began = self.shared.context.store_time_now() if began is None else began
        await self.shared.rate_limiter.record_outcome(self._asked, error, began)

    async def reconcile_usage(self, tokens: int | None) -> None:
        """Tell the rate limiter how many tokens the vendor counted."""
        await self.shared.rate_limiter.reconcile_usage(self._asked, tokens)

    async def wait(self, seconds: float, why: str) -> None:
        """Let some time go by, and say why."""
        if seconds > 0:
            self.tell(seconds, why)
            await self.shared.context.pause(seconds)

    def tell(self, seconds: float, why: str) -> None:
        """Say that the call waits."""
        self.shared.watch(CallDelayed(self.request.node.id, seconds, why))
