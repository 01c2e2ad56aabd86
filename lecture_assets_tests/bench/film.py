"""What writing a film costs in CPU time, of this process and of those that render: the first time, after an edit, unchanged."""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from rich.table import Table

from lecture_assets.runner.lectures import Lectures
from lecture_assets_tests.bench.lectures import brief, open_lectures

_SEGMENTS, _FEW = 30, 4
_TEXT = "text content:narration-text:segment[14]=Here the water of the lake is measured {}, and then it goes on to the city."
_OWN = "media asset:narration:segment[14]=@{}"


def table() -> Table:
    """CPU seconds and their ratio to the first writing.

    One caption changed (the recording is a person's own): at most 10 %; nothing changed: at most 1 %. A narration that is spoken
    anew moves all that is heard after it, so the sound is encoded again, which is about a sixth of the whole.
    """
    found = Table("30 segments", "CPU s", "of the first", "at most", title="Film")
    with open_lectures() as lectures, tempfile.TemporaryDirectory() as folder:
        lectures.create(brief(_SEGMENTS, 1), "city")
        lectures.regenerate("city")
        whole = _cpu_s(lambda: lectures.export("city", Path(folder) / "out"))
        found.add_row("first", f"{whole:.1f}", "", "")
        out = Path(folder) / "out"
        own = Path(folder) / "own.wav"
        shutil.copyfile(out / "media" / "s14-narration.wav", own)
        lectures.edit("city", [_OWN.format(own)])
        lectures.regenerate("city")
        lectures.export("city", out)
        for name, edit, most in (
            ("one caption changed", _TEXT.format("twice"), "10 %"),
            ("nothing changed", None, "1 %"),
            ("one narration changed", "unpin asset:narration:segment[14]", ""),
        ):
            if edit:
                lectures.edit("city", [edit])
                lectures.regenerate("city")
            taken = _cpu_s(lambda: lectures.export("city", out))
            found.add_row(name, f"{taken:.2f}", f"{taken / whole:.1%}", most)
        _add_resolutions(found, lectures, Path(folder))
    return found


def _add_resolutions(found: Table, lectures: Lectures, folder: Path) -> None:
    """Add the same film at 720p and at 1080p, which has 2.25 times the pixels."""
    lectures.create(brief(_FEW, 1), "part")
    lectures.regenerate("part")
    usual = _cpu_s(lambda: lectures.export("part", folder / "part"))
    lectures.edit("part", ["set resolution=1080p"])
    lectures.regenerate("part")
    large = _cpu_s(lambda: lectures.export("part", folder / "part"))
    found.add_row(f"{_FEW} segments, 720p", f"{usual:.1f}", "", "")
    found.add_row(f"{_FEW} segments, 1080p", f"{large:.1f}", f"{large / usual:.2f} × 720p", "2.4 ×")


def _cpu_s(work: Callable[[], object]) -> float:
    """CPU seconds of this process and of the processes that it started and that ended."""
    before = os.times()
    work()
    after = os.times()
    return sum(after[:4]) - sum(before[:4])
