from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.render.mp4 import render_mp4
from lecture_assets.render.sound import decoded
from lecture_assets_tests.render.samples import BLUE, GREEN, RED, SIZE, Shelf
from lecture_media.listen.decode import RATE
from lecture_media.listen.loudness import loudness


def pictures(path: Path) -> list[Any]:
    """Every frame as RGB."""
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24", src_colorspace="ITU709") for frame in container.decode(video=0)]


def colour(picture: Any) -> Any:
    """Colour of the upper half, which has no caption."""
    return picture[: picture.shape[0] // 2].reshape(-1, 3).mean(axis=0)


def level(sound: Any, hertz: int, start_s: float, end_s: float) -> float:
    """Amplitude of one pitch in a span of sound."""
    part = sound[int(start_s * RATE) : int(end_s * RATE), 0]
    times = np.arange(len(part)) / RATE
    return float(2 * abs(np.mean(part * np.exp(-2j * np.pi * hertz * times))))


@pytest.mark.slow
def test_the_file_is_what_every_player_plays_and_as_long_as_its_timeline(shelf: Shelf, tmp_path: Path) -> None:
    timeline = shelf.lecture(title="How plants eat light")
    shares: list[float] = []
    render_mp4(timeline, tmp_path / "lecture.mp4", shelf, shares.append)
    with av.open(str(tmp_path / "lecture.mp4")) as container:
        video: Any = container.streams.video[0]
        audio: Any = container.streams.audio[0]
        assert (video.codec_context.name, video.codec_context.pix_fmt, video.average_rate) == ("h264", "yuv420p", 30)
        assert (video.width, video.height, video.frames) == (*SIZE, timeline["duration_in_frames"])
        assert (audio.codec_context.name, audio.codec_context.sample_rate, audio.layout.name) == ("aac", RATE, "stereo")
        assert abs(float(audio.duration * audio.time_base) - timeline["duration_in_frames"] / 30) < 0.05
        assert container.metadata["title"] == "How plants eat light"
        assert [chapter["metadata"]["title"] for chapter in container.chapters()] == ["How plants eat light"]
    content = (tmp_path / "lecture.mp4").read_bytes()
    assert content.index(b"moov") < content.index(b"mdat"), "it starts to play before it has all arrived"
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@pytest.mark.slow
def test_each_picture_keeps_its_colour_and_the_change_is_gradual(shelf: Shelf, tmp_path: Path) -> None:
    timeline = shelf.lecture()
    render_mp4(timeline, tmp_path / "lecture.mp4", shelf)
    seen = pictures(tmp_path / "lecture.mp4")
    first, second = timeline["segments"][0]["layers"]
    assert np.abs(colour(seen[second["start_frame"] - 3]) - RED).max() < 6
    assert np.abs(colour(seen[-31]) - GREEN).max() < 6
    middle = colour(seen[second["start_frame"] + second["fade_in_frames"] // 2])
    assert all(min(a, b) - 3 < m < max(a, b) + 3 for a, m, b in zip(RED, middle, GREEN, strict=True))
    assert np.abs(middle - RED).max() > 30 < np.abs(middle - GREEN).max()
    assert np.abs(colour(seen[0]) - RED).max() < 6, "it does not begin in the dark"
    assert first["fade_in_frames"] == 0
    light = [colour(picture).mean() for picture in seen[-31:]]
    assert light == sorted(light, reverse=True)
    assert light[-1] < 2, "it ends in the dark"


@pytest.mark.slow
def test_a_clip_plays_at_its_own_pace_and_one_that_is_too_short_is_slowed(shelf: Shelf, tmp_path: Path) -> None:
    colours, own_pace, slowed = [RED, GREEN, BLUE], ((14, RED), (28, GREEN), (43, BLUE)), ((17, RED), (40, GREEN), (69, BLUE))
    for seconds, more, expected in ((0.5, 6, own_pace), (2.5, 0, slowed)):
        segment = shelf.segment(seconds=seconds, pictures=[], clip=shelf.clip(colours + [BLUE] * more))
        timeline = shelf.lecture(segment)
        render_mp4(timeline, tmp_path / "lecture.mp4", shelf)
        seen = pictures(tmp_path / "lecture.mp4")
        for frame, shown in (*expected[: 2 if more else 3], (len(seen) - 31, BLUE)):
            assert np.abs(colour(seen[frame]) - shown).max() < 12, (seconds, frame)


@pytest.mark.slow
def test_speech_is_heard_at_its_time_and_the_music_goes_down_for_it(shelf: Shelf, tmp_path: Path) -> None:
    segments = [shelf.segment(slot, 2.0, strategy="fixed-length", segment_length_s=6) for slot in (0, 1)]
    timeline = shelf.lecture(*segments, music=shelf.tone(20, 2000))
    render_mp4(timeline, tmp_path / "lecture.mp4", shelf)
    sound = decoded(tmp_path / "lecture.mp4")
    assert level(sound, 500, 0.3, 2.1) > 20 * level(sound, 500, 2.5, 6.0)
    assert level(sound, 501, 6.3, 8.1) > 20 * level(sound, 501, 2.5, 6.0)
    alone, under = level(sound, 2000, 3.5, 5.5), level(sound, 2000, 0.6, 2.0)
    assert 2.8 < alone / under < 3.6, "400 permille to 125"
    assert float(np.abs(sound[-RATE // 20 :]).max()) < 0.003, "the music is gone"
    assert -14.2 < loudness(sound[int(0.3 * RATE) : int(2.1 * RATE)]) < -13.8, "pauses are long: as loud as speech may be"
    assert float(np.abs(sound).max()) < 1.0


@pytest.mark.slow
def test_an_unfinished_lecture_plays_with_placeholders(shelf: Shelf, tmp_path: Path) -> None:
    segment = shelf.segment(narration=None, pictures=[shelf.picture(RED), None], segment_length_s=2)
    timeline = shelf.lecture(segment, None, music=None)
    render_mp4(timeline, tmp_path / "lecture.mp4", shelf)
    seen = pictures(tmp_path / "lecture.mp4")
    assert len(seen) == timeline["duration_in_frames"]
    assert seen[-31].std() > 10, "the placeholder has letters on it"
    assert np.abs(colour(seen[15]) - RED).max() < 8
    assert float(np.abs(decoded(tmp_path / "lecture.mp4")).max()) < 1e-3


@pytest.mark.slow
@pytest.mark.parametrize("broken", ["picture", "clip", "speech", "music"])
def test_an_invalid_medium_is_a_wrong_input_and_leaves_no_file(shelf: Shelf, tmp_path: Path, broken: str) -> None:
    none = {"sha256": shelf.bytes(b"not a medium")}
    speech = shelf.tone(1, 500, words="one two")
    segment = {
        "picture": shelf.segment(pictures=[shelf.picture(RED) | none]),
        "clip": shelf.segment(pictures=[], clip=shelf.clip([RED]) | none),
        "speech": shelf.segment(narration=speech | none),
        "music": shelf.segment(),
    }[broken]
    timeline = shelf.lecture(segment, music=shelf.tone(1, 300) | (none if broken == "music" else {}))
    with pytest.raises(WrongInputError, match=none["sha256"]):
        render_mp4(timeline, tmp_path / "lecture.mp4", shelf)
    assert list(tmp_path.iterdir()) == [shelf.root]


@pytest.mark.slow
def test_a_file_without_a_frame_or_a_sound_is_a_wrong_input(shelf: Shelf, tmp_path: Path) -> None:
    clip, tone = shelf.clip([RED]), shelf.tone(1, 300)
    with pytest.raises(WrongInputError, match="sound that cannot be read"):
        render_mp4(shelf.lecture(music=tone | {"sha256": clip["sha256"]}), tmp_path / "a.mp4", shelf)
    segment = shelf.segment(pictures=[], clip=clip | {"sha256": tone["sha256"]})
    with pytest.raises(WrongInputError, match="video that cannot be read"):
        render_mp4(shelf.lecture(segment), tmp_path / "b.mp4", shelf)
