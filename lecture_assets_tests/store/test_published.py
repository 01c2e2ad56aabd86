"""What Dagster was told is remembered for one instance, and only as far as it was told."""

from pathlib import Path

import pytest

from lecture_assets.runner.lectures import Lectures
from lecture_assets.store import published
from lecture_assets.store.published import Publication, PublishedRow
from lecture_assets_tests.defs.dagster_home import LECTURE, brief
from lecture_assets_tests.servers.homes import home_environ

ROW = PublishedRow("v1", "1@0", "seen")


@pytest.fixture
def lectures(tmp_path: Path) -> Lectures:
    opened = Lectures.open(home_environ(tmp_path))
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


def test_edits_of_what_is_published_come_first_and_of_the_rest_what_is_newest(lectures: Lectures) -> None:
    for name in ("older", "newer"):
        lectures.create(brief(), name)
    with lectures:
        with lectures.context.database.write() as connection:
            published.save(connection, LECTURE, "one", Publication(1, published.stamp_of(connection, LECTURE), {}))
            connection.exec_driver_sql("UPDATE revisions SET created_at = created_at + 9 WHERE lecture = 'newer'")
            assert [row.lecture for row in published.unpublished(connection, "one")] == ["newer", "older"]
        lectures.edit(LECTURE, ["set voice=teacher"])
        with lectures.context.database.read() as connection:
            assert [row.lecture for row in published.unpublished(connection, "one")] == [LECTURE, "newer", "older"]


def test_each_instance_has_publications_of_its_own(lectures: Lectures) -> None:
    with lectures, lectures.context.database.write() as connection:
        stamp = published.stamp_of(connection, LECTURE)
        published.save(connection, LECTURE, "one", Publication(1, stamp, {"config:voice": ROW}))
        assert published.load(connection, LECTURE, "two").rows == {}
        assert [row.lecture for row in published.unpublished(connection, "two")] == [LECTURE]
        published.save(connection, LECTURE, "two", Publication(1, stamp, {"config:language": ROW}))
        assert published.load(connection, LECTURE, "two").rows == {"config:language": ROW}
        assert published.load(connection, LECTURE, "one").rows == {"config:voice": ROW}
        assert published.unpublished(connection, "one") == published.unpublished(connection, "two") == []


def test_what_is_forgotten_is_published_again_also_by_whoever_remembers_it(lectures: Lectures) -> None:
    with lectures, lectures.context.database.write() as connection:
        stamp = published.stamp_of(connection, LECTURE)
        for instance in ("one", "two"):
            published.save(connection, LECTURE, instance, Publication(1, stamp, {"config:voice": ROW}))
        published.forget(connection, LECTURE, "one")
        assert published.load(connection, LECTURE, "one") == Publication(2, "", {})
        assert [row.lecture for row in published.unpublished(connection, "one")] == [LECTURE]
        assert published.unpublished(connection, "two") == []
        assert not published.save(connection, LECTURE, "one", Publication(2, stamp, {}))  # by who knew of one publication
        assert [row.lecture for row in published.unpublished(connection, "one")] == [LECTURE]


def test_of_what_is_doubted_the_version_is_unknown_and_a_kind_is_forgotten_with_no_other_of_a_similar_name(
    lectures: Lectures,
) -> None:
    subjects = ["config:image_model", "asset:image:segment[0]:image[0]", "asset:image-x:segment[0]", "settings:asset:image"]
    with lectures, lectures.context.database.write() as connection:
        published.save(connection, LECTURE, "one", Publication(1, "stamp", dict.fromkeys(subjects, ROW)))
        published.doubt(connection, LECTURE, "one", ["config:image_model", "asset:music"])
        rows = published.load(connection, LECTURE, "one").rows
        assert {subject for subject, row in rows.items() if row.version == published.UNKNOWN} == {
            "config:image_model",
            "asset:music",
        }
        published.forget_kinds(connection, "two", ["asset:image"])
        assert published.load(connection, LECTURE, "one").rows == rows
        published.forget_kinds(connection, "one", ["asset:image", "config:image"])
        assert published.load(connection, LECTURE, "one").rows.keys() == rows.keys() - {"asset:image:segment[0]:image[0]"}
