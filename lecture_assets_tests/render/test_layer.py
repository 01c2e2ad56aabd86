from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.render.fitting import covering
from lecture_assets.render.layer import Moving, MovingInside, open_layer
from lecture_assets.timeline.motion import motion_of
from lecture_assets_tests.render.samples import BLUE, RED, Shelf

SIZE = (640, 360)


def edge(planes: Any) -> float:
    """Where a picture changes from black to white, to a fraction of a pixel."""
    row = np.asarray(planes.light, dtype=float)[180]
    return float((235 - row).sum() / 219)


@pytest.mark.parametrize("effect", ["zoom-in", "zoom-out", "pan-left", "pan-right"])
def test_motion_is_even_to_a_tenth_of_a_pixel(effect: str) -> None:
    picture = Image.new("RGB", (1280, 720), "black")
    picture.paste("white", (1000, 0, 1280, 720))
    layer = Moving(picture, motion_of(effect, 0, 4000, "cover"), 120, SIZE)
    edges = [edge(layer.at(frame)) for frame in range(120)]
    steps = [after - before for before, after in pairwise(edges)]
    assert abs(sum(steps)) > 5, "it moves"
    assert max(steps) - min(steps) < 0.12, "and never jumps"
    assert edge(layer.at(500)) == edges[-1], "and rests after its end"


def test_no_move_shows_anything_outside_the_picture() -> None:
    for effect in ("zoom-in", "pan-left", "pan-right"):
        layer = Moving(Image.new("RGB", (900, 500), "white"), motion_of(effect, 0, 4000, "cover"), 120, SIZE)
        assert min(np.asarray(layer.at(frame).light).min() for frame in (0, 60, 119)) > 230


@given(st.tuples(st.integers(16, 900), st.integers(16, 900)), st.integers(1000, 1200))
def test_a_picture_of_any_size_fills_any_frame(size: tuple[int, int], permille: int) -> None:
    wanted = (2 * (640 * permille // 2000), 2 * (360 * permille // 2000))
    assert np.asarray(covering(Image.new("RGB", size, "white"), wanted)).shape == (wanted[1], wanted[0], 3)


def test_a_picture_at_rest_is_drawn_once() -> None:
    """As in timelines of earlier releases."""
    view = motion_of("none", 0, 4000, "cover")["from"]
    layer = Moving(Image.new("RGB", SIZE, "white"), {"from": view, "to": view}, 120, SIZE)
    assert layer.at(1) is layer.at(100)


@pytest.mark.slow
@pytest.mark.parametrize("effect", ["none", "pan-left"])
def test_a_picture_of_an_unusual_shape_moves_evenly_before_its_still_backdrop_and_stays_whole(effect: str) -> None:
    picture = Image.new("RGB", (360, 640), "white")
    picture.paste("black", (0, 0, 180, 640))
    layer = MovingInside(picture, motion_of(effect, 0, 6000, "contain"), 180, SIZE)
    frames = [np.asarray(layer.at(frame).light, dtype=float) for frame in range(180)]
    assert len({tuple(frame[180, :60]) for frame in frames}) == 1, "the backdrop"
    rights = [float((frame[180, 320:] > 200).sum()) + frame[180].sum() / 1e6 for frame in frames]
    assert rights[0] != rights[-1], "the picture"
    steps = [abs(after - before).mean() for before, after in pairwise(frames)]
    assert max(steps) < 4 * np.median(steps)
    assert all(frame[0, 350] < 235 or frame[1, 350] > 200 for frame in frames)


def test_a_layer_of_one_frame_has_that_frame() -> None:
    layer = Moving(Image.new("RGB", SIZE, "white"), motion_of("zoom-in", 0, 30, "cover"), 1, SIZE)
    assert layer.at(0).light.size == SIZE


@pytest.mark.parametrize("medium", ["image", "video"])
def test_a_medium_of_an_unusual_shape_is_shown_whole_over_a_dim_copy_of_itself(shelf: Shelf, medium: str) -> None:
    tall = (90, 180)
    shown = shelf.picture(RED, tall) if medium == "image" else shelf.clip([RED], tall)
    view = {"scale_permille": 1000, "x_permille": 0, "y_permille": 0}
    placed = {"type": medium, "media": shown, "fit": "contain", "duration_in_frames": 9, "motion": {"from": view, "to": view}}
    layer = open_layer(placed, SIZE, shelf)
    light = np.asarray(layer.at(0).light)
    layer.close()
    assert abs(int(light[5, 320]) - int(light[355, 320])) < 4, "from top to bottom"
    assert 16 < light[180, 20] < light[180, 320] - 20, "with a darker copy beside it"


def test_a_clip_larger_than_the_frame_is_cropped_only_at_its_edges(shelf: Shelf) -> None:
    media = shelf.clip([BLUE], (642, 482))
    layer = open_layer({"type": "video", "media": media, "fit": "cover"}, SIZE, shelf)
    planes = layer.at(0)
    layer.close()
    assert (planes.light.size, planes.blue.size) == (SIZE, (320, 180))
    assert np.asarray(planes.light).std() < 2


def test_placeholders_distinguish_images_from_clips_and_never_show_reasons(shelf: Shelf) -> None:
    reason = "the provider refused the prompt after three tries, " * 4
    drawn = []
    for medium in ("image", "video"):
        layer = {"type": "missing", "medium": medium, "reason": reason}
        drawn.append(np.asarray(open_layer(layer, (360, 640), shelf).at(0).light).astype(int))
    assert np.abs(drawn[0] - drawn[1]).max() > 50
    again = open_layer({"type": "missing", "medium": "video", "reason": "another"}, (360, 640), shelf).at(0)
    assert np.array_equal(np.asarray(again.light), drawn[1])
    assert drawn[0][-8:].std() < 6, "nothing is written at the edge"
    assert drawn[0][:, :20].std(axis=1).max() < 3


def test_a_picture_that_is_cut_off_is_a_wrong_input(shelf: Shelf, tmp_path: Path) -> None:
    media = shelf.picture(RED, (800, 600))
    cut = tmp_path / "cut.png"
    cut.write_bytes(shelf(media["sha256"]).read_bytes()[:-60])
    with pytest.raises(WrongInputError, match="picture that cannot be read"):
        open_layer({"type": "image", "media": media, "fit": "cover", "motion": {}}, SIZE, lambda _sha256: cut)
