"""A home is what its path says, whatever letters that has; nobody else on the machine may open it; one may be only read."""

import ctypes
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.defs.host.instance import open_instance
from lecture_assets.graph.errors import WrongInputError
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.setup.environment import check_environment, database_url
from lecture_assets.store.database import Database
from lecture_assets_tests.intake import samples
from lecture_assets_tests.runner.conftest import BRIEF
from lecture_assets_tests.store.media_folder import folder_of

NAMES = [
    "Why is the sky blue?",
    "100%41",
    "My%20Lectures",
    "a#b",
    "ä ö ü",
    ":memory:",
    "file:x",
    "a:b",
    "back\\slash",
    "[a]*",
    'it\'s "quoted"',
    "$HOME;x&y",
    "%",
]


def environ(folder: Path, **more: str) -> Mapping[str, str]:
    return {"LECTURES_HOME": str(folder), "LECTURES_SIM_LATENCY": "0", **more}


def tree(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("name", NAMES)
def test_a_database_lies_where_its_path_says_and_nothing_beside_it(tmp_path: Path, name: str) -> None:
    home = tmp_path / name
    home.mkdir()
    database = Database(database_url(environ(home)))
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x)")
    again = Database(database_url({"LECTURES_DATABASE_URL": database.url.render_as_string()}))
    with again.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM t").scalar() == 0
    database.close()
    again.close()
    assert (tree(tmp_path), (home / "lectures.db").is_file()) == ({name}, True)


def test_homes_beside_each_other_in_a_folder_with_a_question_have_each_their_own_lectures(tmp_path: Path) -> None:
    homes = [tmp_path / "Why is the sky blue? 100%41" / name for name in ("h1", "h2")]
    with Lectures.open(environ(homes[0])) as first, Lectures.open(environ(homes[1])) as second:
        first.create(BRIEF, "one")
        assert [len(each.all()) for each in (first, second)] == [1, 0]
    assert (tree(tmp_path), tree(homes[0].parent)) == ({homes[0].parent.name}, {"h1", "h2"})


@pytest.mark.slow
@pytest.mark.parametrize("name", ["Why is the sky blue? 100%41 #"])
def test_dagsters_own_databases_lie_in_a_home_of_any_name(tmp_path: Path, name: str) -> None:
    home = tmp_path / name
    with open_instance(environ(home)) as instance:
        instance.add_dynamic_partitions("lecture", ["one"])
        assert instance.get_runs() == []
        assert list(instance.all_instigator_state()) == []
        assert instance.event_log_storage.get_all_run_ids() == []  # type: ignore[attr-defined]
    files = {str(path.relative_to(home / "dagster")) for path in home.rglob("*.db")}
    assert files == {"history/runs.db", "history/runs/index.db", "schedules/schedules.db"}
    assert tree(tmp_path) == {name}


def test_a_home_that_dagster_takes_for_a_pattern_is_refused_where_dagster_is_needed(tmp_path: Path) -> None:
    with pytest.raises(WrongInputError, match="pattern"):
        open_instance(environ(tmp_path / "[a]"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"LECTURES_HOME": "two\nlines"},
        {"LECTURES_HOME": "bytes\udcff"},
        {"LECTURES_ARTIFACTS": "\x1b[2J"},
        {"DAGSTER_HOME": "tab\tbed"},
        {"LECTURES_DATABASE_URL": "sqlite:////tmp/Why is the sky blue?/lectures.db"},
        {"LECTURES_DATABASE_URL": "sqlite:////tmp/two%0Alines.db"},
    ],
)
def test_a_name_that_cannot_be_shown_or_was_not_quoted_is_refused(wrong: Mapping[str, str]) -> None:
    with pytest.raises(WrongInputError) as refused:
        check_environment(wrong)
    [fault] = refused.value.faults
    assert fault.where in wrong
    assert str(fault).isprintable()


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def open_to_others(home: Path) -> list[str]:
    """What others could open: what is below a folder that is closed to them, they cannot."""
    return [
        path.name
        for path in (home, home / "lectures.db", home / "dagster")
        if path.exists() and path.stat().st_mode & stat.S_IRWXO
    ]


@pytest.mark.slow
@pytest.mark.usefixtures("umask")
def test_a_new_home_is_closed_to_others_whatever_the_umask(tmp_path: Path) -> None:
    home, media = tmp_path / "home", tmp_path / "media"
    with Lectures.open(environ(home, LECTURES_ARTIFACTS=str(media))) as lectures:
        file = lectures.context.artifacts.workspace() / "file"
        file.write_bytes(b"bytes")
        put = folder_of(lectures.context.artifacts).path(lectures.context.artifacts.adopt(file))
        assert stat.S_IMODE(put.parent.stat().st_mode) == stat.S_IMODE(media.stat().st_mode) == 0o700
    with open_instance(environ(home)):
        assert open_to_others(home) == []


