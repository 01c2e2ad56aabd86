"""What a vendor delivers, taken in: fetched from its hosts alone, looked into like any stranger's file, kept by its digest.

Json ──────────────────────────────────────────────► as it is
MediaUrl ── intake/download.py ──┐
MediaFile, looked into by nobody ┴─ intake/own_medium.py ──► artifacts ──► digest, and what is known of it
"""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.lecture import Holds
from lecture_assets.intake.download import fetch
from lecture_assets.intake.own_medium import max_bytes, spread, take_medium
from lecture_assets.intake.unfit import UnfitMediumError, UnreachableMediumError
from lecture_assets.ports import FailureKind, MediaFile, MediaUrl, ProviderError, Reply, Request, SpeechRequest
from lecture_assets.providers.tape import Exchange, NotOnTapeError, Tape
from lecture_assets.store.artifacts import Artifacts


@dataclass(frozen=True, slots=True)
class Room:
    """Where deliveries are looked into (a folder below `home`), and where they are kept."""

    home: Path
    artifacts: Artifacts
    tape: Tape | None = None


def receive(provider: str, holds: Holds, request: Request, reply: Reply, place: Room) -> Json:
    """The value that the reply is. ProviderError where a medium cannot be fetched or is none; `sent` where it never will be.

    It waits for the network and decodes media: not for the loop's own thread.
    """
    artifacts = place.artifacts
    if not isinstance(reply.value, MediaFile | MediaUrl):
        return reply.value
    if isinstance(reply.value, MediaFile) and reply.value.details is not None:
        medium = reply.value
        return {"sha256": artifacts.adopt(medium.path), "media_type": medium.media_type, **(medium.details or {})}
    room = place.home / "deliveries"
    room.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=room))
    try:
        return _taken_in(holds, request, _here(reply.value, holds, folder, place.tape), artifacts, folder)
    except UnreachableMediumError as error:
        message = f"what it made could not be fetched: {error}"
        raise ProviderError(provider, FailureKind.RETRYABLE, "download", message) from error
    except UnfitMediumError as error:
        message = f"it delivered {error}; asking again may give another"
        cost = reply.cost_usd_micros
        raise ProviderError(provider, FailureKind.VALIDATION, "unfit-medium", message, sent=True, cost_usd_micros=cost) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _here(delivered: MediaFile | MediaUrl, holds: Holds, folder: Path, tape: Tape | None) -> Path:
    if isinstance(delivered, MediaFile):
        return delivered.path.replace(folder / "delivered")
    target = folder / "delivered"
    key = tape.next_key("GET", delivered.url, b"") if tape else ""
    if tape and tape.plays:
        target.write_bytes(_from_tape(tape, key, delivered.url))
        return target
    fetch(delivered.url, target, max_bytes(holds), delivered.loopback, delivered.hosts)
    if tape:
        tape.keep(key, "GET", delivered.url, b"", Exchange(200, {}, target.read_bytes()))
    return target


def _from_tape(tape: Tape, key: str, url: str) -> bytes:
    try:
        return tape.play(key, url).content
    except NotOnTapeError:
        found = "nothing: its output is not on the tape"
        raise UnfitMediumError(found) from None


def _taken_in(holds: Holds, request: Request, path: Path, artifacts: Artifacts, folder: Path) -> Json:
    medium = take_medium(path, holds, folder)
    facts = dict(medium.facts)
    if isinstance(request, SpeechRequest):
        duration = facts["duration_ms"]
        facts["words"] = spread(request.text, duration if isinstance(duration, int) else 0)
    return {"sha256": artifacts.adopt(medium.path), **facts}
