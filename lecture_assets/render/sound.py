"""The sound of a timeline: speech at its time, with music under it, by the timeline's own gains. In blocks; nothing is encoded.

each narration  × its gain_millibel                                  ──► at its start_ms ─┐
each part of the music  × its cross-fades × gain_millibel × envelope ──► at its frame ────┴─► their sum ──► limiter.py

Files are decoded as they play, so that memory does not grow with the lecture.
"""

from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from lecture_assets.render.open_media import OpenMedia
from lecture_assets.render.unreadable import unreadable
from lecture_assets.timeline.gain import music_gain, pauses_gain, speech_gain
from lecture_assets.timeline.repeats import parts_of
from lecture_media.listen.decode import RATE, Sound, blocks
from lecture_media.listen.measure import measure

Source = Mapping[str, Any]
_READ = (av.FFmpegError, IndexError, ValueError)


def decoded(path: Path) -> Sound:
    """Decode all of a sound file to stereo at 48 kHz. WrongInputError if it has no sound that can be read."""
    return np.concatenate([np.zeros((0, 2), np.float32), *_blocks(path)])


def _blocks(path: Path) -> Generator[Sound]:
    try:
        yield from blocks(path)
    except _READ as error:
        raise unreadable(path, "a sound that cannot be read", "WAV, MP3, M4A or Ogg") from error


def measures_of(path: Path) -> dict[str, int]:
    """Return the measures of a file that was stored without them. WrongInputError if it cannot be read."""
    try:
        return measure(path)
    except _READ as error:
        raise unreadable(path, "a sound that cannot be read", "WAV, MP3, M4A or Ogg") from error


class _Playing:
    """A span of the lecture in which one file plays. Samples are asked for in ascending order.

    start, end: its samples, on the lecture's clock
    skipped:    samples of the file before the first one that plays
    over:       the sample from which on nothing plays any more, before `end` if the file ends before
    """

    def __init__(self, path: Path, span: tuple[int, int], skipped: int, gain: float) -> None:
        self.start, self.end = span
        self.over = self.end
        self._gain = np.float32(gain)
        self._rest = np.zeros((0, 2), np.float32)
        self._blocks = _blocks(path)
        self._read(skipped)

    def samples(self, start: int, count: int) -> tuple[int, Sound]:
        """Return (where it begins, what plays of it) within `count` samples from `start` on."""
        first, last = max(start, self.start), min(start + count, self.over)
        sound = self._read(max(0, last - first))
        if first + len(sound) < last:
            self.over = first + len(sound)
        return first - start, sound * self._gain

    def _read(self, count: int) -> Sound:
        """Return the next samples of the file, fewer at its end."""
        parts = []
        while count and (len(self._rest) or self._decode()):
            parts.append(self._rest[:count])
            self._rest, count = self._rest[len(parts[-1]) :], count - len(parts[-1])
        return np.concatenate(parts) if parts else self._rest[:0]

    def _decode(self) -> bool:
        block = next(self._blocks, None)
        if block is not None:
            self._rest = block
        return block is not None

    def close(self) -> None:
        """Close the file."""
        self._blocks.close()


