"""A person's own recording or music: WAV, MP3, M4A and Ogg as they are, others as M4A; decoded to its end, so it will play.

What is kept says its own length: a WAV's header is put right, and where players would be told another length than there is to
hear (an MP3 of changing bit rate without an index), it is written anew.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av
import numpy as np

from lecture_assets.intake.form import Form, Recognised
from lecture_assets.intake.riff import truthful
from lecture_assets.intake.unfit import UnfitMediumError
from lecture_assets.intake.view import view

MAX_SECONDS = 2 * 3600
"""As long as the longest lecture."""
MAX_RATE, MAX_CHANNELS = 192_000, 8
"""Of studios and of cinemas."""
MAX_SAMPLES = MAX_SECONDS * 96_000 * 2
"""Of all channels together: two hours in stereo at the rate of studios."""
_RATE = 48_000
_KEPT = {Form.WAV: "audio/wav", Form.MP3: "audio/mpeg", Form.OGG: "audio/ogg", Form.MP4: "audio/mp4"}
_PLAYS = {
    Form.MP3: {"mp3", "mp3float"},
    Form.OGG: {"opus", "libopus", "vorbis", "libvorbis"},
    Form.MP4: {"aac", "mp3", "mp3float"},
}
"""The codecs that every browser plays in these; of a WAV, plain samples."""
_SILENT = 1e-5
"""Of full scale: -100 dB. What is never louder is no sound."""
_OTHERWISE_MS, _OTHERWISE_SHARE = 250, 0.01
"""By how much what a file says of its length may differ: encoders round to frames, and count what they put before."""


def take_sound(path: Path, found: Recognised, folder: Path) -> tuple[Path, dict[str, Any]]:
    """The file to be kept (in `folder` where it was written anew), its media type and its length in milliseconds.

    UnfitMediumError where it has no sound, cannot be decoded to its end, or is longer than two hours.
    """
    form = found.form
    assert form is not None  # noqa: S101 - the caller's promise; this is for mypy
    kept = truthful(path, folder) if form is Form.WAV else path if form in _KEPT and found.clean else None
    with _open(kept or path, found) as source:
        says_ms = source.duration // 1000 if source.duration is not None else None
        keeps = kept is not None and _plays(source, form)
        milliseconds = _decode(source, None if keeps else folder / "sound.m4a")
    if keeps and not _is_near(says_ms, milliseconds):
        keeps = False
        with _open(path, found) as source:
            milliseconds = _decode(source, folder / "sound.m4a")
    if keeps and kept:
        return kept, {"media_type": _KEPT[form], "duration_ms": milliseconds}
    return folder / "sound.m4a", {"media_type": "audio/mp4", "duration_ms": milliseconds}


@contextmanager
def _open(path: Path, found: Recognised) -> Iterator[Any]:
    """The file, its sound looked through without decoding: its length is known then. UnfitMediumError beyond the limits."""
    try:
        for is_for_decoding in (False, True):
            with view(path, found.start) as file, av.open(file, format=str(found.form), options={"threads": "1"}) as source:
                if not source.streams.audio:
                    found_none = "a file without sound"
                    raise UnfitMediumError(found_none)
                _check(source)
                if is_for_decoding:
                    source.streams.audio[0].codec_context.thread_count = 1
                    yield source
                else:
                    _check_length(source)
    except (av.FFmpegError, ValueError, ArithmeticError, LookupError) as error:
        message = f"a sound that cannot be read to its end ({error})"
        raise UnfitMediumError(message) from error


def _check(source: Any) -> None:
    context = source.streams.audio[0].codec_context
    if context is None:
        found = "a sound in a form that is not known"
        raise UnfitMediumError(found)
    rate, channels = context.sample_rate or 0, context.channels or 0
    if not (0 < rate <= MAX_RATE and 0 < channels <= MAX_CHANNELS):
        found = f"a sound of {rate:,} Hz and {channels:,} channels (it may have {MAX_RATE:,} Hz and {MAX_CHANNELS} channels)"
        raise UnfitMediumError(found)


def _check_length(source: Any) -> None:
    """By the lengths of the packets, which decodes nothing: two thousand times as fast as it plays, at least."""
    stream = source.streams.audio[0]
    base, length = stream.time_base or 0, 0
    context = stream.codec_context
    most = min(MAX_SECONDS, MAX_SAMPLES / (context.sample_rate * context.channels))
    for packet in source.demux(stream):
        length += packet.duration or 0
        if length * base > most:
            found = f"a sound of more than {MAX_SECONDS // 3600} hours" if most == MAX_SECONDS else "a sound of too many samples"
            raise UnfitMediumError(found)


def _plays(source: Any, form: Form) -> bool:
    """Whether every browser plays it as it is."""
    name = source.streams.audio[0].codec_context.name
    return not source.streams.video and (form is Form.WAV or name in _PLAYS[form])


def _is_near(says_ms: int | None, milliseconds: int) -> bool:
    if says_ms is None:
        return False
    return abs(says_ms - milliseconds) <= max(_OTHERWISE_MS, _OTHERWISE_SHARE * milliseconds)


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


def _frames(source: Any) -> Iterator[Any]:
    """Every frame, and the end of the stream."""
    yield from source.decode(audio=0)
    yield None
