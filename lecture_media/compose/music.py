"""Make music for a prompt: an M4A file. `score.py` writes the notes, `synth.py` plays them; sections are joined here.

sections A A B A C A B A …, each played once and cached, faded at both ends, levelled to lie under speech
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.codec.context import Flags

from lecture_media.compose.score import compose_section, read_style, seed_of
from lecture_media.compose.synth import SAMPLE_RATE, Samples, forget_sounds, render, section_size

_FORM = "ABACABDA"
_RMS, _QUIET_RMS = 10 ** (-20 / 20), 10 ** (-24 / 20)
"""Loudness of the whole; a player ducks it further under speech."""
_PEAK = 10 ** (-3 / 20)
_FADE_IN_S, _FADE_OUT_S = 1.2, 3.5
_BIT_RATE = 112_000


def compose(prompt: str, seconds: int, key: str, out: Path) -> dict[str, Any]:
    """Write `seconds` of music to `out`: AAC, stereo, 44.1 kHz. Equal input gives equal bytes on one machine.

    Returns {duration_ms}.
    """
    style = read_style(prompt, key)
    total = seconds * SAMPLE_RATE
    form = [_FORM[i % len(_FORM)] for i in range(-(-total // section_size(style.bpm)))]
    sections = {
        letter: render(compose_section(style, letter, seed_of(letter, prompt, key)), style.bpm, style.brightness)
        for letter in dict.fromkeys(form)
    }
    forget_sounds()
    gain = _gain(tuple(sections.values()), _QUIET_RMS if style.quiet else _RMS)
    _write(out, ((sections[letter] * gain) for letter in form), total)
    return {"duration_ms": seconds * 1000}


def _gain(sections: Sequence[Samples], rms: float) -> np.float32:
    """The gain that brings the sections to a loudness, or as near to it as the loudest peak allows."""
    loudest = max(float(np.abs(section).max()) for section in sections)
    power = float(np.mean([float((section**2).mean()) for section in sections]))
    return np.float32(min(rms / power**0.5, _PEAK / loudest))


def _write(out: Path, sections: Iterator[Samples], total: int) -> None:
    with av.open(str(out), "w", format="mp4", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("aac", rate=SAMPLE_RATE, layout="stereo")
        stream.bit_rate = _BIT_RATE
        stream.codec_context.options = {
            "aac_coder": "fast"
        }  # half the time of the default, with no audible loss at this bit rate
        stream.codec_context.flags |= Flags.bitexact
        done = 0
        for section in sections:
            block = section[:, : total - done] * _fade(done, min(section.shape[1], total - done), total)
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block), format="fltp", layout="stereo")
            frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, done, Fraction(1, SAMPLE_RATE)
            container.mux(stream.encode(frame))
            done += block.shape[1]
        container.mux(stream.encode(None))


def _fade(first: int, count: int, total: int) -> Samples:
    """The gain of each sample from `first` on: rising at the beginning of the whole, falling at its end."""
    at = np.arange(first, first + count, dtype=np.float32)
    fade_in = min(_FADE_IN_S * SAMPLE_RATE, total / 4)
    fade_out = min(_FADE_OUT_S * SAMPLE_RATE, total / 3)
    level = np.minimum(1, np.minimum(at / fade_in, (total - at) / fade_out))
    return np.asarray(np.sin(level * np.pi / 2) ** 2, np.float32)
