"""What a medium really is, measured from its bytes: how loud a sound is, how large a picture or a clip is."""

import math
from pathlib import Path

import av
import numpy as np
from PIL import Image

from lecture_assets.render.unreadable import unreadable

WINDOW_S = 3
"""The window over which short-term loudness is measured (EBU Tech 3341): long enough to span the pauses between words."""
SILENCE_DBFS = -120.0
"""What complete silence measures."""


def speech_level(path: Path, enough_dbfs: float) -> float:
    """Return the level in dBFS (RMS of all channels) of the first 3 seconds that reach `enough_dbfs`, else of the loudest 3.

    What is left at the end is measured, too. Decoding ends as soon as it is loud enough. WrongInputError if it cannot be read.
    """
    loudest, power, seconds = SILENCE_DBFS, 0.0, 0.0
    resampler = av.AudioResampler(format="flt")
    try:
        with av.open(str(path)) as container:
            for frame in container.decode(audio=0):
                for part in resampler.resample(frame):
                    power += float(np.square(part.to_ndarray(), dtype=np.float64).mean()) * part.samples / part.sample_rate
                    seconds += part.samples / part.sample_rate
                if seconds >= WINDOW_S:
                    loudest = max(loudest, _dbfs(power / seconds))
                    power, seconds = 0.0, 0.0
                if loudest >= enough_dbfs:
                    return loudest
    except (av.FFmpegError, IndexError) as error:
        raise unreadable(path, "a sound that cannot be read", "WAV, MP3, M4A or Ogg") from error
    return max(loudest, _dbfs(power / seconds)) if seconds else loudest


def _dbfs(power: float) -> float:
    return 10 * math.log10(power) if power > 0 else SILENCE_DBFS


def picture_size(path: Path) -> tuple[int, int]:
    """Return width and height in pixels, from the file's header. WrongInputError if it is no picture."""
    try:
        with Image.open(path) as picture:
            return picture.size
    except (OSError, ValueError, SyntaxError) as error:
        raise unreadable(path, "a picture that cannot be read", "PNG, JPEG or WebP") from error


def clip_size(path: Path) -> tuple[int, int]:
    """Return width and height in pixels as shown, from the file's header. WrongInputError if it is no clip."""
    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            context = stream.codec_context
            wide = stream.sample_aspect_ratio or 1
            return round(context.width * wide), context.height
    except (av.FFmpegError, IndexError) as error:
        raise unreadable(path, "a clip that cannot be read", "MP4") from error
