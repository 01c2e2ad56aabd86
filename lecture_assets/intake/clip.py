"""A person's own video clip: an H.264 MP4 without sound is kept unchanged, everything else is converted to one.

The converted clip looks as players show the original: upright, with square pixels, on white where it is transparent, and with
each picture shown until the next one is due.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from av.codec.context import Flags
from av.stream import Disposition
from av.video.reformatter import ColorRange, Colorspace

from lecture_assets.intake.form import Form, Recognised
from lecture_assets.intake.unfit import UnfitMediumError, UnreadableMediumError
from lecture_assets.intake.whole import check_whole

MAX_SECONDS = 600
MAX_SIDE, MIN_SIDE = 4096, 16
MAX_PIXELS = 4096 * 2304
"""Pixels of one picture: what cinemas and cameras call 4K."""
MAX_PICTURES = MAX_SECONDS * 60
MAX_WORK = MAX_SECONDS * 30 * 1920 * 1080
"""Pixels of all pictures together: ten minutes of full HD, or two and a half of 4K."""
_LARGEST_SIDE = 1920
"""Longer side in pixels of a converted clip: no frame of a lecture is larger."""
_MAX_FPS = 60
_FPS = 30
_LATE_S = 10
"""If the first picture is later than this, the clip was cut out of something longer."""
_X264 = {"preset": "veryfast", "crf": "18", "g": "60", "x264-params": "threads=1:lookahead-threads=1:sliced-threads=0"}
"""One thread, since the bytes depend on the number of threads."""
_BT709 = 1
"""AVCOL_SPC_BT709."""
_FULL_RANGE = 2
"""AVCOL_RANGE_JPEG."""


@dataclass(frozen=True, slots=True)
class _Survey:
    """What is known about a clip before any picture is decoded.

    first: time of the first picture in seconds
    end:   time at which the last one ends, in seconds
    sar:   width of a pixel divided by its height
    """

    first: Fraction
    end: Fraction
    sar: Fraction

    @property
    def origin(self) -> Fraction:
        """The time in seconds that counts as the clip's start."""
        return self.first if self.first > _LATE_S else Fraction(0)


def take_clip(path: Path, found: Recognised, folder: Path) -> tuple[Path, dict[str, Any]]:
    """Return the file to keep (in `folder` if it was converted), with media type, width and height in pixels, and milliseconds.

    UnfitMediumError if it has no moving picture, cannot be decoded to its end, or exceeds ten minutes, 4K, or their product.
    """
    check_whole(path, found)
    try:
        with _open(path, found) as (source, stream):
            survey = _surveyed(source, stream)
            plays = _plays_unchanged(source, stream, found, survey)
        if plays:
            with _open(path, found) as (source, stream):
                if facts := _decoded_facts(source, stream, survey):
                    return path, facts
        with _open(path, found) as (source, stream):
            return folder / "clip.mp4", _converted(_timed(source, stream, survey), survey, folder / "clip.mp4")
    except (av.FFmpegError, ValueError, ArithmeticError, LookupError) as error:
        raise UnreadableMediumError(what="a clip") from error


@contextmanager
def _open(path: Path, found: Recognised) -> Iterator[tuple[Any, Any]]:
    """Open the file and its first video stream that is not a cover. A picture beyond the limit is not even allocated."""
    options = {"threads": "1", "max_pixels": str(MAX_PIXELS)}
    with path.open("rb") as file, av.open(file, "r", format=str(found.form), options=options) as source:
        stream: Any = next((s for s in source.streams.video if not s.disposition & Disposition.attached_pic), None)
        if stream is None or stream.codec_context is None:
            message = "a file without a moving picture" if stream is None else "a clip in an unknown format"
            raise UnfitMediumError(message)
        stream.codec_context.options = options
        stream.codec_context.thread_count = 1
        yield source, stream


