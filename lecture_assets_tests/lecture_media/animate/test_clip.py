"""A clip moves as its direction says, smoothly, starting from its picture."""

from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from lecture_assets_tests.providers.simulated.decoding import film
from lecture_media.animate.camera import find_move
from lecture_media.animate.clip import FPS, animate
from lecture_media.animate.weather import Mist, Weather

WIDTH, HEIGHT = 320, 180


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A white disc in the middle of dark blue, wider than the clip's shape."""
    image = Image.new("RGB", (800, 360), (20, 40, 80))
    ImageDraw.Draw(image).ellipse((370, 150, 430, 210), fill=(250, 250, 250))
    image.save(tmp_path / "picture.png")
    return tmp_path / "picture.png"


def middle_of_disc(frame: NDArray[np.uint8]) -> tuple[float, float, int]:
    rows, columns = (frame > 140).nonzero()
    return float(columns.mean()), float(rows.mean()), len(rows)


def shoot(picture: Path, direction: str, seconds: int = 1) -> NDArray[np.uint8]:
    out = picture.with_suffix(".mp4")
    animate(picture, direction, seconds, WIDTH, HEIGHT, out)
    return film(out)


def test_a_clip_is_what_its_details_say(picture: Path, tmp_path: Path) -> None:
    out = tmp_path / "clip.mp4"
    details = animate(picture, "push in", 2, 321, 180, out)
    assert details == {"width": 320, "height": 180, "duration_ms": 2_000}
    with av.open(str(out)) as container:
        assert [stream.type for stream in container.streams] == ["video"]
        video = container.streams.video[0]
        assert (video.codec_context.name, video.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert float(video.average_rate or 0) == FPS
        assert (video.width, video.height, video.frames) == (320, 180, 2 * FPS)
        assert container.duration == 2_000_000


@pytest.mark.parametrize(
    ("direction", "x", "y"),
    [("Pan left slowly", 1, 0), ("Camera pans slowly to the right", -1, 0), ("Drift up", 0, 1), ("The camera sinks down", 0, -1)],
)
def test_the_scene_moves_against_the_camera(picture: Path, direction: str, x: int, y: int) -> None:
    frames = shoot(picture, direction)
    before, after = middle_of_disc(frames[0]), middle_of_disc(frames[-1])
    moved = (after[0] - before[0], after[1] - before[1])
    assert (round(moved[0] / WIDTH * 8), round(moved[1] / HEIGHT * 8)) == (x, y)


@pytest.mark.parametrize(("direction", "grows"), [("Slow push in", True), ("", True), ("Pull back to reveal the sea", False)])
def test_a_push_makes_things_larger_and_a_pull_smaller(picture: Path, direction: str, grows: bool) -> None:  # noqa: FBT001 - a table
    frames = shoot(picture, direction)
    assert (middle_of_disc(frames[-1])[2] / middle_of_disc(frames[0])[2] > 1.2) is grows


@pytest.mark.slow
def test_a_slow_move_does_not_jump_from_pixel_to_pixel(picture: Path) -> None:
    frames = shoot(picture, "pan left", seconds=3)
    at = np.array(
        [np.average(np.arange(WIDTH), weights=np.maximum(frame.astype(float) - 110, 0).sum(axis=0)) for frame in frames]
    )
    steps = np.diff(at)
    assert (steps > 0).all()
    assert steps.max() < 1.2
    assert np.abs(np.diff(steps)).max() < 0.25


def test_the_first_camera_word_counts() -> None:
    assert find_move("pull back, then push in") == find_move("zoom out")
    assert find_move("nothing of the sort") == find_move("push in")
    assert find_move("upright leaves in the wider sense of pandas") == find_move("push in")


@pytest.mark.parametrize("direction", ["rain falls", "snow falls", "vapour rises", "a still life"])
def test_something_moves_even_while_the_camera_rests(picture: Path, direction: str) -> None:
    frames = shoot(picture, f"static, {direction}").astype(int)
    assert np.abs(frames[20] - frames[10]).max() >= 4


def fall_in_a_frame(prompt: str) -> int:
    """Rows by which the first frame's particles must move down to match the second frame's best."""
    planes = [np.full((720, 1280), 60, np.uint8) for _ in range(2)]
    for plane, now in zip(planes, (0.0, 1 / FPS), strict=True):
        Weather(prompt, 1280, 720, bright=False).draw(plane, now)
    first, second = (plane.astype(np.float32) - 60 for plane in planes)
    likeness = {
        (down, right): float((first[:-60, 5:-5] * second[down : down + 660, 5 + right : 1275 + right]).sum())
        for down in range(60)
        for right in range(-5, 3)
    }
    return max(likeness, key=lambda moved: likeness[moved])[0]


@pytest.mark.slow
def test_rain_falls_many_times_faster_than_snow() -> None:
    assert 20 <= fall_in_a_frame("rain") <= 40
    assert 1 <= fall_in_a_frame("snow") <= 4


def test_mist_appears_only_if_the_words_mention_it_and_stays_in_range() -> None:
    for prompt, there in (("clouds rise", True), ("push in", False)):
        plane = np.full((90, 160), 230, np.uint8)
        Mist(prompt, 160, 90, bright=True).draw(plane, 3.0)
        assert bool(plane.min() != plane.max()) is there
        assert plane.max() <= 235


@pytest.mark.slow
def test_equal_input_gives_equal_bytes(picture: Path, tmp_path: Path) -> None:
    for name in "ab":
        animate(picture, "snow, pan right", 1, WIDTH, HEIGHT, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_colours_do_not_change(tmp_path: Path) -> None:
    Image.new("RGB", (320, 180), (200, 60, 50)).save(tmp_path / "red.png")
    animate(tmp_path / "red.png", "static", 1, WIDTH, HEIGHT, tmp_path / "red.mp4")
    with av.open(str(tmp_path / "red.mp4")) as container:
        frame = next(container.decode(video=0))
        assert (frame.colorspace, frame.color_range) == (1, 1)
        red, green, blue = np.median(frame.to_ndarray(format="rgb24"), axis=(0, 1))
    assert abs(red - 200) < 25
    assert abs(green - 60) < 25
    assert abs(blue - 50) < 25


def test_an_invalid_picture_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"no picture")
    with pytest.raises(OSError, match="cannot identify"):
        animate(tmp_path / "picture.png", "", 1, WIDTH, HEIGHT, tmp_path / "clip.mp4")
