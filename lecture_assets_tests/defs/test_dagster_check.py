"""Dagster and the core agree on every node after any sequence of edits and runs, according to Dagster's own resolver."""

import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest
from dagster import AssetKey, AssetMaterialization, AssetObservation, DagsterUnknownPartitionError
from hypothesis import given, settings
from hypothesis import strategies as st

from lecture_assets.briefs.edit_syntax import edit_text
from lecture_assets.defs.assets import external_assets, made_assets
from lecture_assets.defs.check_evaluations import CHECK_KEYS
from lecture_assets.defs.dagster_check import repair
from lecture_assets.defs.doctor import examine
from lecture_assets.defs.jobs import OUR_JOBS
from lecture_assets.defs.pruning import prune
from lecture_assets.defs.reconciling import publish_unpublished
from lecture_assets.defs.sync.events import asset_partition_of
from lecture_assets.defs.sync.foreign_events import compare_lectures
from lecture_assets.defs.sync.projection import SETTINGS
from lecture_assets.defs.sync.publisher import EventLogPublisher
from lecture_assets.graph.errors import RefusedError, WrongInputError
from lecture_assets.graph.lecture import FILM
from lecture_assets.runner.reading.snapshot import read_snapshot
from lecture_assets.runner.regenerate.scope import Scope
from lecture_assets.store import lectures as stored
from lecture_assets_tests.defs.dagster_home import LECTURE, DagsterHome, brief, environment, open_dagster_home
from lecture_assets_tests.graph.edit_strategies import edits
from lecture_assets_tests.intake import samples
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.servers.homes import backed_up, delete_instance, home_environ
from lecture_assets_tests.store.stored_media import lose, names, notice

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
"""Dagster leaves the files of captured output to the garbage collector."""


def edit_somehow(dagster_home: DagsterHome, data: st.DataObject) -> None:
    """Make one edit of any sort; edits that name an unknown voice or model are refused and replaced."""
    with dagster_home.lectures.context.database.read() as connection:
        now = stored.head(connection, LECTURE).settings
    try:
        dagster_home.edit(edit_text(data.draw(edits(now))))
    except WrongInputError:
        dagster_home.edit("set audience=grown-ups")


def edit_a_medium(dagster_home: DagsterHome, data: st.DataObject) -> None:
    """Pin a picture of one's own or an earlier take; without such a node or take, nothing changes."""
    image = "asset:image:segment[0]:image[0]"
    mine = samples.picture(dagster_home.home / "mine.png", size=(64, data.draw(st.integers(48, 50))))
    edit = data.draw(st.sampled_from([f"media {image}=@{mine}", f"take {image}=1", f"take {image}=2", f"keep {image}"]))
    with suppress(WrongInputError):
        dagster_home.edit(edit)


def travel(dagster_home: DagsterHome, data: st.DataObject) -> None:
    """Undo or redo, if possible."""
    with suppress(RefusedError):
        data.draw(st.sampled_from([dagster_home.lectures.undo, dagster_home.lectures.redo]))(LECTURE)


def lose_bytes(dagster_home: DagsterHome, data: st.DataObject) -> None:
    """Delete a file of the artifacts."""
    files = sorted(path for path in (dagster_home.home / "artifacts").rglob("*") if path.is_file())
    if files:
        data.draw(st.sampled_from(files)).unlink()


def run_with_failures(dagster_home: DagsterHome, data: st.DataObject) -> None:
    """Run while the vendor refuses some calls."""
    role, nth = data.draw(st.sampled_from(["text", "speech", "image"])), data.draw(st.integers(1, 2))
    with environment(LECTURES_SIM_FAULTS=f"{role}:moderation*3@{nth}"):
        dagster_home.run()


def run_one(dagster_home: DagsterHome, data: st.DataObject) -> None:
    """Run one node with what it needs."""
    nodes = sorted(str(node["id"]) for node in dagster_home.lectures.status(LECTURE)["nodes"])
    dagster_home.run(only=[data.draw(st.sampled_from(nodes))])


