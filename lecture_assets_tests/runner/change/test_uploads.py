"""Uploaded media: what was inspected is what is kept, whatever happens to the file, and whatever the store contains."""

import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.graph.kind import Holds
from lecture_assets.runner.change.garbage import collect_garbage
from lecture_assets.runner.change.uploads import UploadStaging
from lecture_assets_tests.intake import samples
from lecture_assets_tests.runner.conftest import SmallLecture, open_small_lecture
from lecture_assets_tests.store.media_folder import folder_of

IMAGES = ("asset:image:segment[0]:image[0]", "asset:image:segment[1]:image[0]")


@pytest.fixture
def small_lecture(tmp_path: Path) -> Iterator[SmallLecture]:
    with open_small_lecture(tmp_path / "home") as small_lecture:
        yield small_lecture


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("becomes", ["a program", "another picture", "nothing"])
def test_a_file_that_changes_after_inspection_is_kept_as_it_was_inspected(
    small_lecture: SmallLecture, tmp_path: Path, becomes: str
) -> None:
    mine = samples.picture(tmp_path / "mine.png")
    inspected = digest(mine)
    with UploadStaging(small_lecture.lectures.context) as staging:
        value = staging.inspect(mine, Holds.PICTURE)
        mine.unlink()
        if becomes == "a program":
            mine.write_text("#!/bin/sh\n")
        elif becomes == "another picture":
            samples.picture(mine, size=(100, 100))
        staging.keep()
    assert value["sha256"] == inspected
    assert digest(folder_of(small_lecture.lectures.context.artifacts).path(inspected)) == inspected


def test_old_garbage_that_is_uploaded_again_is_not_removed_by_a_collector_that_listed_it_before(
    small_lecture: SmallLecture, tmp_path: Path
) -> None:
    artifacts, mine = small_lecture.lectures.context.artifacts, samples.picture(tmp_path / "mine.png")
    with UploadStaging(small_lecture.lectures.context) as staging:
        staging.inspect(mine, Holds.PICTURE)
        staging.keep()
    os.utime(folder_of(artifacts).path(digest(mine)), (0, 0))
    looked = time.time() - 60
    small_lecture.edit(f"media {IMAGES[0]}=@{mine}")
    assert not folder_of(artifacts).discard(digest(mine), looked)
    assert collect_garbage(small_lecture.lectures.context)["removed"] == 0
    assert artifacts.has(digest(mine))


@pytest.mark.parametrize("nodes", [(IMAGES[0], IMAGES[0]), IMAGES], ids=["the same node", "another node"])
@pytest.mark.parametrize("damage", [b"", b"#!/bin/sh\n", None], ids=["nothing", "something else", "a bit"])
def test_a_medium_damaged_in_the_store_is_repaired_by_uploading_it_again(
    small_lecture: SmallLecture, tmp_path: Path, nodes: tuple[str, str], damage: bytes | None
) -> None:
    mine = samples.picture(tmp_path / "mine.png")
    small_lecture.edit(f"media {nodes[0]}=@{mine}")
    stored = folder_of(small_lecture.lectures.context.artifacts).path(digest(mine))
    whole = stored.read_bytes()
    stored.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]) if damage is None else damage)
    small_lecture.edit(f"media {nodes[1]}=@{mine}")
    assert stored.read_bytes() == whole


def test_damaged_bytes_in_the_store_cannot_be_used_by_their_digest(small_lecture: SmallLecture, tmp_path: Path) -> None:
    mine = samples.picture(tmp_path / "mine.png")
    small_lecture.edit(f"media {IMAGES[0]}=@{mine}")
    samples.picture(tmp_path / "other.png", size=(100, 100)).replace(
        folder_of(small_lecture.lectures.context.artifacts).path(digest(mine))
    )
    with pytest.raises(WrongInputError):
        small_lecture.edit(f"media {IMAGES[1]}=sha256:{digest(mine)}")


def test_a_stored_medium_can_be_used_by_its_digest(small_lecture: SmallLecture, tmp_path: Path) -> None:
    mine = samples.picture(tmp_path / "mine.png")
    small_lecture.edit(f"media {IMAGES[0]}=@{mine}")
    small_lecture.edit(f"media {IMAGES[1]}=sha256:{digest(mine)}")
    assert small_lecture.statuses()[IMAGES[1]] == "fresh"
