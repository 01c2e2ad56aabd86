"""Whatever is damaged is found, named and mended as far as it can be; nothing damaged is used, and no command breaks over it."""

import contextlib
import io
import json
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.cli.entry import run
from lecture_assets.defs.doctor import examine
from lecture_assets.runner.change.garbage import collect_garbage, remove_leftovers
from lecture_assets.runner.change.store_check import examine_store
from lecture_assets.runner.lectures import Lectures
from lecture_assets.store.artifacts import ROUNDING_S, Artifacts
from lecture_assets.store.schema import identity, metadata
from lecture_assets_tests.defs.dev_server import until
from lecture_assets_tests.intake import samples
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.runner.conftest import LECTURE, SmallLecture, open_small_lecture
from lecture_assets_tests.servers.homes import backed_up, copy_home, database_of, has_servers, home_environ
from lecture_assets_tests.servers.postgres import execute
from lecture_assets_tests.store.stored_media import flip, lose, names, notice, overwrite, read, rot

IMAGE, OTHER = "asset:image:segment[0]:image[0]", "asset:image:segment[1]:image[0]"
INTO_OFFERS = (
    "INSERT INTO offers (lecture, token, version, nodes, calls, high_usd_micros, offered_at) "
    "SELECT id, 't', 1, {}, 0, 0, 0.0 FROM lectures"
)
UNTYPED = pytest.mark.sqlite
"""A server stores no such value."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a lecture that was made, an image of it twice, and another one that a person gave."""
    home = tmp_path_factory.mktemp("made") / "home"
    with open_small_lecture(home) as small_lecture:
        small_lecture.regenerate()
        small_lecture.edit(f"reroll {IMAGE}", f"media {OTHER}=@{samples.picture(home / 'mine.png')}")
        small_lecture.regenerate()
    return home


@pytest.fixture
def small_lecture(made: Path, tmp_path: Path) -> Iterator[SmallLecture]:
    """A copy of it."""
    copy_home(made, tmp_path / "home")
    with open_small_lecture(tmp_path / "home") as small_lecture:
        yield small_lecture


def unseen(_words: str) -> None:
    """Progress that nobody sees."""


def takes(small_lecture: SmallLecture, node: str) -> Any:
    return small_lecture.lectures.takes(LECTURE, node)["takes"]


def sha256_of(small_lecture: SmallLecture, node: str, number: int) -> str:
    """The medium of a take."""
    [take] = [take for take in takes(small_lecture, node) if take["number"] == number]
    return str(take["value"]["sha256"])


@dataclass(frozen=True)
class Case:
    """A medium, by its node and take; where it is named; what a regeneration makes after the repair, and what it fails at."""

    node: str
    take: int
    named: str
    made: bool = False
    failed: bool = False


CASES = {
    "the take that counts": Case(IMAGE, 2, f"{LECTURE} {IMAGE}", made=True),
    "an older take": Case(IMAGE, 1, f"{LECTURE} {IMAGE}, take 1"),
    "a person's own": Case(OTHER, 2, f"{LECTURE} {OTHER}", failed=True),
}


@pytest.mark.slow
@pytest.mark.parametrize("harm", [flip, rot, lose], ids=["written over", "rotten", "gone"])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_medium_that_anything_names_is_looked_at_and_what_is_lost_is_made_again_or_asked_for(
    small_lecture: SmallLecture, case: Case, harm: Callable[[Artifacts, str], None]
) -> None:
    context, sha256 = small_lecture.lectures.context, sha256_of(small_lecture, case.node, case.take)
    harm(context.artifacts, sha256)
    found = examine_store(context, unseen, repairs=True)
    assert found.missing + found.damaged == [case.named]
    assert bool(found.damaged) == (harm is not lose)
    assert [line.startswith(case.named) for line in found.by_hand] == [True] * case.failed
    assert not context.artifacts.has(sha256)
    report: Any = small_lecture.regenerate()
    assert (IMAGE in report["made"]) == case.made
    assert report["calls"] == ({"image": 1} if case.made else {})
    assert [failed["id"] for failed in report["failed"]] == [OTHER] * case.failed
    again = examine_store(context, unseen, repairs=False)
    left, stays = [] if case.made else [case.named], has_servers() and harm is not lose
    assert (again.damaged, again.missing) == ((left, []) if stays else ([], left))  # an object stays, for a backup to replace


