"""The files of a new Dagster instance, made once per process: for each instance, Dagster would read all of its migrations."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from dagster import DagsterInstance


def put_files(root: Path) -> None:
    """Copy them into the folder of a future instance, unless it has files already."""
    if not (root / "history").exists():
        shutil.copytree(_made(), root, dirs_exist_ok=True)


@cache
def _made() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="lectures-instance-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with DagsterInstance.local_temp(str(folder), {"telemetry": {"enabled": False}}) as instance:
        instance.get_runs()  # the storages are made when they are asked
    return folder
