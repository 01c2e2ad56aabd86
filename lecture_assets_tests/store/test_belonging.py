"""A database and its media folder know each other: what does not belong together is refused in one sentence, and never mixed."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from lecture_assets.store import lectures, records
from lecture_assets.store.artifact_folder import ArtifactFolder
from lecture_assets.store.artifacts import Mark
from lecture_assets.store.belonging import ForeignMediaError, require_old, settle, take_over
from lecture_assets.store.database import Database
from lecture_assets.store.migrate import MIGRATIONS, migrate
from lecture_assets.store.records import Take
from lecture_assets_tests.processes import at_once
from lecture_assets_tests.store.conftest import LECTURE, new_head

_RENAMED = {
    ("calls", "fingerprint"): "call_key",
    ("charges", "fingerprint"): "call_key",
    ("paces", ""): "rate_limit_buckets",
    ("paces", "closed_until"): "open_until",
    ("paces", "told"): "vendor_per_minute",
    ("paces", "told_at"): "vendor_said_at",
    ("shares", ""): "queue_positions",
    ("shares", "line"): "queue",
    ("shares", "place"): "virtual_time",
    ("turns", ""): "queue_tickets",
    ("turns", "line"): "queue",
    ("turns", "place"): "virtual_time",
    ("turns", "urgent"): "interactive",
    ("told", ""): "published",
    ("told", "mark"): "take_mark",
    ("told", "seen"): "inputs_digest",
    ("tellings", ""): "publications",
}
"""What a table (with an empty column) or a column of an older database is called today."""


def opened(file: Path, folder: Path) -> str:
    """Open a store as a command does: what is said against it, nothing where it may be worked with."""
    database, artifacts = Database(f"sqlite:///{file}"), ArtifactFolder(folder)
    try:
        require_old(database, artifacts)
        migrate(database)
        return str(settle(database, artifacts) or "")
    except ForeignMediaError as error:
        return str(error)
    finally:
        database.close()


def make(file: Path, folder: Path, name: str = LECTURE, content: bytes = b"picture") -> None:
    """A lecture with one medium."""
    artifacts, database = ArtifactFolder(folder), Database(f"sqlite:///{file}")
    source = artifacts.workspace() / "file"
    source.write_bytes(content)
    sha256 = artifacts.adopt(source)
    source.parent.rmdir()
    take = Take("asset:music", name, name, "{}", {"sha256": sha256}, sha256, "step", 1.0, 0)
    with database.write() as connection:
        lectures.create(connection, new_head(name), now=1.0 + len(name))
        records.save_take(connection, name, take, counts=True)
    database.close()


def unmarked(file: Path, folder: Path) -> None:
    """The store as it was before there were marks: its rows, in the tables of then."""
    (folder / "database.json").unlink()
    new = file.replace(file.with_suffix(".new"))
    database, config = Database(f"sqlite:///{file}"), Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0011")
    database.close()
    with closing(sqlite3.connect(file, isolation_level=None)) as then:
        then.execute("ATTACH ? AS now", (str(new),))
        names = then.execute("SELECT name FROM main.sqlite_master WHERE type = 'table' AND name != 'alembic_version'").fetchall()
        for (table,) in names:
            columns = [row[1] for row in then.execute(f"PRAGMA main.table_info({table})")]
            today = [_RENAMED.get((table, column), column) for column in columns]
            now = f"SELECT {', '.join(today)} FROM now.{_RENAMED.get((table, ''), table)}"  # noqa: S608 - our own names
            then.execute(f"INSERT INTO main.{table} ({', '.join(columns)}) {now}")


@pytest.fixture
def home(tmp_path: Path) -> tuple[Path, Path]:
    """A database and its media folder, with a lecture in them."""
    file, folder = tmp_path / "one.db", tmp_path / "media"
    assert opened(file, folder) == ""
    make(file, folder)
    return file, folder


def test_a_folder_is_marked_once_and_its_database_may_go_on_with_it(home: tuple[Path, Path]) -> None:
    mark = (home[1] / "database.json").read_bytes()
    assert opened(*home) == ""
    assert (home[1] / "database.json").read_bytes() == mark
    assert json.loads(mark)["format"] == "lecture-media/1"


def test_a_home_that_is_moved_or_copied_whole_goes_on(home: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    for suffix in ("", "-wal", "-shm"):
        if (source := Path(f"{home[0]}{suffix}")).exists():
            shutil.copyfile(source, tmp_path / "copy" / source.name)
    shutil.copytree(home[1], tmp_path / "copy" / "media")
    assert opened(tmp_path / "copy" / "one.db", tmp_path / "copy" / "media") == ""


@pytest.mark.parametrize("there", ["nothing", "0 bytes"])
def test_a_new_database_over_somebody_s_media_is_refused_and_none_is_made(home: tuple[Path, Path], there: str) -> None:
    file = home[0].with_name("away.db")
    if there == "0 bytes":
        file.touch()
    said = opened(file, home[1])
    assert "holds media of a missing database" in said
    assert "backup" in said
    assert (file.stat().st_size if file.exists() else -1) == (0 if there == "0 bytes" else -1)


def test_another_home_s_media_are_refused_by_name(home: tuple[Path, Path], tmp_path: Path) -> None:
    other, its_own = tmp_path / "other.db", tmp_path / "its own"
    assert opened(other, its_own) == ""
    said = opened(other, home[1])
    assert "belongs to a different database" in said
    assert str(its_own) in said
    assert opened(other, its_own) == opened(*home) == ""


def test_a_second_folder_of_one_database_is_refused_and_the_remedy_names_the_first(
    home: tuple[Path, Path], tmp_path: Path
) -> None:
    said = opened(home[0], tmp_path / "second")
    assert str(home[1]) in said
    assert str(tmp_path / "second") in said
    assert f"LECTURES_ARTIFACTS={home[1]}" in said
    assert ArtifactFolder(tmp_path / "second").identity.mark() is None


def test_where_the_first_folder_is_lost_a_person_may_put_another_in_its_place(home: tuple[Path, Path], tmp_path: Path) -> None:
    database, second = Database(f"sqlite:///{home[0]}"), ArtifactFolder(tmp_path / "second")
    home[1].rename(tmp_path / "away")
    assert take_over(database, second)
    (tmp_path / "away").rename(home[1])
    assert opened(home[0], second.root) == ""
    with pytest.raises(ForeignMediaError, match="which is still there"):
        take_over(database, ArtifactFolder(home[1]))
    database.close()
    assert "with the folder" in opened(*home)


def test_while_the_first_folder_is_there_no_other_takes_its_place(home: tuple[Path, Path], tmp_path: Path) -> None:
    database = Database(f"sqlite:///{home[0]}")
    with pytest.raises(ForeignMediaError, match=f"LECTURES_ARTIFACTS={home[1]}"):
        take_over(database, ArtifactFolder(tmp_path / "mistyped"))
    database.close()
    assert opened(*home) == ""


@pytest.mark.slow
def test_a_home_from_before_there_were_marks_is_taken_as_it_is(home: tuple[Path, Path]) -> None:
    unmarked(*home)
    assert opened(*home) == ""
    assert ArtifactFolder(home[1]).identity.mark() is not None


@pytest.mark.slow
def test_a_backup_from_before_there_were_marks_still_has_its_media(home: tuple[Path, Path], tmp_path: Path) -> None:
    mark = (home[1] / "database.json").read_bytes()
    unmarked(*home)
    shutil.copyfile(home[0], tmp_path / "backup.db")
    assert opened(*home) == ""
    first = ArtifactFolder(home[1]).identity.mark()
    assert opened(tmp_path / "backup.db", home[1]) == ""
    assert ArtifactFolder(home[1]).identity.mark() == first
    assert mark != (home[1] / "database.json").read_bytes()


@pytest.mark.slow
def test_of_two_homes_on_one_folder_from_before_the_first_gets_it_and_the_other_is_told(
    home: tuple[Path, Path], tmp_path: Path
) -> None:
    other, its_own = tmp_path / "other.db", tmp_path / "its own"
    assert opened(other, its_own) == ""
    make(other, home[1], "another", b"another picture")
    for file, folder in (home, (other, its_own)):
        unmarked(file, folder)
    assert opened(*home) == ""
    assert "belongs to a different database" in opened(other, home[1])


def test_a_mark_that_was_damaged_is_written_again_where_the_media_are_known(home: tuple[Path, Path]) -> None:
    mark = home[1] / "database.json"
    whole = mark.read_bytes()
    for content in (b"", whole[:-9], whole.replace(b"lecture", b"lectuse"), bytes([*whole[:40], whole[40] ^ 1, *whole[41:]])):
        mark.write_bytes(content)
        assert opened(*home) == ""
        assert mark.read_bytes() == whole


def test_a_damaged_mark_of_a_home_that_was_moved_is_written_again(home: tuple[Path, Path]) -> None:
    moved = home[1].rename(home[1].with_name("moved"))
    (moved / "database.json").write_bytes(b"{")
    assert opened(home[0], moved) == ""


def claim(root: Path, number: int) -> str:
    """One of several processes that meet a folder for the first time."""
    return opened(root / "one.db", root / f"media {number % 2}")


@pytest.mark.slow
def test_of_processes_that_open_a_new_store_at_once_all_that_name_one_folder_may_work(tmp_path: Path) -> None:
    said = at_once(claim, [(tmp_path, 0), (tmp_path, 1), (tmp_path, 2), (tmp_path, 3)])
    assert sorted(map(bool, said)) == [False, False, True, True]


def test_a_mark_is_put_once(tmp_path: Path) -> None:
    artifacts = ArtifactFolder(tmp_path)
    assert artifacts.identity.put_mark(Mark("a", "b")) == Mark("a", "b")
    assert artifacts.identity.put_mark(Mark("c", "d")) == Mark("a", "b")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["database.json"]
