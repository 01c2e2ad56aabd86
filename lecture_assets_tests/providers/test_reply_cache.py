"""Replies that come once: space is reserved before the call, and nothing is lost without it. The disks are really full."""

import asyncio
import json
import os
import resource
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.graph.kind import Role
from lecture_assets.ports import Call, SpeechRequest
from lecture_assets.providers import reply_cache
from lecture_assets.providers.reply_cache import LEAST_RESERVED, NoRoomError, ReplyCache
from lecture_assets_tests.providers.openai_stand_in import OpenAIStandIn
from lecture_assets_tests.providers.replicate_stand_in import ReplicateStandIn
from lecture_assets_tests.runner.conftest import BRIEF, LECTURE
from lecture_assets_tests.scenarios.vendor_stand_ins import Vendors, open_decided

ATTEMPT = "a" * 32
CALL = Call("key", ATTEMPT, Role.SPEECH, "tts", SpeechRequest("Leaves catch it.", "voice", "en"))


async def parts(*sizes: int) -> AsyncIterator[bytes]:
    for number, size in enumerate(sizes):
        yield bytes([number + 1]) * size


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Limit the size of this process's files: writing more fails as on a full disk (EFBIG)."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def box(tmp_path: Path) -> ReplyCache:
    return ReplyCache(tmp_path / "inbox")


def left(tmp_path: Path) -> set[str]:
    return {path.name for path in (tmp_path / "inbox").iterdir()}


def test_space_is_reserved_and_released(box: ReplyCache, tmp_path: Path) -> None:
    box.reserve(ATTEMPT, 3 * LEAST_RESERVED)
    assert sum(path.stat().st_blocks * 512 for path in (tmp_path / "inbox").iterdir()) >= 3 * LEAST_RESERVED
    box.release(ATTEMPT)
    assert left(tmp_path) == set()


def test_a_reply_takes_only_the_space_reserved_for_it(box: ReplyCache, tmp_path: Path) -> None:
    box.reserve(ATTEMPT, 2 * LEAST_RESERVED)
    cached = asyncio.run(box.keep(CALL, parts(1000, 234), {"id": "x"}))
    assert cached.path.stat().st_size == 1234
    assert cached.path.stat().st_blocks * 512 < LEAST_RESERVED
    assert left(tmp_path) == {ATTEMPT, f"{ATTEMPT}.json"}
    found = asyncio.run(ReplyCache(tmp_path / "inbox").find(CALL))
    assert found
    assert found.about["id"] == "x"


def test_without_disk_space_nothing_is_left_behind(box: ReplyCache, tmp_path: Path) -> None:
    with files_of_at_most(LEAST_RESERVED // 2), pytest.raises(OSError, match="File too large"):
        box.reserve(ATTEMPT, 1)
    assert left(tmp_path) == set()


def test_a_reply_larger_than_its_reservation_is_held_until_there_is_space(
    box: ReplyCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reply_cache, "RETRY_S", 0.0)
    told: list[str] = []
    room = resource.getrlimit(resource.RLIMIT_FSIZE)

    def make_room(_seconds: float, why: str) -> None:
        told.append(why)
        if len(told) == 3:
            resource.setrlimit(resource.RLIMIT_FSIZE, room)

    box.reserve(ATTEMPT, 1, make_room)
    with files_of_at_most(LEAST_RESERVED + 1000):
        cached = asyncio.run(box.keep(CALL, parts(LEAST_RESERVED, LEAST_RESERVED, 5), {}))
    assert cached.path.read_bytes() == b"\1" * LEAST_RESERVED + b"\2" * LEAST_RESERVED + b"\3" * 5
    assert len(told) == 3
    assert "no disk space for a reply of 2,097,157 bytes" in told[0]


def test_a_reply_that_is_given_up_is_known_to_be_lost(box: ReplyCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reply_cache, "_GIVEN_UP_AFTER_S", -1.0)
    box.reserve(ATTEMPT, 1)
    with files_of_at_most(LEAST_RESERVED), pytest.raises(NoRoomError, match="no disk space for a reply"):
        asyncio.run(box.keep(CALL, parts(2 * LEAST_RESERVED), {}))
    assert left(tmp_path) == set()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def turned_into_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def changed(path: Path) -> None:
    path.write_bytes(b"\xff" + path.read_bytes()[1:])


DAMAGE: list[tuple[str, Callable[[Path], object]]] = [
    (suffix, damage)
    for suffix in ("", ".json")
    for damage in (Path.unlink, emptied, turned_into_a_folder, changed, lambda path: path.write_bytes(b"[" * 100_000))
]


@pytest.mark.parametrize(("suffix", "damage"), DAMAGE)
def test_a_damaged_reply_is_not_found_and_may_be_stored_again(
    box: ReplyCache, tmp_path: Path, suffix: str, damage: Callable[[Path], object]
) -> None:
    asyncio.run(box.keep(CALL, parts(50), {"id": "x"}))
    damage(tmp_path / "inbox" / f"{ATTEMPT}{suffix}")
    assert asyncio.run(box.find(CALL)) is None
    asyncio.run(box.keep(CALL, parts(50), {"id": "y"}))
    again = asyncio.run(box.find(CALL))
    assert again
    assert again.about["id"] == "y"


def test_a_reply_from_an_earlier_version_is_found(box: ReplyCache, tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / ATTEMPT).write_bytes(b"bytes")
    (tmp_path / "inbox" / f"{ATTEMPT}.json").write_text(json.dumps({"id": "x"}))
    assert asyncio.run(box.find(CALL))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 6 MB, if the tests may mount one."""
    folder = tmp_path / "home" / "openai"
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S607 - where mount is, it is


@pytest.mark.slow
def test_on_a_full_disk_nothing_is_sent_and_later_all_is_bought_once(small_disk: Path) -> None:
    home = small_disk.parent
    with OpenAIStandIn() as openai, ReplicateStandIn(polls=0) as replicate:
        vendors = Vendors(openai, replicate)
        with open_decided(vendors.environ(home)) as lectures:
            lectures.create(BRIEF, LECTURE)
            filler = small_disk / "filler"
            filler.write_bytes(bytes(5 * 2**20 + 2**19))
            full: Any = lectures.regenerate(LECTURE)
            sold = vendors.sold()
            filler.unlink()
            report: Any = lectures.regenerate(LECTURE)
            spent: Any = lectures.costs(LECTURE)["spent_usd_micros"]
    assert "there is not enough disk space for its reply" in full["failed"][0]["message"]
    assert sold["text"] == sold["speech"] == 0
    assert report["failed"] == []
    assert dict(vendors.sold()) == {"text": 5, "speech": 2, "image": 2, "music": 1}
    assert spent == report["cost_usd_micros"]