@pytest.mark.parametrize("node", [IMAGE, OTHER], ids=["made", "given"])
def test_a_medium_that_was_written_over_is_used_by_nobody(small_lecture: SmallLecture, node: str) -> None:
    sha256 = sha256_of(small_lecture, node, 2)
    flip(small_lecture.lectures.context.artifacts, sha256, 1000)
    notice(small_lecture.lectures.context.artifacts, sha256)
    assert small_lecture.statuses()[node] != "fresh"
    plan: Any = small_lecture.lectures.plan(LECTURE)
    assert node in {planned["id"] for planned in plan["nodes"]}
    timeline: Any = small_lecture.lectures.draft(LECTURE)
    layers = [layer for segment in timeline["segments"] for layer in segment["layers"]]
    assert [layer["type"] for layer in layers].count("missing") == 1


def test_an_older_take_whose_bytes_were_written_over_cannot_be_chosen(small_lecture: SmallLecture) -> None:
    flip(small_lecture.lectures.context.artifacts, sha256 := sha256_of(small_lecture, IMAGE, 1))
    notice(small_lecture.lectures.context.artifacts, sha256)
    assert say(small_lecture.home, "edit", LECTURE, f"take {IMAGE}=1")[0] == 2


def say(home: Path, *words: str) -> tuple[int, str]:
    """A command in this process: its exit code, and what it says."""
    said = io.StringIO()
    before = dict(os.environ)
    os.environ.update(home_environ(home, LECTURES_DATABASE_WAIT="0.05"))
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = run(words)
    finally:
        os.environ.clear()
        os.environ.update(before)
    return code, said.getvalue()


@pytest.mark.slow
def test_a_chosen_take_that_is_lost_is_shown_as_missing_and_the_rest_of_the_lecture_goes_on(small_lecture: SmallLecture) -> None:
    small_lecture.edit(f"take {IMAGE}=1")
    small_lecture.regenerate()
    lose(small_lecture.lectures.context.artifacts, sha256 := sha256_of(small_lecture, IMAGE, 1))
    notice(small_lecture.lectures.context.artifacts, sha256)
    for _ in range(2):
        code, said = say(small_lecture.home, "regenerate", LECTURE)
        assert code == 1
        assert "the bytes of take 1, chosen for" in said
        assert f"take {IMAGE}=NUMBER" in said
        assert "a person gave" not in said
    small_lecture.edit("text content:narration-text:segment[1]=Drops fall.")
    report: Any = small_lecture.regenerate()
    assert "asset:narration:segment[1]" in report["made"]
    timeline = json.loads(Path(report["timeline"]).read_text())
    [layer] = timeline["segments"][0]["layers"]
    assert layer["type"] == "missing"
    assert "choose another take" in layer["reason"]
    small_lecture.edit(f"unpin {IMAGE}")
    assert small_lecture.regenerate()["failed"] == []


@pytest.mark.slow
def test_a_reply_of_the_ledger_that_is_damaged_is_forgotten_and_another_lecture_buys_it_again(
    small_lecture: SmallLecture,
) -> None:
    with small_lecture.lectures.context.database.write() as connection:
        for table in ("records", "takes"):
            connection.exec_driver_sql(f"DELETE FROM {table} WHERE node = '{IMAGE}'")  # noqa: S608 - a test's own words
    before = examine_store(small_lecture.lectures.context, unseen, repairs=False)
    assert (before.missing, before.damaged) == ([], [])
    with small_lecture.lectures.context.database.read() as connection:
        replies = connection.exec_driver_sql(f"SELECT reply FROM calls WHERE node = '{IMAGE}'").scalars().all()  # noqa: S608
    for reply in replies:
        document = reply if isinstance(reply, dict) else json.loads(reply)  # a server has a type for JSON
        rot(small_lecture.lectures.context.artifacts, document["document"]["sha256"])
    found = examine_store(small_lecture.lectures.context, unseen, repairs=True)
    assert found.damaged == [f"{LECTURE} {IMAGE}, a paid reply"] * 2
    assert small_lecture.regenerate()["calls"] == {"image": 1}
    assert examine_store(small_lecture.lectures.context, unseen, repairs=False).is_sound


