"""The words of a recording, with times. If listening to it fails, the times are estimated."""

import threading
from pathlib import Path
from typing import cast

from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Holds
from lecture_assets.intake.own_medium import job_of
from lecture_assets.intake.sandbox import inspect_file
from lecture_assets.intake.unfit import UnfitMediumError
from lecture_assets.timeline.spread import spread


def words_with_times(
    path: Path, text: str, language: str, duration_ms: int, stopped: threading.Event | None = None
) -> list[Json]:
    """Return the words of a text, each with its time in a recording that has been inspected: `content.Speech.words`.

    They are aligned to the recording; where that cannot be done, or they do not fit it, each lasts in proportion to its length.

    stopped: set when the result is no longer wanted; then NotWantedError
    """
    return aligned_words(path, text, language, duration_ms, stopped) or spread(text, duration_ms, language)


def aligned_words(
    path: Path, text: str, language: str, duration_ms: int, stopped: threading.Event | None = None
) -> list[Json] | None:
    """Return the words of a text with the times at which they are heard in a recording; None if they are not."""
    words = cast("list[dict[str, Json]]", spread(text, duration_ms, language))
    times = _times(path, text, language, stopped)
    if times is None or len(times) != len(words):
        return None
    return [
        {**word, "start_ms": min(start, duration_ms), "end_ms": min(end, duration_ms)}
        for word, (start, end) in zip(words, times, strict=True)
    ]


def _times(path: Path, text: str, language: str, stopped: threading.Event | None) -> list[tuple[int, int]] | None:
    try:
        job = job_of(path, Holds.SPEECH, path.parent) | {"sort": "words", "text": text, "language": language}
        _, facts = inspect_file(job, stopped)
    except (UnfitMediumError, OSError):
        return None
    times: list[tuple[int, int]] | None = facts["times"]
    return times
