"""Takes are numbered per node and never lost; one of them counts."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection

from lecture_assets.store import lectures, records
from lecture_assets.store.database import Database
from lecture_assets.store.records import Failure, Take
from lecture_assets_tests.store.conftest import LECTURE, new_head

NODE = "asset:image:segment[0]:image[0]"
TAKE = Take(NODE, "v1", "f1", '{"kind": 1}', {"sha256": "a1", "width": 16}, "a1", "simulated:x/y", 5.0, 3_000)
FAILURE = Failure(NODE, "f1", "quota", "402", "no money", 6.0)


def take(node: str, number: int, **changes: Any) -> Take:
    named = replace(TAKE, node=node, version=f"v{number}", fingerprint=f"f{number}", value=f"value {number}", artifact=None)
    return replace(named, **changes)


def save(connection: Connection, made: Take, *, counts: bool = True, lecture: str = LECTURE) -> int:
    return records.save_take(connection, lecture, made, counts=counts)


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.write() as connection:
        lectures.create(connection, new_head("wasps"), now=2.0)
        yield connection


def test_a_take_is_read_back_as_it_was_saved(connection: Connection) -> None:
    assert save(connection, TAKE) == 1
    [row] = records.load_takes(connection, LECTURE)
    assert row.counts
    assert row.number == 1
    assert all(getattr(row, name) == getattr(TAKE, name) for name in TAKE.__slots__ if name not in {"value", "number"})
    assert records.load_values(connection, LECTURE, [NODE]) == {NODE: TAKE.value}


def test_takes_are_numbered_from_1_for_each_node_of_each_lecture(connection: Connection) -> None:
    assert [save(connection, take("a", number)) for number in (1, 2, 3)] == [1, 2, 3]
    assert save(connection, take("b", 1)) == 1
    assert save(connection, take("a", 1), lecture="wasps") == 1


def test_the_newest_take_that_counts_is_what_the_node_holds_and_the_others_are_kept(connection: Connection) -> None:
    for number in (1, 2):
        save(connection, take("a", number))
    save(connection, take("a", 3), counts=False)
    assert records.load_values(connection, LECTURE, ["a"]) == {"a": "value 2"}
    rows = records.load_takes(connection, LECTURE)
    assert [(row.number, row.counts) for row in rows] == [(1, False), (2, True), (3, False)]


def test_a_take_that_does_not_count_makes_no_record(connection: Connection) -> None:
    save(connection, take("a", 1), counts=False)
    assert records.load_values(connection, LECTURE, ["a"]) == {}
    assert [row.counts for row in records.load_takes(connection, LECTURE)] == [False]


def test_one_fingerprint_is_one_take_and_the_value_made_last_is_its_value(connection: Connection) -> None:
    save(connection, TAKE)
    save(connection, take(NODE, 2))
    assert save(connection, replace(TAKE, version="v9", value={"sha256": "a9"}, artifact="a9")) == 1
    assert records.load_values(connection, LECTURE, [NODE]) == {NODE: {"sha256": "a9"}}
    assert [(row.number, row.version) for row in records.load_takes(connection, LECTURE)] == [(1, "v9"), (2, "v2")]
    assert records.artifacts(connection, LECTURE) == {"a9"}


def test_an_older_take_counts_again_when_it_is_chosen(connection: Connection) -> None:
    for number in (1, 2):
        save(connection, take("a", number))
    records.count(connection, LECTURE, "a", 1, now=9.0)
    assert records.load_values(connection, LECTURE, ["a"]) == {"a": "value 1"}


@pytest.mark.slow
def test_values_of_more_nodes_than_a_statement_may_name_are_all_loaded(connection: Connection) -> None:
    names = [f"n{number:04}" for number in range(1203)]
    for name in names:
        save(connection, take(name, 1, value=name))
    assert records.load_values(connection, LECTURE, [*names, "unknown"]) == {name: name for name in names}
    versions = dict.fromkeys([*names, "unknown"], "v1")
    assert records.load_versions(connection, LECTURE, versions) == {name: name for name in names}


def test_what_a_node_held_at_a_version_is_found_whether_it_counts_or_not(connection: Connection) -> None:
    for name in ("a", "b"):
        for number in (1, 2):
            save(connection, take(name, number, value=f"{name}{number}"))
    asked = {"a": "v1", "b": "v2", "c": "v1"}
    assert records.load_versions(connection, LECTURE, asked) == {"a": "a1", "b": "b2"}
    assert records.load_versions(connection, LECTURE, {"a": "v7"}) == {}
    assert records.load_versions(connection, LECTURE, {}) == records.load_values(connection, LECTURE, []) == {}


@pytest.mark.parametrize("value", ["words", {"a": [1, None, "ü 🌞"]}, [], "", 0, False])
def test_any_json_value_is_held_as_it_is(connection: Connection, value: Any) -> None:
    save(connection, replace(TAKE, value=value, artifact=None))
    assert records.load_values(connection, LECTURE, [NODE]) == {NODE: value}


def test_a_failure_is_remembered_until_the_node_is_made(connection: Connection) -> None:
    records.save_failure(connection, LECTURE, replace(FAILURE, fingerprint="f0"))
    records.save_failure(connection, LECTURE, FAILURE)
    records.save_failure(connection, LECTURE, replace(FAILURE, node="other"))
    assert records.load_failures(connection, LECTURE) == {NODE: FAILURE, "other": replace(FAILURE, node="other")}
    save(connection, TAKE)
    assert set(records.load_failures(connection, LECTURE)) == {"other"}


def test_a_take_that_does_not_count_leaves_the_failure(connection: Connection) -> None:
    records.save_failure(connection, LECTURE, FAILURE)
    save(connection, TAKE, counts=False)
    assert records.load_failures(connection, LECTURE) == {NODE: FAILURE}


def test_the_media_of_the_takes_that_count_are_named_once(connection: Connection) -> None:
    save(connection, TAKE)
    save(connection, take(NODE, 2, artifact="a2"))
    save(connection, take("other", 1, artifact="a2"))
    save(connection, take("text", 1))
    save(connection, take("a", 1, artifact="theirs"), lecture="wasps")
    assert records.artifacts(connection, LECTURE) == {"a2"}


def test_words_that_no_database_stores_are_mended(connection: Connection) -> None:
    found = replace(FAILURE, code="4\0", message="half a pair: \ud83d, and \0", request_id="\udc00")
    records.save_failure(connection, LECTURE, found)
    saved = records.load_failures(connection, LECTURE)[NODE]
    assert (saved.code, saved.message, saved.request_id) == ("4\ufffd", "half a pair: \ufffd, and \ufffd", "\ufffd")
