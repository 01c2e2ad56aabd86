"""A home whose lecture was made by a run, copied for each test that changes it; and the results of its checks in Dagster."""

import atexit
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from dagster import AssetCheckEvaluation, AssetCheckKey, DagsterInstance, ExecuteInProcessResult

from lecture_assets.definitions import defs
from lecture_assets.defs.check_evaluations import CHECKED, CHECKS
from lecture_assets_tests.defs.dagster_home import LECTURE, DagsterHome, brief, open_dagster_home
from lecture_assets_tests.servers.homes import copy_home


@cache
def made_home() -> Path:
    """The home of a lecture that a run made: once per process."""
    folder = Path(tempfile.mkdtemp(prefix="lectures-checked-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with open_dagster_home(folder / "home", brief(1, segment_length=18)) as dagster_home:
        assert dagster_home.run().success
    return folder / "home"


@contextmanager
def open_checked_home(folder: Path) -> Iterator[DagsterHome]:
    """Open a copy of it in another folder."""
    copy_home(made_home(), folder / "home")
    with open_dagster_home(folder / "home", None) as dagster_home:
        yield dagster_home


def execute(home: DagsterHome, checks: Collection[str] = tuple(CHECKS), lecture: str | None = LECTURE) -> ExecuteInProcessResult:
    """Execute checks without their asset, as the UI, `launchRun` and `dg launch` do."""
    selected = {AssetCheckKey(CHECKED, name) for name in checks}
    job = defs.resolve_implicit_global_asset_job_def().get_subset(asset_selection=set(), asset_check_selection=selected)
    tags = {} if lecture is None else {"dagster/partition": lecture}
    return job.execute_in_process(instance=home.instance, tags=tags, raise_on_error=False)


def results(instance: DagsterInstance, lecture: str = LECTURE, run_id: str | None = None) -> dict[str, AssetCheckEvaluation]:
    """The newest result of each check of a lecture that has one, or the only one of a run."""
    found = {}
    for name in CHECKS:
        records = instance.event_log_storage.get_asset_check_execution_history(AssetCheckKey(CHECKED, name), 50)
        own = [one for one in records if one.partition == lecture and run_id in {None, one.run_id}]
        assert run_id is None or len(own) <= 1
        evaluated = [one.evaluation for one in own if isinstance(one.evaluation, AssetCheckEvaluation)]
        found.update({name: evaluated[0]} if evaluated else {})
    return found


def failing(evaluations: dict[str, AssetCheckEvaluation]) -> dict[str, str | None]:
    """What is said of the checks that fail."""
    return {name: one.description for name, one in evaluations.items() if not one.passed}
