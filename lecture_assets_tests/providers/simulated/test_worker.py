"""One job of a worker: a failure is part of the answer, and says whether the vendor or the machine was at fault."""

from pathlib import Path
from typing import Any

from lecture_assets.providers.simulated.worker import do


def picture(out: Path, width: int = 320) -> dict[str, Any]:
    request = {"prompt": "A leaf in the sun.", "width": width, "height": 180}
    return {"role": "image", "key": "a" * 64, "request": request, "files": {}, "out": str(out)}


def test_a_picture_is_returned_with_its_size(tmp_path: Path) -> None:
    assert do(picture(tmp_path / "leaf.png")) == {"details": {"width": 320, "height": 180}}


def test_a_file_that_cannot_be_written_can_be_collected_again(tmp_path: Path) -> None:
    error = do(picture(tmp_path / "nowhere" / "leaf.png"))["error"]
    assert (error["kind"], error["code"]) == ("retryable", "no-room")
    assert "free some space, then run it again" in error["message"]


def test_an_impossible_job_is_not_retried_and_leaves_no_file(tmp_path: Path) -> None:
    out = tmp_path / "leaf.png"
    assert do(picture(out, width=-5))["error"]["kind"] == "not-retryable"
    assert not out.exists()
