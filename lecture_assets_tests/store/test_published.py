"""What Dagster was told is remembered for one instance, and only as far as it was told."""

import pytest

from lecture_assets.runner.lectures import Lectures
from lecture_assets.store import published
from lecture_assets.store.published import Publication, PublishedRow
from lecture_assets_tests.defs.dagster_home import LECTURE, brief

ROW = PublishedRow("v1", "1@0", "seen")


@pytest.fixture
def lectures(tmp_path: object) -> Lectures:
    opened = Lectures.open({"LECTURES_HOME": str(tmp_path)})
    opened.create(brief(), LECTURE)
    return opened


def test_a_lecture_is_untold_until_all_of_it_was_told_and_again_after_an_edit(lectures: Lectures) -> None:
    with lectures, lectures.context.database.write() as connection:
        assert [row.lecture for row in published.unpublished(connection, "one")] == [LECTURE]
        published.save(connection, LECTURE, "one", Publication(1, "", {"config:voice": ROW}))
        assert [row.lecture for row in published.unpublished(connection, "one")] == [LECTURE]
        stamp = published.stamp_of(connection, LECTURE)
        published.save(connection, LECTURE, "one", Publication(2, stamp, {}))
        assert published.unpublished(connection, "one") == []
        published.save(connection, LECTURE, "one", Publication(3, "", {"config:voice": PublishedRow("v2")}))
        assert published.unpublished(connection, "one") == []
        assert published.load(connection, LECTURE, "one") == Publication(3, stamp, {"config:voice": PublishedRow("v2")})
        connection.exec_driver_sql("UPDATE lectures SET head = head + 1")
        assert [row.lecture for row in published.unpublished(connection, "one")] == [LECTURE]


def test_another_instance_was_told_nothing_and_takes_over_with_its_first_telling(lectures: Lectures) -> None:
    with lectures, lectures.context.database.write() as connection:
        stamp = published.stamp_of(connection, LECTURE)
        published.save(connection, LECTURE, "one", Publication(1, stamp, {"config:voice": ROW}))
        assert published.load(connection, LECTURE, "two").rows == {}
        assert [row.lecture for row in published.unpublished(connection, "two")] == [LECTURE]
        published.save(connection, LECTURE, "two", Publication(2, "", {"config:language": ROW}))
        assert published.load(connection, LECTURE, "two").rows == {"config:language": ROW}
        assert [row.lecture for row in published.unpublished(connection, "two")] == [LECTURE]


def test_what_is_forgotten_is_told_again_also_by_whoever_remembers_it(lectures: Lectures) -> None:
    with lectures, lectures.context.database.write() as connection:
        published.save(connection, LECTURE, "one", Publication(1, published.stamp_of(connection, LECTURE), {"config:voice": ROW}))
        published.forget(connection, LECTURE)
        assert published.load(connection, LECTURE, "one").rows == {}
        assert published.serial_of(connection, LECTURE) == 2
        assert [row.lecture for row in published.unpublished(connection, "one")] == [LECTURE]
