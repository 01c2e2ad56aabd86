"""The sound of a timeline: speech at its time, with music under it by its envelope, in pieces. Nothing is encoded.

each narration, decoded when it is due: levelled to -16 LUFS  --> at its start_ms
the music, levelled to the same loudness, looped or cut       --> times the envelope       --> their sum
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, cast

import av
import numpy as np

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.render.loudness import RATE, Sound, levelled

SPEECH_LUFS = -16.0
"""What podcasts and learning platforms require (Apple Podcasts: -16 ±1 LUFS)."""
_LOOP_SAMPLES = RATE // 2
"""A looped piece fades from its last half second into its beginning."""


def decoded(path: Path) -> Sound:
    """Decode all of a sound file to stereo at 48 kHz. WrongInputError if it has no sound that can be read."""
    resampler = av.AudioResampler(format="flt", layout="stereo", rate=RATE)
    try:
        with av.open(str(path)) as container:
            frames = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
        frames += resampler.resample(None)
    except (av.FFmpegError, IndexError) as error:
        raise WrongInputError([Fault(str(path), f"a sound that cannot be read ({error})", "WAV, MP3, M4A or Ogg")]) from error
    pieces = [frame.to_ndarray().reshape(-1, 2) for frame in frames]
    return np.concatenate([np.zeros((0, 2), np.float32), *pieces]).astype(np.float32, copy=False)


class Mixer:
    """The sum of speech and music, read from the start in pieces. Only the music and the speech of one piece are in memory."""

    def __init__(self, timeline: Mapping[str, Any], open_media: Callable[[str], Path]) -> None:
        """Decode and level the music; speech is decoded when it is due."""
        self._fps = timeline["fps"]
        self._length = timeline["duration_in_frames"] * RATE // self._fps
        self._open = open_media
        self._waiting = [s["narration"] for s in timeline["segments"] if s["narration"]["type"] == "audio"]
        self._speaking: list[tuple[int, Sound]] = []
        track = timeline["music"]
        self._envelope = track.get("envelope", ())
        self._music = self._open_music(track) if track["type"] == "audio" else None

    def _open_music(self, track: Mapping[str, Any]) -> Sound | None:
        music = levelled(decoded(self._open(track["media"]["sha256"])), SPEECH_LUFS)
        return looping(music) if 0 < len(music) < self._length else music if len(music) else None

    def pieces(self, samples: int) -> Iterator[Sound]:
        """Yield the whole sound in pieces of `samples`, the last one shorter."""
        for start in range(0, self._length, samples):
            yield self._mixed(start, min(samples, self._length - start))

    def _mixed(self, start: int, count: int) -> Sound:
        piece = np.zeros((count, 2), np.float32)
        if self._music is not None:
            piece += self._music_piece(self._music, start, count)
        for begin, sound in chain(self._speaking, self._due(start + count)):
            first, last = max(start, begin), min(start + count, begin + len(sound))
            if first < last:
                piece[first - start : last - start] += sound[first - begin : last - begin]
        self._speaking = [(begin, sound) for begin, sound in self._speaking if begin + len(sound) > start + count]
        return piece

    def _due(self, end: int) -> Iterator[tuple[int, Sound]]:
        """Decode speech that begins before a sample, and keep it until it has been played."""
        while self._waiting and self._waiting[0]["start_ms"] * RATE // 1000 < end:
            speech = self._waiting.pop(0)
            sound = levelled(decoded(self._open(speech["media"]["sha256"])), SPEECH_LUFS)
            started = (speech["start_ms"] * RATE // 1000, sound)
            self._speaking = [*self._speaking, started]
            yield started

    def _music_piece(self, music: Sound, start: int, count: int) -> Sound:
        frames = [point["frame"] * RATE / self._fps for point in self._envelope]
        gains = [point["gain_permille"] / 1000 for point in self._envelope]
        places = np.arange(start, start + count)
        volume = np.interp(places, frames, gains).astype(np.float32)
        return cast("Sound", np.take(music, places, axis=0, mode="wrap") * volume[:, None])


def looping(music: Sound) -> Sound:
    """Make the music loop: mix its last half second into its first."""
    overlap = min(_LOOP_SAMPLES, len(music) // 2)
    if not overlap:
        return music
    rise = np.sqrt(np.linspace(0, 1, overlap, endpoint=False, dtype=np.float32))[:, None]
    head = music[:overlap] * rise + music[-overlap:] * rise[::-1]
    return np.concatenate([head, music[overlap:-overlap]])
