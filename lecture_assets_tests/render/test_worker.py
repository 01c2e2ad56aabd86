"""The process that renders fails in a sentence and goes on; it leaves no file, and ends with whoever asked."""

import threading
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.ports import RenderForm, RenderRequest
from lecture_assets.render.process import RenderError, RenderProcess
from lecture_assets.timeline.lost_media import media_of
from lecture_assets.timeline.segment_frames import segment_frames
from lecture_assets_tests.render.samples import RED, Shelf

pytestmark = pytest.mark.slow


def media(timeline: dict[str, Any], shelf: Shelf) -> dict[str, Path]:
    return {sha256: shelf(sha256) for sha256 in media_of(timeline)}


def test_a_failure_is_one_sentence_and_the_next_rendering_is_made_by_the_same_process(shelf: Shelf, tmp_path: Path) -> None:
    broken = shelf.lecture(shelf.segment(pictures=[shelf.picture(RED) | {"sha256": shelf.bytes(b"no picture")}]))
    process, out = RenderProcess(), tmp_path / "out" / "a.mp4"
    out.parent.mkdir()
    shares: list[float] = []
    with pytest.raises(RenderError, match="a picture that cannot be read"):
        process.render(RenderRequest(RenderForm.FILM, broken), out, media(broken, shelf), shares.append)
    assert list(out.parent.iterdir()) == []
    whole = shelf.lecture(shelf.segment(seconds=0.5))
    frames = segment_frames(whole, "s00")
    process.render(RenderRequest(RenderForm.CLIP, frames), out, media(whole, shelf), shares.append)
    process.close()
    assert out.stat().st_size > 0
    assert shares[-1] == 1.0


def test_a_rendering_that_is_killed_says_so_and_leaves_no_file(shelf: Shelf, tmp_path: Path) -> None:
    speech = shelf.tone(40, 500, words="Leaves catch the light.")
    timeline = shelf.lecture(shelf.segment(narration=speech))
    process, out = RenderProcess(), tmp_path / "out" / "a.mp4"
    out.parent.mkdir()
    begun = threading.Event()

    def kill() -> None:
        begun.wait()
        process.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(RenderError, match="its process ended"):
        process.render(RenderRequest(RenderForm.FILM, timeline), out, media(timeline, shelf), lambda _share: begun.set())
    killer.join()
    assert not out.exists()
