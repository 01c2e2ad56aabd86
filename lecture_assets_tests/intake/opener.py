"""Inspect each hostile file in a separate process and report the outcome: `python -m … FOLDER`, one line of JSON each.

Each inspection is a fork with the usual limits: memory beyond what is loaded, and CPU time.
"""

import json
import os
import re
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from lecture_assets.graph.kind import Holds
from lecture_assets.intake.own_medium import job_of
from lecture_assets.intake.sandboxed import SORTS, do_job, limit
from lecture_assets.intake.unfit import UnfitMediumError
from lecture_assets_tests.intake.hostile import COSTLY, HOSTILE, SECRET, Writer

_TOLD = frozenset({"open", "socket.connect", "subprocess.Popen"})
FILES: Mapping[str, tuple[Holds, Writer]] = {**HOSTILE, **COSTLY}


def _memory(name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+)", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) * 1024


def _take(holds: Holds, path: Path, folder: Path) -> dict[str, Any]:
    """The outcome of an inspection, what it used, and whether it opened the secret file."""
    opened: list[str] = []
    sys.addaudithook(lambda event, facts: opened.append(str(facts[0])) if event in _TOLD else None)
    Path("/proc/self/clear_refs").write_text("5")  # the highest mark is now
    before, began = _memory("VmRSS"), time.process_time()
    try:
        job = job_of(path, holds, folder)
        limit(SORTS[job["sort"]])
        answer = do_job(job)
    except UnfitMediumError as error:
        answer = {"unfit": str(error)}
    took = {"seconds": time.process_time() - began, "bytes": _memory("VmHWM") - before}
    return {"said": answer.get("unfit"), **took, "opened": SECRET in opened}


def _write(write: Writer, path: Path) -> int:
    return path.write_bytes(write(path.parent))


def _apart(do: Callable[[], object]) -> Any:
    """Run in a fork, so that what it used is released."""
    here, there = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(there, json.dumps(do()).encode())
        finally:
            os._exit(0)
    os.close(there)
    with os.fdopen(here, "rb") as file:
        told = file.read()
    os.waitpid(child, 0)
    return json.loads(told)


def main(folder: Path, names: list[str]) -> None:
    """All of them, or those that are named."""
    for name, (holds, write) in FILES.items():
        if names and name not in names:
            continue
        (folder / "out").mkdir()
        path = folder / "delivered"
        _apart(partial(_write, write, path))
        outcome = _apart(partial(_take, holds, path, folder / "out"))
        for file in (path, *(folder / "out").iterdir()):
            file.unlink(missing_ok=True)
        (folder / "out").rmdir()
        left = [file.name for file in folder.iterdir()]
        sys.stdout.write(json.dumps({"name": name, **outcome, "left": left}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
