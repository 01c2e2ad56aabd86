"""An untrusted file is inspected in a process that may die, may be stopped, and has limits."""

import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from lecture_assets.graph.kind import Holds
from lecture_assets.intake import sandbox
from lecture_assets.intake.own_medium import OwnMedium, job_of, take_medium
from lecture_assets.intake.sandbox import NotWantedError
from lecture_assets.intake.sandboxed import SORTS, Sort, limit
from lecture_assets.intake.unfit import UnfitMediumError
from lecture_assets_tests.intake import samples

FOREVER = b"\xff\xe3\x18\xc4" + bytes(68)
"""A 72 ms frame of an MP3."""


def long_sound(folder: Path) -> Path:
    """An hour and a half, which takes seconds to decode."""
    (folder / "long.mp3").write_bytes(FOREVER * 75_000)
    return folder / "long.mp3"


def looks() -> list[int]:
    """The processes that are inspecting a file: children of the inspecting processes among our children.

    A server that another test started is a child of ours with children, too.
    """

    def of(pid: int, name: str) -> str:
        try:
            return Path(f"/proc/{pid}/{name}").read_text()
        except OSError:  # it has ended
            return ""

    ours = [int(child) for task in Path("/proc/self/task").iterdir() for child in (task / "children").read_text().split()]
    inspecting = [child for child in ours if sandbox.MODULE in of(child, "cmdline")]
    return [int(child) for process in inspecting for child in of(process, f"task/{process}/children").split()]


def until_one_looks(done: Callable[[], bool]) -> int:
    while not (found := looks()):
        assert not done(), "it was over before it was seen"
    return found[0]


def test_a_file_whose_inspection_is_killed_is_rejected_and_the_next_is_accepted(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        look = pool.submit(take_medium, long_sound(tmp_path), Holds.MUSIC, tmp_path)
        os.kill(until_one_looks(look.done), signal.SIGKILL)
        with pytest.raises(UnfitMediumError, match="crashes the process that inspects it"):
            look.result()
    assert take_medium(samples.picture(tmp_path / "a.png"), Holds.PICTURE, tmp_path).is_given


@pytest.mark.slow
def test_an_inspection_stops_once_its_result_is_not_wanted(tmp_path: Path) -> None:
    stopped = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        look = pool.submit(take_medium, long_sound(tmp_path), Holds.MUSIC, tmp_path, stopped)
        at_work = until_one_looks(look.done)
        stopped.set()
        with pytest.raises(NotWantedError):
            look.result()
    assert at_work not in looks()


@pytest.mark.slow
def test_an_inspection_ends_with_the_process_that_asked(tmp_path: Path) -> None:
    """A process killed in the middle, without a chance to clean up."""
    code = f"""
from pathlib import Path
from lecture_assets.graph.kind import Holds
from lecture_assets.intake import sandbox
from lecture_assets.intake.own_medium import take_medium
take_medium(Path({str(long_sound(tmp_path))!r}), Holds.MUSIC, Path({str(tmp_path)!r}))
"""
    asker = subprocess.Popen([sys.executable, "-c", code])

    def below(pid: int) -> list[int]:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    while not (servers := below(asker.pid)) or not (found := below(servers[0])):
        assert asker.poll() is None, "it was over before it was seen"
    asker.kill()
    asker.wait()
    for pid in (found[0], servers[0]):
        with suppress(ProcessLookupError):
            descriptor = os.pidfd_open(pid)
            select.select([descriptor], [], [])  # until it has ended
            os.close(descriptor)


def _in_a_fork(do: Callable[[], object], sort: Sort) -> int:
    child = os.fork()
    if not child:
        code = 3
        try:
            limit(sort)
            do()
            code = 0
        except MemoryError:
            code = 2
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _spin() -> None:
    while True:
        pass


@pytest.mark.slow
def test_the_system_enforces_the_limits() -> None:
    take = SORTS["picture"].take
    assert _in_a_fork(lambda: bytearray(64 << 20), Sort(take, 128 << 20, 9, 9)) == 0
    assert _in_a_fork(lambda: bytearray(192 << 20), Sort(take, 128 << 20, 9, 9)) == 2
    assert _in_a_fork(_spin, Sort(take, 128 << 20, 1, 60)) == -signal.SIGXCPU
    assert _in_a_fork(signal.pause, Sort(take, 128 << 20, 9, 1)) == -signal.SIGALRM


@pytest.mark.slow
def test_a_fork_uses_processes_of_its_own(tmp_path: Path) -> None:
    picture = samples.picture(tmp_path / "a.png")

    def taken() -> OwnMedium:
        return take_medium(picture, Holds.PICTURE, tmp_path)

    assert taken().is_given
    child = os.fork()
    if not child:
        os._exit(0 if taken().is_given else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert taken().is_given


@pytest.mark.slow
def test_several_files_are_inspected_at_once(tmp_path: Path) -> None:
    names = [samples.picture(tmp_path / f"{number}.png") for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        media = list(pool.map(lambda path: take_medium(path, Holds.PICTURE, tmp_path), names))
    assert [medium.path for medium in media] == names


def test_a_file_of_the_wrong_kind_costs_no_process(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"PK\x03\x04")
    with pytest.raises(UnfitMediumError, match="ZIP"):
        job_of(tmp_path / "a", Holds.PICTURE, tmp_path)
