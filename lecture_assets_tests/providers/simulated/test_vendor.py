"""The simulated vendor fulfils the contract of a provider; its journal is the truth, and it leaves nothing behind."""

import asyncio
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import pytest

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.graph.kind import Role
from lecture_assets.ports import (
    Call,
    FailureKind,
    ImageRequest,
    MediaFile,
    MusicRequest,
    ProviderError,
    Reply,
    SpeechRequest,
    TextRequest,
    Uptime,
    VideoRequest,
)
from lecture_assets.providers.simulated.journal import PurchaseJournal
from lecture_assets.providers.simulated.options import SimulatedOptions, latency_seconds
from lecture_assets.providers.simulated.vendor import JOURNAL, SimulatedProvider
from lecture_assets.providers.simulated.worker_pool import WorkerDiedError, WorkerPool
from lecture_assets.providers.simulated_models import SIMULATED_DEFAULTS, SIMULATED_SECONDS
from lecture_assets_tests.providers.contract import Open, ProviderContract, with_provider

T = TypeVar("T")
PICTURE = "cd" * 32
TEXT = TextRequest("image-prompt", "", "", {"visual": "A bee.", "image-style": "ink", "image": 0, "reroll": 0}, {})
SPEECH = SpeechRequest("Bees dance to tell the way.", "narrator", "en")
ASK_AGAIN = """
import asyncio, hashlib, json, sys
from pathlib import Path
from lecture_assets.ports import Call, SpeechRequest
from lecture_assets.graph.kind import Role
from lecture_assets.providers.simulated.vendor import SimulatedProvider

async def main():
    provider = SimulatedProvider(Path(sys.argv[1]))
    call = Call("key", "attempt", Role.SPEECH, sys.argv[2], SpeechRequest(*json.loads(sys.argv[3])))
    reply = await provider.collect(await provider.find(call), call)
    print(hashlib.sha256(reply.value.path.read_bytes()).hexdigest())
    await provider.close()

asyncio.run(main())
"""

SPEAK_TWICE = """
import asyncio, json, os
from pathlib import Path
from lecture_assets.ports import Call, SpeechRequest
from lecture_assets.graph.kind import Role
from lecture_assets.providers.simulated.vendor import SimulatedProvider

async def main():
    provider = SimulatedProvider(Path({home!r}))
    call = Call("key", os.urandom(8).hex(), Role.SPEECH, "openai/gpt-4o-mini-tts", SpeechRequest("Yes.", "narrator", "en"))
    await provider.collect(await provider.submit(call), call)
    print(json.dumps(provider._workers.pids), flush=True)
    await provider.close()

asyncio.run(main())
asyncio.run(main())
if os.fork() == 0:
    asyncio.run(main())
else:
    os.wait()
"""


def bytes_of(reply: Reply) -> bytes:
    """A medium's bytes; its file is then gone."""
    assert isinstance(reply.value, MediaFile)
    content = reply.value.path.read_bytes()
    reply.value.path.unlink()
    return content


def call_of(role: Role, request: object, attempt: str = "attempt", **more: object) -> Call:
    return Call("key", attempt, role, SIMULATED_DEFAULTS[role].partition(":")[2], request, **more)  # type: ignore[arg-type]


TEXT_CALL = call_of(Role.TEXT, TEXT)
SPEECH_CALL = call_of(Role.SPEECH, SPEECH)
IMAGE_CALL = call_of(Role.IMAGE, ImageRequest("A bee. Style: ink", 320, 180))


@dataclass
class Clock:
    """The vendor's time, controlled by the test."""

    time: float = 1_000.0

    def now(self) -> float:
        return self.time

    def uptime(self) -> Uptime:
        return Uptime("boot", self.time)


def run(home: Path, work: Callable[[SimulatedProvider], Awaitable[T]], **environ: str) -> T:
    """Run some work with a vendor that is closed afterwards."""
    options = SimulatedOptions.from_environ({f"LECTURES_SIM_{name.upper()}": value for name, value in environ.items()})
    opened = SimulatedProvider(home, options)

    async def main() -> T:
        try:
            return await work(opened)
        finally:
            await opened.close()

    return asyncio.run(main())


