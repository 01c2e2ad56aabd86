"""Media that the simulated vendor made before, in the folder that LECTURES_SIM_KEPT names.

For tests, which make the same lecture again and again: a medium is a function of its call, so one that is taken from there is the
one that would be made. The variable is the process's, not a home's, and nothing is ever deleted in the folder.
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
    """The details of a kept medium, whose bytes are in the job's `out` then; None where there is none, or no folder."""
    kept = _name(job)
    if kept is None or not (details := kept.with_suffix(".json")).exists():
        return None
    shutil.copyfile(kept, job["out"])
    found: dict[str, Any] = json.loads(details.read_text())
    return found


def keep(job: dict[str, Any], details: dict[str, Any]) -> None:
    """Keep the medium that a job made, where there is a folder. The details come last: with them it is whole."""
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