def run_at_the_command_line(dagster_home: DagsterHome, data: st.DataObject) -> None:
    """Regenerate without Dagster, all of the lecture or one slot."""
    with dagster_home.lectures.context.database.read() as connection:
        order = stored.head(connection, LECTURE).settings.order
    dagster_home.lectures.regenerate(LECTURE, Scope(segment=data.draw(st.none() | st.sampled_from(order))))


RUNS = [run_one, run_with_failures, run_at_the_command_line, lose_bytes]


def report(dagster_home: DagsterHome, data: st.DataObject) -> None:
    """Report an event of any asset partition: of a node, its settings or an input, there or not."""
    with dagster_home.lectures.context.database.read() as connection:
        graph = read_snapshot(dagster_home.lectures.context, connection, LECTURE).graph
    subjects = [*graph.nodes, *(SETTINGS + node.id for node in graph.made), "asset:narration:segment[50]"]
    target = asset_partition_of(LECTURE, data.draw(st.sampled_from(subjects)))
    tags = data.draw(st.sampled_from([{}, {"dagster/data_version": "mine"}]))
    is_made = data.draw(st.booleans())
    event: type[AssetMaterialization | AssetObservation] = AssetMaterialization if is_made else AssetObservation
    dagster_home.instance.report_runless_asset_event(event(target.asset, partition=target.partition, tags=tags))


def wipe(dagster_home: DagsterHome, data: st.DataObject) -> None:
    """Wipe one or two assets of any kind."""
    keys = sorted(asset.key for asset in [*external_assets(), *(spec for made in made_assets() for spec in made.specs)])
    dagster_home.instance.wipe_assets(data.draw(st.lists(st.sampled_from(keys), min_size=1, max_size=2)))


def change_the_lectures(dagster_home: DagsterHome, data: st.DataObject) -> None:
    """Delete the lecture from Dagster, or add one that does not exist."""
    if data.draw(st.booleans()):
        dagster_home.instance.delete_dynamic_partition("lecture", LECTURE)
    else:
        dagster_home.instance.add_dynamic_partitions("lecture", ["invented"])


def evaluate(dagster_home: DagsterHome) -> int:
    """Evaluate the sensor that publishes; returns the number of events."""
    return sum(publish_unpublished(dagster_home.instance, dagster_home.lectures.context).values())


def prune_all(dagster_home: DagsterHome, _data: st.DataObject) -> None:
    """Delete old runs and events, as if all of them were old."""
    prune(dagster_home.instance, OUR_JOBS, CHECK_KEYS, time.time() + 1)


BY_HAND = [report] * 3 + [wipe, wipe, change_the_lectures]
ACTS = [edit_somehow] * 4 + [edit_a_medium, travel] + [lambda dagster_home, _: dagster_home.run()] * 2 + RUNS
KEPT = [*ACTS, prune_all, prune_all, prune_all]
NOTICED = [act for act in ACTS if act is not lose_bytes]
"""What the sensor learns of from the store: it does not look for lost files."""


@pytest.mark.both_engines
@pytest.mark.slow
@settings(max_examples=4 if THOROUGH else 1)
@given(st.data(), st.integers(1, 3), st.integers(1, 2), st.booleans())
def test_dagster_and_the_core_agree_after_any_sequence(data: st.DataObject, segments: int, images: int, video: bool) -> None:  # noqa: FBT001
    with (
        tempfile.TemporaryDirectory() as folder,
        open_dagster_home(Path(folder), brief(segments, images, use_video=video)) as dagster_home,
    ):
        assert dagster_home.disagreements() == []
        for act in data.draw(st.lists(st.sampled_from(KEPT), min_size=4, max_size=12)):
            act(dagster_home, data)
            if data.draw(st.booleans()):
                continue  # Dagster is told of several things at once
            dagster_home.publish()
            assert dagster_home.disagreements() == []
        dagster_home.publish()
        assert dagster_home.disagreements() == []
        assert dagster_home.publish() == 0