def books(home: Path) -> list[tuple[str, int, str | None]]:
    return [(entry.attempt, entry.cost_usd_micros, entry.fault) for entry in PurchaseJournal(home / JOURNAL).entries()]


def left(home: Path) -> list[str]:
    return sorted(str(path.relative_to(home)) for path in home.rglob("*") if path.is_file())


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class TestContract(ProviderContract):
    """The simulated vendor, tested like any other."""

    @pytest.fixture
    def open_provider(self, tmp_path: Path) -> Open:
        return lambda: SimulatedProvider(tmp_path / "vendor")

    @pytest.fixture
    def purchases(self, tmp_path: Path) -> Callable[[], int]:
        return lambda: len(books(tmp_path / "vendor"))

    @pytest.fixture
    def calls(self, tmp_path: Path) -> dict[Role, Call]:
        picture = tmp_path / "picture.png"
        drawn = with_provider(lambda: SimulatedProvider(tmp_path / "other"), _draw)
        picture.write_bytes(drawn)
        return {
            Role.TEXT: TEXT_CALL,
            Role.SPEECH: replace(SPEECH_CALL, attempt="a2"),
            Role.IMAGE: replace(IMAGE_CALL, attempt="a3"),
            Role.VIDEO: call_of(Role.VIDEO, VideoRequest(PICTURE, "Pan left.", 1, 320, 180), "a4", files={PICTURE: picture}),
            Role.MUSIC: call_of(Role.MUSIC, MusicRequest("calm piano, 80 bpm", 3), "a5"),
        }

    @pytest.fixture
    def wrong_call(self) -> Call:
        return call_of(Role.SPEECH, replace(SPEECH, voice="Hal"))


async def _draw(provider: object) -> bytes:
    assert isinstance(provider, SimulatedProvider)
    return bytes_of(await provider.collect(await provider.submit(IMAGE_CALL), IMAGE_CALL))


@pytest.mark.slow
def test_speech_is_the_same_bytes_in_repeated_calls_and_in_another_process(tmp_path: Path) -> None:
    async def work(provider: SimulatedProvider) -> list[bytes]:
        bought = await provider.submit(SPEECH_CALL)
        return [bytes_of(await provider.collect(bought, SPEECH_CALL)) for _ in range(4)]

    found = run(tmp_path, work)
    assert len(set(found)) == 1
    request = json.dumps([SPEECH.text, SPEECH.voice, SPEECH.language])
    command = [sys.executable, "-c", ASK_AGAIN, str(tmp_path), SPEECH_CALL.model, request]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == hashlib.sha256(found[0]).hexdigest()


@pytest.mark.parametrize(
    ("call", "code", "sentence"),
    [
        (replace(TEXT_CALL, request=SPEECH), "400", "needs a TextRequest, not a SpeechRequest"),
        (call_of(Role.VIDEO, VideoRequest(PICTURE, "Pan.", 1, 320, 180)), "400", f"{PICTURE} was not sent with the call"),
        (call_of(Role.SPEECH, replace(SPEECH, language="tlh")), "400", "language"),
        (replace(TEXT_CALL, model="nobody/model"), "404", "text-model"),
        (replace(TEXT_CALL, model="openai"), "404", "text-model"),
    ],
    ids=["role", "picture", "language", "vendor", "model"],
)
def test_a_request_that_no_vendor_would_accept_is_refused_before_it_is_charged(
    tmp_path: Path, call: Call, code: str, sentence: str
) -> None:
    async def work(provider: SimulatedProvider) -> None:
        with pytest.raises(ProviderError, match=sentence) as refused:
            await provider.submit(call)
        assert (refused.value.code, refused.value.kind, refused.value.sent) == (code, FailureKind.NOT_RETRYABLE, False)

    run(tmp_path, work)
    assert books(tmp_path) == []


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        ("503", FailureKind.RETRYABLE, "503"),
        ("429", FailureKind.RETRYABLE, "429"),
        ("402", FailureKind.QUOTA, "402"),
        ("400", FailureKind.NOT_RETRYABLE, "400"),
        ("timeout", FailureKind.RETRYABLE, "timeout"),
        ("reset", FailureKind.RETRYABLE, "reset"),
        ("moderation", FailureKind.MODERATION, "content_policy"),
    ],
)
def test_a_refused_call_is_not_in_the_journal_and_the_next_one_is(
    tmp_path: Path, fault: str, kind: FailureKind, code: str
) -> None:
    async def work(provider: SimulatedProvider) -> None:
        with pytest.raises(ProviderError) as refused:
            await provider.submit(TEXT_CALL)
        assert (refused.value.kind, refused.value.code, refused.value.sent) == (kind, code, False)
        assert await provider.find(TEXT_CALL) is None
        await provider.submit(TEXT_CALL)

    run(tmp_path, work, faults=f"text:{fault}")
    assert [fault for _, _, fault in books(tmp_path)] == [None]


