"""Memory and processor time of writing films of 1, 10 and 60 minutes, each in a process of its own (Linux).

The media are cheap and repeated, and the pictures stand still: what is measured is what grows with length. The hour is written
with `LECTURES_THOROUGH=1`.
"""

import json
import subprocess
import sys

from rich.table import Table

from lecture_assets_tests.project import ROOT, THOROUGH

_PROGRAM = """
import json, re, sys, tempfile, time
from pathlib import Path
import numpy as np
from lecture_assets.render.mp4 import render_mp4
from lecture_assets.render.sound_file import write_sound
from lecture_assets_tests.render.samples import Shelf

what, minutes = sys.argv[1], int(sys.argv[2])
with tempfile.TemporaryDirectory() as folder:
    shelf, size = Shelf(Path(folder) / "media"), (1280, 720)
    rng, tones = np.random.default_rng(1), [(200, 40, 40), (40, 160, 60)]
    voices = [shelf.sound(rng.standard_normal(18 * 24_000) * 0.05, 24_000, "word " * 50) for _ in range(2)]
    song = shelf.sound(rng.standard_normal((min(minutes * 60, 600) * 48_000, 2)) * 0.1, 48_000)
    segments = {}
    for slot in range(minutes * 3):
        picture = shelf.picture(tones[slot % 2], size)
        segments[slot] = shelf.segment(slot % 99, narration=voices[slot % 2], pictures=[picture], size=size)
    timeline = shelf.lecture(*segments.values(), music=song, size=size)
    Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here on, without what making the media took
    before = time.process_time()
    if what == "sound":
        write_sound(timeline, Path(folder) / "sound.m4a", shelf)
    else:
        render_mp4(timeline, Path(folder) / "film.mp4", shelf)
    peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]
    print(json.dumps([timeline["duration_in_frames"] / 30, int(peak) // 1024, time.process_time() - before]))
"""


def table() -> Table:
    """Peak of resident memory (VmHWM) and processor seconds: of the sound alone, and of the whole film at 720p."""
    report = Table("minutes", "what", "seconds of film", "peak MB", "limit MB", "CPU s", title="Writing films")
    for minutes in (1, 10, 60) if THOROUGH else (1, 10):
        for what in ("sound", "film"):
            asked = [sys.executable, "-c", _PROGRAM, what, str(minutes)]
            said = subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True).stdout
            seconds, peak, cpu = json.loads(said)
            report.add_row(str(minutes), what, f"{seconds:.0f}", str(peak), "400", f"{cpu:.1f}")
    return report