def test_a_call_of_a_dead_worker_that_nobody_wants_is_asked_for_and_booked(small_lecture: SmallLecture) -> None:
    spent = small_lecture.lectures.costs(LECTURE)["spent_usd_micros"]
    damaged(
        small_lecture,
        "UPDATE calls SET state = 'submitted', reply = NULL, settled_at = NULL, cost_usd_micros = 0 "
        "WHERE call_key = (SELECT min(call_key) FROM calls)",
    )
    found: Any = examine(small_lecture.lectures.context, {}, unseen, repairs=False)["unsettled"]
    assert len(found) == 1
    assert examine(small_lecture.lectures.context, {}, unseen, repairs=True)["settled"] == found
    assert small_lecture.lectures.costs(LECTURE)["spent_usd_micros"] == spent


def test_a_letter_that_cannot_be_read_is_named_and_dropped(small_lecture: SmallLecture) -> None:
    inbox = small_lecture.home / "openai" / "inbox"
    inbox.mkdir(parents=True)
    for name, note in (("torn", b'{"id": '), ("alone", b'{"id": "x"}'), ("list", b"[]")):
        (inbox / f"{name}.json").write_bytes(note)
    (inbox / "torn").write_bytes(b"reply")
    (inbox / "whole").write_bytes(b"reply")
    (inbox / "whole.json").write_bytes(b'{"id": "y"}')
    found = examine_store(small_lecture.lectures.context, unseen, repairs=True)
    assert {Path(letter).stem for letter in found.unreadable_replies} == {"torn", "alone", "list"}
    assert {path.name for path in inbox.iterdir()} == {"whole", "whole.json"}


def damaged(small_lecture: SmallLecture, statement: str) -> None:
    with small_lecture.lectures.context.database.write() as connection:
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("statement", "is_mended"),
    [
        ("UPDATE plans SET plan = '{'", True),
        (INTO_OFFERS.format("'{'"), True),
        pytest.param(INTO_OFFERS.format("CAST(X'ff' AS TEXT)"), True, marks=UNTYPED),
        pytest.param("INSERT INTO queue_positions (queue, workspace, virtual_time) VALUES ('l', 'w', '?')", True, marks=UNTYPED),
        ("UPDATE spending SET cost_usd_micros = cost_usd_micros + 1", True),
        ("DELETE FROM spending", True),
        ("UPDATE revisions SET settings = '{}'", False),
        ("UPDATE takes SET value = '\"x\"' WHERE number = 2", False),
        ("UPDATE takes SET recipe = '{}' WHERE number = 2", False),
        ("UPDATE calls SET state = 'dome'", False),
        ("DELETE FROM revisions", False),
    ],
)
def test_rows_that_are_not_what_was_written_are_told_and_those_that_are_made_again_are_dropped(
    small_lecture: SmallLecture, statement: str, *, is_mended: bool
) -> None:
    damaged(small_lecture, statement)
    assert examine_store(small_lecture.lectures.context, unseen, repairs=False).mendable == is_mended
    found = examine_store(small_lecture.lectures.context, unseen, repairs=True)
    assert found.database
    assert found.remains != is_mended
    assert bool(examine_store(small_lecture.lectures.context, unseen, repairs=False).database) != is_mended


@pytest.mark.sqlite
def test_pages_of_something_else_are_told(small_lecture: SmallLecture) -> None:
    small_lecture.lectures.context.close()
    file = small_lecture.home / "lectures.db"
    content = file.read_bytes()
    middle = len(content) // 2 // 4096 * 4096
    file.write_bytes(content[:middle] + bytes(range(256)) * 32 + content[middle + 8192 :])
    assert examine_store(small_lecture.lectures.context, unseen, repairs=True).remains
    code, said = say(small_lecture.home, "status", LECTURE)
    assert (code, "is damaged" in said) in {(2, True), (0, False)}