def test_a_call_whose_reply_was_lost_is_found_and_collected_and_was_bought_once(tmp_path: Path) -> None:
    async def work(provider: SimulatedProvider) -> Reply:
        with pytest.raises(ProviderError) as lost:
            await provider.submit(TEXT_CALL)
        assert (lost.value.kind, lost.value.sent) == (FailureKind.AMBIGUOUS, True)
        return await provider.collect(str(await provider.find(TEXT_CALL)), TEXT_CALL)

    reply = run(tmp_path, work, faults="text:lost")
    assert books(tmp_path) == [("attempt", reply.cost_usd_micros, "lost")]


@pytest.mark.parametrize("call", [TEXT_CALL, SPEECH_CALL], ids=["text", "speech"])
def test_a_prediction_that_fails_fails_whenever_it_is_collected_and_leaves_no_file(tmp_path: Path, call: Call) -> None:
    async def work(provider: SimulatedProvider) -> None:
        bought = await provider.submit(call)
        for _ in range(2):
            with pytest.raises(ProviderError) as failed:
                await provider.collect(bought, call)
            assert (failed.value.code, failed.value.sent) == ("failed", True)
        assert left(tmp_path) == [JOURNAL]

    run(tmp_path, work, faults="any:failed")


def test_an_invalid_delivery_is_billed(tmp_path: Path) -> None:
    async def work(provider: SimulatedProvider) -> Reply:
        return await provider.collect(await provider.submit(IMAGE_CALL), IMAGE_CALL)

    reply = run(tmp_path, work, faults="image:invalid")
    assert isinstance(reply.value, MediaFile)
    assert reply.value.details == {"width": 0, "height": 0}


def test_prices_come_from_the_options_and_are_recorded_in_the_journal(tmp_path: Path) -> None:
    async def work(provider: SimulatedProvider) -> None:
        await provider.submit(TEXT_CALL)
        await provider.submit(SPEECH_CALL)

    run(tmp_path / "own", work, prices='{"text": 7}')
    run(tmp_path / "usual", work)
    letters = len(SPEECH.text)
    assert [cost for _, cost, _ in books(tmp_path / "own")] == [7, 15 * letters]
    assert [cost for _, cost, _ in books(tmp_path / "usual")] == [1_500, 15 * letters]


@pytest.mark.parametrize("latency", ["-1", "nan", "inf", "1001", "soon"])
def test_an_invalid_latency_is_refused_by_name(latency: str) -> None:
    with pytest.raises(WrongInputError, match="LECTURES_SIM_LATENCY"):
        SimulatedOptions.from_environ({"LECTURES_SIM_LATENCY": latency})


def test_the_journal_may_be_in_another_place(tmp_path: Path) -> None:
    journal = tmp_path / "elsewhere" / "books"
    run(tmp_path / "home", lambda provider: provider.submit(TEXT_CALL), journal=str(journal))
    assert len(PurchaseJournal(journal).entries()) == 1
    assert left(tmp_path / "home") == []


