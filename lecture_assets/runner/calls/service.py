"""Paid calls for one regeneration: each request is bought once, whatever crashes. START at `CallService.buy`.

    request --> intend --HIT---------------------------------------> result
                  |------WAIT: a living worker is buying it          ask again
                  |------STOP, LOST--------------------------------> an error
                  +------BUY, FIND, COLLECT --> attempt.py --------> result, or an error, which may be retried

The decisions are those of `store/ledger.py`.
"""

import asyncio
import math
import uuid
from dataclasses import dataclass, field
from functools import partial
from typing import cast

from sqlalchemy import Connection

from lecture_assets.ports import FailureKind, ProviderError, request_to_json
from lecture_assets.providers.amounts import reserved_usd_micros
from lecture_assets.runner.calls.attempt import CallAttempt
from lecture_assets.runner.calls.call_progress import append_delayed
from lecture_assets.runner.calls.environment import CallEnvironment
from lecture_assets.runner.calls.rate_limiter import VendorDownError
from lecture_assets.runner.calls.request import CallRequest, CallResult, HeadMovedError
from lecture_assets.runner.calls.retries import Tries
from lecture_assets.runner.setup.ceilings import CeilingError
from lecture_assets.runner.setup.events import CallDelayed
from lecture_assets.store import ledger
from lecture_assets.store.charges import Shortage
from lecture_assets.store.ledger import Decision, Intent, LedgerDecision

_POLL_S = 0.1
"""How often to check on a call that another worker is making."""


@dataclass(frozen=True, slots=True)
class CallService(CallEnvironment):
    """Buys calls for nodes. attempts: all attempts of this regeneration, by attempt id."""

    attempts: dict[str, CallAttempt] = field(default_factory=dict)

    async def buy(self, request: CallRequest) -> CallResult:
        """Buy a request, or reuse its reply. ProviderError if the vendor fails, HeadMovedError if the head has moved.

        RefusedError if its price would exceed this regeneration's budget, CeilingError if it would exceed a spending ceiling.
        """
        tries = Tries()
        while True:
            try:
                found = await self._ask_ledger(request, tries)
                return found if isinstance(found, CallResult) else await found.run()
            except VendorDownError:
                raise
            except ProviderError as error:
                tries.count(error, is_purchased=self.is_out(request.version, request.node.id))
                if self.ending.is_set() or tries.are_over(error):
                    raise
                tries.require_vendor(error)
                pause_s = tries.pause_s(error)
                self.watch(CallDelayed(request.node.id, pause_s, str(error)))
                await self.writer.submit(partial(append_delayed, self, request, pause_s, str(error)))
                await self.context.pause(pause_s)

    async def _ask_ledger(self, request: CallRequest, tries: Tries) -> CallResult | CallAttempt:
        """Return the reply if the ledger has it, otherwise the attempt to run, new or abandoned. HeadMovedError, CeilingError."""
        new = CallAttempt(self, request, tries, self._intent(request), self.providers.get(request.model.provider))
        while not self.ending.is_set():
            found = await self._intend(new)
            match found.decision:
                case Decision.BUY | Decision.FIND | Decision.COLLECT:
                    return new
                case Decision.HIT if self.context.is_whole(found.reply):
                    return self._reused(request, found)
                case Decision.HIT:
                    await new.write(partial(self._forget, request, found))
                case Decision.WAIT:
                    await self.context.pause(_POLL_S)
                case Decision.STOP:
                    reserved, short = new.intent.reserved_usd_micros, cast("Shortage", found.shortage)
                    raise CeilingError(request.node.id, self.context.name_of(self.lease.lecture), reserved, short)
                case Decision.LOST:
                    raise _lost_twice(request, self.context.name_of(self.lease.lecture))
        message = f"{request.node.id} was not started: the regeneration is ending"
        raise HeadMovedError(message)

    async def _intend(self, new: CallAttempt) -> LedgerDecision:
        """Ask the ledger for an attempt. An attempt that was begun earlier is resumed in its place."""
        self.attempts[new.intent.attempt] = new
        found = await new.intend()
        if found.decision is not Decision.BUY:
            del self.attempts[new.intent.attempt]
        if found.decision in {Decision.FIND, Decision.COLLECT}:
            new.resume(found, before=self.attempts.get(found.attempt))
            self.attempts[found.attempt] = new
        return found

    def _intent(self, request: CallRequest) -> Intent:
        return Intent(
            workspace=self.workspace,
            call_key=request.key,
            attempt=uuid.uuid4().hex,
            node=request.node.id,
            role=request.model.role,
            model=request.model.name,
            request=request_to_json(request.request),
            reserved_usd_micros=reserved_usd_micros(request.model, request.request),
            lease=self.lease,
        )

    def _reused(self, request: CallRequest, found: LedgerDecision) -> CallResult:
        def settle(connection: Connection) -> None:
            ledger.reuse(connection, self.workspace, request.key)

        return CallResult(found.reply, found.cost_usd_micros, bought=False, settle=settle)

    def _forget(self, request: CallRequest, found: LedgerDecision, connection: Connection) -> None:
        ledger.forget_reply(connection, self.workspace, request.key, found.attempt)

    def is_out(self, version: int, node: str) -> bool:
        """Whether a call of this node, for this version, may have reached its vendor and is not settled yet."""
        made = (it for it in self.attempts.values() if it.request.node.id == node and it.request.version == version)
        return any(it.state.is_out for it in made)

    def awaiting_reply(self) -> list[CallAttempt]:
        """Return the attempts whose reply would be lost if this process stopped waiting."""
        return [it for it in self.attempts.values() if it.state.awaits_reply]

    def lost_usd_micros(self) -> int:
        """Return what failed attempts cost."""
        return sum(it.lost_usd_micros for it in self.attempts.values())

    async def withdraw_unsent(self) -> None:
        """Withdraw the intents for which no byte was sent. Called when all calls have ended; written after everything else."""
        unsent = [it.intent for it in self.attempts.values() if it.is_unsent]
        await asyncio.gather(*(self.writer.submit(partial(ledger.withdraw, intent=intent), -math.inf) for intent in unsent))


def _lost_twice(request: CallRequest, lecture: str) -> ProviderError:
    message = (
        f"its reply was lost twice, and {request.model.provider} cannot be asked for it; both may have been charged, "
        f"so it is not resent automatically: `lectures edit {lecture} 'reroll {request.node.id}'` buys another"
    )
    return ProviderError(request.model.provider, FailureKind.NOT_RETRYABLE, "lost-twice", message)
