"""Several processes add the partitions of lectures at once: two sensors, a run and `doctor --repair`."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest
from dagster import DagsterInstance

from lecture_assets.defs.keys import LECTURE, add_lectures

pytestmark = pytest.mark.slow
_ADDERS, _LECTURES = 4, 50
_SETTINGS = {"telemetry": {"enabled": False}}


def _add(folder: str, start: Barrier) -> None:
    with DagsterInstance.local_temp(folder, _SETTINGS) as instance:  # of its own, as each process has one
        for number in range(_LECTURES):
            start.wait()
            add_lectures(instance, [f"lecture-{number}", f"other-{number}"])


def test_lectures_are_added_by_several_at_once(tmp_path: Path) -> None:
    with DagsterInstance.local_temp(str(tmp_path), _SETTINGS) as instance, ThreadPoolExecutor(_ADDERS) as threads:
        list(threads.map(partial(_add, start=Barrier(_ADDERS, timeout=30)), [str(tmp_path)] * _ADDERS))
        assert len(instance.get_dynamic_partitions(LECTURE)) == 2 * _LECTURES
