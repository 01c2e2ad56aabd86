"""Bits that flip in stored media, of a folder or on S3, are found; the nodes are named, and made again as they were."""

import os
import random
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from lecture_assets.runner.change.store_check import examine_store
from lecture_assets.store.artifact_bucket import ArtifactBucket
from lecture_assets.store.artifacts import Artifacts, Condition
from lecture_assets.store.reachable import named_media
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.runner.conftest import SmallLecture, open_small_lecture
from lecture_assets_tests.servers.homes import AWS
from lecture_assets_tests.servers.s3 import BUCKET
from lecture_assets_tests.store.s3_media import new_bucket, s3_environ

FLIPS = 200 if THOROUGH else 5


@pytest.fixture(params=["folder", "bucket"])
def small_lecture(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SmallLecture]:
    with ExitStack() as stack:
        environ = {"LECTURES_ARTIFACTS": str(tmp_path / "media")}
        if request.param == "bucket":
            stack.enter_context(s3_environ())
            environ = {name: os.environ[name] for name in AWS}
            environ["LECTURES_ARTIFACTS"] = f"s3://{BUCKET}/{new_bucket().place.prefix}"
        yield stack.enter_context(open_small_lecture(tmp_path / "home", **environ))


def flip(artifacts: Artifacts, sha256: str, chance: random.Random) -> None:
    """Flip one bit of a medium where it is stored, behind the store's back."""
    with artifacts.local() as local:
        content = bytearray(local(sha256).read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    if isinstance(artifacts, ArtifactBucket):
        artifacts._media.bucket.put_text(f"{sha256[:2]}/{sha256}", bytes(content), only_new=False)
        artifacts._cache.drop(sha256)
        return
    path = Path(artifacts.address(sha256))
    before = path.stat()
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # as a disk does it


@pytest.mark.slow
def test_every_flipped_bit_is_found_and_its_nodes_are_named_and_made_again(small_lecture: SmallLecture) -> None:
    small_lecture.regenerate()
    context, chance, flips = small_lecture.lectures.context, random.Random(4711), 0  # noqa: S311 - a test's order
    with context.database.read() as connection:
        named = named_media(connection)
    while flips < FLIPS:
        damaged = chance.sample(sorted(named), min(len(named), FLIPS - flips))
        for sha256 in damaged:
            flip(context.artifacts, sha256, chance)
        flips += len(damaged)
        found = examine_store(context, lambda _words: None, repairs=True)
        assert sorted(found.damaged) == sorted(name for sha256 in damaged for name in named[sha256])
        assert not found.missing
        report = small_lecture.regenerate()
        assert {name.partition(" ")[2] for name in found.damaged} <= {*report["made"], *report["restored"]}
        assert set(context.artifacts.conditions(named).values()) == {Condition.WHOLE}
        assert set(small_lecture.statuses().values()) == {"fresh"}
    print(f"{flips} flipped bits in {len(named)} media: all found, named and made again")  # noqa: T201 - the figure that is quoted
