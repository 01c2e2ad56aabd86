"""One worker process of the simulated vendor. It makes media: one job per line on stdin, one result per line on stdout.

    {"role", "key", "model", "request", "files", "out"}  ->  {"details"} or {"error": {"kind", "code", "message"}}

It buys nothing and keeps no journal. It ends when its stdin closes or, in the middle of a long job, when its parent is gone.
What a role needs is imported at its first job (a picture needs no video encoder).
"""

import ctypes
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TextIO, TypeAlias

from lecture_media.speak.extra import NAME as NEURAL

Job: TypeAlias = dict[str, Any]
Details: TypeAlias = dict[str, Any]
_LOOK_FOR_PARENT_S = 1.0
_PNG_SIZE = slice(16, 24)
"""Width and height in a PNG's header chunk, 4 bytes each (PNG specification, 11.2.2)."""


def make_image(job: Job) -> Details:
    """Make a PNG."""
    from lecture_media.draw.painter import paint  # noqa: PLC0415 - only workers that draw need Pillow

    request = job["request"]
    picture = paint(request["prompt"], request["width"], request["height"], job["key"])
    Path(job["out"]).write_bytes(picture)
    size = picture[_PNG_SIZE]
    return {"width": int.from_bytes(size[:4]), "height": int.from_bytes(size[4:])}


def make_speech(job: Job) -> Details:
    """Make a WAV."""
    from lecture_assets.prose.spoken import as_said  # noqa: PLC0415 - the words that each language says

    request = job["request"]
    if job.get("model") == NEURAL:
        from lecture_media.speak.neural import speak_neurally  # noqa: PLC0415 - only workers that it speaks in need piper

        return _measured(job, speak_neurally(request["text"], Path(job["out"]), as_said))
    from lecture_media.speak.speech import speak  # noqa: PLC0415 - only workers that speak need espeak

    return _measured(job, speak(request["text"], request["voice"], request["language"], Path(job["out"]), as_said))


def make_clip(job: Job) -> Details:
    """Make an MP4."""
    from lecture_media.animate.clip import animate  # noqa: PLC0415 - only workers that make clips need the encoder

    request = job["request"]
    picture = Path(job["files"][request["image"]])
    return animate(picture, request["prompt"], request["seconds"], request["width"], request["height"], Path(job["out"]))


def make_music(job: Job) -> Details:
    """Make an M4A."""
    from lecture_media.compose.music import compose  # noqa: PLC0415 - only workers that make music need the synthesizer

    request = job["request"]
    return _measured(job, compose(request["prompt"], request["seconds"], job["key"], Path(job["out"])))


def _measured(job: Job, details: Details) -> Details:
    """Add what the sound measures."""
    from lecture_media.listen.measure import measure  # noqa: PLC0415 - only workers that speak or make music decode it

    return {**details, "measured": measure(Path(job["out"]))}


MAKERS: Mapping[str, Callable[[Job], Details]] = {
    "image": make_image,
    "speech": make_speech,
    "video": make_clip,
    "music": make_music,
}


_LARGE = frozenset({"video", "music"})
"""Roles whose jobs briefly hold tens of megabytes."""


def do(job: Job) -> dict[str, Any]:
    """Do one job and return its result. A failure is part of the result, so that the worker survives it."""
    try:
        return {"details": MAKERS[job["role"]](job)}
    except Exception as error:  # noqa: BLE001 - the worker must answer, so it reports whatever went wrong
        Path(job["out"]).unlink(missing_ok=True)
        if isinstance(error, OSError):
            why = error.strerror or error
            message = f"the file could not be written ({why}); free some space, then run it again: nothing is bought twice"
            return {"error": {"kind": "retryable", "code": "no-room", "message": message}}
        kind, code = getattr(error, "kind", "not-retryable"), getattr(error, "code", type(error).__name__)
        return {"error": {"kind": kind, "code": code, "message": str(error) or repr(error)}}


def serve(jobs: TextIO, results: TextIO) -> None:
    """Do jobs until there are no more."""
    for line in jobs:
        job = json.loads(line)
        results.write(json.dumps(do(job)) + "\n")
        results.flush()
        if job["role"] in _LARGE:
            _give_memory_back()


def _give_memory_back() -> None:
    """Return memory freed by a large job to the system, if the C library can (glibc): 60 MB after a piece of music."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def main() -> None:
    """Serve stdin and stdout."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then closes our stdin
    _end_with_parent()
    with os.fdopen(os.dup(1), "w") as results:
        os.dup2(2, 1)  # a library that prints must not print into the results
        serve(sys.stdin, results)


def _end_with_parent() -> None:
    """Check every second that the parent still exists: a job that takes minutes must not outlive a parent that was killed."""
    parent = os.getppid()

    def look(_signal: int, _frame: object) -> None:
        if os.getppid() != parent:
            os._exit(1)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, _LOOK_FOR_PARENT_S, _LOOK_FOR_PARENT_S)


if __name__ == "__main__":
    main()
