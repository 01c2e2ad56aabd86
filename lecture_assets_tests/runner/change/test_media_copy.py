"""Media move between folder and bucket whole, once, and with their owner; nothing is written into another's place."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lecture_assets.graph.errors import RefusedError, WrongInputError
from lecture_assets.runner.change.media_copy import MediaCopyDocument, copy_media
from lecture_assets.store.artifact_folder import ArtifactFolder
from lecture_assets.store.artifacts import Mark
from lecture_assets.store.bucket_identity import BucketIdentity
from lecture_assets.store.bucket_media import BucketMedia, object_key
from lecture_assets_tests.servers.s3 import BUCKET
from lecture_assets_tests.store.s3_media import new_bucket, s3_environ

CONTENTS = {hashlib.sha256(content).hexdigest(): content for content in (b"a picture", b"a voice", b"music")}
MARK = Mark("a database", "its media")


@pytest.fixture(scope="module", autouse=True)
def server() -> Iterator[None]:
    with s3_environ():
        yield


@pytest.fixture
def folder(tmp_path: Path) -> ArtifactFolder:
    """A folder with media that belong to a database."""
    folder = ArtifactFolder(tmp_path / "media")
    for content in CONTENTS.values():
        source = folder.workspace() / "source"
        source.write_bytes(content)
        folder.adopt(source)
    folder.identity.put_mark(MARK)
    folder.identity.advance(7)
    return folder


def copied(source: str, target: str) -> MediaCopyDocument:
    return copy_media(source, target, lambda _done, _number: None)


def figures(document: MediaCopyDocument) -> tuple[int, int, int, bool]:
    return document["copied"], document["present"], len(document["damaged"]), document["marked"]


def test_media_go_to_a_bucket_and_back_with_mark_and_generation(folder: ArtifactFolder, tmp_path: Path) -> None:
    bucket = new_bucket()
    there, back = f"s3://{BUCKET}/{bucket.place.prefix}", str(tmp_path / "back")
    assert figures(copied(str(folder.root), there)) == (3, 0, 0, True)
    assert {sha256: bucket.text(object_key(sha256, 0)) for sha256 in CONTENTS} == CONTENTS
    assert (BucketIdentity(bucket).mark(), BucketIdentity(bucket).generation()) == (MARK, 7)
    assert figures(copied(str(folder.root), there)) == (0, 3, 0, True)
    assert figures(copied(there, back)) == (3, 0, 0, True)
    restored = ArtifactFolder(Path(back))
    assert {path.name: path.read_bytes() for path in restored.files()} == CONTENTS
    assert (restored.identity.mark(), restored.identity.generation()) == (MARK, 7)


def test_a_copy_that_was_stopped_continues_and_mends_what_is_damaged(folder: ArtifactFolder) -> None:
    bucket = new_bucket()
    first, second, _ = CONTENTS
    bucket.put_text(object_key(first, 0), CONTENTS[first], only_new=True)
    bucket.put_text(object_key(second, 0), b"half of", only_new=True)
    assert figures(copied(str(folder.root), f"s3://{BUCKET}/{bucket.place.prefix}")) == (2, 1, 0, True)
    assert {sha256: bucket.text(object_key(sha256, 0)) for sha256 in CONTENTS} == CONTENTS


def test_damaged_media_are_left_out_and_named(folder: ArtifactFolder) -> None:
    damaged = min(CONTENTS)
    folder.path(damaged).write_bytes(b"?")
    bucket = new_bucket()
    document = copied(str(folder.root), f"s3://{BUCKET}/{bucket.place.prefix}")
    assert (document["copied"], document["damaged"]) == (2, [damaged])
    assert {sha256 for sha256, _, _ in BucketMedia(bucket, folder.workspace).all()} == CONTENTS.keys() - {damaged}


def belongs_to_another(target: ArtifactFolder) -> None:
    target.identity.put_mark(Mark("another", "place"))


def has_other_media(target: ArtifactFolder) -> None:
    source = target.workspace() / "source"
    source.write_bytes(b"theirs")
    target.adopt(source)


@pytest.mark.parametrize("occupy", [belongs_to_another, has_other_media])
def test_nothing_is_copied_into_a_place_of_another(
    folder: ArtifactFolder, tmp_path: Path, occupy: Callable[[ArtifactFolder], None]
) -> None:
    target = ArtifactFolder(tmp_path / "target")
    occupy(target)
    before = {path.name for path in target.files()}
    with pytest.raises(RefusedError, match="nothing was copied"):
        copied(str(folder.root), str(target.root))
    assert {path.name for path in target.files()} == before


@pytest.mark.parametrize(
    ("source", "target", "said"),
    [
        ("nowhere", "target", "FROM: found 'nowhere', which is not a folder"),
        ("s3://", "target", "FROM: found no bucket's name"),
        ("gs://media", "target", "FROM: found 'gs://media', which is neither a folder nor a bucket of S3"),
        (".", ".", "TO: found '.', which is also the source; allowed: another place"),
        (".", "/dev/null/media", "TO: found '/dev/null/media', below '/dev/null'"),
        ("s3://media/p", "s3://media/p/", "TO: found 's3://media/p/', which is also the source"),
    ],
)
def test_what_is_no_place_is_a_sentence(source: str, target: str, said: str) -> None:
    with pytest.raises(WrongInputError) as refused:
        copied(source, target)
    assert said in str(refused.value)
