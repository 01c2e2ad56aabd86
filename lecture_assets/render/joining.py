"""Clips one after the other as one video stream, copied packet by packet: nothing is decoded, no frame is lost or shown twice."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from PIL import Image

from lecture_assets.render.clip import encode_clip
from lecture_assets.render.metadata import tag_language
from lecture_assets.render.plane import Planes
from lecture_assets.render.unreadable import unreadable

_REORDERED = 2
"""How many frames an encoded frame may wait for one that is shown after it: x264's, with B-frames that others refer to."""


class JoinedVideo:
    """The video stream of an output container, made of clips from `clip.py`."""

    def __init__(self, container: av.container.OutputContainer, form: Mapping[str, Any], first: Path) -> None:
        """Add the stream, described as the first clip's is. form: `width`, `height` and `fps` of all clips, and `language`."""
        with _opened(first) as clip:
            self._stream = container.add_stream_from_template(clip.streams.video[0])
            tag_language(self._stream, form)
            self._header = bytes(clip.streams.video[0].codec_context.extradata or b"")
        self._form, self._fps = form, form["fps"]

    def packets(self, clips: Iterable[Path]) -> Iterator[Any]:
        """Yield the packets of all clips in order, one for each frame. WrongInputError for a clip that cannot be read."""
        number = begins = 0
        for clip in clips:
            shown = 0
            for packet in self._packets_of(clip):
                unit = Fraction(1, self._fps) / packet.time_base
                packet.pts += int(begins * unit)
                packet.dts = int((number - _REORDERED) * unit)
                packet.stream = self._stream
                yield packet
                number, shown = number + 1, shown + 1
            begins += shown

    def _packets_of(self, path: Path) -> Iterator[Any]:
        with _opened(path) as clip:
            stream = clip.streams.video[0]
            if bytes(stream.codec_context.extradata or b"") == self._header:
                yield from (packet for packet in clip.demux(stream) if packet.dts is not None)
                return
        yield from self._encoded_again(path)

    def _encoded_again(self, path: Path) -> Iterator[Any]:
        """Yield the packets of a clip that another version of the encoder made: a stream has one header for all of them."""
        again = path.with_name(f".{path.name}.again.mp4")
        try:
            with _opened(path) as clip:
                form = {**self._form, "duration_in_frames": clip.streams.video[0].frames}
                encode_clip(_decoded(clip), form, again)
            with _opened(again) as clip:
                yield from (packet for packet in clip.demux(video=0) if packet.dts is not None)
        finally:
            again.unlink(missing_ok=True)


def _decoded(clip: av.container.InputContainer) -> Iterator[Planes]:
    for frame in clip.decode(video=0):
        rows, size = frame.to_ndarray(format="yuv420p").reshape(-1), frame.width * frame.height
        colours = rows[size:].reshape(2, frame.height // 2, frame.width // 2)
        yield Planes(*map(Image.fromarray, (rows[:size].reshape(frame.height, frame.width), *colours)))


def _opened(path: Path) -> av.container.InputContainer:
    try:
        container = av.open(str(path))
    except av.FFmpegError as error:
        raise unreadable(path, "a video that cannot be read", "a clip as it was rendered") from error
    if not container.streams.video:
        container.close()
        raise unreadable(path, "a file without video", "a clip as it was rendered")
    return container
