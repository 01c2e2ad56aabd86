"""The process that renders fails in a sentence and leaves no file; `test_timeline_routes.py` has what it makes."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from lecture_assets.render.worker import FAILED
from lecture_assets.timeline.lost_media import media_of
from lecture_assets_tests.render.samples import RED, Shelf


def render(form: str, timeline: dict[str, Any], shelf: Shelf, out: Path) -> "subprocess.CompletedProcess[str]":
    media = {sha256: str(shelf(sha256)) for sha256 in media_of(timeline)}
    asked = json.dumps({"form": form, "timeline": timeline, "media": media, "out": str(out)})
    command = [sys.executable, "-m", "lecture_assets.render.worker"]
    return subprocess.run(command, input=asked, capture_output=True, text=True, check=False)


def test_a_medium_that_cannot_be_read_is_one_sentence_and_leaves_no_file(shelf: Shelf, tmp_path: Path) -> None:
    broken = shelf.segment(pictures=[shelf.picture(RED) | {"sha256": shelf.bytes(b"no picture")}])
    (tmp_path / "out").mkdir()
    done = render("film", shelf.lecture(broken), shelf, tmp_path / "out" / "a.mp4")
    assert done.returncode == FAILED
    assert done.stdout.splitlines()[-1].count("a picture that cannot be read") == 1
    assert done.stderr == ""
    assert list((tmp_path / "out").iterdir()) == []
