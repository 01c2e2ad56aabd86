"""The sound of a timeline as a file, AAC in MP4, with no true peak above -1 dB when it is decoded. In blocks, in constant memory.

    Mixer ──► limiter ──► AAC ──► the file
                 ▲         └──► decoded again: its true peak
                 └── lower by what it exceeds, and all once more

Lossy coding moves peaks: by less than a decibel in speech and music, by more where a recording was clipped.
"""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from lecture_assets.render.limiter import limited, true_peaks
from lecture_assets.render.open_media import OpenMedia
from lecture_assets.render.sound import Mixer
from lecture_media.listen.decode import RATE, Sound, blocks

MOST_DBTP = -1.0
"""The true peak that platforms ask for (EBU R 128 s2, Apple Podcasts, Spotify: -1 dBTP)."""
_FIRST_DBTP, _MARGIN_DB = -1.6, 0.1
"""What the first attempt is limited to: measured, AAC then stays below -1 in ordinary films."""
_ATTEMPTS = 5
_BITS = 160_000


def write_sound(timeline: Mapping[str, Any], out: Path, open_media: OpenMedia) -> float:
    """Write the sound of a timeline to `out` (.m4a), and return its true peak in dB of full scale.

    open_media: returns a file for each SHA-256

    Raises WrongInputError for a medium that cannot be read.
    """
    ceiling_db = _FIRST_DBTP
    for _attempt in range(_ATTEMPTS):
        _encode(timeline, out, open_media, 10 ** (ceiling_db / 20))
        peak = true_peak_db(out)
        if peak <= MOST_DBTP:
            break
        ceiling_db -= peak - MOST_DBTP + _MARGIN_DB
    return peak


def _encode(timeline: Mapping[str, Any], out: Path, open_media: OpenMedia, ceiling: float) -> None:
    written = 0
    with av.open(str(out.absolute()), "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=RATE, layout="stereo")
        stream.bit_rate = _BITS
        for piece in limited(Mixer(timeline, open_media).pieces(RATE), ceiling):
            container.mux(stream.encode(_frame(piece, written)))
            written += len(piece)
        container.mux(stream.encode(None))


def _frame(piece: Sound, start: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(piece.T), format="fltp", layout="stereo")
    frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
    return frame


_NEAR = 0.7
"""Where samples are 3 dB below the peak known until now, no higher one is looked for between them."""
_OVERLAP = 64
"""Samples of one block that are looked at again with the next: peaks between both depend on them."""


def true_peak_db(path: Path) -> float:
    """Return the true peak of a sound file, decoded, in dB of full scale."""
    peak, rest = 1e-6, np.zeros((0, 2), np.float32)
    for block in blocks(path):
        rest = np.concatenate([rest, block])
        if len(rest) >= RATE:
            peak, rest = max(peak, float(true_peaks(rest, _NEAR * peak).max())), rest[-_OVERLAP:]
    return 20 * float(np.log10(max(peak, float(true_peaks(rest, _NEAR * peak).max(initial=0.0)))))