@pytest.mark.parametrize("role", Role)
def test_a_latency_is_between_the_role_s_shortest_and_longest_and_depends_on_the_key(role: Role) -> None:
    found = [latency_seconds(role, f"key {number}") for number in range(50)]
    shortest, longest = SIMULATED_SECONDS[role]
    assert all(shortest <= seconds <= longest for seconds in found)
    assert len(set(found)) == 50


def test_latency_counts_from_the_recorded_purchase_whoever_collects(tmp_path: Path) -> None:
    clock = Clock()
    options = SimulatedOptions(latency=0.2)
    seconds = latency_seconds(Role.TEXT, TEXT_CALL.key) * 0.2

    def later() -> SimulatedProvider:
        return SimulatedProvider(tmp_path, options, clock)

    async def buy(provider: object) -> tuple[str, float]:
        assert isinstance(provider, SimulatedProvider)
        bought, begun = await provider.submit(TEXT_CALL), time.monotonic()
        await provider.collect(bought, TEXT_CALL)
        return bought, time.monotonic() - begun

    bought, waited = with_provider(later, buy)
    assert waited >= seconds * 0.95
    clock.time += seconds

    async def collect(provider: object) -> None:
        assert isinstance(provider, SimulatedProvider)
        async with asyncio.timeout(seconds / 2):
            await provider.collect(bought, TEXT_CALL)

    with_provider(later, collect)


def test_closing_leaves_no_file_and_no_busy_worker(tmp_path: Path) -> None:
    async def work(provider: SimulatedProvider) -> None:
        bought = await provider.submit(SPEECH_CALL)
        collecting = asyncio.create_task(provider.collect(bought, SPEECH_CALL))
        reply = await provider.collect(bought, SPEECH_CALL)
        assert isinstance(reply.value, MediaFile)
        assert reply.value.path.exists()
        await provider.close()
        await asyncio.gather(collecting, return_exceptions=True)
        assert provider._workers.pids == ()
        assert left(tmp_path) == [JOURNAL]

    run(tmp_path, work)


@pytest.mark.slow
def test_idle_workers_serve_the_next_provider_of_the_process_and_end_with_it(tmp_path: Path) -> None:
    program = SPEAK_TWICE.format(home=str(tmp_path / "home"))
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    first, second, in_child = (json.loads(line) for line in out.splitlines())
    assert first == second
    assert first
    assert not set(in_child) & set(first)
    assert not any(is_running(pid) for pid in first + in_child)


@pytest.mark.slow
def test_closing_in_the_middle_of_a_job_ends_its_worker(tmp_path: Path) -> None:
    async def work(provider: SimulatedProvider) -> None:
        await provider.warm()
        [pid] = provider._workers.pids
        os.kill(pid, signal.SIGSTOP)  # it will never answer
        bought = await provider.submit(SPEECH_CALL)
        collecting = asyncio.create_task(provider.collect(bought, SPEECH_CALL))
        for _ in range(10):  # turns of the loop, until the job is with the worker
            await asyncio.sleep(0)
        assert not provider._workers._idle
        await provider.close()
        assert not is_running(pid)
        await asyncio.gather(collecting, return_exceptions=True)

    run(tmp_path, work)


@pytest.mark.slow
def test_a_caller_that_gives_up_leaves_no_file_and_the_next_one_is_served(tmp_path: Path) -> None:
    async def work(provider: SimulatedProvider) -> bytes:
        bought = await provider.submit(SPEECH_CALL)
        collecting = asyncio.create_task(provider.collect(bought, SPEECH_CALL))
        await asyncio.sleep(0)
        collecting.cancel()
        await asyncio.gather(collecting, return_exceptions=True)
        content = bytes_of(await provider.collect(bought, SPEECH_CALL))
        await asyncio.gather(*provider._workers._jobs)
        assert left(tmp_path) == [JOURNAL]
        return content

    assert run(tmp_path, work)


