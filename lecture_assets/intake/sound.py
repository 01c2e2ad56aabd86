"""A person's own recording or music: WAV, MP3, M4A and Ogg as they are, others as M4A; decoded to its end, so it will play."""

from pathlib import Path
from typing import Any

import av
import numpy as np

from lecture_assets.intake.form import Form
from lecture_assets.intake.unfit import UnfitMediumError

MAX_SECONDS = 2 * 3600
"""As long as the longest lecture."""
_RATE = 48_000
_KEPT = {Form.WAV: "audio/wav", Form.MP3: "audio/mpeg", Form.OGG: "audio/ogg", Form.MP4: "audio/mp4"}
_SILENT = 1e-5
"""Of full scale: -100 dB. What is never louder is no sound."""


def take_sound(path: Path, form: Form, folder: Path) -> tuple[Path, dict[str, Any]]:
    """The file to be kept (in `folder` where it was written anew), its media type and its length in milliseconds.

    UnfitMediumError where it has no sound, cannot be decoded to its end, or is longer than two hours.
    """
    target = folder / "sound.m4a"
    try:
        with path.open("rb") as file, av.open(file, format=form.value) as source:
            if not source.streams.audio:
                found = "a file without sound"
                raise UnfitMediumError(found)
            keeps = form in _KEPT and not source.streams.video
            milliseconds = _decode(source, None if keeps else target)
    except (av.FFmpegError, ValueError) as error:
        found = f"a sound that cannot be read to its end ({error})"
        raise UnfitMediumError(found) from error
    return (
        (path, {"media_type": _KEPT[form], "duration_ms": milliseconds})
        if keeps
        else (
            target,
            {"media_type": "audio/mp4", "duration_ms": milliseconds},
        )
    )


def _decode(source: Any, target: Path | None) -> int:
    """The length in milliseconds of all of the sound, written to `target` as AAC where there is one."""
    resampler = av.AudioResampler(format="fltp", layout="stereo", rate=_RATE)
    samples, loudest = 0, 0.0
    sink = av.open(str(target), "w", format="ipod", options={"fflags": "+bitexact"}) if target else None
    try:
        stream: Any = sink.add_stream("aac", rate=_RATE, layout="stereo") if sink else None
        for frame in _frames(source):
            for part in resampler.resample(frame):
                samples += part.samples
                loudest = max(loudest, float(np.abs(part.to_ndarray()).max(initial=0.0)))
                if samples > MAX_SECONDS * _RATE:
                    found = f"a sound of more than {MAX_SECONDS // 3600} hours"
                    raise UnfitMediumError(found)
                if sink:
                    sink.mux(stream.encode(part))
        if sink:
            sink.mux(stream.encode(None))
    finally:
        if sink:
            sink.close()
    if loudest < _SILENT:
        found = "a file in which nothing is to be heard"
        raise UnfitMediumError(found)
    return max(1, samples * 1000 // _RATE)


def _frames(source: Any) -> Any:
    """Every frame, and the end of the stream."""
    yield from source.decode(audio=0)
    yield None
