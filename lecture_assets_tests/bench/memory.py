"""Peak memory of a full run of the largest lecture, 99 segments × 4 images, in a process of its own."""

import json
import subprocess
import sys

from rich.table import Table

_PROGRAM = """
import json, resource
from lecture_assets_tests.bench.house import brief, open_house
with open_house() as house:
    house.create(brief(99, 4), "large")
    report = house.regenerate("large")
own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
worker = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([len(report["made"]), sum(report["calls"].values()), report["seconds"], own // 1024, worker // 1024]))
"""


def table() -> Table:
    """Megabytes of resident memory at the peak (`ru_maxrss`, on Linux)."""
    report = Table("99 × 4", "nodes made", "calls", "seconds", "peak MB", "largest worker MB", "limit MB", title="Memory")
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True)
    report.add_row("a full run", *(str(figure) for figure in json.loads(done.stdout)), "300")
    return report
