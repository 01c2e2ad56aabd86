"""The simulated vendor: START HERE. A provider that needs no key and no network and makes real media with local tools.

    submit --faults.py--> journal.py: one line, the call is bought
    collect --worker.py--> image, speech, clip, music in processes of their own; writer.py: text, here

The answer is a function of the call's key, model and request, so it can be made again, in another process too; only submit
writes into the books. Trying again after a failure is the caller's business.
"""

import asyncio
import hashlib
import math
import os
import shutil
import tempfile
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.lecture import Role
from lecture_assets.ports import (
    REQUESTS,
    Call,
    Clock,
    FailureKind,
    MediaFile,
    ProviderError,
    Reply,
    SpeechRequest,
    SystemClock,
    TextRequest,
    VideoRequest,
    request_to_json,
)
from lecture_assets.providers.amounts import reserved_usd_micros
from lecture_assets.providers.catalogue import SIMULATED_SECONDS, Catalogue, sim_prices
from lecture_assets.providers.catalogue_file import built_in
from lecture_assets.providers.departure import depart
from lecture_assets.providers.simulated.faults import (
    ACCEPTED,
    NAME,
    Clause,
    Faults,
    failed_prediction,
    lost_reply,
    parse_faults,
    refusal,
)
from lecture_assets.providers.simulated.journal import JournalEntry, PurchaseJournal
from lecture_assets.providers.simulated.media_cache import keep, take
from lecture_assets.providers.simulated.worker_pool import WorkerDiedError, WorkerPool
from lecture_assets.providers.simulated.writer import write
from lecture_media.speak.voices import UnknownNameError, find_language, find_voice

JOURNAL = "journal.jsonl"
_HIGHEST_LATENCY = 1_000.0
_DELIVERY_KEPT_S = 24 * 3600.0
"""A delivery that nobody fetched within a day belongs to a process that was killed."""
_MEDIA: Mapping[Role, tuple[str, str]] = {
    Role.SPEECH: (".wav", "audio/wav"),
    Role.IMAGE: (".png", "image/png"),
    Role.VIDEO: (".mp4", "video/mp4"),
    Role.MUSIC: (".m4a", "audio/mp4"),
}


@dataclass(frozen=True, slots=True)
class SimulatedOptions:
    """How the vendor behaves. latency: multiplies its latencies, 0 = as fast as the work; journal: None for the home's own."""

    latency: float = 0.0
    faults: tuple[Clause, ...] = ()
    prices: Mapping[Role, int] = field(default_factory=dict)
    journal: Path | None = None

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "SimulatedOptions":
        """From LECTURES_SIM_LATENCY, …_FAULTS, …_PRICES and …_JOURNAL. WrongInputError on nonsense."""
        journal = environ.get("LECTURES_SIM_JOURNAL", "")
        return cls(
            latency=_parse_latency(environ.get("LECTURES_SIM_LATENCY", "")),
            faults=parse_faults(environ.get("LECTURES_SIM_FAULTS", "")),
            prices=sim_prices(environ),
            journal=Path(journal) if journal else None,
        )


def latency_seconds(role: Role, key: str) -> float:
    """Seconds that this call takes at latency 1, spread evenly by its key between the role's shortest and longest."""
    shortest, longest = SIMULATED_SECONDS[role]
    drawn = int.from_bytes(hashlib.sha256(f"{role}:{key}".encode()).digest()[:8]) / 2**64
    return shortest + (longest - shortest) * drawn


