"""Edits land one after another, each once; publishing never goes back."""

import json
import random
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from lecture_assets.graph.errors import ConflictError, UnknownLectureError
from lecture_assets.graph.settings import NodeSettings, Settings
from lecture_assets.store import lectures
from lecture_assets.store.database import Database
from lecture_assets.store.lectures import Revision, Seen
from lecture_assets.store.schema import metadata, requests
from lecture_assets_tests.processes import at_once
from lecture_assets_tests.store.conftest import LECTURE, SETTINGS, new_head

EDITED = replace(SETTINGS, inputs={**SETTINGS.inputs, "voice": "teacher"})


def edit(database: Database, version: int, edits: Sequence[str] = (), key: str | None = None) -> None:
    with database.write() as connection:
        lectures.append(
            connection, LECTURE, Revision(version, EDITED, tuple(edits), key), now=float(version), queued_at=float(version)
        )


def state_of(connection: Connection) -> str:
    return str(connection.execute(select(requests.c.state)).scalar_one())


def edit_until_done(url: str, worker: str, count: int) -> list[tuple[int, str]]:
    """Append `count` revisions, each at the version after the head that was read; (version, edit) of those acknowledged."""
    database = Database(url)
    acknowledged: list[tuple[int, str]] = []
    while len(acknowledged) < count:
        with database.read() as connection:
            version = lectures.version_of(connection, LECTURE) + 1
        name = f"{worker}{len(acknowledged)}"
        try:
            edit(database, version, [name])
        except ConflictError as conflict:
            assert conflict.actual > conflict.expected == version - 1  # noqa: PT017 - most races are not lost
            continue
        acknowledged.append((version, name))
    database.close()
    return acknowledged


def create_one(url: str, name: str) -> bool:
    database = Database(url)
    with database.write() as connection:
        created = lectures.create(connection, new_head(name), now=2.0)
    database.close()
    return created is not None


def test_a_new_lecture_is_at_version_1_with_nothing_published_and_nothing_requested(database: Database) -> None:
    with database.read() as connection:
        assert lectures.head(connection, LECTURE) == new_head()
        assert state_of(connection) == "none"
        assert [row["version"] for row in lectures.history(connection, LECTURE)] == [1]


def test_an_id_is_taken_once(database: Database) -> None:
    with database.write() as connection:
        assert not lectures.create(connection, replace(new_head(), brief_digest="another"), now=2.0)
    with database.read() as connection:
        assert lectures.head(connection, LECTURE) == new_head()
        assert lectures.count(connection) == 1


@pytest.mark.slow
def test_of_processes_that_create_one_id_at_once_one_does(database: Database, url: str) -> None:
    assert sorted(at_once(create_one, [(url, "wasps")] * 4)) == [False, False, False, True]
    with database.read() as connection:
        assert lectures.ids(connection) == ["wasps", LECTURE]


def test_an_edit_is_a_revision_and_a_request_in_one(database: Database) -> None:
    edit(database, 2, ["set voice=teacher"])
    with database.read() as connection:
        assert lectures.head(connection, LECTURE) == replace(new_head(), version=2, settings=EDITED)
        assert state_of(connection) == "queued"
        [first, second] = lectures.history(connection, LECTURE)
    assert (first["edits"], second["edits"], second["created_at"]) == ([], ["set voice=teacher"], 2.0)


@pytest.mark.parametrize("version", [1, 2, 4, 9])
def test_an_edit_of_another_version_than_the_head_is_a_conflict_that_names_both_and_changes_nothing(
    database: Database, version: int
) -> None:
    edit(database, 2)
    with pytest.raises(ConflictError) as conflict:
        edit(database, version)
    assert (conflict.value.expected, conflict.value.actual) == (version - 1, 2)
    with database.read() as connection:
        assert lectures.version_of(connection, LECTURE) == 2
        assert len(lectures.history(connection, LECTURE)) == 2


@pytest.mark.slow
def test_edits_of_several_processes_are_each_acknowledged_once_and_none_is_lost(database: Database, url: str) -> None:
    answers = at_once(edit_until_done, [(url, worker, 12) for worker in "abc"])
    acknowledged = sorted(answer for found in answers for answer in found)
    with database.read() as connection:
        history = lectures.history(connection, LECTURE)
        assert lectures.version_of(connection, LECTURE) == 37
    assert [(row["version"], row["edits"][0]) for row in history[1:]] == acknowledged
    assert [version for version, _ in acknowledged] == list(range(2, 38))


