"""The files of a new Dagster instance, made once a process: Dagster reads all of its migrations for each. Checks nothing."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from dagster import DagsterInstance


def put_files(root: Path) -> None:
    """Into the folder of an instance to be, unless it has some."""
    if not (root / "history").exists():
        shutil.copytree(_made(), root, dirs_exist_ok=True)


@cache
def _made() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="lectures-instance-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with DagsterInstance.local_temp(str(folder), {"telemetry": {"enabled": False}}) as instance:
        instance.get_runs()  # the storages are made when they are asked
    return folder
