"""At the end of a run that published a timeline its checks are evaluated; what is wrong fails its own check and no run."""

from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
from dagster import AssetCheckEvaluation, AssetCheckSeverity, AssetKey, AssetMaterialization, DagsterInstance
from dagster._core.storage.event_log.sqlite import SqliteEventLogStorage
from sqlalchemy import text

from lecture_assets.defs.check_evaluations import CHECKS, evaluate_after_run, evaluations, store
from lecture_assets.defs.sync.events import Origin
from lecture_assets.runner.reading.lecture_checks import RULES
from lecture_assets.store.schema import takes
from lecture_assets_tests.defs.checked_home import execute, failing, open_checked_home, results
from lecture_assets_tests.defs.dagster_home import LECTURE, DagsterHome
from lecture_assets_tests.defs.made_instance import put_files
from lecture_assets_tests.intake import samples

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning")]
IMAGE = "asset:image:segment[0]:image[0]"
RUN = Origin("6a4cba77-21d6-4f84-b5ea-c4d1a3f3fd4a", "regenerate_lecture", "regenerate")
REPAIR = "`lectures doctor --repair` publishes it again"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[DagsterHome]:
    with open_checked_home(tmp_path) as dagster_home:
        yield dagster_home


def evaluated(home: DagsterHome, names: Collection[str] = tuple(CHECKS)) -> dict[str, str | None]:
    """What is said of those of these checks that fail now."""
    return failing({one.check_name: one for one in evaluations(home.lectures.context, home.instance, LECTURE, names)})


def test_a_run_that_made_a_timeline_evaluates_all_checks_of_it(home: DagsterHome) -> None:
    (run,) = home.instance.get_runs()
    found = results(home.instance, run_id=run.run_id)
    assert (list(found), failing(found)) == (list(CHECKS), {})
    assert {one.partition for one in found.values()} == {LECTURE}
    assert {one.target_materialization_data.run_id for one in found.values() if one.target_materialization_data} == {run.run_id}
    assert found["dagster_agrees"].metadata["compared_nodes"] == found["dagster_agrees"].metadata["nodes"]


def test_they_stand_in_the_event_log_of_dagster_too(home: DagsterHome, tmp_path: Path) -> None:
    put_files(tmp_path / "stock")
    with DagsterInstance.local_temp(str(tmp_path / "stock"), {"telemetry": {"enabled": False}}) as stock:
        assert type(stock.event_log_storage) is SqliteEventLogStorage
        evaluate_after_run(home.lectures.context, stock, LECTURE, RUN, made=())
        found = results(stock, run_id=RUN.run_id)
        assert (list(found), failing(found)) == (list(CHECKS), {})


def test_an_edit_does_not_wait_for_them(home: DagsterHome) -> None:
    """It waits for the run to end; its own run evaluates all of them again."""

    def edited_meanwhile() -> Iterator[AssetCheckEvaluation]:
        for number, evaluation in enumerate(evaluations(home.lectures.context, home.instance, LECTURE, RULES)):
            if number == 1:
                home.edit("set voice=teacher")
            yield evaluation

    store(home.lectures.context, home.instance, LECTURE, RUN, edited_meanwhile())
    assert list(results(home.instance, run_id=RUN.run_id)) == list(RULES)[:1]


def test_a_run_of_an_edit_compares_what_it_made(home: DagsterHome) -> None:
    home.edit(f"media {IMAGE}=@{samples.picture(home.home / 'square.png', size=(600, 600))}")
    run = home.run()
    assert run.success
    found = results(home.instance, run_id=run.run_id)
    assert list(failing(found)) == ["pictures_fit"]
    assert found["pictures_fit"].severity is AssetCheckSeverity.WARN
    assert (
        found["dagster_agrees"].metadata["compared_nodes"].value == 2
    )  # the timelines: a picture of one's own is a take already


def test_what_was_found_wrong_in_dagster_is_not_taken_back_by_a_run_that_made_something_else(home: DagsterHome) -> None:
    reported = AssetMaterialization(AssetKey(["llm", "music_prompt"]), partition=LECTURE)
    home.instance.report_runless_asset_event(reported)
    found = results(home.instance, run_id=execute(home).run_id)
    said = failing(found)
    assert list(said) == ["dagster_agrees"]
    assert str(said["dagster_agrees"]).endswith(f"content:music-prompt: Dagster says STALE, the store FRESH: {REPAIR}")
    home.edit("text content:effect:segment[0]=fade")
    assert failing(results(home.instance, run_id=home.run().run_id)) == said


def test_an_edit_that_dagster_does_not_know_yet_is_no_disagreement(home: DagsterHome) -> None:
    home.edit("set voice=teacher")
    said = f"{LECTURE} was edited or worked on since it was last published to Dagster: execute the check again in 10 seconds"
    assert evaluated(home, ["dagster_agrees"]) == {"dagster_agrees": said}


def test_a_ledger_that_was_tampered_with_fails_its_own_check(home: DagsterHome) -> None:
    with home.lectures.context.database.write() as connection:
        connection.execute(takes.update().where(takes.c.node == IMAGE).values(cost_usd_micros=1))
    assert list(evaluated(home)) == ["ledger_equals_takes"]


def test_what_cannot_be_evaluated_fails_in_a_sentence(home: DagsterHome) -> None:
    with home.lectures.context.database.write() as connection:
        connection.execute(text("DROP TABLE charges"))
    said = evaluated(home, RULES)
    assert list(said) == list(RULES)
    assert all(str(sentence).startswith(f"{LECTURE} cannot be checked") for sentence in said.values())
