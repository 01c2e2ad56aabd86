"""What is done to Dagster by hand is noticed and mended by the sensor's function, and found and mended by doctor."""

import os
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import pytest
from dagster import (
    AssetKey,
    AssetMaterialization,
    AssetObservation,
    DagsterInstance,
    DagsterRunStatus,
    MultiPartitionKey,
)

from lecture_assets.defs.dagster_check import disagreements
from lecture_assets.defs.doctor import examine
from lecture_assets.defs.jobs import regenerate_lecture
from lecture_assets.defs.keys import LECTURE as DIMENSION
from lecture_assets.defs.reconciling import publish_unpublished
from lecture_assets_tests.defs.dagster_home import LECTURE, DagsterHome, brief, open_dagster_home

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning")]
IMAGE = MultiPartitionKey({"lecture": LECTURE, "segment_image": "s00.i0"})
UNKNOWN_SLOT = MultiPartitionKey({"lecture": LECTURE, "segment_image": "s09.i3"})


@pytest.fixture(scope="module")
def dagster_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DagsterHome]:
    """A lecture with stale nodes and a setting of a single node; at rest before and after each test."""
    with open_dagster_home(tmp_path_factory.mktemp("home"), brief(1)) as dagster_home:
        dagster_home.lectures.regenerate(LECTURE)
        dagster_home.edit("reroll asset:music", "set voice=teacher")
        rest(dagster_home)
        yield dagster_home


def evaluate(dagster_home: DagsterHome) -> int:
    """Do what the sensor does; returns the number of events."""
    return sum(publish_unpublished(dagster_home.instance, dagster_home.lectures.context).values())


def rest(dagster_home: DagsterHome) -> None:
    """Evaluate as often as it takes, and once more: then nothing may be left to publish."""
    for _ in range(2):
        evaluate(dagster_home)
    assert dagster_home.disagreements() == []
    assert dagster_home.instance.get_dynamic_partitions(DIMENSION) == [LECTURE]
    assert evaluate(dagster_home) == 0


def report_image(instance: DagsterInstance) -> None:
    instance.report_runless_asset_event(AssetMaterialization(AssetKey(["asset", "image"]), partition=IMAGE))


def observe_input(instance: DagsterInstance) -> None:
    tags = {"dagster/data_version": "mine"}
    instance.report_runless_asset_event(AssetObservation(AssetKey(["config", "voice"]), partition=LECTURE, tags=tags))


def observe_settings(instance: DagsterInstance) -> None:
    tags = {"dagster/data_version": "mine"}
    for asset in ("music", "image"):
        key = AssetKey(["settings", "asset", asset])
        partition = LECTURE if asset == "music" else IMAGE
        instance.report_runless_asset_event(AssetObservation(key, partition=partition, tags=tags))


def wipe_image(instance: DagsterInstance) -> None:
    instance.wipe_assets([AssetKey(["asset", "image"])])


def wipe_inputs_and_settings(instance: DagsterInstance) -> None:
    instance.wipe_assets([AssetKey(["config", "voice"]), AssetKey(["settings", "asset", "music"])])


def wipe_the_last_published_and_report(instance: DagsterInstance) -> None:
    """SQLite then gives the ids of the wiped events to the reported ones."""
    instance.wipe_assets([AssetKey(["assembler", "timeline"]), AssetKey(["settings", "asset", "music"])])
    report_image(instance)


def delete_lecture(instance: DagsterInstance) -> None:
    instance.delete_dynamic_partition(DIMENSION, LECTURE)


def invent_lecture(instance: DagsterInstance) -> None:
    instance.add_dynamic_partitions(DIMENSION, ["no-such-lecture"])


CHANGES = [
    [report_image, observe_input, observe_settings],
    [wipe_image, delete_lecture],
    [wipe_inputs_and_settings, invent_lecture],
    [wipe_the_last_published_and_report],
]


@pytest.mark.parametrize("changes", CHANGES)
def test_what_is_done_by_hand_is_mended_by_two_evaluations(
    dagster_home: DagsterHome, changes: list[Callable[[DagsterInstance], None]]
) -> None:
    for change in changes:
        change(dagster_home.instance)
    rest(dagster_home)


