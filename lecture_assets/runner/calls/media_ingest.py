"""Takes in what a vendor delivers: fetched from its hosts alone, inspected like any stranger's file, kept by its digest.

Json ──────────────────────────────────────────────► as it is, without control characters
MediaUrl ── intake/download.py ──┐
MediaFile, looked into by nobody ┴─ intake/own_medium.py ──► as long as its text? ──► artifacts ──► digest, facts, cost
"""

import asyncio
import shutil
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from pydantic import TypeAdapter, ValidationError

from lecture_assets.content import Word
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Holds
from lecture_assets.intake.download import fetch
from lecture_assets.intake.own_medium import max_bytes, take_medium
from lecture_assets.intake.unfit import UnfitMediumError, UnreachableMediumError
from lecture_assets.ports import FailureKind, MediaFile, MediaUrl, ProviderError, Reply, Request, SpeechRequest
from lecture_assets.prose.readable import readable_value
from lecture_assets.providers.amounts import plausible_speech_ms
from lecture_assets.providers.cassette import Cassette, Exchange, NotRecordedError
from lecture_assets.providers.proxies import proxy_of
from lecture_assets.runner.calls.boundary import in_thread
from lecture_assets.store.artifacts import Artifacts
from lecture_assets.timeline.spread import spread

_WORDS: TypeAdapter[list[Word]] = TypeAdapter(list[Word])


@dataclass(frozen=True, slots=True)
class IngestTarget:
    """Where deliveries are looked into (a folder below `home`), and where they are kept."""

    home: Path
    artifacts: Artifacts
    cassette: Cassette | None = None


@dataclass(frozen=True, slots=True)
class IngestedReply:
    """What a node gets of a reply, and what it cost; the cost of a recording is known once its length is.

    is_counted: whether the cost is by what was counted; else it is what was reserved
    """

    value: Json
    cost_usd_micros: int
    is_counted: bool


async def ingest_reply(provider: str, holds: Holds, request: Request, reply: Reply, target: IngestTarget) -> IngestedReply:
    """Take in what a vendor delivered. ProviderError where it cannot be fetched or used; `sent` where it never can be.

    It can be cancelled while it waits for the network, and while a medium is looked into.
    """
    if not isinstance(reply.value, MediaFile | MediaUrl):
        return IngestedReply(readable_value(reply.value), reply.cost_usd_micros, reply.is_counted)
    if isinstance(reply.value, MediaFile) and reply.value.details is not None:
        medium = reply.value
        sha256 = await in_thread(target.artifacts.adopt, medium.path)
        value: Json = {"sha256": sha256, "media_type": medium.media_type, **(medium.details or {})}
        return IngestedReply(value, reply.cost_usd_micros, reply.is_counted)
    deliveries = target.home / "deliveries"
    deliveries.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=deliveries))
    wanted = _Wanted(holds, request, reply)
    try:
        path = await _here(reply.value, holds, folder, target.cassette)
        return await in_thread(_taken_in, provider, wanted, path, target.artifacts)
    except asyncio.CancelledError:
        wanted.stopped.set()
        raise
    except UnreachableMediumError as error:
        message = f"what it made could not be fetched: {error}"
        raise ProviderError(provider, FailureKind.RETRYABLE, "download", message) from error
    except UnfitMediumError as error:
        raise _unfit(provider, "unfit-medium", str(error), reply.cost_usd_micros) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is received. stopped: set once nobody waits for it; a look into it ends then."""

    holds: Holds
    request: Request
    reply: Reply
    stopped: threading.Event = field(default_factory=threading.Event)


def _unfit(provider: str, code: str, found: str, cost: int) -> ProviderError:
    message = f"it delivered {found}; asking again may give another"
    return ProviderError(provider, FailureKind.VALIDATION, code, message, sent=True, cost_usd_micros=cost)


async def _here(delivered: MediaFile | MediaUrl, holds: Holds, folder: Path, cassette: Cassette | None) -> Path:
    if isinstance(delivered, MediaFile):
        return Path(await in_thread(shutil.move, delivered.path, folder / "delivered"))  # from another disk, too
    path = folder / "delivered"
    key = cassette.next_key("GET", delivered.url, b"") if cassette else ""
    if cassette and cassette.plays:
        path.write_bytes(_from_cassette(cassette, key, delivered.url))
        return path
    await fetch(delivered.url, path, max_bytes(holds), delivered.loopback, delivered.hosts, proxy_of)
    if cassette:
        cassette.keep(key, "GET", delivered.url, b"", Exchange(200, {}, path.read_bytes()))
    return path


def _from_cassette(cassette: Cassette, key: str, url: str) -> bytes:
    try:
        return cassette.play(key, url).content
    except NotRecordedError:
        found = "nothing: its output is not in the recording"
        raise UnfitMediumError(found) from None


def _taken_in(provider: str, wanted: _Wanted, path: Path, artifacts: Artifacts) -> IngestedReply:
    medium = take_medium(path, wanted.holds, path.parent, wanted.stopped)
    facts = dict(medium.facts)
    cost = wanted.reply.cost_of(facts) if wanted.reply.cost_of else wanted.reply.cost_usd_micros
    if isinstance(wanted.request, SpeechRequest):
        duration = cast("int", facts["duration_ms"])
        if found := _of_another_text(wanted.request.text, duration):
            raise _unfit(provider, "unfit-length", found, cost)
        facts["words"] = _told_words(wanted.reply.value, duration) or spread(wanted.request.text, duration)
    return IngestedReply({"sha256": artifacts.adopt(medium.path), **facts}, cost, wanted.reply.is_counted)


def _told_words(delivered: "Json | MediaFile | MediaUrl", duration_ms: int) -> list[Json] | None:
    """The words with their times as the vendor tells them; None where it tells none, or none that can be of this recording.

    They can be where each is a text with whole milliseconds, in order, and the last begins before the recording ends.
    """
    words = delivered.words if isinstance(delivered, MediaFile) else None
    try:
        told = _WORDS.validate_python(readable_value(words))
    except (ValidationError, RecursionError):
        return None
    times = [time for word in told for time in (word.start_ms, word.end_ms)]
    if not told or times != sorted(times) or told[-1].start_ms >= duration_ms:
        return None
    return [{**word.model_dump(mode="json"), "end_ms": min(word.end_ms, duration_ms)} for word in told]


def _of_another_text(text: str, duration_ms: int) -> str | None:
    """What a recording is that cannot be one of the text: broken off, or going on and on. None where it can be."""
    least, most = plausible_speech_ms(text)
    if least <= duration_ms <= most:
        return None
    takes = f"takes at least {least / 1000:.1f} s" if duration_ms < least else f"takes at most {most / 1000:.0f} s"
    return f"a recording of {duration_ms / 1000:.1f} s of a text that {takes} to say"
