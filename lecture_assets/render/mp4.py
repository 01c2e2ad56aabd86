"""Render a timeline to lecture.mp4 in H.264 and AAC. The timeline decides what is seen and heard. The file is complete or absent.

The sound is written first, in a file of its own, and then laid beside the picture.

One thread draws frames ahead of the encoder; Pillow and FFmpeg release the interpreter lock, so two cores are used.
"""

import math
import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from lecture_assets.render.frame import frames_of
from lecture_assets.render.layer import OpenMedia
from lecture_assets.render.letters import check_letters
from lecture_assets.render.metadata import describe, tag_chapter_track, tag_language
from lecture_assets.render.plane import Planes
from lecture_assets.render.sound_file import write_sound

_PRESET, _QUALITY = "superfast", "20"
"""x264's. Measured on 1280×720 lectures with two cores: `veryfast` takes 1.5 times the work for a file a fifth smaller."""
_LOOKAHEAD = "mbtree=1:rc-lookahead=10"
"""`superfast` leaves it out. Ten frames of lookahead spend the bits where a slow zoom needs them: files of 40 % at the same worst
frame (43.5 dB against 43.0), in nine tenths of the time."""
_THREADS = 2
"""Fixed, since the bytes that x264 writes depend on it."""
_COLOURS = "colorprim=bt709:transfer=bt709:colormatrix=bt709"
_AHEAD = 12
"""Frames drawn before they are encoded: 17 MB at 720p."""

Progress = Callable[[float], None]


def render_mp4(timeline: Mapping[str, Any], out: Path, open_media: OpenMedia, progress: Progress | None = None) -> None:
    """Render a timeline from `timeline/assemble.py` (stored or exported) to the file `out`, which appears once it is complete.

    open_media: returns a file for each SHA-256
    progress:   called with the progress from 0 to 1, about every second of video

    Raises WrongInputError for a medium that cannot be read, and for letters that no font has.
    """
    check_letters(timeline)
    part, sound = out.with_name(f".{out.name}.part"), out.with_name(f".{out.name}.sound.part")
    try:
        write_sound(timeline, sound, open_media)
        with (
            av.open(str(sound.absolute())) as heard,
            av.open(str(part.absolute()), "w", format="mp4", options={"movflags": "+faststart"}) as container,
        ):
            _play(timeline, container, heard, open_media, progress or (lambda _share: None))
        tag_chapter_track(part, timeline)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
        sound.unlink(missing_ok=True)


def _play(
    timeline: Mapping[str, Any],
    container: av.container.OutputContainer,
    heard: av.container.InputContainer,
    open_media: OpenMedia,
    progress: Progress,
) -> None:
    """Encode second by second, keeping sound and picture in step, so that a player can start before it has everything."""
    fps, frames = timeline["fps"], timeline["duration_in_frames"]
    describe(container, timeline)
    video, audio = _video_stream(container, timeline), container.add_stream_from_template(heard.streams.audio[0])
    for stream in (video, audio):
        tag_language(stream, timeline)
    packets = _Packets(heard, audio)
    for number, picture in enumerate(_ahead(frames_of(timeline, open_media))):
        if number % fps == 0:
            container.mux(packets.until((number + fps) / fps))
            progress(number / frames)
        container.mux(video.encode(_video_frame(picture, number, fps)))
    container.mux(video.encode(None))
    container.mux(packets.until(math.inf))
    progress(1.0)


class _Packets:
    """The encoded sound, second by second."""

    def __init__(self, heard: av.container.InputContainer, stream: Any) -> None:
        """heard: the sound's file; stream: where it goes."""
        self._packets = (packet for packet in heard.demux(audio=0) if packet.dts is not None)
        self._stream = stream
        self._next = next(self._packets, None)

    def until(self, second: float) -> list[Any]:
        """Return the packets that begin before a second and were not returned yet."""
        found: list[Any] = []
        while (packet := self._next) is not None and (packet.pts or 0) * packet.time_base < second:
            packet.stream = self._stream
            found.append(packet)
            self._next = next(self._packets, None)
        return found


def _video_stream(container: av.container.OutputContainer, timeline: Mapping[str, Any]) -> Any:
    fps = timeline["fps"]
    options = {"preset": _PRESET, "crf": _QUALITY, "x264-params": f"{_COLOURS}:{_LOOKAHEAD}"}
    stream: Any = container.add_stream("libx264", rate=fps, options=options)
    stream.width, stream.height, stream.pix_fmt = timeline["width"], timeline["height"], "yuv420p"
    stream.codec_context.thread_count = _THREADS
    stream.codec_context.gop_size = 2 * fps  # a player can seek to every other second
    return stream


def _video_frame(picture: Planes, number: int, fps: int) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(picture.to_array(), format="yuv420p")
    frame.pts, frame.time_base = number, Fraction(1, fps)
    return frame


def _ahead(frames: Iterator[Planes]) -> Iterator[Planes]:
    """Yield the frames, drawn up to _AHEAD in advance by a thread. Its exceptions are raised here; it ends when we do."""
    drawn: queue.Queue[Planes | BaseException | None] = queue.Queue(_AHEAD)
    stopped = threading.Event()
    thread = threading.Thread(target=_draw, args=(frames, drawn, stopped), name="draw-frames", daemon=True)
    thread.start()
    try:
        while (item := drawn.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stopped.set()
        while thread.is_alive():  # it may be waiting to put a frame
            _empty(drawn)
            thread.join(0.05)


def _draw(frames: Iterator[Planes], drawn: "queue.Queue[Planes | BaseException | None]", stopped: threading.Event) -> None:
    try:
        for frame in frames:
            drawn.put(frame)
            if stopped.is_set():
                break
        drawn.put(None)
    except BaseException as error:  # noqa: BLE001 - the encoder's side raises it, whatever it is
        drawn.put(error)


def _empty(drawn: "queue.Queue[Any]") -> None:
    while not drawn.empty():
        drawn.get_nowait()
