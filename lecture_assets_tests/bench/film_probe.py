"""What a viewer, an ear and a caption reader find in an exported folder: frames, sound, captions, tracks. Decodes the video."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from av.filter import Graph

from lecture_assets.render.letters import letters_without_font
from lecture_assets.render.sound_file import true_peak_db
from lecture_assets.timeline.text_width import width_of
from lecture_media.listen.decode import blocks
from lecture_media.listen.loudness import Meter

_FREEZE, _BLACK = "freezedetect=n=0.001:d=1", "blackdetect=d=0.03:pix_th=0.1:pic_th=0.98"
"""Differences below a thousandth for a second; 98 % of the pixels darker than a tenth, for a frame."""
_AMBER = (255, 205, 92)
"""The marked word of a burned-in caption."""
_NEAR, _FEW = 50, 20
"""How far a decoded pixel may be from amber, in all three colours together; fewer of them are noise."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What was found in one film. Seconds, LUFS, dBTP; counts of what should be none."""

    seconds: float
    frames_off: int
    loudness: float
    peak: float
    first_mean: float
    frozen: list[float]
    black: list[tuple[float, float]]
    boxes: int
    reversed_lines: int
    rtl_lines: int
    cue_s: tuple[float, float]
    columns: int
    tracks: list[str]
    chapters: int

    def faults(self) -> list[str]:
        """What is wrong, a few words each."""
        return [
            what
            for what, wrong in {
                f"{self.frames_off:+d} frames": abs(self.frames_off) > 1,
                f"{self.loudness:.1f} LUFS": abs(self.loudness + 16) > 1,
                f"peak {self.peak:.2f}": self.peak > -1.0,
                f"dark first frame {self.first_mean:.0f}": self.first_mean < 30,
                f"frozen at {self.frozen}": self.frozen,
                f"black at {self.black}": any(start < self.seconds - 2 for start, _end in self.black),
                f"{self.boxes} boxes": self.boxes,
                f"{self.reversed_lines} reversed": self.reversed_lines,
                f"cues {self.cue_s}": self.cue_s[0] < 0.83 or self.cue_s[1] > 7,
            }.items()
            if wrong
        ]


def probe(out: Path) -> Probe:
    """Look at a whole folder of `make`."""
    timeline = json.loads((out / "timeline.json").read_text(encoding="utf-8"))
    captions = [caption for segment in timeline["segments"] for caption in segment["captions"]]
    film, meter = out / "lecture.mp4", Meter()
    for block in blocks(film):
        meter.add(block)
    seen = _Viewer(timeline, captions)
    seen.watch(film)
    lengths = [(caption["end_ms"] - caption["start_ms"]) / 1000 for caption in captions]
    with av.open(str(film)) as container:
        tracks = [f"{s.type[0]}:{s.language or 'und'}" for s in container.streams if s.type in {"video", "audio", "subtitle"}]
        chapters = len(container.chapters())
    texts = [timeline["title"].get("text", ""), *(caption["text"] for caption in captions)]
    return Probe(
        seconds=seen.frames / timeline["fps"],
        frames_off=seen.frames - timeline["duration_in_frames"],
        loudness=meter.loudness(),
        peak=true_peak_db(film),
        first_mean=seen.first_mean,
        frozen=seen.frozen,
        black=seen.black,
        boxes=sum(len(letters_without_font(text, timeline["language"])) for text in texts),
        reversed_lines=sum(first <= last for first, last in seen.rtl_lines()),
        rtl_lines=len(list(seen.rtl_lines())),
        cue_s=(min(lengths, default=1.0), max(lengths, default=1.0)),
        columns=max((width_of(caption["text"]) for caption in captions), default=0),
        tracks=tracks,
        chapters=chapters,
    )


class _Viewer:
    """Watches a film once, from its first frame to its last."""

    def __init__(self, timeline: Mapping[str, Any], captions: list[Any]) -> None:
        self._timeline = timeline
        self.frames, self.first_mean = 0, 0.0
        self.frozen: list[float] = []
        self.black: list[tuple[float, float]] = []
        self._places: dict[int, float | None] = {}
        self._lines: list[tuple[int, int]] = []
        if timeline["direction"] == "rtl" and timeline["caption_style"]["display"] == "burned":
            for caption in captions:
                at = [round((w["start_ms"] + w["end_ms"]) / 2000 * timeline["fps"]) for w in caption["words"]]
                self._lines.append((at[0], at[-1]))
        self._wanted = {frame for line in self._lines for frame in line}

    def watch(self, film: Path) -> None:
        black_since = None
        for frame in _watched(film):
            if not self.frames:
                self.first_mean = float(frame.to_ndarray(format="gray").mean())
            if self.frames in self._wanted:
                self._places[self.frames] = _amber_place(frame.to_ndarray(format="rgb24").astype(np.int16))
            told = frame.metadata
            if "lavfi.freezedetect.freeze_start" in told and not self._stands(float(told["lavfi.freezedetect.freeze_start"])):
                self.frozen.append(float(told["lavfi.freezedetect.freeze_start"]))
            if "lavfi.black_start" in told:
                black_since = float(told["lavfi.black_start"])
            if "lavfi.black_end" in told and black_since is not None:
                self.black.append((black_since, float(told["lavfi.black_end"])))
                black_since = None
            self.frames += 1
        if black_since is not None:
            self.black.append((black_since, self.frames / 30))

    def _stands(self, second: float) -> bool:
        """Whether what is shown then is a card or a placeholder, which stand still on purpose."""
        frame = round(second * self._timeline["fps"])
        title = self._timeline["title"]
        if title.get("display") == "card" and frame < title["start_frame"] + title["duration_in_frames"]:
            return True
        layers = [layer for segment in self._timeline["segments"] for layer in segment["layers"]]
        return any(
            layer["type"] == "missing" and 0 <= frame - layer["start_frame"] < layer["duration_in_frames"] for layer in layers
        )

    def rtl_lines(self) -> Iterator[tuple[float, float]]:
        """Where the first and the last word of each right-to-left line were marked, in pixels from the left."""
        for line in self._lines:
            first, last = (self._places.get(frame) for frame in line)
            if first is not None and last is not None and line[0] != line[1]:
                yield first, last


def _watched(film: Path) -> Iterator[av.VideoFrame]:
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        graph = Graph()
        nodes = [graph.add_buffer(template=stream)]
        nodes += [graph.add(name, arguments) for name, arguments in (f.split("=", 1) for f in (_FREEZE, _BLACK))]
        nodes.append(graph.add("buffersink"))
        for one, other in pairwise(nodes):
            one.link_to(other)
        graph.configure()
        for frame in container.decode(stream):
            graph.vpush(frame)
            while True:
                try:
                    yield graph.vpull()
                except (av.BlockingIOError, EOFError):
                    break


def _amber_place(pixels: npt.NDArray[np.int16]) -> float | None:
    """The middle of what is amber in the lower half, in pixels from the left."""
    half = pixels[pixels.shape[0] // 2 :]
    amber = np.abs(half - _AMBER).sum(axis=2) < _NEAR
    return float(np.nonzero(amber)[1].mean()) if amber.sum() > _FEW else None
