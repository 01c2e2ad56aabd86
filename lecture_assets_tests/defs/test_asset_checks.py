"""Checks that a person executes are evaluated by Dagster's own machinery, for one lecture or for all, and warn nobody."""

import warnings
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from dagster import AssetKey

from lecture_assets.definitions import defs
from lecture_assets.defs import asset_checks
from lecture_assets.defs.check_evaluations import CHECKED, CHECKS
from lecture_assets.defs.keys import LECTURE as DIMENSION
from lecture_assets_tests.defs.checked_home import execute, failing, open_checked_home, results
from lecture_assets_tests.defs.dagster_home import LECTURE, DagsterHome, brief

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning")]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[DagsterHome]:
    with open_checked_home(tmp_path) as dagster_home:
        yield dagster_home


def test_all_checks_of_a_finished_lecture_pass(home: DagsterHome) -> None:
    run = execute(home)
    assert run.success
    found = results(home.instance, run_id=run.run_id)
    assert list(found) == list(CHECKS)
    assert failing(found) == {}
    assert found["dagster_agrees"].metadata["compared_nodes"] == found["dagster_agrees"].metadata["nodes"]
    (event,) = home.instance.fetch_materializations(CHECKED, limit=1).records
    assert {one.target_materialization_data.storage_id for one in found.values() if one.target_materialization_data} == {
        event.storage_id
    }


def test_one_check_is_evaluated_alone(home: DagsterHome) -> None:
    run = execute(home, ["pictures_fit"])
    assert list(results(home.instance, run_id=run.run_id)) == ["pictures_fit"]


def test_without_a_partition_all_lectures_are_checked(home: DagsterHome) -> None:
    home.lectures.create(brief(1), "unmade")
    run = execute(home, ["pictures_fit", "ledger_equals_takes"], None)
    assert run.success
    assert {name: one.passed for name, one in results(home.instance, run_id=run.run_id).items()} == {
        "pictures_fit": True,
        "ledger_equals_takes": True,
    }
    said = "unmade has no timeline yet: `lectures regenerate unmade` makes it"
    assert failing(results(home.instance, "unmade", run.run_id)) == {"pictures_fit": said}


def test_a_lecture_that_does_not_exist_is_one_sentence(home: DagsterHome) -> None:
    home.instance.add_dynamic_partitions(DIMENSION, ["rian"])
    run = execute(home, lecture="rian")
    failure = run.failure_data_for_node("check_lecture")
    assert failure is not None
    assert failure.user_failure_data is not None
    assert failure.user_failure_data.description == "lecture: found 'rian'; allowed: one of rain"


def test_materializing_a_fresh_timeline_evaluates_its_checks_once(home: DagsterHome) -> None:
    """Dagster plans them and skips their step, since ours yields no materialization: the run evaluates them itself."""
    job = defs.resolve_implicit_global_asset_job_def()
    run = job.execute_in_process(instance=home.instance, asset_selection=[CHECKED], partition_key=LECTURE, raise_on_error=False)
    assert run.success
    assert list(results(home.instance, run_id=run.run_id)) == list(CHECKS)


def test_an_asset_run_that_makes_no_timeline_evaluates_nothing(home: DagsterHome) -> None:
    home.edit("reroll asset:music")
    job = defs.resolve_implicit_global_asset_job_def()
    music = AssetKey(["asset", "music"])
    run = job.execute_in_process(instance=home.instance, asset_selection=[music], partition_key=LECTURE, raise_on_error=False)
    assert run.success
    assert results(home.instance, run_id=run.run_id) == {}


def test_defining_them_warns_of_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        spec = spec_from_file_location("checks_again", asset_checks.__file__)
        assert spec is not None
        assert spec.loader is not None
        spec.loader.exec_module(module_from_spec(spec))


def test_they_block_nothing_and_say_what_they_check() -> None:
    specs = {spec.name: spec for checks in defs.asset_checks or () for spec in checks.check_specs}
    assert {name: spec.blocking for name, spec in specs.items()} == dict.fromkeys(CHECKS, False)
    assert all(spec.description and spec.description.endswith(".") for spec in specs.values())
