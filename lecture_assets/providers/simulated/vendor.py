"""The simulated vendor. It needs no key and no network, and makes real media with local tools. `ports.PreparingProvider`.

    submit --faults.py, acceptance.py--> journal.py: one line, and the call is bought
    collect --worker.py--> image, speech, clip, music, in separate processes; writer.py: text, in this process

The reply depends only on the call's key, model and request, so it can be made again, in another process too. Only submit writes
to the journal. Retrying after a failure is up to the caller.
"""

import asyncio
import os
import uuid
from pathlib import Path

from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Role
from lecture_assets.ports import (
    Call,
    Clock,
    FailureKind,
    MediaFile,
    ProviderError,
    Reply,
    SystemClock,
    TextRequest,
    request_to_json,
)
from lecture_assets.providers.departure import depart
from lecture_assets.providers.simulated.acceptance import http_error, price_of
from lecture_assets.providers.simulated.deliveries import Deliveries, delivered, discard_reply, invalid_delivery
from lecture_assets.providers.simulated.faults import ACCEPTED, NAME, Faults, failed_prediction, lost_reply, refusal
from lecture_assets.providers.simulated.journal import JournalEntry, PurchaseJournal
from lecture_assets.providers.simulated.media_cache import keep, take
from lecture_assets.providers.simulated.options import SimulatedOptions, latency_seconds
from lecture_assets.providers.simulated.worker_pool import WorkerDiedError, WorkerPool
from lecture_assets.providers.simulated.writer import write

JOURNAL = "journal.jsonl"


class SimulatedProvider:
    """The vendor. Each belongs to one event loop; any number of processes may share a home."""

    name = NAME
    settle_s = 0.0
    longest_s = 5.0

    def __init__(self, home: Path, options: SimulatedOptions | None = None, clock: Clock | None = None) -> None:
        """home: the vendor's own folder (the journal, and media not fetched yet), created when it is first needed."""
        self._options, self._clock = options or SimulatedOptions(), clock or SystemClock()
        self._journal = PurchaseJournal(self._options.journal or home / JOURNAL)
        self._faults = Faults(self._options.faults)
        self._workers = WorkerPool()
        self._deliveries = Deliveries(home / "deliveries", self._clock)

    async def warm(self) -> None:
        """Start the first worker now, so that the first medium does not wait for it."""
        await self._workers.warm()

    async def prepare(self, call: Call) -> None:
        """Do nothing: files are read in place."""

    def settled(self, call: Call) -> None:
        """Do nothing: the journal is kept."""

    async def submit(self, call: Call) -> str:
        """Buy the call: one line in the journal. ProviderError if it is refused, and then there is no line."""
        cost = price_of(call, self._options.prices)
        fault = self._faults.of_next_call(call.role)
        if fault is not None and fault not in ACCEPTED:
            raise refusal(fault)
        bought = JournalEntry(
            id=f"sim-{uuid.uuid4().hex}",
            attempt=call.attempt,
            key=call.key,
            role=call.role.value,
            model=call.model,
            cost_usd_micros=0 if fault == "failed" else cost,
            submitted_at=self._clock.now(),
            pid=os.getpid(),
            fault=fault,
        )
        depart()
        self._journal.append(bought)
        if fault == "lost":
            raise lost_reply()
        return bought.id

    async def find(self, call: Call) -> str | None:
        """Return the id of the purchase with this attempt id; None if there is none."""
        bought = self._journal.find(call.attempt)
        return bought.id if bought else None

    async def collect(self, provider_id: str, call: Call) -> Reply:
        """Return the reply once both its work and its latency are over. May be repeated, in any process."""
        bought = self._journal.bought(provider_id)
        if bought is None:
            raise http_error(404, f"the vendor knows no call {provider_id!r}")
        value = await self._make(bought, call)
        try:
            await asyncio.sleep(self._wait_s(bought))
        except asyncio.CancelledError:
            discard_reply(value)
            raise
        if bought.fault == "failed":
            discard_reply(value)
            raise failed_prediction()
        return Reply(value, bought.cost_usd_micros)

    async def _make(self, bought: JournalEntry, call: Call) -> "Json | MediaFile":
        if isinstance(call.request, TextRequest):
            return "" if bought.fault == "invalid" else _write(call.request, call.key)
        path = self._deliveries.new(call.role)
        if bought.fault == "invalid":
            return invalid_delivery(path, call.role)
        return delivered(path, call.role, await self._make_medium(call, path))

    async def _make_medium(self, call: Call, out: Path) -> dict[str, Json]:
        """Have a worker write the file, unless a cached one exists, and return its details.

        If the machine was at fault (a full disk, a worker that died), the purchase stands and can be collected again.
        """
        job = _job(call, out)
        if kept := take(job):
            return kept
        try:
            result = await self._workers.do(job)
        except WorkerDiedError as error:
            raise ProviderError(NAME, FailureKind.RETRYABLE, "worker-died", str(error)) from error
        if "error" in result:
            wrong = result["error"]
            kind = FailureKind(wrong["kind"])
            raise ProviderError(NAME, kind, wrong["code"], wrong["message"], sent=kind is not FailureKind.RETRYABLE)
        details: dict[str, Json] = result["details"]
        keep(job, details)
        return details

    def _wait_s(self, bought: JournalEntry) -> float:
        """The rest of the call's latency in seconds; never more than all of it, even if the buyer's clock was ahead of ours."""
        latency_s = latency_seconds(Role(bought.role), bought.key) * self._options.latency
        return min(max(0.0, bought.submitted_at + latency_s - self._clock.now()), latency_s)

    async def cancel(self, provider_id: str) -> bool:  # noqa: ARG002 - the port's
        """Do nothing: a purchase is paid for at once, and no work continues after it."""
        return False

    async def close(self) -> None:
        """Stop the workers and delete the media that were not fetched."""
        await self._workers.close()
        self._deliveries.discard()


def _write(request: TextRequest, key: str) -> Json:
    try:
        return write(request.task, request.facts, key)
    except ValueError as error:
        raise http_error(400, str(error)) from error


def _job(call: Call, out: Path) -> dict[str, Json]:
    """A worker's instructions. Paths are absolute, since its working directory may differ."""
    files: dict[str, Json] = {digest: str(path.absolute()) for digest, path in call.files.items()}
    request: Json = request_to_json(call.request)
    asked: dict[str, Json] = {"role": call.role.value, "key": call.key, "model": call.model, "request": request}
    return {**asked, "files": files, "out": str(out.absolute())}