def _surveyed(source: Any, stream: Any) -> _Survey:
    """Read every packet without decoding any. UnfitMediumError if the clip exceeds the limits."""
    width, height = stream.codec_context.width, stream.codec_context.height
    sar = Fraction(stream.sample_aspect_ratio or 1)
    shown = (round(width * sar) if sar > 0 else width, height)
    _check_sides(width, height)
    _check_sides(*shown)
    base, count = Fraction(stream.time_base or 0), 0
    first, end = None, Fraction(0)
    for packet in source.demux(stream):
        if not packet.size:
            continue
        count += 1
        if packet.pts is not None:
            time = packet.pts * base
            first = time if first is None else min(first, time)
            end = max(end, time + (packet.duration or 0) * base)
        if first is not None and end - (first if first > _LATE_S else 0) > MAX_SECONDS:
            found = f"a clip of more than {MAX_SECONDS // 60} minutes"
            raise UnfitMediumError(found)
        if count > MAX_PICTURES or count * width * height > MAX_WORK:
            found = f"a clip of more than {count - 1:,} pictures of {width:,} × {height:,} pixels"
            raise UnfitMediumError(found)
    return _Survey(first or Fraction(0), end, sar if sar > 0 else Fraction(1))


def _check_sides(width: int, height: int) -> None:
    if not (width and height):
        found = f"a clip whose pictures cannot be read, or have more than {MAX_PIXELS:,} pixels"
        raise UnfitMediumError(found)
    if not all(MIN_SIDE <= side <= MAX_SIDE for side in (width, height)) or width * height > MAX_PIXELS:
        found = (
            f"a clip of {width:,} × {height:,} pixels (each side may have {MIN_SIDE} to {MAX_SIDE:,}, a picture {MAX_PIXELS:,})"
        )
        raise UnfitMediumError(found)


def _plays_unchanged(source: Any, stream: Any, found: Recognised, survey: _Survey) -> bool:
    context = stream.codec_context
    plain = len(source.streams) == 1 and found.form is Form.MP4 and context.name == "h264" and context.pix_fmt == "yuv420p"
    fits = float(stream.average_rate or 0) <= _MAX_FPS and max(context.width, context.height) <= _LARGEST_SIDE
    return plain and fits and survey.sar == 1 and abs(survey.first) < Fraction(1, 2 * _FPS)


def _decoded_facts(source: Any, stream: Any, survey: _Survey) -> dict[str, Any] | None:
    """Decode every picture and return what is known about the clip; None if pictures must be rotated or resized."""
    size, length = None, Fraction(0)
    for frame, _, end in _timed(source, stream, survey):
        if frame.rotation or size not in {None, (frame.width, frame.height)}:
            return None
        size, length = (frame.width, frame.height), end
    if size is None:
        found = "a clip without any picture"
        raise UnfitMediumError(found)
    return _facts(*size, length)


def _facts(width: int, height: int, seconds: Fraction) -> dict[str, Any]:
    return {"media_type": "video/mp4", "width": width, "height": height, "duration_ms": max(1, round(seconds * 1000))}


def _timed(source: Any, stream: Any, survey: _Survey) -> Iterator[tuple[Any, Fraction, Fraction]]:
    """Yield every picture with the times in seconds at which it starts and, if it is the last, ends. Times never decrease."""
    usual = 1 / Fraction(stream.average_rate or _FPS)
    due, end = Fraction(0), Fraction(0)
    for frame in source.decode(stream):
        base = Fraction(frame.time_base or 0)
        due = max(due, frame.pts * base - survey.origin) if frame.pts is not None else end
        end = due + ((frame.duration or 0) * base or usual)
        if end > MAX_SECONDS:
            found = f"a clip of more than {MAX_SECONDS // 60} minutes"
            raise UnfitMediumError(found)
        yield frame, due, end


