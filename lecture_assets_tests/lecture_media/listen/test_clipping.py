"""Flat peaks are found in every format that keeps them, and nothing that is only loud counts as clipped."""

from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest

from lecture_media.listen.clipping import ClippingMeter

RATE = 22_050
TOO_LOUD = 10 ** (12 / 20)


def voice(seconds: int = 4) -> npt.NDArray[np.float32]:
    """Noise in the band of speech that swells four times a second, with a peak of 1."""
    noise = np.random.default_rng(5).standard_normal(seconds * RATE)
    band: npt.NDArray[Any] = np.fft.rfft(noise)
    hertz = np.fft.rfftfreq(len(noise), 1 / RATE)
    band[(hertz < 100) | (hertz > 900)] = 0
    swell = np.sin(np.pi * 4 * np.arange(len(noise)) / RATE) ** 2
    sound = np.fft.irfft(band, len(noise)) * swell
    return np.asarray(sound / np.abs(sound).max(), np.float32)


def clipped(sound: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.asarray(np.clip(sound * TOO_LOUD, -1, 1), np.float32)


def heard_ms(path: Path) -> int:
    meter = ClippingMeter()
    with av.open(str(path)) as source:
        for frame in source.decode(audio=0):
            meter.add(frame)
    return meter.milliseconds()


def written(path: Path, sound: npt.NDArray[np.float32], codec: str, sample_format: str) -> Path:
    with av.open(str(path), "w") as sink:
        stream: Any = sink.add_stream(codec, rate=48_000 if codec == "libopus" else RATE, layout="mono")
        stream.format = sample_format
        frame = av.AudioFrame.from_ndarray(sound[None], format="fltp", layout="mono")
        frame.sample_rate = RATE
        for plain in av.AudioResampler(format="fltp", rate=stream.rate).resample(frame):
            sink.mux(stream.encode(plain))
        sink.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(
    ("name", "codec", "sample_format", "least"),
    [
        ("a.wav", "pcm_s16le", "s16", 400),
        ("b.wav", "pcm_s24le", "s32", 400),
        ("c.wav", "pcm_f32le", "flt", 400),
        ("d.flac", "flac", "s16", 400),
        ("e.mp3", "libmp3lame", "fltp", 300),
        ("f.m4a", "aac", "fltp", 100),
        ("g.ogg", "libopus", "flt", 300),
    ],
)
def test_a_sound_that_was_clipped_is_told_from_one_that_is_loud(
    tmp_path: Path, name: str, codec: str, sample_format: str, least: int
) -> None:
    assert heard_ms(written(tmp_path / name, voice(), codec, sample_format)) <= 40
    assert heard_ms(written(tmp_path / name, clipped(voice()), codec, sample_format)) >= least


def test_a_sound_is_clipped_also_after_it_was_made_softer(tmp_path: Path) -> None:
    assert heard_ms(written(tmp_path / "a.wav", clipped(voice()) * np.float32(0.6), "pcm_s16le", "s16")) >= 400


@pytest.mark.parametrize("hertz", [100, 440, 3_000])
def test_a_tone_as_loud_as_a_file_can_hold_is_not_clipped(tmp_path: Path, hertz: int) -> None:
    tone = np.sin(2 * np.pi * hertz * np.arange(RATE) / RATE).astype(np.float32)
    assert heard_ms(written(tmp_path / "a.wav", tone, "pcm_s16le", "s16")) == 0


def test_silence_and_nothing_are_not_clipped(tmp_path: Path) -> None:
    assert heard_ms(written(tmp_path / "a.wav", np.zeros(RATE, np.float32), "pcm_s16le", "s16")) == 0
    assert ClippingMeter().milliseconds() == 0
