"""Clips as frames: what a slowed clip shows between its own frames, and single frames of it."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.render.layer import open_layer
from lecture_assets.render.playing_clip import PlayingClip, frame_of
from lecture_assets_tests.render.samples import BLUE, GREEN, RED, SIZE, Shelf

RATE = 16


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """81 frames at 16 a second, as a vendor makes them: a light edge goes across."""
    path = tmp_path_factory.mktemp("clip") / "sweep.mp4"
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("libx264", rate=RATE, options={"crf": "12"})
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for number in range(81):
            picture = np.full((SIZE[1], SIZE[0], 3), 40, np.uint8)
            picture[:, : 3 * number + 20] = 200
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return path


def lights(clip: PlayingClip, frames: int) -> list[Any]:
    seen = [np.asarray(clip.at(frame).light, dtype=float) for frame in range(frames)]
    clip.close()
    return seen


@pytest.mark.slow
def test_a_slowed_clip_moves_evenly_and_lasts_1_6_times_as_long(sweep: Path) -> None:
    seen = lights(PlayingClip(sweep, "cover", SIZE, 625), 260)
    means = [float(frame.mean()) for frame in seen]
    steps = [after - before for before, after in pairwise(means[:240])]
    assert min(steps) > 0, "no frame is shown twice"
    assert max(steps) < 2 * sum(steps) / len(steps)
    assert means[238] < means[242] == means[259], "it has ended after 81 / 16 × 1.6 seconds"


def test_at_its_own_pace_a_clip_shows_its_own_frames_only(sweep: Path) -> None:
    seen = lights(PlayingClip(sweep, "cover", SIZE), 30)
    different = sum(float(np.abs(after - before).max()) > 1 for before, after in pairwise(seen))
    assert different == RATE - 1


def test_a_clip_may_begin_within(sweep: Path) -> None:
    later = PlayingClip(sweep, "cover", SIZE, 1000, 2_000)
    from_start = PlayingClip(sweep, "cover", SIZE)
    assert np.array_equal(np.asarray(later.at(0).light), np.asarray(from_start.at(60).light))
    later.close()
    from_start.close()


@pytest.mark.parametrize(("at_ms", "width"), [(0, 20), (1_000, 68), (2_030, 116), (5_061, 260), (90_000, 260)])
def test_a_single_frame_is_the_one_shown_at_that_time_or_the_last(sweep: Path, at_ms: int, width: int) -> None:
    row = np.asarray(frame_of(sweep, at_ms).convert("L"), dtype=float)[90]
    assert abs(int((row > 120).sum()) - width) <= 1


def test_the_last_frame_of_a_clip_has_the_colours_that_the_clip_ended_with(shelf: Shelf) -> None:
    view = {"scale_permille": 1000, "x_permille": 0, "y_permille": 0}
    media = shelf.clip([RED, GREEN, BLUE])
    placed = {"type": "video", "media": media, "fit": "cover", "source_start_ms": 1_499, "duration_in_frames": 30}
    last = open_layer(placed | {"playback_rate_permille": 0, "motion": {"from": view, "to": view}}, SIZE, shelf)
    playing = open_layer(placed | {"playback_rate_permille": 625, "source_start_ms": 0}, SIZE, shelf)
    one, other = last.at(0), playing.at(900)
    for plane in ("light", "blue", "red"):
        assert np.abs(np.asarray(getattr(one, plane), int) - np.asarray(getattr(other, plane), int)).max() <= 2
    playing.close()


def test_a_clip_without_a_frame_is_a_wrong_input(tmp_path: Path) -> None:
    (tmp_path / "none.mp4").write_bytes(b"no clip")
    with pytest.raises(WrongInputError, match="video that cannot be read"):
        frame_of(tmp_path / "none.mp4", 100)