def _converted(frames: Iterator[tuple[Any, Fraction, Fraction]], survey: _Survey, target: Path) -> dict[str, Any]:
    """Convert to 30 frames per second with sides of at most 1,920 pixels; each frame shows what the source shows at its time."""
    written, shown, size, length = 0, None, (0, 0), Fraction(0)
    with av.open(str(target), "w", format="mp4", options={"fflags": "+bitexact", "movflags": "+faststart"}) as sink:
        stream: Any = None
        for frame, due, end in frames:
            if stream is None:
                size = _fitting(frame, survey.sar)
                stream = _stream(sink, size)
            while shown is not None and (written + Fraction(1, 2)) / _FPS < due:
                written = _write(sink, stream, shown, written)
            shown, length = _drawn(frame, size), end
        if stream is None:
            found = "a clip without any picture"
            raise UnfitMediumError(found)
        for _ in range(max(1, round(length * _FPS) - written)):
            written = _write(sink, stream, shown, written)
        sink.mux(stream.encode(None))
    return _facts(*size, Fraction(written, _FPS))


def _write(sink: Any, stream: Any, shown: Any, number: int) -> int:
    shown.pts, shown.time_base = number, Fraction(1, _FPS)
    sink.mux(stream.encode(shown))
    return number + 1


def _turns(frame: Any) -> int:
    """Quarter turns anticlockwise."""
    return int(round(frame.rotation / 90) % 4)


def _fitting(frame: Any, sar: Fraction) -> tuple[int, int]:
    """The size with even sides and square pixels, upright."""
    width, height = (frame.width * sar, Fraction(frame.height)) if sar >= 1 else (Fraction(frame.width), frame.height / sar)
    if _turns(frame) % 2:
        width, height = height, width
    scale = min(Fraction(1), _LARGEST_SIDE / max(width, height))
    return max(MIN_SIDE, 2 * round(width * scale / 2)), max(MIN_SIDE, 2 * round(height * scale / 2))


def _drawn(frame: Any, size: tuple[int, int]) -> Any:
    """Convert a picture of the source to the size and colour space of the converted clip."""
    turns = _turns(frame)
    lying = size[::-1] if turns % 2 else size
    if any(component.is_alpha for component in frame.format.components):
        frame = _on_white(frame.reformat(*lying, format="rgba"))
    source = Colorspace.ITU709 if frame.colorspace == _BT709 else Colorspace.ITU601
    level = ColorRange.JPEG if frame.color_range == _FULL_RANGE else ColorRange.MPEG
    is_rgb = frame.format.is_rgb
    drawn = frame.reformat(
        *lying,
        format="yuv420p",
        src_colorspace=None if is_rgb else source,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=None if is_rgb else level,
        dst_color_range=ColorRange.MPEG,
    )
    return _turned(drawn, lying, turns) if turns else drawn


def _on_white(frame: Any) -> Any:
    pixels = frame.to_ndarray().astype(np.uint16)
    alpha = pixels[..., 3:]
    seen = (pixels[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255
    return av.VideoFrame.from_ndarray(np.ascontiguousarray(seen.astype(np.uint8)), format="rgb24")


def _turned(drawn: Any, size: tuple[int, int], turns: int) -> Any:
    """Rotate each plane anticlockwise."""
    width, height = size
    rows: npt.NDArray[np.uint8] = drawn.to_ndarray().reshape(-1)
    light, quarter = width * height, width * height // 4
    planes = [rows[:light].reshape(height, width)]
    planes += [rows[light + n * quarter : light + (n + 1) * quarter].reshape(height // 2, width // 2) for n in range(2)]
    turned = np.concatenate([np.rot90(plane, turns).reshape(-1) for plane in planes])
    frame = av.VideoFrame.from_ndarray(turned.reshape((width if turns % 2 else height) * 3 // 2, -1), format="yuv420p")
    frame.colorspace, frame.color_range = drawn.colorspace, drawn.color_range
    return frame


def _stream(sink: Any, size: tuple[int, int]) -> Any:
    stream = sink.add_stream("libx264", rate=_FPS, options=_X264)
    stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
    context = stream.codec_context
    context.thread_count = 1
    context.flags |= Flags.bitexact
    context.colorspace = context.color_primaries = context.color_trc = 1
    context.color_range = 1
    return stream
