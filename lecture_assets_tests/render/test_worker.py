"""The process that renders fails in a sentence and leaves no file; `test_timeline_routes.py` has what it makes."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.render.worker import FAILED
from lecture_assets.timeline.lost_media import media_of
from lecture_assets_tests.render.samples import RED, Shelf

pytestmark = pytest.mark.slow


def asked(form: str, timeline: dict[str, Any], shelf: Shelf, out: Path) -> "subprocess.Popen[str]":
    """A process that has been told what to render; it ends when its stdin does."""
    out.parent.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "lecture_assets.render.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    media = {sha256: str(shelf(sha256)) for sha256 in media_of(timeline)}
    assert process.stdin is not None
    process.stdin.write(json.dumps({"form": form, "timeline": timeline, "media": media, "out": str(out)}) + "\n")
    process.stdin.flush()
    return process


def test_a_medium_that_cannot_be_read_is_one_sentence_and_leaves_no_file(shelf: Shelf, tmp_path: Path) -> None:
    broken = shelf.segment(pictures=[shelf.picture(RED) | {"sha256": shelf.bytes(b"no picture")}])
    with asked("film", shelf.lecture(broken), shelf, tmp_path / "out" / "a.mp4") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read().splitlines()[-1].count("a picture that cannot be read") == 1
        assert process.stderr.read() == ""
    assert process.returncode == FAILED
    assert list((tmp_path / "out").iterdir()) == []


def test_it_ends_with_who_asked_and_leaves_no_file(shelf: Shelf, tmp_path: Path) -> None:
    speech = shelf.tone(40, 500, words="Leaves catch the light.")
    with asked("film", shelf.lecture(shelf.segment(narration=speech)), shelf, tmp_path / "out" / "a.mp4") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "0.000\n"
        process.stdin.close()
        assert "1.000" not in process.stdout.read()
        assert process.stderr.read() == ""
    assert process.returncode == 1
    assert list((tmp_path / "out").iterdir()) == []
