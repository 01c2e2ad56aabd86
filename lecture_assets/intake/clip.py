"""A person's own video clip: an MP4 of H.264 without sound as it is, all else written anew as one."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.codec.context import Flags

from lecture_assets.intake.form import Form
from lecture_assets.intake.unfit import UnfitMediumError

MAX_SECONDS = 600
MAX_SIDE, MIN_SIDE = 8192, 16
_LARGEST_SIDE = 1920
"""Pixels of the longer side of what is written: no frame of a lecture is larger."""
_MAX_FPS = 60
_FPS = 30
_X264 = {"preset": "veryfast", "crf": "18", "g": "60", "x264-params": "threads=1:lookahead-threads=1:sliced-threads=0"}
"""One thread: the bytes depend on the number of threads."""


def take_clip(path: Path, form: Form, folder: Path) -> tuple[Path, dict[str, Any]]:
    """The file to be kept (in `folder` where it was written anew): media type, width and height in pixels, milliseconds.

    UnfitMediumError where it has no moving picture, cannot be decoded to its end, or is beyond ten minutes or 8,192 pixels.
    """
    try:
        with path.open("rb") as file, av.open(file, "r", format=form.value) as source:
            if not source.streams.video:
                found = "a file without a moving picture"
                raise UnfitMediumError(found)
            stream = source.streams.video[0]
            _check_sides(stream.codec_context.width, stream.codec_context.height)
            if _plays_as_it_is(source, form):
                if facts := _looked_through(source):
                    return path, facts
                source.seek(0)
            return folder / "clip.mp4", _written_anew(source, folder / "clip.mp4")
    except (av.FFmpegError, ValueError) as error:
        found = f"a clip that cannot be read to its end ({error})"
        raise UnfitMediumError(found) from error


def _check_sides(width: int, height: int) -> None:
    if not all(MIN_SIDE <= side <= MAX_SIDE for side in (width, height)):
        found = f"a clip of {width:,} × {height:,} pixels (each side may have {MIN_SIDE} to {MAX_SIDE:,})"
        raise UnfitMediumError(found)


def _plays_as_it_is(source: Any, form: Form) -> bool:
    stream, context = source.streams.video[0], source.streams.video[0].codec_context
    plain = len(source.streams) == 1 and form is Form.MP4 and context.name == "h264" and context.pix_fmt == "yuv420p"
    return plain and float(stream.average_rate or 0) <= _MAX_FPS and max(context.width, context.height) <= _LARGEST_SIDE


def _looked_through(source: Any) -> dict[str, Any] | None:
    """What is known of a clip whose every picture can be decoded; None where they are to be turned when shown."""
    width = height = 0
    last = Fraction(0)
    for frame in source.decode(video=0):
        if frame.rotation:
            return None
        width, height, last = frame.width, frame.height, _time_of(frame)
    return _facts(width, height, last + 1 / Fraction(source.streams.video[0].average_rate or _FPS))


def _facts(width: int, height: int, seconds: Fraction) -> dict[str, Any]:
    return {"media_type": "video/mp4", "width": width, "height": height, "duration_ms": max(1, round(seconds * 1000))}


def _time_of(frame: Any) -> Fraction:
    """When a frame is shown, in seconds; UnfitMediumError beyond the limit, so that no file keeps us for hours."""
    seconds = Fraction(frame.pts or 0) * Fraction(frame.time_base or 0)
    if seconds > MAX_SECONDS:
        found = f"a clip of more than {MAX_SECONDS // 60} minutes"
        raise UnfitMediumError(found)
    return seconds


def _written_anew(source: Any, target: Path) -> dict[str, Any]:
    """Upright, even sides of at most 1,920 pixels, 30 frames a second: each shows what the source showed then."""
    written, size, stream = 0, (0, 0), None
    started: Fraction | None = None
    with av.open(str(target), "w", format="mp4", options={"fflags": "+bitexact", "movflags": "+faststart"}) as sink:
        for frame in source.decode(video=0):
            seconds = _time_of(frame)
            started = seconds if started is None else started
            picture = np.rot90(frame.to_ndarray(format="rgb24"), round(frame.rotation / 90) % 4)
            if stream is None:
                size = _fitting(picture.shape[1], picture.shape[0])
                stream = _stream(sink, size)
            shown = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            shown = shown.reformat(*size, format="yuv420p", dst_colorspace="itu709")
            while written <= (seconds - started) * _FPS:
                shown.pts, shown.time_base = written, Fraction(1, _FPS)
                sink.mux(stream.encode(shown))
                written += 1
        if stream is None:
            found = "a clip without a single picture"
            raise UnfitMediumError(found)
        sink.mux(stream.encode(None))
    return _facts(*size, Fraction(written, _FPS))


def _fitting(width: int, height: int) -> tuple[int, int]:
    scale = min(1.0, _LARGEST_SIDE / max(width, height))
    return max(MIN_SIDE, round(width * scale) // 2 * 2), max(MIN_SIDE, round(height * scale) // 2 * 2)


def _stream(sink: Any, size: tuple[int, int]) -> Any:
    stream = sink.add_stream("libx264", rate=_FPS, options=_X264)
    stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
    context = stream.codec_context
    context.thread_count = 1
    context.flags |= Flags.bitexact
    context.colorspace = context.color_primaries = context.color_trc = 1
    context.color_range = 1
    return stream
