"""Stores what a vendor delivers: fetched only from the vendor's hosts, inspected like any untrusted file, kept by digest.

    Json ───────────────────────────────────────────► unchanged, without control characters
    MediaUrl ── intake/download.py ─┐
    MediaFile, not inspected yet ───┴─ intake/own_medium.py ──► plausible length? word times ──► artifacts ──► digest, facts, cost

A MediaFile that its adapter has inspected goes straight to the artifacts.
"""

import asyncio
import shutil
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from pydantic import TypeAdapter, ValidationError

from lecture_assets.content import Word
from lecture_assets.graph.errors import LectureError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Holds
from lecture_assets.intake.download import fetch
from lecture_assets.intake.own_medium import max_bytes, take_medium
from lecture_assets.intake.unfit import UnfitMediumError, UnreachableMediumError
from lecture_assets.intake.word_times import words_with_times
from lecture_assets.ports import FailureKind, MediaFile, MediaUrl, ProviderError, Reply, Request, SpeechRequest
from lecture_assets.prose.readable import readable_value
from lecture_assets.providers.amounts import plausible_speech_ms
from lecture_assets.providers.cassette import Cassette, Exchange, NotRecordedError
from lecture_assets.providers.proxies import proxy_of
from lecture_assets.runner.calls.boundary import in_thread
from lecture_assets.store.artifacts import Artifacts
from lecture_assets.timeline.shown_words import shown_words

_WORDS: TypeAdapter[list[Word]] = TypeAdapter(list[Word])


@dataclass(frozen=True, slots=True)
class IngestTarget:
    """Where deliveries are inspected (a folder below `home`), and where they are kept."""

    home: Path
    artifacts: Artifacts
    cassette: Cassette | None = None


@dataclass(frozen=True, slots=True)
class IngestedReply:
    """A reply's value for its node, and its cost. The cost of a recording is known once its length is.

    is_counted: the cost is based on metered usage; otherwise it is the reserved price
    """

    value: Json
    cost_usd_micros: int
    is_counted: bool


async def ingest_reply(provider: str, holds: Holds, request: Request, reply: Reply, target: IngestTarget) -> IngestedReply:
    """Inspect and store what a vendor delivered. ProviderError if it cannot be fetched or used, with `sent` if it never can.

    It can be canceled while it waits for the network and while it inspects a medium.
    """
    if not isinstance(reply.value, MediaFile | MediaUrl):
        return IngestedReply(readable_value(reply.value), reply.cost_usd_micros, reply.is_counted)
    if isinstance(reply.value, MediaFile) and reply.value.details is not None:
        medium = reply.value
        sha256 = await in_thread(_adopt, provider, medium.path, target.artifacts)
        value: Json = {"sha256": sha256, "media_type": medium.media_type, **_as_shown(medium.details or {}, request)}
        return IngestedReply(value, reply.cost_usd_micros, reply.is_counted)
    deliveries = target.home / "deliveries"
    deliveries.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=deliveries))
    delivery = _Delivery(holds, request, reply)
    try:
        path = await _fetch_file(reply.value, holds, folder, target.cassette)
        return await in_thread(_inspect_and_store, provider, delivery, path, target.artifacts)
    except asyncio.CancelledError:
        delivery.stopped.set()
        raise
    except UnreachableMediumError as error:
        message = f"its output could not be fetched: {error}"
        raise ProviderError(provider, FailureKind.RETRYABLE, "download", message) from error
    except UnfitMediumError as error:
        raise _unfit(provider, "unfit-medium", str(error), reply.cost_usd_micros) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class _Delivery:
    """A reply and what it must fit. stopped: set once nothing waits for it any more; its inspection then ends."""

    holds: Holds
    request: Request
    reply: Reply
    stopped: threading.Event = field(default_factory=threading.Event)


def _unfit(provider: str, code: str, found: str, cost: int) -> ProviderError:
    message = f"it delivered {found}; asking again may give another"
    return ProviderError(provider, FailureKind.VALIDATION, code, message, sent=True, cost_usd_micros=cost)


async def _fetch_file(delivered: MediaFile | MediaUrl, holds: Holds, folder: Path, cassette: Cassette | None) -> Path:
    if isinstance(delivered, MediaFile):
        return Path(await in_thread(shutil.move, delivered.path, folder / "delivered"))  # works across disks, too
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
        found = "nothing: its output was not recorded"
        raise UnfitMediumError(found) from None


def _inspect_and_store(provider: str, delivery: _Delivery, path: Path, artifacts: Artifacts) -> IngestedReply:
    medium = take_medium(path, delivery.holds, path.parent, delivery.stopped)
    facts = dict(medium.facts)
    cost = delivery.reply.cost_of(facts) if delivery.reply.cost_of else delivery.reply.cost_usd_micros
    if isinstance(delivery.request, SpeechRequest):
        duration = cast("int", facts["duration_ms"])
        if found := _implausible_length(delivery.request.text, duration):
            raise _unfit(provider, "unfit-length", found, cost)
        facts["words"] = _vendor_words(delivery.reply.value, duration) or words_with_times(
            medium.path, delivery.request.text, delivery.request.language, duration, delivery.stopped
        )
        facts = _as_shown(facts, delivery.request)
    return IngestedReply({"sha256": _adopt(provider, medium.path, artifacts), **facts}, cost, delivery.reply.is_counted)


def _adopt(provider: str, path: Path, artifacts: Artifacts) -> str:
    """Store a file. Where S3 is away, the reply stays with the vendor, and is fetched again later."""
    try:
        return artifacts.adopt(path)
    except LectureError as error:
        raise ProviderError(provider, FailureKind.RETRYABLE, "artifacts", f"its output could not be stored: {error}") from error


def _as_shown(facts: Mapping[str, Json], request: Request) -> dict[str, Json]:
    """Return the facts of a recording with the words of its captions: where the lexicon changed some, the shown ones."""
    if not isinstance(request, SpeechRequest) or not request.show:
        return {**facts}
    words = cast("list[dict[str, Any]]", facts["words"])
    return {**facts, "words": shown_words(words, request.show, request.say) if words else []}


def _vendor_words(delivered: "Json | MediaFile | MediaUrl", duration_ms: int) -> list[Json] | None:
    """Return the vendor's words with their times; None if it supplied none, or none that fit this recording.

    They fit if each has a text and whole milliseconds, all are in order, and the last begins before the recording ends.
    """
    words = delivered.words if isinstance(delivered, MediaFile) else None
    try:
        timed = _WORDS.validate_python(readable_value(words))
    except (ValidationError, RecursionError):
        return None
    times = [time for word in timed for time in (word.start_ms, word.end_ms)]
    if not timed or times != sorted(times) or timed[-1].start_ms >= duration_ms:
        return None
    return [{**word.model_dump(mode="json"), "end_ms": min(word.end_ms, duration_ms)} for word in timed]


def _implausible_length(text: str, duration_ms: int) -> str | None:
    """Describe a recording that is too short or too long to be of this text. None if its length is plausible."""
    least, most = plausible_speech_ms(text)
    if least <= duration_ms <= most:
        return None
    takes = f"takes at least {least / 1000:.1f} s" if duration_ms < least else f"takes at most {most / 1000:.0f} s"
    return f"a recording of {duration_ms / 1000:.1f} s for a text that {takes} to say"
