"""Dagster makes nothing of a shadow: no sensor starts a run for it, and a run that a person starts fails with the reason."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from dagster import AssetKey, ExecuteInProcessResult, RunRequest, SkipReason, build_sensor_context
from sqlalchemy import func, select

from lecture_assets.definitions import defs
from lecture_assets.defs import reconciling
from lecture_assets.defs.sensors import start_regenerations
from lecture_assets.runner.setup.run_limits import RunLimits
from lecture_assets.store.schema import calls
from lecture_assets.store.waiting import queue_mark
from lecture_assets_tests.defs.dagster_home import LECTURE, DagsterHome, open_dagster_home
from lecture_assets_tests.runner.shadow_lectures import old_lecture

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning")]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[DagsterHome]:
    with open_dagster_home(tmp_path / "home", None) as home:
        home.lectures.adopt(old_lecture(tmp_path), LECTURE, shadow=True)
        home.edit("set image_style=ink drawing")
        home.publish()
        yield home


def reason(run: ExecuteInProcessResult) -> str:
    assert not run.success
    failures = [run.failure_data_for_node(event.node_name) for event in run.get_step_failure_events()]
    return " ".join(str(found.user_failure_data.description) for found in failures if found and found.user_failure_data)


def test_neither_sensors_nor_workers_nor_a_person_in_the_ui_make_a_shadow(home: DagsterHome) -> None:
    asked = list(start_regenerations(build_sensor_context(instance=home.instance)))  # type: ignore[arg-type]
    assert [type(one) for one in asked] == [SkipReason]
    assert list[RunRequest](reconciling.runs_to_start(home.instance, home.lectures.context, RunLimits())) == []
    assert home.lectures.context.database.reading(queue_mark)[0] == 0, "what worker services look for"
    assert f"lecture {LECTURE} is a shadow" in reason(home.run())
    job = defs.resolve_implicit_global_asset_job_def()
    for key in (["asset", "music"], ["content", "video_title"], ["assembler", "timeline"]):
        run = job.execute_in_process(
            instance=home.instance, asset_selection=[AssetKey(key)], partition_key=LECTURE, raise_on_error=False
        )
        assert f"lecture {LECTURE} is a shadow" in reason(run)
    with home.lectures.context.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(calls)).scalar_one() == 0
    assert home.disagreements() == []