def large(texts: dict[int, str]) -> Settings:
    """Settings of 120 kB: 90 kB of notes and 99 pinned texts, of which these are other ones."""
    words = random.Random(7)  # noqa: S311 - nothing is a secret here
    notes = " ".join(f"{words.random():.14f}" for _ in range(5_300))
    nodes = {
        f"content:narration-text:segment[{n}]": NodeSettings(
            pinned=texts.get(n, " ".join(f"{words.random():.9f}" for _ in range(20)))
        )
        for n in range(99)
    }
    return replace(SETTINGS, inputs={**SETTINGS.inputs, "user-prompt": {"prompt": "Rain", "notes": notes}}, nodes=nodes)


def size(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return sum(path.stat().st_size for path in file.parent.glob(f"{file.name}*"))


@pytest.mark.slow
def test_an_edit_of_a_large_lecture_takes_a_tenth_of_its_settings_and_every_version_is_read_as_it_was(
    sqlite_database: Database, file: Path
) -> None:
    states = [large(dict.fromkeys(range(edition % 7), f"edition {edition}")) for edition in range(48)]
    with sqlite_database.write() as connection:
        lectures.append(connection, LECTURE, Revision(2, states[0], ()), now=2.0, queued_at=2.0)
    before = size(file)
    for version, state in enumerate(states[1:], 3):
        with sqlite_database.write() as connection:
            lectures.append(connection, LECTURE, Revision(version, state, ()), now=2.0, queued_at=2.0)
    assert (size(file) - before) / 47 < len(json.dumps(states[0].to_json())) / 10
    with sqlite_database.read() as connection:
        assert [lectures.settings_at(connection, LECTURE, version) for version in range(2, 50)] == states
        assert list(lectures.earlier_settings(connection, LECTURE)) == [*reversed(states), SETTINGS]
        assert lectures.head(connection, LECTURE).settings == states[-1]


def test_a_client_key_names_the_version_it_made_and_is_never_used_twice(database: Database) -> None:
    edit(database, 2, key="k1")
    edit(database, 3)
    edit(database, 4)
    with database.read() as connection:
        assert lectures.by_client_key(connection, LECTURE, "k1") == Seen(2, [], None)
        assert lectures.by_client_key(connection, LECTURE, "k2") is None
        assert lectures.by_client_key(connection, "wasps", "k1") is None
    with pytest.raises(IntegrityError):
        edit(database, 5, key="k1")
    with database.read() as connection:
        assert lectures.version_of(connection, LECTURE) == 4


def test_an_edit_while_a_worker_is_at_it_leaves_its_request_to_it(database: Database) -> None:
    with database.write() as connection:
        connection.execute(requests.update().values(state="running"))
    edit(database, 2)
    with database.read() as connection:
        assert state_of(connection) == "running"


@pytest.mark.slow
@given(st.lists(st.integers(1, 20), max_size=12))
def test_the_published_version_never_goes_back(versions: list[int]) -> None:
    database = Database("sqlite://")
    with database.write() as connection:
        metadata.create_all(connection)
        lectures.create(connection, new_head(), now=1.0)
        newest = 0
        for version in versions:
            assert lectures.publish(connection, LECTURE, version) == (version >= newest)
            newest = max(newest, version)
            assert lectures.head(connection, LECTURE).published == newest
    database.close()


def test_a_lecture_that_does_not_exist_is_an_error_that_names_those_that_do(database: Database) -> None:
    for ask in (lectures.head, lectures.version_of, lectures.history):
        with database.read() as connection, pytest.raises(UnknownLectureError, match="one of bees"):
            ask(connection, "bee")
    with database.write() as connection:
        assert not lectures.publish(connection, "bee", 1)


def test_the_newest_lecture_is_listed_first_with_the_state_of_its_request(database: Database, url: str) -> None:
    create_one(url, "wasps")
    edit(database, 2)
    with database.read() as connection:
        rows = lectures.all_lectures(connection)
    assert [(row["id"], row["head"], row["state"]) for row in rows] == [("wasps", 1, "none"), (LECTURE, 2, "queued")]
