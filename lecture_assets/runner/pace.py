"""When a call may be sent: after its vendor's breaker and limits, which all processes share (`store/paces.py`). Waits in one go.

A model without rates, as a simulated one is, waits for nobody and costs no look.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from lecture_assets.ports import FailureKind, ProviderError, Request
from lecture_assets.providers.amounts import likely_tokens
from lecture_assets.providers.catalogue import Model
from lecture_assets.store import paces
from lecture_assets.store.paces import Claim

_PAUSE_S = 1.0
"""After a refusal for the limits that does not say how long."""
_SAID_FROM_S = 2.0
"""A wait that is shorter is nothing that a person wants to hear of."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The pace of one call. write: does something in a transaction; wait: waits so many seconds, and says why."""

    model: Model
    request: Request
    now: Callable[[], float]
    write: Callable[[Callable[[Connection], float]], Awaitable[float]]
    wait: Callable[[float, str], Awaitable[None]]

    async def keep(self) -> None:
        """Wait until the call may be sent."""
        if not self.model.rates:
            return
        vendor = self.model.provider
        while (opens := await self.write(lambda c: paces.opens_at(c, vendor, self.now())) - self.now()) > 0:
            await self.wait(opens, f"{vendor} did not answer {paces.BREAKS_AFTER} times in a row, and is left alone for a while")
        left = await self.write(lambda c: paces.claim(c, self._claims(), self.now())) - self.now()
        if left > 0:
            why = f"{self.model.name} may be called so often and no more" if left > _SAID_FROM_S else ""
            await self.wait(left, why)

    async def heed(self, error: ProviderError | None) -> None:
        """What came of it: the vendor answered (None), refused for its limits, or was not there."""
        if not self.model.rates:
            return
        vendor = self.model.provider

        def write(connection: Connection) -> float:
            now = self.now()
            if error is not None and error.throttled:
                paces.slow_down(connection, self._claims(), now, error.retry_after or _PAUSE_S)
            gone = error is not None and error.kind in {FailureKind.RETRYABLE, FailureKind.AMBIGUOUS} and not error.throttled
            paces.note(connection, vendor, now, answered=not gone)
            return now

        await self.write(write)

    def _claims(self) -> list[Claim]:
        amounts = {"request": 1, "token": likely_tokens(self.request)}
        return [Claim(f"{rate.bucket} {rate.unit}", rate.per_minute, amounts[rate.unit]) for rate in self.model.rates]