@pytest.mark.slow
@settings(max_examples=200 if THOROUGH else 2)
@given(st.data(), st.integers(1, 2))
def test_dagster_and_the_core_agree_whatever_is_done_to_dagster_by_hand(data: st.DataObject, segments: int) -> None:
    with tempfile.TemporaryDirectory() as folder, open_dagster_home(Path(folder), brief(segments)) as dagster_home:
        evaluate(dagster_home)
        if data.draw(st.booleans()):
            run_at_the_command_line(dagster_home, data)
        for act in data.draw(st.lists(st.sampled_from([*NOTICED, *BY_HAND, *BY_HAND]), min_size=3, max_size=8)):
            with suppress(DagsterUnknownPartitionError):  # Dagster starts no run of a lecture that was deleted from it
                act(dagster_home, data)
            if data.draw(st.booleans()):
                evaluate(dagster_home)
        for _ in range(2):
            evaluate(dagster_home)
        assert dagster_home.disagreements() == []
        assert dagster_home.instance.get_dynamic_partitions("lecture") == [LECTURE]
        assert evaluate(dagster_home) == 0


@pytest.mark.both_engines(costly=True)
@pytest.mark.slow
def test_edits_make_exactly_the_right_partitions_stale_and_a_run_makes_them_fresh(tmp_path: Path) -> None:
    with open_dagster_home(tmp_path / "home", brief(2, 2)) as dagster_home:
        assert dagster_home.run().success
        assert dagster_home.disagreements() == []
        dagster_home.edit("set image_style=oil", "text content:narration-text:segment[1]=Rain falls.")
        told = dagster_home.publish()
        assert dagster_home.disagreements() == []
        assert told == 3  # the style; the words, as a take of the node and as a setting of it
        assert dagster_home.run().success
        assert dagster_home.disagreements() == []
        assert dagster_home.publish() == 0


@pytest.mark.thorough("another lecture, whose recording is aligned")
@pytest.mark.slow
def test_the_words_of_a_person_s_own_recording_make_its_timeline_stale_and_no_other(tmp_path: Path) -> None:
    with open_dagster_home(tmp_path / "home", brief(2, 1)) as dagster_home:
        dagster_home.lectures.regenerate(LECTURE)
        dagster_home.edit(f"media asset:narration:segment[0]=@{samples.tone(dagster_home.home / 'mine.wav')}")
        dagster_home.lectures.regenerate(LECTURE)
        dagster_home.publish()
        assert dagster_home.disagreements() == []
        for slot in (0, 1):
            dagster_home.edit(f"text content:narration-text:segment[{slot}]=Other words.")
            dagster_home.publish()
            assert dagster_home.disagreements() == []
        dagster_home.lectures.regenerate(LECTURE)
        dagster_home.publish()
        assert dagster_home.disagreements() == []


@pytest.mark.thorough("renders films")
@pytest.mark.slow
def test_a_film_is_an_asset_that_edits_make_stale_and_only_a_run_for_it_makes(tmp_path: Path) -> None:
    with open_dagster_home(tmp_path / "home", brief(2, 1)) as dagster_home:
        dagster_home.edit(*(f"text content:narration-text:segment[{slot}]=Rain." for slot in (0, 1)))
        assert dagster_home.run().success
        assert dagster_home.disagreements() == []
        assert dagster_home.instance.get_latest_materialization_event(AssetKey(["assembler", "film"])) is None
        dagster_home.lectures.regenerate(LECTURE, Scope(only=(FILM,)))
        dagster_home.publish()
        assert dagster_home.disagreements() == []
        logged = dagster_home.instance.get_latest_materialization_event(AssetKey(["assembler", "film"]))
        assert logged is not None
        assert logged.asset_materialization is not None
        assert "sheet.jpg" in str(logged.asset_materialization.metadata["preview"].value)
        dagster_home.edit("text content:narration-text:segment[1]=Snow.")
        assert dagster_home.run().success
        assert dagster_home.disagreements() == []
        assert {node["id"] for node in dagster_home.lectures.status(LECTURE)["nodes"] if node["status"] == "stale"} == {
            "assembler:segment-frames:segment[0]",
            "assembler:segment-frames:segment[1]",
            "asset:clip:segment[0]",
            "asset:clip:segment[1]",
            "assembler:audio-mix",
            "asset:soundtrack",
            FILM,
        }
        assert dagster_home.publish() == 0


