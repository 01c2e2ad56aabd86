"""Peak memory of a full run of the largest lecture, 99 segments × 4 images, in a process of its own (Linux)."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.table import Table

from lecture_assets_tests.project import ROOT

_PROGRAM = """
import json
from lecture_assets_tests.bench.lectures import brief, open_lectures
with open_lectures() as lectures:
    lectures.create(brief(99, 4), "large")
    report = lectures.regenerate("large")
own = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(json.dumps([len(report["made"]), sum(report["calls"].values()), report["seconds"], own // 1024]))
"""
_LOOK_S = 0.1


def table() -> Table:
    """Megabytes at the peak: of the process that runs, and of it with the simulated vendor's workers (PSS)."""
    columns = ("nodes made", "calls", "seconds", "peak MB", "with workers MB", "limit MB")
    report = Table("99 × 4", *columns, title="Memory")
    process = subprocess.Popen([sys.executable, "-c", _PROGRAM], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    together, out = 0, None
    while out is None:
        try:
            out, _ = process.communicate(timeout=_LOOK_S)
        except subprocess.TimeoutExpired:
            together = max(together, sum(pss_kb(pid) for pid in tree(process.pid)))
    report.add_row("a full run", *(str(figure) for figure in json.loads(out)), str(together // 1024), "300")
    return report


def tree(pid: int) -> Iterator[int]:
    """A process and all that it started."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return
    for child in children:
        yield from tree(int(child))


def pss_kb(pid: int) -> int:
    """Resident memory with what is shared counted in parts, 0 for a process that is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
