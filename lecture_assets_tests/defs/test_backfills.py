"""Backfills, carried out as Dagster's daemon does but without its pauses of 30 s, end green and buy nothing twice."""

import asyncio
import logging
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from dagster import AssetKey, DagsterEventType, DagsterRun, DagsterRunStatus, RunsFilter, partition_loading_context
from dagster._cli.asset import asset_materialize_command
from dagster._core.execution.asset_backfill import AssetBackfillData, execute_asset_backfill_iteration
from dagster._core.execution.backfill import BulkActionStatus, PartitionBackfill
from dagster._core.remote_origin import InProcessCodeLocationOrigin
from dagster._core.storage.tags import BACKFILL_ID_TAG
from dagster._core.test_utils import create_test_daemon_workspace_context
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import InProcessWorkspaceLoadTarget

from lecture_assets.defs.host.launcher import ForkingRunLauncher
from lecture_assets.defs.keys import asset_key
from lecture_assets.defs.run_log import CALLS, SPENT, WORKSPACE
from lecture_assets.graph.kind import Per
from lecture_assets.graph.lecture import KINDS
from lecture_assets_tests.defs.dagster_home import LECTURE, DagsterHome, brief, open_dagster_home
from lecture_assets_tests.project import THOROUGH

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # Dagster uses what it calls deprecated
]
ALL = [asset_key(kind) for kind in KINDS.values() if not kind.is_input and (THOROUGH or kind.per is not Per.IMAGE)]
"""What a backfill of a lecture is of. It takes a second for 150 partitions; the images alone have 396 a kind."""
IMAGE = AssetKey(["asset", "image"])
PROMPT = AssetKey(["content", "image_prompt"])
IMAGES = [f"{LECTURE}|s0{slot}.i{image}" for slot in range(2) for image in range(2)]
GREEN = BulkActionStatus.COMPLETED_SUCCESS
_PATIENCE_S = 90.0


@dataclass
class Ended:
    """A backfill that has ended. failures: what Dagster says of runs that were no success."""

    status: BulkActionStatus
    data: AssetBackfillData
    runs: Sequence[DagsterRun]
    failures: Sequence[str]

    @property
    def numbers(self) -> tuple[int, int]:
        """The partitions that were asked for, and those that Dagster counts as materialized."""
        subsets = (self.data.target_subset, self.data.materialized_subset)
        asked, made = (subset.num_partitions_and_non_partitioned_assets for subset in subsets)
        return asked, made

    def spent(self) -> float:
        return sum(float(run.tags[SPENT]) for run in self.runs)

    def calls(self) -> int:
        return sum(int(run.tags[CALLS]) for run in self.runs)


@dataclass
class Backfills:
    """A home whose backfills can be carried out."""

    home: DagsterHome
    workspace: WorkspaceProcessContext

    def run(self, name: str, assets: Sequence[AssetKey], partitions: Sequence[str]) -> Ended:
        """Start a backfill as the UI does, and carry it out to its end."""
        instance, graph = self.home.instance, self.workspace.create_request_context().asset_graph
        started = PartitionBackfill.from_asset_partitions(
            backfill_id=name,
            asset_graph=graph,
            partition_names=partitions,
            asset_selection=assets,
            backfill_timestamp=time.time(),
            tags={},
            dynamic_partitions_store=instance,
            all_partitions=False,
            title=None,
            description=None,
            run_config=None,
        )
        instance.add_backfill(started)
        found = RunsFilter(tags={BACKFILL_ID_TAG: name})
        while (backfill := self._backfill(name)).status is BulkActionStatus.REQUESTED:
            log = logging.getLogger("backfill")
            with partition_loading_context(dynamic_partitions_store=instance):
                asyncio.run(execute_asset_backfill_iteration(backfill, log, self.workspace, instance))
            until(lambda: all(run.is_finished for run in instance.get_runs(found)))
        runs = instance.get_runs(found)
        broken = [run for run in runs if run.status is not DagsterRunStatus.SUCCESS]
        failures = [entry.message for run in broken for entry in instance.all_logs(run.run_id)]
        return Ended(backfill.status, backfill.get_asset_backfill_data(graph), runs, failures)

    def _backfill(self, name: str) -> PartitionBackfill:
        backfill = self.home.instance.get_backfill(name)
        assert backfill is not None
        return backfill


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "a run did not end"
        time.sleep(0.05)


