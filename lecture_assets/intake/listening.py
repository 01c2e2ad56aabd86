"""When each word of a recording is spoken. Runs in the sandbox; `word_times.py` asks it.

text, language ── prose/spoken.py ─► what is said ─┐
recording ─ decoded block by block ────────────────┴─ lecture_media/align ─► times, or none
"""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from lecture_assets.intake.form import Recognised
from lecture_assets.intake.sound import frames_of, open_sound
from lecture_assets.prose.spoken import as_said
from lecture_media.align.alignment import Times, align
from lecture_media.align.features import RATE
from lecture_media.speak.espeak import has_word_for
from lecture_media.speak.voices import UnknownNameError, find_language


def listen(path: Path, found: Recognised, text: str, language: str) -> Times | None:
    """Return start and end in ms of each word, in order; None for a language without a voice, or if the words do not fit.

    The words of a text are those of `unspaced.words_of`.
    """
    try:
        voice = find_language(language)
    except UnknownNameError:
        return None
    return align(as_said(text, language, lambda sign: has_word_for(sign, voice)), language, _blocks(path, found))


def _blocks(path: Path, found: Recognised) -> Iterator[NDArray[np.float32]]:
    """Decode a sound to mono at the rate that is compared. UnfitMediumError if it cannot be decoded to its end."""
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    with open_sound(path, found) as source:
        for frame in frames_of(source):
            for part in resampler.resample(frame):
                yield part.to_ndarray()[0]
