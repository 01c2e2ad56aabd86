"""Referenced bytes are never collected, whatever happened before or meanwhile; unreferenced ones are, once they are old."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from lecture_assets.runner.change.garbage import collect_garbage
from lecture_assets.runner.change.leftovers import RENDERED
from lecture_assets.store.artifact_folder import ArtifactFolder
from lecture_assets.store.reachable import reachable
from lecture_assets_tests.runner.conftest import LECTURE, SmallLecture
from lecture_assets_tests.store.clocks import Machine, OwnClock
from lecture_assets_tests.store.media_folder import folder_of

OLD = (0, 0)


def make_old(small_lecture: SmallLecture) -> None:
    for path in folder_of(small_lecture.lectures.context.artifacts).files():
        os.utime(path, OLD)


def put_in(small_lecture: SmallLecture, content: bytes) -> str:
    artifacts = small_lecture.lectures.context.artifacts
    file = artifacts.workspace() / "file"
    file.write_bytes(content)
    return artifacts.adopt(file)


def names(small_lecture: SmallLecture) -> set[str]:
    return {path.name for path in folder_of(small_lecture.lectures.context.artifacts).files()}


@pytest.mark.slow
def test_bytes_named_by_takes_calls_or_versions_are_kept_even_if_they_no_longer_count(small_lecture: SmallLecture) -> None:
    small_lecture.regenerate()
    small_lecture.edit("reroll asset:image:segment[0]:image[0]", "set voice=teacher")
    small_lecture.regenerate()
    small_lecture.edit("set num_segments=1")
    small_lecture.regenerate()
    make_old(small_lecture)
    before = names(small_lecture)
    report = collect_garbage(small_lecture.lectures.context)
    assert (report["removed"], report["kept"], report["missing"]) == (0, len(before), [])
    assert names(small_lecture) == before


@pytest.mark.parametrize("ahead_days", [1.5, 400.0, -400.0])
def test_recent_bytes_are_kept_however_wrong_the_collector_s_clock_is(small_lecture: SmallLecture, ahead_days: float) -> None:
    """The age of a running call's bytes is taken from the file system that stores them."""
    young = put_in(small_lecture, b"young")
    wrong = OwnClock(Machine(true=time.time()), ahead_days * 24 * 3600.0)
    assert collect_garbage(replace(small_lecture.lectures.context, clock=wrong))["removed"] == 0
    os.utime(folder_of(small_lecture.lectures.context.artifacts).path(young), OLD)
    assert collect_garbage(replace(small_lecture.lectures.context, clock=wrong))["removed"] == 1


def test_unreferenced_bytes_are_removed_when_old_and_kept_while_recent(small_lecture: SmallLecture) -> None:
    old, young = put_in(small_lecture, b"old"), put_in(small_lecture, b"young")
    os.utime(folder_of(small_lecture.lectures.context.artifacts).path(old), OLD)
    leftover = small_lecture.lectures.context.artifacts.workspace()
    os.utime(leftover, OLD)
    dry = collect_garbage(small_lecture.lectures.context, dry_run=True)
    assert names(small_lecture) == {old, young}
    report = collect_garbage(small_lecture.lectures.context)
    assert {**dry, "dry_run": False} == report
    assert (report["removed"], report["removed_bytes"], report["kept"]) == (2, 3, 1)
    assert names(small_lecture) == {young}
    assert not leftover.exists()


def test_films_that_nobody_asked_for_lately_are_removed(small_lecture: SmallLecture) -> None:
    folder = small_lecture.home / RENDERED
    folder.mkdir()
    for name in ("old.mp4", ".old.mp4.part", "young.jpg"):
        (folder / name).write_bytes(b"film")
        if "old" in name:
            os.utime(folder / name, OLD)
    report = collect_garbage(small_lecture.lectures.context)
    assert (report["removed"], report["removed_bytes"]) == (2, 8)
    assert [path.name for path in folder.iterdir()] == ["young.jpg"]


@pytest.mark.slow
def test_bytes_that_only_the_ledger_references_are_kept(small_lecture: SmallLecture) -> None:
    small_lecture.regenerate()
    with small_lecture.lectures.context.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM records")
        connection.exec_driver_sql("DELETE FROM takes")
    make_old(small_lecture)
    assert collect_garbage(small_lecture.lectures.context)["removed"] == 0


@pytest.mark.slow
def test_records_whose_bytes_are_missing_are_listed(small_lecture: SmallLecture) -> None:
    small_lecture.regenerate()
    with small_lecture.lectures.context.database.read() as connection:
        lost = folder_of(small_lecture.lectures.context.artifacts).path(min(reachable(connection) & names(small_lecture)))
    lost.unlink()
    missing = collect_garbage(small_lecture.lectures.context)["missing"]
    assert isinstance(missing, list)
    assert missing
    assert all(str(name).startswith(f"{LECTURE} ") for name in missing)


@pytest.mark.slow
def test_bytes_stored_again_while_they_are_collected_exist_afterwards(small_lecture: SmallLecture) -> None:
    artifacts = folder_of(small_lecture.lectures.context.artifacts)
    sha256, stop = put_in(small_lecture, b"wanted again"), threading.Event()

    def collect() -> None:
        while not stop.is_set():
            artifacts.discard(sha256, before=1e9)

    collector = threading.Thread(target=collect)
    collector.start()
    try:
        for _ in range(300):
            if artifacts.has(sha256):
                os.utime(artifacts.path(sha256), OLD)
            assert artifacts.has(put_in(small_lecture, b"wanted again"))
    finally:
        stop.set()
        collector.join()


_KILLED = """
import os, signal, sys
from pathlib import Path
from lecture_assets.store.artifact_folder import ArtifactFolder
artifacts, wanted = ArtifactFolder(Path(sys.argv[1])), set(sys.argv[3].split())
for number, path in enumerate(sorted(artifacts.files())):
    if number == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    if path.name not in wanted:
        artifacts.discard(path.name, before=1e9)
"""


@pytest.mark.parametrize("number", [0, 3, 7])
def test_a_killed_collection_has_removed_nothing_wanted_and_the_next_one_continues(tmp_path: Path, number: int) -> None:
    artifacts = ArtifactFolder(tmp_path)
    put = []
    for content in (b"%d" % part for part in range(10)):
        file = artifacts.workspace() / "file"
        file.write_bytes(content)
        put.append(artifacts.adopt(file))
        os.utime(artifacts.path(put[-1]), OLD)
    wanted = set(put[::2])
    done = subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path), str(number), " ".join(wanted)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert wanted <= {path.name for path in artifacts.files()}
    assert all(artifacts.discard(name, before=1e9) for name in {path.name for path in artifacts.files()} - wanted)
    assert {path.name for path in artifacts.files()} == wanted