@contextmanager
def open_backfills(folder: Path, **variables: str) -> Iterator[Backfills]:
    """A home with a lecture of two segments of two images, none of them made."""
    origin = LoadableTargetOrigin(executable_path=sys.executable, module_name="lecture_assets.definitions")
    target = InProcessWorkspaceLoadTarget(InProcessCodeLocationOrigin(origin, location_name="lecture_assets"))
    with (
        open_dagster_home(folder / "home", brief(2, 2), variables) as home,
        create_test_daemon_workspace_context(target, home.instance) as workspace,
    ):
        launcher = home.instance.run_launcher
        assert isinstance(launcher, ForkingRunLauncher)
        try:
            yield Backfills(home, workspace)
        finally:
            launcher.kill_all()
            launcher.server_in(home.instance.get_ref()).end()


@pytest.fixture(scope="module")
def backfills(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backfills]:
    with open_backfills(tmp_path_factory.mktemp("backfills")) as opened:
        yield opened


def materializations(backfills: Backfills, runs: Sequence[DagsterRun]) -> Counter[tuple[Any, Any]]:
    """How often each partition was materialized by these runs."""
    kind = {DagsterEventType.ASSET_MATERIALIZATION}
    entries = [entry for run in runs for entry in backfills.home.instance.all_logs(run.run_id, kind)]
    events = [entry.dagster_event for entry in entries if entry.dagster_event]
    return Counter((event.asset_key, event.partition) for event in events)


@pytest.mark.thorough("another lecture made by runs")
def test_a_selection_makes_what_is_missing_in_its_first_run(backfills: Backfills) -> None:
    ended = backfills.run("missing", [IMAGE], IMAGES)
    assert (ended.failures, ended.status, ended.numbers) == ([], GREEN, (4, 4))
    calls = sorted(int(run.tags[CALLS]) for run in ended.runs)  # a run a segment; script, 4 prompts, 4 images
    assert calls in ([0, 9], [4, 5])  # the run that was created first makes all, unless the other one has the lecture by then
    assert backfills.home.disagreements() == []


@pytest.mark.thorough("400 cells")
def test_all_of_a_lecture_that_is_half_made_is_made_and_what_it_has_not_does_not_stay_red(backfills: Backfills) -> None:
    ended = backfills.run("all", ALL, [LECTURE])
    asked, made = ended.numbers
    assert (ended.failures, ended.status, made) == ([], GREEN, asked)
    assert asked > (2_000 if THOROUGH else 400)  # 99 segments of 4 images, of which the lecture has two of two
    status: Any = backfills.home.lectures.status(LECTURE)
    assert {node["status"] for node in status["nodes"]} == {"fresh"}
    backfills.home.publish()
    assert backfills.home.disagreements() == []


def test_what_is_fresh_counts_and_costs_nothing(backfills: Backfills) -> None:
    backfills.home.lectures.regenerate(LECTURE)
    backfills.home.publish()
    ended = backfills.run("fresh", [IMAGE], IMAGES)
    assert (ended.failures, ended.status, ended.numbers, ended.calls(), ended.spent()) == ([], GREEN, (4, 4), 0, 0.0)
    assert set(materializations(backfills, ended.runs).values()) == {1}
    assert {run.tags[WORKSPACE] for run in ended.runs} == {backfills.home.lectures.context.workspace}
    assert backfills.home.disagreements() == []


def test_what_is_stale_is_bought_once(backfills: Backfills) -> None:
    backfills.home.edit("set image_style=oil")
    ended = backfills.run("stale", [IMAGE], IMAGES)
    assert (ended.failures, ended.status, ended.numbers, ended.calls()) == ([], GREEN, (4, 4), 8)
    assert backfills.home.lectures.plan(LECTURE)["calls"] == {}
    backfills.home.publish()
    assert backfills.home.disagreements() == []


@pytest.mark.filterwarnings("ignore:Function `asset_materialize_command` is superseded")  # by `dg launch`, which calls it
def test_a_range_of_partitions_is_one_run_from_the_shell(backfills: Backfills) -> None:
    backfills.home.edit("reroll asset:image:segment[1]:image[0]")
    words = ["--module-name", "lecture_assets.definitions", "--select", "asset/image"]
    told = CliRunner().invoke(asset_materialize_command, [*words, "--partition-range", f"{IMAGES[0]}...{IMAGES[-1]}"])
    assert told.exit_code == 0, told.output
    (run,) = backfills.home.instance.get_runs(limit=1)
    assert (run.status, run.tags[CALLS]) == (DagsterRunStatus.SUCCESS, "1")
    assert set(materializations(backfills, [run])) >= {(IMAGE, partition) for partition in IMAGES}


def test_only_what_could_not_be_made_is_red(tmp_path: Path) -> None:
    with open_backfills(tmp_path, LECTURES_SIM_FAULTS="image:moderation*99@1") as backfills:
        ended = backfills.run("broken", [IMAGE, PROMPT], [*IMAGES, f"{LECTURE}|s07.i3"])
        assert (ended.status, ended.numbers) == (BulkActionStatus.COMPLETED_FAILED, (10, 6))  # not the four images