def test_what_is_reported_of_no_node_of_a_lecture_does_no_harm(dagster_home: DagsterHome) -> None:
    for partition in (UNKNOWN_SLOT, "bees|s00.i0", "rain|s00", "rain|x|y", "rain|s00.i99", "rain", "|", "", None):
        for asset in (["asset", "image"], ["settings", "asset", "image"], ["config", "voice"], ["somebody", "else"]):
            key = AssetKey(asset)
            dagster_home.instance.report_runless_asset_event(AssetMaterialization(key, partition=partition))
            dagster_home.instance.report_runless_asset_event(AssetObservation(key, partition=partition))
    rest(dagster_home)


def test_doctor_finds_what_is_done_by_hand_and_names_the_instance_and_mends_it(dagster_home: DagsterHome) -> None:
    for change in chain.from_iterable(CHANGES):
        change(dagster_home.instance)
    found = examine(dagster_home.lectures.context, os.environ, lambda _: None, repairs=True)
    assert (found["dagster_only"], found["dagster_lacks"]) == (["no-such-lecture"], [LECTURE])
    assert found["dagster_home"] == str(dagster_home.home / "dagster")
    assert {one["node"] for one in found["dagster"] or []} >= {
        "asset:image:segment[0]:image[0]",
        "assembler:timeline",
        "config:voice",
        "settings:asset:music",
    }
    again = examine(dagster_home.lectures.context, os.environ, lambda _: None, repairs=False)
    assert (again["dagster"], again["dagster_only"], again["dagster_lacks"]) == ([], [], [])
    rest(dagster_home)


def test_a_node_that_was_never_made_and_is_reported_stays_missing(tmp_path: Path) -> None:
    with open_dagster_home(tmp_path / "home", brief(1)) as dagster_home:
        rest(dagster_home)
        report_image(dagster_home.instance)
        assert dagster_home.disagreements() != []
        rest(dagster_home)
        report_image(dagster_home.instance)
        examine(dagster_home.lectures.context, os.environ, lambda _: None, repairs=True)
        assert dagster_home.disagreements() == []


def test_an_invented_lecture_is_left_alone_while_a_run_of_it_is_active(dagster_home: DagsterHome) -> None:
    invent_lecture(dagster_home.instance)
    tags = {"dagster/partition": "no-such-lecture"}
    run = dagster_home.instance.create_run_for_job(regenerate_lecture, tags=tags, status=DagsterRunStatus.STARTED)
    evaluate(dagster_home)
    assert "no-such-lecture" in dagster_home.instance.get_dynamic_partitions(DIMENSION)
    dagster_home.instance.report_run_failed(run)
    rest(dagster_home)


def test_two_instances_on_one_home_come_to_rest_and_each_is_right(tmp_path: Path) -> None:
    with open_dagster_home(tmp_path / "home", brief(1)) as dagster_home, DagsterInstance.ephemeral() as other:
        context = dagster_home.lectures.context
        for edit in ("set voice=teacher", "set image_style=oil"):
            dagster_home.edit(edit)
            for instance in (dagster_home.instance, other):
                assert sum(publish_unpublished(instance, context).values()) > 0
            for instance in (dagster_home.instance, other) * 2:
                assert publish_unpublished(instance, context) == {}
        assert list(disagreements(context, other, LECTURE)) == dagster_home.disagreements() == []


def test_a_deleted_lecture_leaves_dagster_and_one_of_its_name_comes_by_another_key(tmp_path: Path) -> None:
    with open_dagster_home(tmp_path / "home", brief(1)) as dagster_home:
        rest(dagster_home)
        dagster_home.lectures.delete(LECTURE)
        evaluate(dagster_home)
        assert dagster_home.instance.get_dynamic_partitions(DIMENSION) == []
        key = dagster_home.lectures.create(brief(1), LECTURE).key
        evaluate(dagster_home)
        assert dagster_home.instance.get_dynamic_partitions(DIMENSION) == [key] != [LECTURE]
        assert list(disagreements(dagster_home.lectures.context, dagster_home.instance, key)) == []
