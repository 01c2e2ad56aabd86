"""Render a timeline to lecture.mp4 in H.264 and AAC. The timeline decides what is seen and heard. The file is complete or absent.

    segment's frames ─► clip.py ─► a clip, or one that was kept ─┐
    segment's frames ─► clip.py ─► a clip, or one that was kept ─┴► joining.py: copied ─► video ─┐
    speech and music ─► sound_file.py, or one that was kept ────────────────────► copied ─► AAC ─┼► lecture.mp4
    captions, if they are soft ─────────────────────────────────► soft_captions.py ─► mov_text ──┘

So a film costs what is new of its sound and its clips. A film of which nothing was kept is the same, packet for packet.
"""

import math
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import av

from lecture_assets.render.clip import Progress, render_clip
from lecture_assets.render.joining import JoinedVideo
from lecture_assets.render.letters import check_letters
from lecture_assets.render.metadata import describe, tag_chapter_track, tag_language
from lecture_assets.render.open_media import OpenMedia
from lecture_assets.render.soft_captions import SoftCaptions
from lecture_assets.render.sound_file import write_sound
from lecture_assets.timeline.assemble import CAPTION_STYLE
from lecture_assets.timeline.segment_frames import segment_frames

__all__ = ["Progress", "render_mp4"]


@dataclass(frozen=True, slots=True)
class RenderedParts:
    """Parts of a film that were rendered before.

    clips: of `segment_frames` of its timeline, by slot (`s02`)
    sound: what `write_sound` wrote of its timeline, or of its `audio_mix`
    """

    clips: Mapping[str, Path] = field(default_factory=dict)
    sound: Path | None = None


_NOTHING = RenderedParts()


def render_mp4(
    timeline: Mapping[str, Any],
    out: Path,
    open_media: OpenMedia,
    progress: Progress | None = None,
    kept: RenderedParts = _NOTHING,
) -> None:
    """Render a timeline from `timeline/assemble.py` (stored or exported) to the file `out`, which appears once it is complete.

    open_media: returns a file for each SHA-256
    progress:   called with the progress from 0 to 1, about every second of video
    kept:       parts that were rendered before; all others are rendered for this film alone

    Raises WrongInputError for a medium that cannot be read, and for letters that no font has.
    """
    check_letters(timeline)
    part = out.with_name(f".{out.name}.part")
    try:
        with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as folder:
            clips = _Clips(timeline, open_media, kept.clips, Path(folder), progress or (lambda _share: None))
            sound = kept.sound or Path(folder) / "sound"
            if kept.sound is None:
                write_sound(timeline, sound, open_media)
            with (
                av.open(str(sound.absolute())) as heard,
                av.open(str(part.absolute()), "w", format="mp4", options={"movflags": "+faststart"}) as container,
            ):
                _play(timeline, container, heard, clips)
        tag_chapter_track(part, timeline)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


class _Clips:
    """The clips of a film in play order, each rendered when it is due unless it was kept."""

    def __init__(
        self, timeline: Mapping[str, Any], open_media: OpenMedia, kept: Mapping[str, Path], folder: Path, progress: Progress
    ) -> None:
        """folder: for clips that are deleted as soon as they have been joined."""
        self._timeline, self._open_media, self._kept, self._folder = timeline, open_media, kept, folder
        self.progress = progress

    def __iter__(self) -> Iterator[Path]:
        frames = self._timeline["duration_in_frames"]
        for segment in self._timeline["segments"]:
            start, length = segment["start_frame"], segment["duration_in_frames"]
            self.progress(start / frames)
            if (clip := self._kept.get(segment["slot"])) is not None:
                yield clip
                continue
            made = self._folder / f"{segment['slot']}.mp4"
            seen = segment_frames(self._timeline, segment["slot"])
            render_clip(seen, made, self._open_media, self._share_of(start / frames, length / frames))
            yield made
            made.unlink()
        self.progress(1.0)

    def _share_of(self, before: float, part: float) -> Callable[[float], None]:
        return lambda share: self.progress(before + share * part) if share < 1 else None


def _play(
    timeline: Mapping[str, Any],
    container: av.container.OutputContainer,
    heard: av.container.InputContainer,
    clips: _Clips,
) -> None:
    """Write second by second, keeping sound and picture in step, so that a player can start before it has everything."""
    fps = timeline["fps"]
    describe(container, timeline)
    paths = iter(clips)
    first = next(paths)
    video = JoinedVideo(container, timeline, first)
    audio = container.add_stream_from_template(heard.streams.audio[0])
    tag_language(audio, timeline)
    is_soft = timeline.get("caption_style", CAPTION_STYLE)["display"] == "soft"
    captions = SoftCaptions(container, timeline) if is_soft else None
    sounds = _Packets(heard, audio)
    for number, packet in enumerate(video.packets(chain([first], paths))):
        if number % fps == 0:
            container.mux(sounds.until((number + fps) / fps))
        if captions is not None:
            container.mux(list(captions.until(number * 1000 // fps)))
        container.mux(packet)
    container.mux(sounds.until(math.inf))


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
