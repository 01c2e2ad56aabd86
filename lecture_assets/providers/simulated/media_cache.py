"""Media that the simulated vendor made earlier, in the folder that LECTURES_SIM_KEPT names.

For tests, which make the same lecture over and over: a medium depends only on its call, so a cached one equals the one that would
be made. The variable applies to a process, not to a home, and nothing is ever deleted from the folder.
"""

import hashlib
import json
import os
import shutil
import uuid
from pathlib import Path
from typing import Any

KEPT = "LECTURES_SIM_KEPT"


def take(job: dict[str, Any]) -> dict[str, Any] | None:
    """Copy a cached medium to the job's `out` and return its details; None if there is none, or no folder."""
    kept = _name(job)
    if kept is None or not (details := kept.with_suffix(".json")).exists():
        return None
    shutil.copyfile(kept, job["out"])
    found: dict[str, Any] = json.loads(details.read_text())
    return found


def keep(job: dict[str, Any], details: dict[str, Any]) -> None:
    """Cache the medium that a job made, if there is a folder. The details are written last: they mark it as complete."""
    kept = _name(job)
    if kept is None:
        return
    kept.parent.mkdir(parents=True, exist_ok=True)
    written = kept.with_name(uuid.uuid4().hex)
    shutil.copyfile(job["out"], written)
    written.replace(kept)
    written.write_text(json.dumps(details))
    written.replace(kept.with_suffix(".json"))


def _name(job: dict[str, Any]) -> Path | None:
    folder = os.environ.get(KEPT)
    if not folder:
        return None
    asked = json.dumps([job["role"], job["key"], job["request"]], sort_keys=True)
    return Path(folder) / hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()
