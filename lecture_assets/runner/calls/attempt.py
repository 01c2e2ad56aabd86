"""One attempt at a paid call, from intent to value. It is sent once. START at `CallAttempt.run`.

    intended ─ permit ─ slot ─ prepare ─ authorize ─ send ─┬─ id recorded ─ collect ─ ingest ─ settled with the node's record
                                                           └─ no answer: find ─┬─ found: adopt it and collect
    abandoned by a dead worker ─────────────────────────────────────► find ────┼─ never accepted: back to intended
                                                                               └─ cannot be asked: counts as paid, uncertain

The permit covers the vendor's rate limits; the slot covers its limit on concurrent calls.
"""

from functools import cached_property, partial

from lecture_assets.ports import Call, NoLookupError, ProviderError, Reply
from lecture_assets.runner.calls.attempt_record import AttemptRecord, AttemptState
from lecture_assets.runner.calls.boundary import FaultError, LateError
from lecture_assets.runner.calls.media_files import files_of
from lecture_assets.runner.calls.media_ingest import IngestTarget, ingest_reply
from lecture_assets.runner.calls.permit import Permit
from lecture_assets.runner.calls.request import CallResult
from lecture_assets.runner.calls.retries import has_ended
from lecture_assets.runner.calls.stopwatch import Stopwatch
from lecture_assets.store.artifacts import LocalFiles

_FIRST_PAUSE_S = 0.25


class CallAttempt(AttemptRecord):
    """One attempt, carried out by `run`. Its fields and its writes to the ledger are inherited from the record."""

    @cached_property
    def call(self) -> Call:
        """The call, as the vendor's adapter gets it."""
        model = self.request.model
        return Call(
            key=self.request.key,
            attempt=self.intent.attempt,
            role=model.role,
            model=model.name.partition(":")[2],
            request=self.request.request,
            files=self.files,
            on_rate_headers=partial(self.shared.rate_limiter.on_rate_headers, model),
            delayed=self.permit.report_delay,
        )

    @cached_property
    def permit(self) -> Permit:
        """The attempt's permission and slot at the vendor."""
        return Permit(self.shared, self.request)

    async def run(self) -> CallResult:
        """Carry out the remaining steps. Raises ProviderError, HeadMovedError or RefusedError."""
        await self.require_key()
        if self.state is not AttemptState.INTENDED:
            await self._look_up()
        with self.shared.context.artifacts.local() as local:  # until it is collected: the simulated vendor reads them then
            async with self.permit:
                if self.provider_id is None:
                    await self._get_ready(local)
                    await self.authorize()
                    await self.send()
                else:
                    await self.permit.take_slot()
                    self.files |= await files_of(self.request, local)
                id_recorded = self.record_accepted()
                if self.sent_at is not None:
                    await self.permit.record_outcome(None, self.sent_at)
                reply = await self.collect()
        await id_recorded
        if self.sent_at is not None:
            await self.permit.reconcile_usage(reply.tokens)
        return await self.ingest(reply)

    async def _look_up(self) -> None:
        """Find out whether the vendor has an abandoned attempt. One that it never accepted is treated as new."""
        await self.permit.await_answering()
        if self.provider_id is None:
            async with self.permit.slot():
                await self.find()
            if self.provider_id is None:
                self.state = AttemptState.INTENDED

    async def _get_ready(self, local: LocalFiles) -> None:
        """Wait for the permit, then do everything slow that must precede sending."""
        try:
            await self.permit.take(is_retry=self.tries.sends > 0)
            self.files |= await files_of(self.request, local)
            await self.provider.prepare(self.call)
        except ProviderError:
            await self.withdraw()
            raise

    async def send(self) -> None:
        """Send once. If the reply was lost, ask the vendor whether it has the call, and adopt a call that it accepted.

        If it cannot be asked right now, the intent remains, and the next try asks again before sending.
        """
        try:
            self.provider_id = await self.provider.submit(self.call, self.departure)
        except LateError:
            self.state = AttemptState.INTENDED
            self.shared.budget.settle(self.intent.attempt, 0)
            await self.withdraw()
            raise
        except ProviderError as error:
            self.state = AttemptState.SENT
            await self.permit.record_outcome(error, self.sent_at)
            if error.sent:
                await self.find()
            if self.provider_id is None:
                await self.fail(error)
                raise

    async def find(self) -> None:
        """Look up the id of a call whose reply was lost: None if it was never accepted. Without a lookup, it counts as paid."""
        began, settle_s, pause = Stopwatch(self.shared.context.clock), self.provider.settle_s, _FIRST_PAUSE_S
        while True:
            try:
                self.provider_id = await self.provider.find(self.call)
            except NoLookupError as error:
                await self.permit.wait(settle_s - began.seconds_awake, str(error))
                await self.fail_uncertain(error)
                raise
            except ProviderError as error:
                await self.permit.record_outcome(error)
                raise
            if self.provider_id is not None or (left := settle_s - began.seconds_awake) <= 0:
                return
            await self.permit.wait(min(pause, left), f"asking {self.provider.name} whether it has the call")
            pause *= 2

    async def collect(self) -> Reply:
        """Fetch the reply. If the vendor does not say how the call ended, it stays purchased, and the next try asks again."""
        try:
            return await self.provider.collect(str(self.provider_id), self.call)
        except FaultError as fault:
            raise await self._unread(fault) from None
        except ProviderError as error:
            await self.permit.record_outcome(error)
            if isinstance(error, NoLookupError):
                await self.fail_uncertain(error)
            elif has_ended(error):
                await self.fail(error)
            raise

    async def ingest(self, reply: Reply) -> CallResult:
        """Inspect and store the reply's value. An unusable value ends the call: it was billed anyway."""
        it, context = self.request, self.shared.context
        target = IngestTarget(context.home, context.artifacts, context.cassette)
        self.state = AttemptState.RECEIVING
        try:
            with self.provider.failing("while its output was being stored"):
                got = self.ingested = await ingest_reply(it.model.provider, it.node.kind.holds, it.request, reply, target)
        except FaultError as fault:
            self.state = AttemptState.SENT
            raise await self._unread(fault, reply.cost_usd_micros) from None
        except ProviderError as error:
            self.state = AttemptState.SENT
            if error.sent:
                await self.fail(error)
            raise
        self.state = AttemptState.RECEIVED
        return CallResult(got.value, got.cost_usd_micros, bought=True, settle=self.settle, on_settled=self.mark_settled)

    async def _unread(self, fault: FaultError, cost_usd_micros: int | None = None) -> ProviderError:
        """Return the error for a reply that could not be read: retryable, but after the last check the call has failed, paid."""
        if not self.tries.is_last_check:
            return fault
        error = self.provider.unread(fault, cost_usd_micros)
        await self.fail(error)
        return error

    def mark_settled(self) -> None:
        """Note that the value is durable, so that the vendor's adapter can discard the reply."""
        self.state = AttemptState.SETTLED
        self.provider.settled(self.call)
