"""Media like those people have, written with the libraries that also read files from phones and editors."""

import math
import struct
import wave
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image

RATE = 48_000


def tone(path: Path, seconds: float = 1.0, *, loudness: float = 0.3) -> Path:
    """A WAV file of one tone; clipped if it is louder than 1."""
    samples = (max(-32_768, min(32_767, int(32_000 * loudness * math.sin(number / 20)))) for number in range(int(RATE * seconds)))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return path


def sound(path: Path, form: str, codec: str, seconds: float = 1.0) -> Path:
    """The same tone in another format."""
    with av.open(str(path), "w", format=form) as sink:
        stream: Any = sink.add_stream(codec, rate=RATE, layout="stereo")
        count = int(RATE * seconds)
        wanted = np.tile((0.3 * np.sin(np.arange(count) / 20)).astype(np.float32), (2, 1))
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(wanted), format="fltp", layout="stereo")
        frame.rate = RATE
        resampler = av.AudioResampler(stream.codec_context.format, "stereo", RATE, frame_size=stream.codec_context.frame_size)
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            sink.mux(stream.encode(part))
        sink.mux(stream.encode(None))
    return path


def clip(  # noqa: PLR0913, PLR0917 - what files differ in
    path: Path,
    form: str = "mp4",
    codec: str = "libx264",
    size: tuple[int, int] = (64, 48),
    frames: int = 15,
    rate: int = 30,
    *,
    with_sound: bool = False,
) -> Path:
    """An animated picture with one colour per frame."""
    with av.open(str(path), "w", format=form) as sink:
        stream: Any = sink.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        audio: Any = sink.add_stream("aac", rate=RATE, layout="mono") if with_sound else None
        for number in range(frames):
            picture = np.full((size[1], size[0], 3), number * 8 % 256, np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, rate)
            sink.mux(stream.encode(frame))
        if audio is not None:
            heard = np.sin(np.arange(1024, dtype=np.float32) / 20)[None]
            part = av.AudioFrame.from_ndarray(heard, format="fltp", layout="mono")
            part.rate, part.pts, part.time_base = RATE, 0, Fraction(1, RATE)
            sink.mux(audio.encode(part))
            sink.mux(audio.encode(None))
        sink.mux(stream.encode(None))
    return path


def picture(path: Path, mode: str = "RGB", size: tuple[int, int] = (80, 60), **options: Any) -> Path:
    """A picture with a red corner, which shows which way is up."""
    drawn = Image.new("RGB", size, "navy")
    drawn.paste((255, 0, 0), (0, 0, size[0] // 4, size[1] // 4))
    drawn.convert(mode).save(path, **options)
    return path
