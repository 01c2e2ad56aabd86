"""Many lectures are published together, as each would be alone; newer edits go first."""

from pathlib import Path

import pytest

from lecture_assets.defs.dagster_check import disagreements
from lecture_assets.defs.reconciling import publish_unpublished
from lecture_assets.defs.sync.batch_publisher import publish_batch
from lecture_assets.defs.sync.publisher import EventLogPublisher
from lecture_assets_tests.defs.dagster_home import LECTURE, DagsterHome, brief, open_dagster_home

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
COPIES = [f"copy-{number}" for number in range(5)]


def copied(dagster_home: DagsterHome) -> None:
    """Finish the lecture, and copy it."""
    dagster_home.lectures.regenerate(LECTURE)
    for name in COPIES:
        dagster_home.lectures.copy(LECTURE, name)


@pytest.mark.slow
def test_finished_lectures_are_published_as_each_would_be_alone(tmp_path: Path) -> None:
    with open_dagster_home(tmp_path / "home", brief(1)) as dagster_home:
        context, instance = dagster_home.lectures.context, dagster_home.instance
        copied(dagster_home)
        dagster_home.lectures.edit(COPIES[1], ["set voice=teacher"])  # stale, but published for the first time
        alone = EventLogPublisher(context, instance, COPIES[0]).publish_all()
        assert publish_batch(context, instance, COPIES) == {COPIES[0]: 0, **dict.fromkeys(COPIES[1:], alone)}
        assert {*instance.get_dynamic_partitions("lecture")} == {LECTURE, *COPIES}
        for name in COPIES:
            assert list(disagreements(context, instance, name)) == []
        assert publish_batch(context, instance, COPIES) == dict.fromkeys(COPIES, 0)


@pytest.mark.slow
def test_a_lecture_that_another_publishes_is_passed_over_and_published_later(tmp_path: Path) -> None:
    with open_dagster_home(tmp_path / "home", brief(1)) as dagster_home:
        context, instance = dagster_home.lectures.context, dagster_home.instance
        copied(dagster_home)
        with EventLogPublisher(context, instance, COPIES[0]).exclusively():
            events = publish_unpublished(instance, context)
        assert {name for name, count in events.items() if not count} == {COPIES[0]}
        assert publish_unpublished(instance, context).keys() == {COPIES[0]}
        assert list(disagreements(context, instance, COPIES[0])) == []


@pytest.mark.slow
def test_a_full_batch_takes_no_other_lecture(tmp_path: Path) -> None:
    with open_dagster_home(tmp_path / "home", brief(1)) as dagster_home:
        for name in COPIES:
            dagster_home.lectures.copy(LECTURE, name)
        context, instance = dagster_home.lectures.context, dagster_home.instance
        (alone,) = publish_batch(context, instance, COPIES, most_events=1).values()
        assert [*publish_batch(context, instance, COPIES[1:], most_events=alone + 1)] == COPIES[1:3]