class _Music(_Playing):
    """A part of the music, with its cross-fades. at: (first sample, length) of the fade in and of the fade out."""

    def __init__(self, path: Path, part: Source, gain: float, per_frame: int) -> None:
        start, end = part["start_frame"] * per_frame, (part["start_frame"] + part["duration_in_frames"]) * per_frame
        super().__init__(path, (start, end), part["source_start_ms"] * RATE // 1000, gain)
        self._fade_in, self._fade_out = part["fade_in_frames"] * per_frame, part["fade_out_frames"] * per_frame

    def samples(self, start: int, count: int) -> tuple[int, Sound]:
        offset, sound = super().samples(start, count)
        places = np.arange(start + offset, start + offset + len(sound))
        if self._fade_in and start < self.start + self._fade_in:
            sound = sound * _quarter_sine((places - self.start) / self._fade_in)
        if self._fade_out and start + count > self.end - self._fade_out:
            sound = sound * _quarter_sine((self.end - places) / self._fade_out)
        return offset, sound


def _quarter_sine(share: npt.NDArray[np.float64]) -> Sound:
    return np.asarray(np.sin(np.clip(share, 0, 1) * np.pi / 2), np.float32)[:, None]


class Mixer:
    """The sum of speech and music, read once from the start. Only what plays at a time is open."""

    def __init__(self, timeline: Mapping[str, Any], open_media: OpenMedia) -> None:
        """Nothing is opened yet."""
        self._per_frame = RATE // timeline["fps"]
        self._length = timeline["duration_in_frames"] * self._per_frame
        self._open = open_media
        self._speech = [s["narration"] for s in timeline["segments"] if s["narration"]["type"] == "audio"]
        self._track = timeline["music"]
        self._for_pauses = 0
        if any("gain_millibel" not in sound for sound in (*self._speech, self._track) if sound["type"] == "audio"):
            self._measure(timeline)
        self._parts = list(self._track.get("parts", ()))
        self.playing: list[_Playing] = []

    def _measure(self, timeline: Mapping[str, Any]) -> None:
        """Find what a timeline of an earlier release does not say: parts and gain of the music, and the gain for pauses."""
        measured = None
        if self._track["type"] == "audio":
            measured = measures_of(self._open(self._track["media"]["sha256"]))
            parts = parts_of(self._track["source_duration_ms"], measured, timeline["duration_in_frames"])
            self._track = {"parts": parts, **self._track}
        self._for_pauses = pauses_gain({**timeline, "music": self._track}, measured)
        if measured:
            self._track = {"gain_millibel": _amplified(music_gain(measured), self._for_pauses), **self._track}

    def pieces(self, samples: int) -> Iterator[Sound]:
        """Yield the whole sound in pieces of `samples`, the last one shorter. WrongInputError for a file that cannot be read."""
        try:
            for start in range(0, self._length, samples):
                yield self._mixed(start, min(samples, self._length - start))
        finally:
            self._close(self._length)

    def _mixed(self, start: int, count: int) -> Sound:
        piece, music = np.zeros((count, 2), np.float32), np.zeros((count, 2), np.float32)
        self._begin(start + count)
        for playing in self.playing:
            offset, sound = playing.samples(start, count)
            (music if isinstance(playing, _Music) else piece)[offset : offset + len(sound)] += sound
        self._close(start + count)
        return piece + music * self._volume(start, count) if music.any() else piece

    def _begin(self, end: int) -> None:
        """Open what begins before a sample."""
        while self._speech and self._speech[0]["start_ms"] * RATE // 1000 < end:
            speech = self._speech.pop(0)
            path, start = self._open(speech["media"]["sha256"]), speech["start_ms"] * RATE // 1000
            if "gain_millibel" in speech:
                gain = speech["gain_millibel"]
            else:
                gain = _amplified(speech_gain(measures_of(path)), self._for_pauses)
            self.playing.append(_Playing(path, (start, self._length), 0, _factor(gain)))
        while self._parts and self._parts[0]["start_frame"] * self._per_frame < end:
            path = self._open(self._track["media"]["sha256"])
            self.playing.append(_Music(path, self._parts.pop(0), _factor(self._track["gain_millibel"]), self._per_frame))

    def _close(self, end: int) -> None:
        """Close what has ended before a sample."""
        for playing in self.playing:
            if playing.over <= end:
                playing.close()
        self.playing = [playing for playing in self.playing if playing.over > end]

    def _volume(self, start: int, count: int) -> Sound:
        """The envelope, at each sample."""
        envelope = self._track["envelope"]
        frames = [point["frame"] * self._per_frame for point in envelope]
        gains = [point["gain_permille"] / 1000 for point in envelope]
        return np.asarray(np.interp(np.arange(start, start + count), frames, gains), np.float32)[:, None]


def _amplified(gain: int, more: int) -> int:
    """Silence, with a gain of 0, stays as it is."""
    return gain and gain + more


def _factor(millibel: int) -> float:
    return float(10 ** (millibel / 2000))
