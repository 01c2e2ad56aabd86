"""Uploaded media: what was inspected is what is kept, whatever happens to the file, and whatever the store contains."""

import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.graph.lecture import Holds
from lecture_assets.runner.change.garbage import collect_garbage
from lecture_assets.runner.change.uploads import UploadStaging
from lecture_assets_tests.intake import samples
from lecture_assets_tests.runner.conftest import House, open_house

IMAGES = ("asset:image:segment[0]:image[0]", "asset:image:segment[1]:image[0]")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path / "home") as house:
        yield house


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("becomes", ["a program", "another picture", "nothing"])
def test_a_file_that_changes_after_inspection_is_kept_as_it_was_inspected(house: House, tmp_path: Path, becomes: str) -> None:
    mine = samples.picture(tmp_path / "mine.png")
    inspected = digest(mine)
    with UploadStaging(house.lectures.context) as staging:
        value = staging.inspect(mine, Holds.PICTURE)
        mine.unlink()
        if becomes == "a program":
            mine.write_text("#!/bin/sh\n")
        elif becomes == "another picture":
            samples.picture(mine, size=(100, 100))
        staging.keep()
    assert value["sha256"] == inspected
    assert digest(house.lectures.context.artifacts.path(inspected)) == inspected


def test_old_garbage_that_is_uploaded_again_is_not_removed_by_a_collector_that_listed_it_before(
    house: House, tmp_path: Path
) -> None:
    artifacts, mine = house.lectures.context.artifacts, samples.picture(tmp_path / "mine.png")
    with UploadStaging(house.lectures.context) as staging:
        staging.inspect(mine, Holds.PICTURE)
        staging.keep()
    os.utime(artifacts.path(digest(mine)), (0, 0))
    looked = time.time() - 60
    house.edit(f"media {IMAGES[0]}=@{mine}")
    assert not artifacts.discard(digest(mine), looked)
    assert collect_garbage(house.lectures.context)["removed"] == 0
    assert artifacts.has(digest(mine))


@pytest.mark.parametrize("nodes", [(IMAGES[0], IMAGES[0]), IMAGES], ids=["the same node", "another node"])
@pytest.mark.parametrize("damage", [b"", b"#!/bin/sh\n", None], ids=["nothing", "something else", "a bit"])
def test_a_medium_damaged_in_the_store_is_repaired_by_uploading_it_again(
    house: House, tmp_path: Path, nodes: tuple[str, str], damage: bytes | None
) -> None:
    mine = samples.picture(tmp_path / "mine.png")
    house.edit(f"media {nodes[0]}=@{mine}")
    stored = house.lectures.context.artifacts.path(digest(mine))
    whole = stored.read_bytes()
    stored.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]) if damage is None else damage)
    house.edit(f"media {nodes[1]}=@{mine}")
    assert stored.read_bytes() == whole


def test_damaged_bytes_in_the_store_cannot_be_used_by_their_digest(house: House, tmp_path: Path) -> None:
    mine = samples.picture(tmp_path / "mine.png")
    house.edit(f"media {IMAGES[0]}=@{mine}")
    samples.picture(tmp_path / "other.png", size=(100, 100)).replace(house.lectures.context.artifacts.path(digest(mine)))
    with pytest.raises(WrongInputError):
        house.edit(f"media {IMAGES[1]}=sha256:{digest(mine)}")


def test_a_stored_medium_can_be_used_by_its_digest(house: House, tmp_path: Path) -> None:
    mine = samples.picture(tmp_path / "mine.png")
    house.edit(f"media {IMAGES[0]}=@{mine}")
    house.edit(f"media {IMAGES[1]}=sha256:{digest(mine)}")
    assert house.statuses()[IMAGES[1]] == "fresh"
