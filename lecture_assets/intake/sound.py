"""A person's own recording or music: WAV, MP3, M4A and Ogg are kept unchanged, others become M4A. All is decoded to its end.

The file that is kept states its true length: a WAV's header is corrected, and a file that would tell players a wrong length (an
MP3 of variable bit rate without an index) is converted.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av
import numpy as np

from lecture_assets.intake.form import Form, Recognised
from lecture_assets.intake.riff import with_true_header
from lecture_assets.intake.unfit import UnfitMediumError, UnreadableMediumError
from lecture_assets.intake.view import view
from lecture_assets.intake.whole import check_length, check_whole, stated_seconds
from lecture_media.listen.clipping import ClippingMeter
from lecture_media.listen.loudness import Meter
from lecture_media.listen.measure import measures

MAX_SECONDS = 2 * 3600
"""As long as the longest lecture."""
MAX_RATE, MAX_CHANNELS = 192_000, 8
"""What studios and cinemas use."""
MAX_SAMPLES = MAX_SECONDS * 96_000 * 2
"""Samples of all channels together: two hours of stereo at a studio's rate."""
_RATE = 48_000
_KEPT = {Form.WAV: "audio/wav", Form.MP3: "audio/mpeg", Form.OGG: "audio/ogg", Form.MP4: "audio/mp4"}
_PLAYS = {
    Form.MP3: {"mp3", "mp3float"},
    Form.OGG: {"opus", "libopus", "vorbis", "libvorbis"},
    Form.MP4: {"aac", "mp3", "mp3float"},
}
"""The codecs that every browser plays in these containers; in a WAV, uncompressed samples."""
_SILENT = 1e-5
"""Share of full scale: -100 dB. A file that is never louder counts as silent."""
_OTHERWISE_MS, _OTHERWISE_SHARE = 250, 0.01
"""How far the stated length may be off: encoders round to frames, and count the padding at the start."""


def take_sound(path: Path, found: Recognised, folder: Path) -> tuple[Path, dict[str, Any]]:
    """Return the file to keep (in `folder` if it was converted), with its media type, length in milliseconds and measures.

    UnfitMediumError if it has no sound, cannot be decoded to its end, or is longer than two hours.
    """
    check_whole(path, found)
    form = found.form
    assert form is not None  # noqa: S101 - promised by the caller; this is for mypy
    kept = with_true_header(path, folder) if form is Form.WAV else path if form in _KEPT and found.clean else None
    with open_sound(kept or path, found) as source:
        says_ms = source.duration // 1000 if source.duration is not None else None
        keeps = kept is not None and _plays(source, form)
        milliseconds, measured = _decode(source, None if keeps else folder / "sound.m4a")
    if keeps and not _is_near(says_ms, milliseconds):
        keeps = False
        with open_sound(path, found) as source:
            milliseconds, measured = _decode(source, folder / "sound.m4a")
    check_length(stated_seconds(path, found), milliseconds / 1000)
    heard = {"duration_ms": milliseconds, "measured": measured}
    if keeps and kept:
        return kept, {"media_type": _KEPT[form], **heard}
    return folder / "sound.m4a", {"media_type": "audio/mp4", **heard}


@contextmanager
def open_sound(path: Path, found: Recognised) -> Iterator[Any]:
    """Open the file after measuring its sound without decoding. UnfitMediumError if it exceeds the limits."""
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
        raise UnreadableMediumError(what="a sound") from error


def _check(source: Any) -> None:
    context = source.streams.audio[0].codec_context
    if context is None:
        found = "a sound in an unknown format"
        raise UnfitMediumError(found)
    rate, channels = context.sample_rate or 0, context.channels or 0
    if not (0 < rate <= MAX_RATE and 0 < channels <= MAX_CHANNELS):
        found = f"a sound of {rate:,} Hz and {channels:,} channels (the limits are {MAX_RATE:,} Hz and {MAX_CHANNELS} channels)"
        raise UnfitMediumError(found)


def _check_length(source: Any) -> None:
    """Check the length by the lengths of the packets, without decoding: at least two thousand times faster than playing."""
    stream = source.streams.audio[0]
    base, length = stream.time_base or 0, 0
    context = stream.codec_context
    most = min(MAX_SECONDS, MAX_SAMPLES / (context.sample_rate * context.channels))
    for packet in source.demux(stream):
        length += packet.duration or 0
        if length * base > most:
            found = (
                f"a sound of more than {MAX_SECONDS // 3600} hours" if most == MAX_SECONDS else "a sound with too many samples"
            )
            raise UnfitMediumError(found)


def _plays(source: Any, form: Form) -> bool:
    """Whether every browser plays it unchanged."""
    name = source.streams.audio[0].codec_context.name
    return not source.streams.video and (form is Form.WAV or name in _PLAYS[form])


def _is_near(says_ms: int | None, milliseconds: int) -> bool:
    if says_ms is None:
        return False
    return abs(says_ms - milliseconds) <= max(_OTHERWISE_MS, _OTHERWISE_SHARE * milliseconds)


def _decode(source: Any, target: Path | None) -> tuple[int, dict[str, int]]:
    """Decode all of the sound, convert it to AAC in `target` if one is given. Return its length in ms, and its measures.

    Conversion changes loudness by less than a tenth of a decibel.
    """
    meter, clipping = Meter(), ClippingMeter()
    resampler = av.AudioResampler(format="fltp", layout="stereo", rate=_RATE)
    samples, loudest = 0, 0.0
    sink = av.open(str(target), "w", format="ipod", options={"fflags": "+bitexact"}) if target else None
    try:
        stream: Any = sink.add_stream("aac", rate=_RATE, layout="stereo") if sink else None
        for frame in frames_of(source):
            if frame is not None:
                clipping.add(frame)
            for part in resampler.resample(frame):
                samples += part.samples
                heard = part.to_ndarray()
                loudest = max(loudest, float(np.abs(heard).max(initial=0.0)))
                meter.add(np.asarray(heard.T, np.float32))
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
        found = "a file with nothing to hear"
        raise UnfitMediumError(found)
    return max(1, samples * 1000 // _RATE), measures(meter, clipping)


def frames_of(source: Any) -> Iterator[Any]:
    """Yield every frame, and None at the end of the stream."""
    yield from source.decode(audio=0)
    yield None