def job(role: str, request: dict[str, object], out: str) -> dict[str, object]:
    return {"role": role, "key": "key", "request": request, "files": {}, "out": out}


def with_pool(work: Callable[[WorkerPool], Awaitable[T]]) -> T:
    async def main() -> T:
        crew = WorkerPool(1)
        try:
            return await work(crew)
        finally:
            await crew.close()

    return asyncio.run(main())


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_of_a_job_is_replaced_and_the_job_is_done(tmp_path: Path) -> None:
    pipe = tmp_path / "out"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    content = bytearray()
    killed: list[int] = []

    async def work(crew: WorkerPool) -> dict[str, object]:
        def look() -> None:
            """Called when there is something to read; the worker waits, since a picture is larger than a pipe holds."""
            if not killed:
                killed.extend(crew.pids)
                os.kill(killed[0], signal.SIGKILL)
            content.extend(os.read(reader, 1 << 20))

        asyncio.get_running_loop().add_reader(reader, look)
        request: dict[str, object] = {"prompt": "A bee on a flower. Style: watercolour", "width": 1280, "height": 720}
        result = await crew.do(job("image", request, str(pipe)))
        assert len(crew.pids) == len(killed) == 1
        assert crew.pids[0] != killed[0]
        return result

    assert with_pool(work) == {"details": {"width": 1280, "height": 720}}
    os.close(reader)
    assert len(content) > 1 << 16


@pytest.mark.slow
def test_a_job_that_kills_two_workers_is_given_up_and_the_pool_continues(tmp_path: Path) -> None:
    async def work(crew: WorkerPool) -> dict[str, object]:
        with pytest.raises(WorkerDiedError, match="2 worker processes died while doing one image job"):
            await crew.do(job("image", {}, "\0"))  # a path that cannot even be cleared away
        speech: dict[str, object] = {"text": "Yes.", "voice": "narrator", "language": "en"}
        return await crew.do(job("speech", speech, str(tmp_path / "speech.wav")))

    assert "details" in with_pool(work)


def test_a_failed_job_is_reported_with_its_code_and_the_worker_survives(tmp_path: Path) -> None:
    wordless = replace(SPEECH_CALL, request=replace(SPEECH, text="… — !"))

    async def work(provider: SimulatedProvider) -> bytes:
        bought = await provider.submit(wordless)
        with pytest.raises(ProviderError, match="nothing to pronounce") as wrong:
            await provider.collect(bought, wordless)
        assert (wrong.value.kind, wrong.value.code, wrong.value.sent) == (FailureKind.VALIDATION, "nothing-to-say", True)
        pids = provider._workers.pids
        other = replace(SPEECH_CALL, attempt="other")
        content = bytes_of(await provider.collect(await provider.submit(other), other))
        assert provider._workers.pids == pids
        return content

    assert run(tmp_path, work)


def test_a_request_the_writer_cannot_answer_is_refused(tmp_path: Path) -> None:
    unknown = replace(TEXT_CALL, request=replace(TEXT, task="poem"))

    async def work(provider: SimulatedProvider) -> None:
        bought = await provider.submit(unknown)
        with pytest.raises(ProviderError, match="does not know the task 'poem'") as wrong:
            await provider.collect(bought, unknown)
        assert wrong.value.code == "400"

    run(tmp_path, work)


def test_deliveries_of_a_killed_process_are_deleted_after_a_day(tmp_path: Path) -> None:
    old, new = tmp_path / "deliveries" / "old", tmp_path / "deliveries" / "new"
    for folder in (old, new):
        folder.mkdir(parents=True)
        (folder / "speech.wav").write_bytes(b"x")
    os.utime(old, (0, 0))

    async def work(provider: SimulatedProvider) -> None:
        bytes_of(await provider.collect(await provider.submit(SPEECH_CALL), SPEECH_CALL))

    run(tmp_path, work)
    assert not old.exists()
    assert new.exists()
