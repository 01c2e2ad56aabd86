"""Each check of a film is provoked by a lecture that a person could make: made, rendered, and told in one line.

Two cannot be: the limiter keeps every peak below -1 dB, and pictures are divided into views that are short enough.
"""

import wave
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from lecture_assets.briefs.brief import Brief
from lecture_assets.graph.errors import WrongInputError
from lecture_assets.runner.lectures import Lectures
from lecture_assets.timeline import film_checks, film_file_checks
from lecture_assets_tests.intake import samples
from lecture_assets_tests.runner.conftest import BRIEF, LECTURE
from lecture_assets_tests.servers.homes import home_environ


def brief(**changes: Any) -> Brief:
    return Brief(**{**BRIEF.model_dump(exclude_unset=True), **changes})


NEVER = {"views_change", "film_does_not_peak"}
CLIPS = brief(use_video=True)
EMPTY: Mapping[str, Any] = {"assembly_strategy": "fixed-length", "segment_length": 20, "notes": "Rain falls.\n\nRivers run."}
SPEECH, IMAGE, CLIP = "asset:narration:segment[1]", "asset:image:segment[0]:image[0]", "asset:video:segment[1]"

Supply = Callable[[Path], Path]


def painted(colour: str) -> Supply:
    def paint(path: Path) -> Path:
        Image.new("RGB", (1280, 720), colour).save(path.with_suffix(".png"))
        return path.with_suffix(".png")

    return paint


def lettered(path: Path) -> Path:
    """A picture of 4:3 with a word at its upper edge."""
    picture = Image.new("RGB", (1280, 960), "#cfe4f2")
    ImageDraw.Draw(picture).text((640, 40), "Chloroplast", "#20303c", ImageFont.load_default(40), "mm")
    picture.save(path.with_suffix(".png"))
    return path.with_suffix(".png")


def tone(seconds: float, loudness: float = 0.2) -> Supply:
    return lambda path: samples.tone(path.with_suffix(".wav"), seconds, loudness=loudness)


def clicks(path: Path) -> Path:
    """Five seconds of clicks as loud as a file can hold: what is left of them below -1 dB is not loud."""
    at = np.arange(5 * samples.RATE)
    with wave.open(str(path.with_suffix(".wav")), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(samples.RATE)
        file.writeframes(np.where(at % (samples.RATE // 4), 0, 32_000).astype("<i2").tobytes())
    return path.with_suffix(".wav")


def still(path: Path) -> Path:
    """A clip of ten seconds in which nothing moves."""
    with av.open(str(path.with_suffix(".mp4")), "w") as sink:
        stream: Any = sink.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for _ in range(100):
            sink.mux(stream.encode(av.VideoFrame.from_ndarray(np.full((180, 320, 3), 120, np.uint8), format="rgb24")))
        sink.mux(stream.encode(None))
    return path.with_suffix(".mp4")


ROWS: dict[str, tuple[Brief, Mapping[str, Supply], str]] = {
    "length_is_as_asked": (brief(num_segments=None, duration=60), {}, "the film lasts "),
    "speech_fills_segments": (brief(**EMPTY, music_volume=100), {}, "speech fills less than 60 % of 2 segments (s00 "),
    "captions_can_be_read": (BRIEF, {SPEECH: tone(1)}, "2 captions pass faster than people read (letters a second: s01 "),
    "captions_last_long_enough": (brief(notes="Rain falls.\n\nRivers."), {SPEECH: tone(9)}, "1 caption is seen for more "),
    "clips_are_long_enough": (CLIPS, {CLIP: lambda path: samples.clip(path.with_suffix(".mp4"))}, "a clip is too short even "),
    "letters_have_fonts": (brief(notes="Rain 𒀀 falls.\n\nRivers run."), {}, "no video can be written: "),
    "recordings_are_loud_enough": (BRIEF, {SPEECH: tone(6, 0.005)}, "a recording is so quiet that noise is heard "),
    "recordings_are_not_clipped": (BRIEF, {SPEECH: tone(6, 1.4)}, "a recording is clipped, which is heard as crackling (s01 "),
    "film_does_not_freeze": (CLIPS, {CLIP: still}, "the picture stands still in s01 for "),
    "film_is_not_black": (BRIEF, {IMAGE: painted("black")}, "the picture is black in s00 for "),
    "first_frame_is_light": (BRIEF, {IMAGE: painted("#101418")}, "the first frame is dark ("),
    "words_in_pictures_are_whole": (BRIEF, {IMAGE: lettered}, "words in pictures are cut off at the edge of the film, in s00 "),
    "film_is_not_silent": (brief(**EMPTY, music_volume=0), {}, "nothing is heard in s00 for "),
    "film_is_as_loud_as_platforms_ask": (
        brief(music_volume=0),
        {SPEECH: clicks, SPEECH.replace("1", "0"): clicks},
        "the film has ",
    ),
}


def said(lectures: Lectures, folder: Path) -> list[str]:
    report = lectures.regenerate(LECTURE)
    try:
        timeline = lectures.export(LECTURE, folder / "film")
    except WrongInputError:  # letters without a font
        return report["warnings"]
    return [*report["warnings"], *lectures.film_notes(LECTURE, timeline).sentences]


@pytest.mark.slow
@pytest.mark.thorough("makes and renders a dozen films: two minutes")
@pytest.mark.parametrize("name", ROWS)
def test_a_lecture_that_people_make_provokes_it(tmp_path: Path, name: str) -> None:
    asked, supplied, begin = ROWS[name]
    with Lectures.open(home_environ(tmp_path / "home")) as lectures:
        lectures.create(asked, LECTURE)
        lectures.regenerate(LECTURE)
        for node, supply in supplied.items():
            lectures.edit(LECTURE, [f"media {node}=@{supply(tmp_path / 'own')}"])
        found = said(lectures, tmp_path)
    assert len([sentence for sentence in found if sentence.startswith(begin)]) == 1, found


def test_every_check_is_provoked_or_said_to_be_out_of_reach() -> None:
    rules: dict[str, Any] = {**film_checks.RULES, **film_file_checks.RULES}
    assert rules.keys() == ROWS.keys() | NEVER | {"music_is_audible", "pictures_have_alt_texts"}
