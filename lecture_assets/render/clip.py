"""Render the frames of one segment to a clip: H.264 in MP4, silent, its own keyframe first, so that clips join without encoding.

One thread draws frames ahead of the encoder; Pillow and FFmpeg release the interpreter lock, so two cores are used.
"""

import queue
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from lecture_assets.render.frame import frames_of
from lecture_assets.render.open_media import OpenMedia
from lecture_assets.render.plane import Planes

_PRESET, _QUALITY = "superfast", "20"
"""x264's. Measured on 1280×720 lectures with two cores: `veryfast` takes 1.5 times the work for a file a fifth smaller."""
_LOOKAHEAD = "mbtree=1:rc-lookahead=10"
"""`superfast` leaves it out. Ten frames of lookahead spend the bits where a slow zoom needs them: files of 40 % at the same worst
frame (43.5 dB against 43.0), in nine tenths of the time."""
_GROUP = "keyint=250:min-keyint=250:scenecut=0:open-gop=0"
"""A keyframe where a clip begins, and then as seldom as x264 does by default: each one redraws the grain of a picture, which is
seen as a pop. Closed, so that nothing before it is needed."""
_THREADS = 2
"""Fixed, since the bytes that x264 writes depend on it."""
_COLOURS = "colorprim=bt709:transfer=bt709:colormatrix=bt709"
_AHEAD = 12
"""Frames drawn before they are encoded: 17 MB at 720p, 37 MB at 1080p."""

Progress = Callable[[float], None]


def render_clip(frames: Mapping[str, Any], out: Path, open_media: OpenMedia, progress: Progress = lambda _share: None) -> None:
    """Render a segment's frames (`timeline/segment_frames.py`) to the file `out`, which appears once it is complete.

    open_media: returns a file for each SHA-256
    progress:   called with the progress from 0 to 1, about every second of video

    Raises WrongInputError for a medium that cannot be read.
    """
    encode_clip(frames_of(frames, open_media), frames, out, progress)


def encode_clip(pictures: Iterator[Planes], form: Mapping[str, Any], out: Path, progress: Progress = lambda _share: None) -> None:
    """Encode pictures to a clip. form: `width`, `height`, `fps` and `duration_in_frames`, the number of pictures."""
    fps, number = form["fps"], form["duration_in_frames"]
    part = out.with_name(f".{out.name}.part")
    try:
        with av.open(str(part.absolute()), "w", format="mp4", options={"movflags": "+faststart"}) as container:
            stream = _stream(container, form)
            with closing(_ahead(pictures)) as drawn:
                for i, picture in enumerate(drawn):
                    if i % fps == 0:
                        progress(i / number)
                    container.mux(stream.encode(_video_frame(picture, i, fps)))
            container.mux(stream.encode(None))
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    progress(1.0)


def _stream(container: av.container.OutputContainer, form: Mapping[str, Any]) -> Any:
    options = {"preset": _PRESET, "crf": _QUALITY, "x264-params": f"{_COLOURS}:{_LOOKAHEAD}:{_GROUP}"}
    stream: Any = container.add_stream("libx264", rate=form["fps"], options=options)
    stream.width, stream.height, stream.pix_fmt = form["width"], form["height"], "yuv420p"
    stream.codec_context.thread_count = _THREADS
    return stream


def _video_frame(picture: Planes, number: int, fps: int) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(picture.to_array(), format="yuv420p")
    frame.pts, frame.time_base = number, Fraction(1, fps)
    return frame


def _ahead(frames: Iterator[Planes]) -> Generator[Planes, None, None]:
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