def test_a_home_of_before_is_closed_and_somebody_else_s_folder_is_left(tmp_path: Path) -> None:
    home, theirs = tmp_path / "home", tmp_path / "theirs"
    with Lectures.open(environ(home)):
        pass
    for path in (home, home / "lectures.db"):
        path.chmod(0o755)
    theirs.mkdir(mode=0o755)
    (theirs / "notes.txt").write_text("mine")
    with Lectures.open(environ(home)), Lectures.open(environ(theirs)):
        assert open_to_others(home) == []
        assert stat.S_IMODE(theirs.stat().st_mode) == 0o755
        assert not (theirs / "lectures.db").stat().st_mode & stat.S_IRWXO


_ALL_OF_THEM = """
import contextlib, io, json, sys
from lecture_assets.cli.entry import run
done = []
for words in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        code = run(words)
    done.append([code, out.getvalue(), err.getvalue()])
print(json.dumps(done))
"""
_CAPBSET_DROP, _CAP_DAC_OVERRIDE = 24, 1


def _bound_by_modes() -> None:
    """In the child: also root may write only where a file's mode says so. It has no effect on others, whom modes bind anyway."""
    ctypes.CDLL(None).prctl(_CAPBSET_DROP, _CAP_DAC_OVERRIDE, 0, 0, 0)


def run_all(home: Path, folder: Path, commands: list[list[str]]) -> list[tuple[int, str, str]]:
    done = subprocess.run(
        [sys.executable, "-c", _ALL_OF_THEM, json.dumps(commands)],
        env={**os.environ, **environ(home)},
        cwd=folder,
        capture_output=True,
        check=True,
        timeout=120,
        preexec_fn=_bound_by_modes,
    )
    return [tuple(each) for each in json.loads(done.stdout)]


@pytest.fixture
def frozen(tmp_path: Path) -> Iterator[Path]:
    """A home with a lecture in which nothing can be written, as on a medium that is only read."""
    home = tmp_path / "Why is the sky blue?"
    with Lectures.open(environ(home)) as lectures:
        lectures.create(BRIEF, "one")
    folders = [home, *(path for path in home.rglob("*") if path.is_dir())]
    for path in folders:
        path.chmod(0o500)
    yield home
    for path in folders:
        path.chmod(0o700)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="root is bound by modes on Linux only")
def test_what_only_reads_works_in_a_home_that_may_only_be_read_and_what_writes_says_so(frozen: Path, tmp_path: Path) -> None:
    picture = samples.picture(tmp_path / "mine.png")
    reading = [
        *(["list"], ["status", "one"], ["plan", "one"], ["plan", "one", "set voice=teacher"], ["history", "one"], ["voices"]),
        *(["explain", "one", "asset:music"], ["takes", "one", "asset:music"], ["costs"], ["costs", "one"], ["graph", "one"]),
        ["plan", "one", f"media asset:image:segment[0]:image[0]=@{picture}"],
        ["export", "one", "--format", "srt"],
        ["export", "one", "--format", "remotion", "--out", "remotion"],
    ]
    writing = [
        ["edit", "one", "set voice=teacher"],
        ["undo", "one"],
        ["regenerate", "one"],
        ["copy", "one", "two"],
        ["gc"],
        ["dev"],
    ]
    before = (frozen / "lectures.db").read_bytes()
    done: Any = run_all(frozen, tmp_path, [*reading, *writing])
    assert [(code, err) for code, _, err in done[: len(reading)]] == [(0, "")] * len(reading)
    for code, out, err in done[len(reading) :]:
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert "a folder that is not writable" in err
    assert (frozen / "lectures.db").read_bytes() == before


@pytest.mark.slow
@pytest.mark.parametrize("left", ["a log and its index", "a log"])
@pytest.mark.skipif(sys.platform != "linux", reason="root is bound by modes on Linux only")
def test_what_a_killed_writer_left_in_the_log_is_read_as_well(tmp_path: Path, left: str) -> None:
    home, copy = tmp_path / "home", tmp_path / "copy"
    copy.mkdir()
    with Lectures.open(environ(home)) as lectures:
        lectures.create(BRIEF, "one")
        lectures.edit("one", ["set voice=teacher"])
        for file in home.glob("lectures.db*"):
            if left == "a log and its index" or not file.name.endswith("-shm"):
                (copy / file.name).write_bytes(file.read_bytes())
    assert (copy / "lectures.db-wal").stat().st_size
    copy.chmod(0o500)
    [(code, out, err)] = run_all(copy, tmp_path, [["history", "one", "--json"]])
    copy.chmod(0o700)
    assert (code, err) == (0, "")
    assert [row["version"] for row in json.loads(out)] == [1, 2]
