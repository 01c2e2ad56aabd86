"""Films as people make them, and what is wrong with each: `lectures make` in a process of its own, then `film_probe` (Linux).

Whoever changes a film looks at these. The longest ones, variants and other languages come with `LECTURES_THOROUGH=1`.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.table import Table

from lecture_assets_tests.bench.film_briefs import LANGUAGES, VARIANTS
from lecture_assets_tests.bench.film_probe import probe
from lecture_assets_tests.project import ROOT, THOROUGH

_MOST_MB = 400
_EXAMPLES = ("photosynthesis", "tcp-handshake", "water-cycle-video")
_HALF = {"LECTURES_SIM_FAULTS": "speech:400*2,image:400*3,music:400"}
_HILLS = "\n\n".join(f"  Water falls on the hill number {hill}, and it runs on." for hill in range(1, 41))
_RIVER = "\n\n".join(
    f"  The river of valley {valley} carries sand and gravel from the hills to the wide plain, where both settle slowly. "
    f"In spring it carries {valley} times as much, and the clay goes on to the sea, where it sinks to the bottom."
    for valley in range(1, 40)
)
_LONG = {
    "40 segments": f"title: Forty hills\nnum_segments: 40\nsegment_length: 4\nnotes: |\n{_HILLS}\n",
    "ten minutes": f"title: The river\nsegment_length: 15\nimage_style: flat\nnotes: |\n{_RIVER}\n",
}


def table() -> Table:
    """One film a row. MB is the most that `make`, or the process that renders, held at once; again: files written once more."""
    found = Table("film", "s", "LUFS", "dBTP", "cues s", "columns", "tracks", "chapters", "MB", "again", "wrong", title="Films")
    for name, brief, edits, environ in _films():
        with tempfile.TemporaryDirectory() as folder:
            found.add_row(name, *_row(Path(folder), brief, edits, environ))
    return found


def _films() -> Iterator[tuple[str, str, Sequence[str], dict[str, str]]]:
    """Yield (name, brief or name of an example, edits, environment)."""
    for name in _EXAMPLES if THOROUGH else _EXAMPLES[:1]:
        yield name, name, (), {}
    for name, brief in LANGUAGES.items() if THOROUGH else [("arabic", LANGUAGES["arabic"])]:
        yield name, brief, (), {}
    yield "half-made", LANGUAGES["upright"], (), _HALF
    if THOROUGH:
        for name, edits in VARIANTS.items():
            yield name, _EXAMPLES[0], edits, {}
        for name, brief in _LONG.items():
            yield name, brief, (), {}


def _row(folder: Path, brief: str, edits: Sequence[str], environ: dict[str, str]) -> list[str]:
    out, example = folder / "out", brief in _EXAMPLES
    written = folder / "brief.yaml"
    written.write_text((ROOT / "lecture_assets" / "examples" / f"{brief}.yaml").read_text("utf-8") if example else brief, "utf-8")
    with written.open("a", encoding="utf-8") as file:
        file.writelines(f"\n{key}: {int(value) if value.isdigit() else json.dumps(value)}" for key, value in map(_setting, edits))
    environ = {**os.environ, "LECTURES_HOME": str(folder / "home"), "LECTURES_PROVIDERS": "simulated", **environ}
    most_kb = _make(written, out, environ)
    before = _states(out)
    _make(written, out, environ)
    again = [name for name, state in _states(out).items() if before.get(name) != state]
    seen = probe(out)
    wrong = [*seen.faults(), *([f"{most_kb // 1024} MB"] if most_kb // 1024 > _MOST_MB else [])]
    return [
        f"{seen.seconds:.1f}",
        f"{seen.loudness:.1f}",
        f"{seen.peak:.2f}",
        f"{seen.cue_s[0]:.2f}-{seen.cue_s[1]:.2f}",
        str(seen.columns),
        " ".join(seen.tracks),
        str(seen.chapters),
        str(most_kb // 1024),
        str(len(again)),
        "; ".join(wrong) or "nothing",
    ]


def _setting(edit: str) -> tuple[str, str]:
    key, _, value = edit.partition("=")
    return key, value


def _make(brief: Path, out: Path, environ: dict[str, str]) -> int:
    """Run `lectures make`, and return the peak of its resident memory, or of the largest process that it waited for, in KiB."""
    command = [sys.executable, "-m", "lecture_assets.cli", "make", str(brief), "--id", "film", "--out", str(out)]
    with subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        said = process.stderr.read() if process.stderr else ""
        _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 1}:  # 1: parts are missing
        message = f"lectures make ended with {process.returncode}: {said[-1000:]}"
        raise RuntimeError(message)
    return used.ru_maxrss


def _states(out: Path) -> dict[str, tuple[int, int]]:
    found = {str(path.relative_to(out)): path.stat() for path in out.rglob("*") if path.is_file()}
    return {name: (stat.st_ino, stat.st_mtime_ns) for name, stat in found.items()}