@pytest.mark.thorough("a lecture of many segments")
@pytest.mark.slow
def test_dagster_and_the_core_agree_on_a_long_lecture(tmp_path: Path) -> None:
    segments = 99 if THOROUGH else 4
    with open_dagster_home(tmp_path / "home", brief(segments, 1)) as dagster_home:
        assert dagster_home.run().success
        assert dagster_home.disagreements() == []
        for several in (
            ["set voice=teacher"],
            [f"segments remove:{segments - 1}", f"segments move:1:{segments - 2}", "set image_style=oil"],
        ):
            dagster_home.edit(*several)
            dagster_home.publish()
            assert dagster_home.disagreements() == []
        assert dagster_home.run().success
        assert dagster_home.disagreements() == []


@pytest.mark.slow
def test_what_dagster_missed_is_found_and_repaired(tmp_path: Path) -> None:
    with open_dagster_home(tmp_path / "home", brief()) as dagster_home:
        dagster_home.lectures.regenerate(LECTURE)
        assert {found.dagster for found in dagster_home.disagreements()} == {"MISSING"}
        dagster_home.publish()
        dagster_home.instance.wipe_assets([AssetKey(["asset", "image"])])
        assert {found.dagster for found in dagster_home.disagreements()} == {"MISSING"}
        repair(dagster_home.lectures.context, dagster_home.instance, LECTURE)
        assert dagster_home.disagreements() == []


@pytest.mark.slow
def test_a_node_whose_bytes_are_lost_is_stale_however_often_it_is_published_again(tmp_path: Path) -> None:
    with open_dagster_home(tmp_path / "home", brief(1)) as dagster_home:
        dagster_home.lectures.regenerate(LECTURE)
        dagster_home.publish()
        artifacts = dagster_home.lectures.context.artifacts
        lost = names(artifacts)
        lose(artifacts, *lost)
        notice(artifacts, *lost)
        assert dagster_home.publish() > 0
        for _ in range(2):
            assert dagster_home.disagreements() == []
            repair(dagster_home.lectures.context, dagster_home.instance, LECTURE)
        assert dagster_home.disagreements() == []


@pytest.mark.thorough("another lecture made by runs")
@pytest.mark.slow
def test_a_restored_older_database_is_recognized_by_dagsters_newer_log_and_both_are_made_to_agree(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with open_dagster_home(home, brief(1)) as dagster_home:
        assert dagster_home.run().success
        dagster_home.lectures.context.close()
        put_back = backed_up(home)
        dagster_home.edit("text content:narration-text:segment[0]=Rain is water that comes back.")
        assert dagster_home.run().success
        dagster_home.lectures.create(brief(1), "later")
        EventLogPublisher(dagster_home.lectures.context, dagster_home.instance, "later").publish_all()
    put_back()
    with open_dagster_home(home, None) as dagster_home:
        found = dagster_home.disagreements()
        assert {"content:narration-text:segment[0]", "asset:narration:segment[0]"} <= {one.node for one in found if one.newer}
        assert compare_lectures(dagster_home.lectures.context, dagster_home.instance).invented == ["later"]
        environ = home_environ(home)
        document = examine(dagster_home.lectures.context, environ, lambda _: None, repairs=True)
        assert (document["dagster_only"], document["ok"]) == (["later"], False)
        assert dagster_home.disagreements() == []
        again = examine(dagster_home.lectures.context, environ, lambda _: None, repairs=False)
        assert (again["dagster"], again["dagster_only"]) == ([], [])


@pytest.mark.slow
def test_everything_is_published_to_a_new_instance(tmp_path: Path) -> None:
    with open_dagster_home(tmp_path / "home", brief()) as dagster_home:
        dagster_home.lectures.regenerate(LECTURE)
        dagster_home.publish()
    delete_instance(tmp_path / "home")
    with open_dagster_home(tmp_path / "home", brief()) as dagster_home:
        assert dagster_home.disagreements() == []
