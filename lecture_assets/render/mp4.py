"""Render a timeline to lecture.mp4 in H.264 and AAC. The timeline decides what is seen and heard. The file is complete or absent.

    segment's frames ─► clip.py ─► a clip, or one that was kept ─┐
    segment's frames ─► clip.py ─► a clip, or one that was kept ─┴► joining.py: copied ─► video ─┐
    speech and music ───────────────────────────────────────────► sound.py: encoded here ─► AAC ─┼► lecture.mp4
    captions, if they are soft ─────────────────────────────────► soft_captions.py ─► mov_text ──┘

So a film costs the sound, and the clips that are new. A film with no clip kept is the same, packet for packet.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

import av
import numpy as np

from lecture_assets.render.clip import Progress, render_clip
from lecture_assets.render.joining import JoinedVideo
from lecture_assets.render.layer import OpenMedia
from lecture_assets.render.loudness import RATE, Sound
from lecture_assets.render.soft_captions import SoftCaptions
from lecture_assets.render.sound import Mixer
from lecture_assets.timeline.assemble import CAPTION_STYLE
from lecture_assets.timeline.segment_frames import segment_frames

__all__ = ["Progress", "render_mp4"]

_SOUND_BITS = 160_000

KeptClips = Mapping[str, Path]
"""Clips that were rendered before, by slot (`s02`)."""


def render_mp4(
    timeline: Mapping[str, Any],
    out: Path,
    open_media: OpenMedia,
    progress: Progress | None = None,
    kept: KeptClips | None = None,
) -> None:
    """Render a timeline from `timeline/assemble.py` (stored or exported) to the file `out`, which appears once it is complete.

    open_media: returns a file for each SHA-256
    progress:   called with the progress from 0 to 1, about every second of video
    kept:       clips of `segment_frames` of this timeline; all others are rendered for this film alone

    Raises WrongInputError for a medium that cannot be read.
    """
    part = out.with_name(f".{out.name}.part")
    try:
        with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as folder:
            clips = _Clips(timeline, open_media, kept or {}, Path(folder), progress or (lambda _share: None))
            with av.open(str(part.absolute()), "w", format="mp4", options={"movflags": "+faststart"}) as container:
                _play(timeline, container, open_media, clips)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


class _Clips:
    """The clips of a film in play order, each rendered when it is due unless it was kept."""

    def __init__(
        self, timeline: Mapping[str, Any], open_media: OpenMedia, kept: KeptClips, folder: Path, progress: Progress
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


def _play(timeline: Mapping[str, Any], container: av.container.OutputContainer, open_media: OpenMedia, clips: _Clips) -> None:
    """Write second by second, keeping sound and picture in step, so that a player can start before it has everything."""
    fps = timeline["fps"]
    _name(container, timeline)
    paths = iter(clips)
    first = next(paths)
    video = JoinedVideo(container, timeline, first)
    audio = container.add_stream("aac", rate=RATE, layout="stereo")
    audio.bit_rate = _SOUND_BITS
    is_soft = timeline.get("caption_style", CAPTION_STYLE)["display"] == "soft"
    captions = SoftCaptions(container, timeline) if is_soft else None
    sounds = Mixer(timeline, open_media).pieces(RATE)
    heard = 0
    for number, packet in enumerate(video.packets(chain([first], paths))):
        if number % fps == 0:
            piece = next(sounds)
            container.mux(audio.encode(_audio_frame(piece, heard)))
            heard += len(piece)
        if captions is not None:
            container.mux(list(captions.until(number * 1000 // fps)))
        container.mux(packet)
    container.mux(audio.encode(None))


def _name(container: av.container.OutputContainer, timeline: Mapping[str, Any]) -> None:
    """The title, and one chapter per segment, named by its first words."""
    container.metadata["title"] = timeline["title"].get("text", "")
    base = Fraction(1, timeline["fps"])
    container.set_chapters(
        [
            {
                "id": i,
                "start": segment["start_frame"],
                "end": segment["start_frame"] + segment["duration_in_frames"],
                "time_base": base,
                "metadata": {"title": next((c["text"] for c in segment["captions"]), segment["slot"])},
            }
            for i, segment in enumerate(timeline["segments"])
        ]
    )


def _audio_frame(piece: Sound, start: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(piece.T), format="fltp", layout="stereo")
    frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
    return frame
