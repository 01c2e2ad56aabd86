"""What something names is never collected, whatever happened before or meanwhile; what nothing names goes, once it is old."""

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
from lecture_assets.store.artifacts import Artifacts
from lecture_assets.store.reachable import reachable
from lecture_assets_tests.runner.conftest import LECTURE, House
from lecture_assets_tests.store.clocks import Machine, OwnClock

OLD = (0, 0)


def make_old(house: House) -> None:
    for path in house.lectures.context.artifacts.files():
        os.utime(path, OLD)


def put_in(house: House, content: bytes) -> str:
    artifacts = house.lectures.context.artifacts
    file = artifacts.workspace() / "file"
    file.write_bytes(content)
    return artifacts.adopt(file)


def names(house: House) -> set[str]:
    return {path.name for path in house.lectures.context.artifacts.files()}


@pytest.mark.slow
def test_what_takes_calls_and_versions_name_is_kept_also_where_it_does_not_count_any_more(house: House) -> None:
    house.regenerate()
    house.edit("reroll asset:image:segment[0]:image[0]", "set voice=teacher")
    house.regenerate()
    house.edit("set num_segments=1")
    house.regenerate()
    make_old(house)
    before = names(house)
    report = collect_garbage(house.lectures.context)
    assert (report["removed"], report["kept"], report["missing"]) == (0, len(before), [])
    assert names(house) == before


@pytest.mark.parametrize("ahead_days", [1.5, 400.0, -400.0])
def test_what_is_young_stays_however_far_off_the_clock_is_of_whoever_collects(house: House, ahead_days: float) -> None:
    """Bytes of a call that is being made are young by the file system that keeps them."""
    young = put_in(house, b"young")
    wrong = OwnClock(Machine(true=time.time()), ahead_days * 24 * 3600.0)
    assert collect_garbage(replace(house.lectures.context, clock=wrong))["removed"] == 0
    os.utime(house.lectures.context.artifacts.path(young), OLD)
    assert collect_garbage(replace(house.lectures.context, clock=wrong))["removed"] == 1


def test_what_nothing_names_goes_when_it_is_old_and_stays_while_it_is_young(house: House) -> None:
    old, young = put_in(house, b"old"), put_in(house, b"young")
    os.utime(house.lectures.context.artifacts.path(old), OLD)
    leftover = house.lectures.context.artifacts.workspace()
    os.utime(leftover, OLD)
    dry = collect_garbage(house.lectures.context, dry_run=True)
    assert names(house) == {old, young}
    report = collect_garbage(house.lectures.context)
    assert {**dry, "dry_run": False} == report
    assert (report["removed"], report["removed_bytes"], report["kept"]) == (2, 3, 1)
    assert names(house) == {young}
    assert not leftover.exists()


@pytest.mark.slow
def test_bytes_that_only_the_ledger_names_are_kept(house: House) -> None:
    house.regenerate()
    with house.lectures.context.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM records")
        connection.exec_driver_sql("DELETE FROM takes")
    make_old(house)
    assert collect_garbage(house.lectures.context)["removed"] == 0


def test_records_without_their_bytes_are_named(house: House) -> None:
    house.regenerate()
    with house.lectures.context.database.read() as connection:
        lost = house.lectures.context.artifacts.path(min(reachable(connection) & names(house)))
    lost.unlink()
    missing = collect_garbage(house.lectures.context)["missing"]
    assert isinstance(missing, list)
    assert missing
    assert all(str(name).startswith(f"{LECTURE} ") for name in missing)


@pytest.mark.slow
def test_bytes_that_are_put_in_again_while_they_are_collected_are_there_afterwards(house: House) -> None:
    artifacts = house.lectures.context.artifacts
    sha256, stop = put_in(house, b"wanted again"), threading.Event()

    def collect() -> None:
        while not stop.is_set():
            artifacts.discard(sha256, before=1e9)

    collector = threading.Thread(target=collect)
    collector.start()
    try:
        for _ in range(300):
            if artifacts.has(sha256):
                os.utime(artifacts.path(sha256), OLD)
            assert artifacts.has(put_in(house, b"wanted again"))
    finally:
        stop.set()
        collector.join()


_KILLED = """
import os, signal, sys
from pathlib import Path
from lecture_assets.store.artifacts import Artifacts
artifacts, wanted = Artifacts(Path(sys.argv[1])), set(sys.argv[3].split())
for number, path in enumerate(sorted(artifacts.files())):
    if number == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    if path.name not in wanted:
        artifacts.discard(path.name, before=1e9)
"""


@pytest.mark.parametrize("number", [0, 3, 7])
def test_a_collection_that_is_killed_has_removed_nothing_that_is_wanted_and_the_next_one_goes_on(
    tmp_path: Path, number: int
) -> None:
    artifacts = Artifacts(tmp_path)
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