class SimulatedProvider:
    """`ports.Provider`. One belongs to one event loop; any number of processes may share a home."""

    name = NAME
    settle_s = 0.0
    longest_s = 5.0

    def __init__(self, home: Path, options: SimulatedOptions | None = None, clock: Clock | None = None) -> None:
        """home: the vendor's own folder (books, and media that wait to be fetched), made when it is first needed."""
        self._home, self._options, self._clock = home, options or SimulatedOptions(), clock or SystemClock()
        self._journal = PurchaseJournal(self._options.journal or home / JOURNAL)
        self._faults = Faults(self._options.faults)
        self._workers = WorkerPool()
        self._deliveries: Path | None = None

    async def warm(self) -> None:
        """Start the first worker now, so that the first medium does not wait for it."""
        await self._workers.warm()

    async def prepare(self, call: Call) -> None:
        """Nothing: files are read where they lie."""

    def settled(self, call: Call) -> None:
        """Nothing: the books are kept."""

    async def submit(self, call: Call) -> str:
        """Buy the call: one line in the books. ProviderError where it is refused; then there is no line."""
        _check_request(call)
        cost = _price(call, self._options.prices)
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
        """The id of the purchase with this attempt id; None where there is none."""
        bought = self._journal.find(call.attempt)
        return bought.id if bought else None

    async def collect(self, provider_id: str, call: Call) -> Reply:
        """The reply, ready when its work and its latency are both over. As often as asked, in any process."""
        bought = self._journal.bought(provider_id)
        if bought is None:
            raise _refused(404, f"the vendor knows no call {provider_id!r}")
        value = await self._make(bought, call)
        try:
            await asyncio.sleep(self._wait_s(bought))
        except asyncio.CancelledError:
            _throw_away(value)
            raise
        if bought.fault == "failed":
            _throw_away(value)
            raise failed_prediction()
        return Reply(value, bought.cost_usd_micros)

    async def cancel(self, provider_id: str) -> bool:  # noqa: ARG002 - the port's
        """Nothing: what was bought here is paid, and nothing of it runs on."""
        return False

    async def close(self) -> None:
        """End the workers and delete what nobody fetched."""
        await self._workers.close()
        if self._deliveries is not None:
            shutil.rmtree(self._deliveries, ignore_errors=True)
            self._deliveries = None

    def _wait_s(self, bought: JournalEntry) -> float:
        """What is left of the call's latency: never more than that, also where whoever bought it had a clock that was ahead."""
        latency_s = latency_seconds(Role(bought.role), bought.key) * self._options.latency
        return min(max(0.0, bought.submitted_at + latency_s - self._clock.now()), latency_s)

    async def _make(self, bought: JournalEntry, call: Call) -> "Json | MediaFile":
        if isinstance(call.request, TextRequest):
            return "" if bought.fault == "invalid" else _write(call.request, call.key)
        suffix, media_type = _MEDIA[call.role]
        out = self._delivery_folder() / f"{uuid.uuid4().hex}{suffix}"
        if bought.fault == "invalid":
            out.write_bytes(b"This is no medium.")
            return MediaFile(out, media_type, _worthless_details(call.role))
        return MediaFile(out, media_type, await self._make_medium(call, out))

    async def _make_medium(self, call: Call, out: Path) -> dict[str, Json]:
        """Have a worker write the file, unless it is kept from before; the details it answers with.

        Where the machine was at fault (no room, a worker that died), the purchase stands, and can be collected again.
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

    def _delivery_folder(self) -> Path:
        """A folder of this process for media that wait to be fetched, on the disk of the home, so that fetching is a rename."""
        if self._deliveries is None:
            folder = self._home / "deliveries"
            folder.mkdir(parents=True, exist_ok=True)
            _clear_old(folder, self._clock.now() - _DELIVERY_KEPT_S)
            self._deliveries = Path(tempfile.mkdtemp(dir=folder))
        return self._deliveries


def _parse_latency(text: str) -> float:
    """The multiplier; 0 where the text is empty: nobody waits for a simulation without having asked for it."""
    try:
        latency = float(text.strip() or 0)
    except ValueError:
        latency = math.nan
    if not 0 <= latency <= _HIGHEST_LATENCY:
        allowed = f"a number from 0 to {_HIGHEST_LATENCY:.0f} that multiplies the simulated latencies, like 1 or 0.5"
        raise WrongInputError([Fault("LECTURES_SIM_LATENCY", repr(text), allowed)])
    return latency


def _price(call: Call, own: Mapping[Role, int]) -> int:
    """What the call costs. A model without a vendor's name is refused as a vendor refuses an unknown one."""
    try:
        model = Catalogue(built_in(), own).find(f"{NAME}:{call.model}", call.role)
    except WrongInputError as error:
        raise _refused(404, str(error)) from error
    return reserved_usd_micros(model, call.request)


def _write(request: TextRequest, key: str) -> Json:
    try:
        return write(request.task, request.facts, key)
    except ValueError as error:
        raise _refused(400, str(error)) from error


def _check_request(call: Call) -> None:
    """What a vendor refuses before it charges: a request of another role, an unknown voice, a picture that was not sent."""
    request = call.request
    if not isinstance(request, REQUESTS[call.role]):
        raise _refused(400, f"a {call.role} call needs a {REQUESTS[call.role].__name__}, not a {type(request).__name__}")
    if isinstance(request, VideoRequest) and request.image not in call.files:
        raise _refused(400, f"the starting image {request.image} was not sent with the call")
    if isinstance(request, SpeechRequest):
        _check_voice(request)


def _check_voice(request: SpeechRequest) -> None:
    """Both names are looked up, so that one refusal says all that is wrong."""
    wrong: list[str] = []
    for find, name in ((find_voice, request.voice), (find_language, request.language)):
        try:
            find(name)
        except UnknownNameError as error:
            wrong.append(str(error))
    if wrong:
        raise _refused(400, "\n".join(wrong))


def _refused(code: int, message: str) -> ProviderError:
    return ProviderError(NAME, FailureKind.NOT_RETRYABLE, str(code), f"HTTP {code}: {message}")


def _job(call: Call, out: Path) -> dict[str, Json]:
    """What a worker is told; paths are absolute, for its folder may be another."""
    files: dict[str, Json] = {digest: str(path.absolute()) for digest, path in call.files.items()}
    request: Json = request_to_json(call.request)
    return {"role": call.role.value, "key": call.key, "request": request, "files": files, "out": str(out.absolute())}


def _throw_away(value: "Json | MediaFile") -> None:
    if isinstance(value, MediaFile):
        value.path.unlink(missing_ok=True)


def _worthless_details(role: Role) -> dict[str, Json]:
    """What an invalid delivery says of itself: sound and film of no length, a picture of no size."""
    sizes: dict[str, Json] = {"width": 0, "height": 0}
    length: dict[str, Json] = {"duration_ms": 0}
    return {Role.IMAGE: sizes, Role.SPEECH: length | {"words": []}, Role.VIDEO: sizes | length, Role.MUSIC: length}[role]


def _clear_old(folder: Path, before: float) -> None:
    """Delete the deliveries of processes that were killed."""
    for delivery in folder.iterdir():
        if delivery.stat().st_mtime < before:
            shutil.rmtree(delivery, ignore_errors=True)
