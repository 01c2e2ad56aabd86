from pathlib import Path
from typing import Any

import av
import pytest

from lecture_assets.render.language_code import language_code
from lecture_assets.render.mp4 import render_mp4
from lecture_assets_tests.render.samples import Shelf


def film(shelf: Shelf, out: Path, **more: str) -> Any:
    segments = [shelf.segment(slot, 0.6, pictures=[shelf.picture((200, 90, 40))], strategy="narration-led") for slot in (0, 1)]
    render_mp4({**shelf.lecture(*segments, title="ضوء"), **more}, out, shelf)
    return av.open(str(out))


@pytest.mark.slow
def test_a_film_says_its_title_what_it_is_about_its_language_and_its_chapters(shelf: Shelf, tmp_path: Path) -> None:
    with film(shelf, tmp_path / "lecture.mp4", language="ar-EG", description="About light.") as found:
        assert (found.metadata["title"], found.metadata["description"]) == ("ضوء", "About light.")
        assert [stream.metadata["language"] for stream in found.streams] == ["ara", "ara", "ara"]
        assert [stream.type for stream in found.streams] == ["video", "audio", "data"], "the last one has the chapters' names"
        chapters = found.chapters()
        assert [chapter["metadata"]["title"] for chapter in chapters] == ["ضوء", "Leaves catch the light."]
        assert chapters[0]["end"] == chapters[1]["start"]


@pytest.mark.slow
def test_a_film_without_a_language_says_so(shelf: Shelf, tmp_path: Path) -> None:
    with film(shelf, tmp_path / "lecture.mp4", language="") as found:
        assert {stream.metadata["language"] for stream in found.streams} == {"und"}


@pytest.mark.parametrize(("tag", "code"), [("de", "deu"), ("pt-BR", "por"), ("zh-Hant", "zho"), ("yue", "yue"), ("", "und")])
def test_a_language_has_three_letters(tag: str, code: str) -> None:
    assert language_code(tag) == code
