"""A film that is joined from clips is the film of one pass, frame for frame; its parts are what players expect."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from lecture_assets.render.clip import encode_clip, render_clip
from lecture_assets.render.frame import frames_of
from lecture_assets.render.language_code import language_code
from lecture_assets.render.mp4 import RenderedParts, render_mp4
from lecture_assets.render.sound import decoded
from lecture_assets.timeline.segment_frames import segment_frames
from lecture_assets_tests.render.samples import BLUE, RED, Shelf

_LEAST_DB = 45.0
_AROUND = 3
"""Frames on each side of a join."""


def lecture(shelf: Shelf, **changes: Any) -> dict[str, Any]:
    """Pictures that move, a clip, a title that reaches into the second segment."""
    clip = shelf.segment(1, 0.7, pictures=[], clip=shelf.clip([RED, BLUE]))
    made = [shelf.segment(0, 1.1, effect="zoom-in"), clip, shelf.segment(2, 0.9, effect="fade")]
    return shelf.lecture(*made, **({"title": "How plants eat light"} | changes))


def pictures(path: Path) -> list[Any]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="yuv420p") for frame in container.decode(video=0)]


def psnr_db(one: Any, other: Any) -> float:
    error = float(np.mean((one.astype(float) - other) ** 2))
    return 99.0 if error == 0 else 10 * np.log10(255**2 / error)


def joins(timeline: dict[str, Any]) -> list[int]:
    return [segment["start_frame"] for segment in timeline["segments"][1:]]


@pytest.mark.slow
def test_the_frames_of_all_segments_are_the_frames_of_the_lecture(shelf: Shelf) -> None:
    timeline = lecture(shelf)
    whole = frames_of(timeline, shelf)
    parts = (frame for one in timeline["segments"] for frame in frames_of(segment_frames(timeline, one["slot"]), shelf))
    equal = [bool((a.to_array() == b.to_array()).all()) for a, b in zip(whole, parts, strict=True)]
    assert equal == [True] * timeline["duration_in_frames"]


@pytest.mark.slow
def test_a_joined_film_is_that_of_one_pass_with_exact_times_and_no_click_at_the_joins(shelf: Shelf, tmp_path: Path) -> None:
    timeline = lecture(shelf)
    film, one_pass = tmp_path / "film.mp4", tmp_path / "one.mp4"
    kept = {"s01": tmp_path / "s01.mp4"}
    render_clip(segment_frames(timeline, "s01"), kept["s01"], shelf)
    before = kept["s01"].read_bytes()
    render_mp4(timeline, film, shelf, kept=RenderedParts(kept))
    encode_clip(frames_of(timeline, shelf), timeline, one_pass)
    joined, other = pictures(film), pictures(one_pass)
    assert len(joined) == len(other) == timeline["duration_in_frames"]
    near = {frame for join in joins(timeline) for frame in range(join - _AROUND, join + _AROUND)}
    assert min(psnr_db(joined[frame], other[frame]) for frame in near) >= _LEAST_DB
    assert kept["s01"].read_bytes() == before, "a kept clip is copied"
    with av.open(str(film)) as container:
        stream: Any = container.streams.video[0]
        packets: list[Any] = [packet for packet in container.demux(stream) if packet.dts is not None]
        unit = int(Fraction(1, timeline["fps"]) / stream.time_base)
        assert sorted(packet.pts for packet in packets) == [unit * number for number in range(len(joined))]
        keys = {packet.pts // unit for packet in packets if packet.is_keyframe}
        assert keys >= {0, *joins(timeline)}, "a player starts where a segment does"
    sound = decoded(film)[:, 0]
    jumps = np.abs(np.diff(sound))
    at = [round(join / timeline["fps"] * 48_000) for join in joins(timeline)]
    assert all(jumps[place - 480 : place + 480].max() <= np.percentile(jumps, 99.9) for place in at)


@pytest.mark.slow
def test_a_clip_of_another_version_of_the_encoder_is_encoded_again(shelf: Shelf, tmp_path: Path) -> None:
    timeline = lecture(shelf, title=None)
    other = tmp_path / "s01.mp4"
    frames = segment_frames(timeline, "s01")
    with av.open(str(other), "w") as container:
        stream: Any = container.add_stream("libx264", rate=30, options={"preset": "slow"})
        stream.width, stream.height, stream.pix_fmt = frames["width"], frames["height"], "yuv420p"
        for number, picture in enumerate(frames_of(frames, shelf)):
            frame = av.VideoFrame.from_ndarray(picture.to_array(), format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, 30)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    render_mp4(timeline, tmp_path / "film.mp4", shelf, kept=RenderedParts({"s01": other}))
    assert len(pictures(tmp_path / "film.mp4")) == timeline["duration_in_frames"]
    assert not list(tmp_path.glob(".*")), "no file is left"


@pytest.mark.slow
@pytest.mark.parametrize(("display", "tracks"), [("burned", 0), ("soft", 1), ("off", 0)])
def test_captions_are_in_the_picture_or_a_track_in_the_lecture_s_language_or_neither(
    shelf: Shelf, tmp_path: Path, display: Any, tracks: int
) -> None:
    style: Any = {"display": display, "place": "bottom", "size": "medium"}
    timeline = {**shelf.lecture(shelf.segment(seconds=0.8), caption_style=style), "language": "de-AT"}
    render_mp4(timeline, tmp_path / "film.mp4", shelf)
    lower = pictures(tmp_path / "film.mp4")[15][130:170]
    assert (lower.max() - lower.min() > 100) == (display == "burned")
    with av.open(str(tmp_path / "film.mp4")) as container:
        found = container.streams.subtitles
        assert [(one.codec_context.name, one.metadata["language"]) for one in found] == [("mov_text", "deu")] * tracks
        texts = [bytes(packet)[2:].decode() for packet in container.demux(found) if packet.size > 2] if tracks else []
    assert texts == [caption["text"] for caption in timeline["segments"][0]["captions"]][: len(texts)]
    assert bool(texts) == bool(tracks)


def test_languages_have_the_three_letters_that_mp4_wants() -> None:
    tags = {"de-AT": "deu", "en": "eng", "zh-Hant": "zho", "nb": "nob", "no": "nob", "yue": "yue", "": "und", "x1": "und"}
    assert {tag: language_code(tag) for tag in tags} == tags