def harmed(home: Path, seed: int) -> None:
    """Bytes of the database, of a medium or of another file of the home are others."""
    chance = random.Random(seed)  # noqa: S311 - a test that can be repeated
    files = sorted(path for path in home.rglob("*") if path.is_file() and path.stat().st_size and "timelines" not in path.parts)
    if has_servers() and seed % 2:
        harmed_row(home, chance)
    elif has_servers() and chance.random() < 0.5:
        with Lectures.open(home_environ(home)) as lectures:
            artifacts = lectures.context.artifacts
            sha256 = chance.choice(sorted(names(artifacts)))
            overwrite(artifacts, sha256, otherwise(read(artifacts, sha256), chance))
    else:
        file = home / "lectures.db" if seed % 2 else chance.choice(files)
        file.write_bytes(otherwise(file.read_bytes(), chance))


def otherwise(content: bytes, chance: random.Random) -> bytes:
    """Some bytes are others."""
    changed = bytearray(content)
    for _ in range(chance.choice([1, 1, 40])):
        changed[chance.randrange(len(changed))] ^= chance.randrange(1, 256)
    return bytes(changed)


def harmed_row(home: Path, chance: random.Random) -> None:
    """A byte of a document is another: a server stores no other damage."""
    table, column = chance.choice([("takes", "value"), ("revisions", "settings"), ("revisions", "edits"), ("plans", "plan")])
    rows = execute(database_of(home), f"SELECT ctid::text, length({column}) FROM {table} ORDER BY ctid")  # noqa: S608 - own names
    row, length = chance.choice(rows)
    byte = f"set_byte({column}, {chance.randrange(length)}, {chance.randrange(256)})"
    execute(database_of(home), f"UPDATE {table} SET {column} = {byte} WHERE ctid = '{row}'")  # noqa: S608 - the same


COMMANDS = (
    ("list",),
    ("status", LECTURE),
    ("edit", LECTURE, "set image_style=ink"),
    ("plan", LECTURE),
    ("gc",),
    ("regenerate", LECTURE),
)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(300 if THOROUGH else 6))
def test_whatever_byte_of_a_home_is_another_each_command_says_what_is_wrong_and_none_breaks(
    made: Path, tmp_path: Path, seed: int
) -> None:
    copy_home(made, tmp_path / "home")
    harmed(tmp_path / "home", seed)
    for command in COMMANDS:
        code, said = say(tmp_path / "home", *command)
        assert code in {0, 1, 2, 3}, (command, said)
        assert "Traceback" not in said


def test_a_database_that_another_process_holds_refuses_a_command_and_nothing_is_changed(small_lecture: SmallLecture) -> None:
    with small_lecture.open_again() as again, again.lectures.context.database.write() as other:  # on SQLite, one may write
        if has_servers():
            other.exec_driver_sql("LOCK TABLE lectures IN EXCLUSIVE MODE")
        for command in (("edit", LECTURE, "set voice=teacher"), ("regenerate", LECTURE)):
            code, said = say(small_lecture.home, *command)
            assert code == 3, said
            assert "another process" in said
    assert len(small_lecture.lectures.history(LECTURE)) == 2


@pytest.mark.slow
@pytest.mark.parametrize("age", [0.0, pytest.param(30 * 24 * 3600.0, marks=pytest.mark.sqlite)])  # S3 takes no time of ours
def test_what_was_made_since_a_backup_is_named_and_stays_when_it_is_put_back(small_lecture: SmallLecture, age: float) -> None:
    small_lecture.lectures.context.close()
    put_back = backed_up(small_lecture.home)
    with small_lecture.open_again() as other:
        other.edit("set image_style=ink", f"unpin {OTHER}")
        other.regenerate()
    artifacts = small_lecture.lectures.context.artifacts
    before = names(artifacts)
    for sha256 in before if age else ():
        seconds = Path(artifacts.address(sha256)).stat().st_mtime_ns - int(age * 1e9) // 10**9 * 10**9
        os.utime(artifacts.address(sha256), ns=(seconds, seconds))
    small_lecture.lectures.context.close()
    put_back()
    with small_lecture.open_again() as again:
        until(lambda: all_are_old(again.lectures.context.artifacts))
        assert len(examine_store(again.lectures.context, unseen, repairs=False).newer) == 2
        said = say(again.home, "doctor")[1]
        assert "all else agrees; restore the newer database, or remove them with `lectures gc --unknown`" in said
        assert collect_garbage(again.lectures.context, 0.0)["unknown"] == 2
        again.edit(f"reroll {IMAGE}")
        again.regenerate()
        assert collect_garbage(again.lectures.context, 0.0)["unknown"] == 2
        assert before <= names(again.lectures.context.artifacts)
        assert collect_garbage(again.lectures.context, 0.0, unknown=True)["removed"] == 2


