"""Media on a real S3 server do what those of a folder do, and the database knows them, so that S3 is seldom asked."""

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from lecture_assets.store import adding_media
from lecture_assets.store.artifact_bucket import ArtifactBucket
from lecture_assets.store.artifacts import Artifacts
from lecture_assets.store.bucket import Bucket
from lecture_assets.store.bucket_media import object_key
from lecture_assets_tests.store.artifacts_contract import CONTENT, NAME, ArtifactsContract
from lecture_assets_tests.store.s3_media import media_in, new_bucket, s3_environ


@pytest.fixture(scope="module", autouse=True)
def server() -> Iterator[None]:
    with s3_environ():
        yield


@pytest.fixture
def bucket() -> Bucket:
    return new_bucket()


@pytest.fixture
def store(bucket: Bucket, tmp_path: Path) -> ArtifactBucket:
    return media_in(bucket, tmp_path)


def bucket_of(store: Artifacts) -> Bucket:
    assert isinstance(store, ArtifactBucket)
    return store._media.bucket


def put(store: ArtifactBucket, content: bytes = CONTENT) -> str:
    source = store.workspace() / "source"
    source.write_bytes(content)
    return store.adopt(source)


class TestBucket(ArtifactsContract):
    def overwrite(self, store: Artifacts, sha256: str, content: bytes) -> None:
        bucket_of(store).put_text(object_key(sha256, 0), content, only_new=False)
        store._cache.drop(sha256)  # type: ignore[attr-defined]

    def lose(self, store: Artifacts, sha256: str) -> None:
        bucket_of(store).delete([object_key(sha256, 0)])

    def impatient(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(adding_media, "PATIENCE_S", 0.0)


def test_another_machine_reads_what_this_one_stored(bucket: Bucket, store: ArtifactBucket, tmp_path: Path) -> None:
    put(store)
    other = media_in(bucket, tmp_path / "other", database=store._database)
    with other.local() as local:
        assert local(NAME).read_bytes() == CONTENT
    assert [one.sha256 for one in other._cache._folder.listing()] == [NAME]


def test_a_database_that_knows_nothing_asks_s3_once_and_remembers(bucket: Bucket, store: ArtifactBucket, tmp_path: Path) -> None:
    put(store)
    other = media_in(bucket, tmp_path / "other")
    assert other._register.rows([NAME]) == {}
    assert other.sizes([NAME, "0" * 64]) == {NAME: len(CONTENT)}
    assert [row.state for row in other._register.rows([NAME, "0" * 64]).values()] == ["stored"]


def test_what_the_database_knows_costs_no_request(store: ArtifactBucket, monkeypatch: pytest.MonkeyPatch) -> None:
    put(store)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    bucket_of(store)._client._made = None
    assert store.has(NAME)
    assert store.sizes([NAME]) == {NAME: len(CONTENT)}
    with store.local() as local:
        assert local(NAME).read_bytes() == CONTENT


def test_damaged_bytes_reach_nobody(store: ArtifactBucket) -> None:
    put(store)
    bucket_of(store).put_text(object_key(NAME, 0), CONTENT.upper(), only_new=False)
    store._cache.drop(NAME)
    assert store.has(NAME)
    with store.local() as local:
        assert not local(NAME).exists()
    assert not store.has(NAME)


@pytest.mark.parametrize("harm", ["lost", "damaged"])
def test_an_object_that_this_machine_has_a_copy_of_is_uploaded_again(store: ArtifactBucket, harm: str) -> None:
    put(store)
    if harm == "lost":
        bucket_of(store).delete([object_key(NAME, 0)])
    else:
        bucket_of(store).put_text(object_key(NAME, 0), b"?", only_new=False)
    assert store.restore(NAME)
    assert bucket_of(store).text(object_key(NAME, 0)) == CONTENT
    assert store.has(NAME)


def test_a_copy_that_rotted_is_not_uploaded(store: ArtifactBucket) -> None:
    put(store)
    bucket_of(store).delete([object_key(NAME, 0)])
    path = store._cache._folder.path(NAME)
    before = path.stat()
    path.write_bytes(CONTENT[:-1] + b"?")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # as a disk does it
    assert not store.restore(NAME)
    assert not store.has(NAME)


def test_bytes_that_were_lost_and_put_back_are_found_by_reading_them(store: ArtifactBucket) -> None:
    put(store)
    bucket_of(store).delete([object_key(NAME, 0)])
    assert store.look([NAME]) == {}
    bucket_of(store).put_text(object_key(NAME, 0), CONTENT.upper(), only_new=False)
    assert not store.has(NAME)
    bucket_of(store).put_text(object_key(NAME, 0), CONTENT, only_new=False)
    assert store.has(NAME)


def test_a_deletion_that_arrives_late_hits_nothing_that_was_stored_since(store: ArtifactBucket) -> None:
    put(store)
    (medium,) = store.listing()
    condemned = store._register.condemn({NAME: 0}, store.now() + 1)
    assert condemned == {NAME: 0}
    put(store)
    store._media.bucket.delete([object_key(NAME, 0)])
    store._cache.drop(NAME)
    assert store.discard_all([medium], store.now() - 3600) == set()
    with store.local() as local:
        assert local(NAME).read_bytes() == CONTENT
    assert [(one.incarnation, one.is_spare) for one in store.listing()] == [(1, False)]


def test_a_killed_collector_s_condemned_objects_are_deleted_by_the_next(store: ArtifactBucket) -> None:
    put(store)
    store._register.condemn({NAME: 0}, store.now() + 1)
    assert not store.has(NAME)
    (medium,) = store.listing()
    assert medium.changed_at < 0
    assert store.discard_all([medium], store.now() - 3600) == {medium}
    assert store.is_empty()


def test_the_object_that_a_new_one_replaced_is_spare_and_goes(store: ArtifactBucket) -> None:
    put(store)
    store._register.condemn({NAME: 0}, store.now() + 1)
    put(store)
    listed = list(store.listing())
    assert [(one.incarnation, one.is_spare) for one in listed] == [(0, True), (1, False)]
    store.discard_all([one for one in listed if one.is_spare], store.now() - 3600)
    assert [(one.incarnation, one.is_spare) for one in store.listing()] == [(1, False)]
    assert store.has(NAME)


def test_an_upload_that_took_longer_than_the_grace_does_not_count(store: ArtifactBucket) -> None:
    number = store._register.want(NAME)
    store._register.condemn({NAME: number}, store.now() + 1)
    assert not store._register.stored(NAME, number, len(CONTENT))
    assert put(store) == NAME
    assert store._register.rows([NAME])[NAME].incarnation == 1


def test_a_signed_url_is_read_by_anyone_for_a_quarter_of_an_hour(store: ArtifactBucket) -> None:
    put(store)
    url = store.url(NAME)
    assert url is not None
    assert "X-Amz-Expires=900" in url
    assert httpx.get(url).content == CONTENT
    assert httpx.get(url.partition("?")[0]).status_code == 403
    assert store.url("0" * 64) is None