def all_are_old(artifacts: Artifacts) -> bool:
    """Whether no medium is too young for a collection without a grace: S3 tells times in whole seconds."""
    now = artifacts.now()
    return max(medium.changed_at for medium in artifacts.listing()) < now + ROUNDING_S


def test_a_database_without_lectures_collects_nothing(small_lecture: SmallLecture) -> None:
    before = names(small_lecture.lectures.context.artifacts)
    with small_lecture.lectures.context.database.write() as connection:
        for table in reversed([table for table in metadata.sorted_tables if table is not identity]):
            connection.execute(table.delete())
    code, said = say(small_lecture.home, "gc", "--grace", "0")
    assert code == 3
    assert "nothing was changed" in said
    assert names(small_lecture.lectures.context.artifacts) == before


@pytest.mark.slow
def test_a_short_grace_is_refused_while_anybody_is_at_work(small_lecture: SmallLecture) -> None:
    codes = []
    small_lecture.watch.before = lambda _call: codes.append(say(small_lecture.home, "gc", "--grace", "0")[0])
    small_lecture.edit(f"reroll {IMAGE}")
    small_lecture.regenerate()
    assert codes == [3]
    assert say(small_lecture.home, "gc", "--grace", "0")[0] == 0
    assert set(small_lecture.statuses().values()) == {"fresh"}


def test_a_short_grace_waits_for_media_that_are_being_put_in(
    small_lecture: SmallLecture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("durable", "adding_media"):
        monkeypatch.setattr(f"lecture_assets.store.{module}.PATIENCE_S", 0.05)
    with small_lecture.lectures.context.artifacts.shared():
        code, said = say(small_lecture.home, "gc", "--grace", "0")
    assert (code, "is adding media to" in said) == (3, True)


def test_what_killed_commands_left_is_counted_in_bytes_and_removed(small_lecture: SmallLecture) -> None:
    workspace = small_lecture.lectures.context.artifacts.workspace()
    workspace.rmdir()
    folders = [small_lecture.home / "deliveries", small_lecture.home / "openai" / "deliveries", workspace.parent]
    for number, folder in enumerate(folders):
        (folder / "killed").mkdir(parents=True)
        (folder / "killed" / "delivered").write_bytes(bytes(1000 + number))
    assert collect_garbage(small_lecture.lectures.context)["removed_bytes"] == 0
    assert remove_leftovers(small_lecture.lectures.context) == (3, 3003)
    assert not [path for folder in folders for path in folder.iterdir()]


def test_a_reply_whose_call_is_settled_is_removed_and_one_that_is_wanted_stays(small_lecture: SmallLecture) -> None:
    with small_lecture.lectures.context.database.read() as connection:
        [attempt, *_] = connection.exec_driver_sql("SELECT attempt FROM calls").scalars()
    inbox = small_lecture.home / "openai" / "inbox"
    inbox.mkdir(parents=True)
    for name in (attempt, f"{attempt}.json", "wanted", "wanted.json"):
        (inbox / name).write_bytes(b"{}")
    assert remove_leftovers(small_lecture.lectures.context)[0] == 2
    assert {path.name for path in inbox.iterdir()} == {"wanted", "wanted.json"}


def test_a_look_at_whole_media_reads_none_of_them(small_lecture: SmallLecture, monkeypatch: pytest.MonkeyPatch) -> None:
    small_lecture.statuses()
    with Lectures.open(home_environ(small_lecture.home)) as again:
        monkeypatch.setattr("hashlib.file_digest", None)
        nodes: Any = again.status(LECTURE)["nodes"]
    assert {node["status"] for node in nodes} == {"fresh"}
