"""Objects of a real S3 server: uploads in parts, refusals as sentences, patience with 500 and 503, one writer of many."""

import hashlib
import os
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import boto3
import botocore.auth
import pytest

from lecture_assets.store import bucket as bucket_module
from lecture_assets.store.bucket import Bucket, checksum_of
from lecture_assets.store.bucket_client import BucketClient
from lecture_assets.store.bucket_errors import BucketError
from lecture_assets.store.bucket_media import BucketMedia
from lecture_assets.store.bucket_place import BucketPlace
from lecture_assets_tests.processes import at_once
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.servers.homes import AWS
from lecture_assets_tests.servers.s3 import BUCKET
from lecture_assets_tests.store.s3_faults import BURSTS, faulty_proxy
from lecture_assets_tests.store.s3_media import new_bucket, s3_environ

SECRET = "lectures-tests-secret-4711"  # noqa: S105 - it opens nothing
RACERS, ROUNDS = (16, 100) if THOROUGH else (4, 10)


@pytest.fixture(scope="module", autouse=True)
def server() -> Iterator[None]:
    with s3_environ():
        yield


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_a_new_object_is_stored_and_an_existing_one_is_left(tmp_path: Path) -> None:
    bucket, source = new_bucket(), written(tmp_path / "source", b"first")
    assert bucket.put("key", source, only_new=True)
    assert not bucket.put("key", written(tmp_path / "other", b"second"), only_new=True)
    assert bucket.text("key") == b"first"
    assert bucket.head("key") == (5, checksum_of(source))


def test_a_large_file_goes_up_in_parts_and_comes_down_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket_module, "PART", 5 << 20)
    bucket, content = new_bucket(), os.urandom((10 << 20) + 17)
    sha256 = hashlib.sha256(content).hexdigest()
    media = BucketMedia(bucket, lambda: tmp_path)
    source = written(tmp_path / "source", content)
    assert media.put(sha256, source)
    assert not media.put(sha256, source)
    found = bucket.head(f"{sha256[:2]}/{sha256}")
    assert found == (len(content), checksum_of(source))
    assert found[1].endswith("-3")
    assert media.fetch(sha256, tmp_path / "target")
    assert (tmp_path / "target").read_bytes() == content


def test_an_upload_in_parts_that_nobody_finished_is_forgotten() -> None:
    bucket, client = new_bucket(), boto3.client("s3")
    begun = client.create_multipart_upload(Bucket=BUCKET, Key=f"{bucket.place.prefix}large")["UploadId"]

    def uploads() -> list[str]:
        found = client.list_multipart_uploads(Bucket=BUCKET, Prefix=bucket.place.prefix)
        return [one["UploadId"] for one in found.get("Uploads", ())]

    bucket.forget_uploads(bucket.now() - 3600)
    assert uploads() == [begun]
    bucket.forget_uploads(bucket.now() + 3600)
    assert uploads() == []


def test_a_listing_has_all_pages_in_order() -> None:
    bucket = new_bucket()
    for number in range(7):
        bucket.put_text(f"{number}", b"", only_new=True)
    small = [bucket._page("", {"MaxKeys": 3}), [found for page in bucket.pages() for found in page]]
    assert [found.key for found in small[0]] == ["0", "1", "2"]
    assert [found.key for found in small[1]] == [f"{number}" for number in range(7)]
    bucket.delete(["0", "2", "no such key"])
    assert [found.key for page in bucket.pages() for found in page] == ["1", "3", "4", "5", "6"]


def refusal(name: str = BUCKET) -> str:
    with pytest.raises(BucketError) as refused:
        Bucket(BucketPlace(name, "p/"), BucketClient(f"s3://{name}/p", patience_s=0.1)).text("key")
    assert SECRET not in str(refused.value)
    return str(refused.value)


def test_a_bucket_that_does_not_exist_is_a_sentence() -> None:
    assert "there is no bucket for s3://no-such-bucket/p" in refusal("no-such-bucket")


def test_wrong_and_missing_credentials_are_sentences(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    assert "does not accept the credentials for s3://lectures/p (SignatureDoesNotMatch): check AWS_ACCESS_KEY_ID" in refusal()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    assert "does not accept the credentials for s3://lectures/p (InvalidAccessKeyId)" in refusal()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert refusal() == "no credentials for s3://lectures/p: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    assert "(ProfileNotFound): check the AWS_… variables" in refusal()


def test_an_endpoint_that_is_away_is_a_sentence_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://name:{SECRET}@127.0.0.1:9")
    assert "S3 at http://127.0.0.1:9 cannot be reached" in refusal()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "127.0.0.1:9")
    assert "cannot be used for s3://lectures/p (ValueError)" in refusal()


def test_a_clock_that_is_wrong_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now = botocore.auth.get_current_datetime
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda *words: now(*words) + timedelta(minutes=25))
    assert "the clocks of this machine and of S3" in refusal()


def test_a_server_that_never_recovers_is_a_sentence_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    with faulty_proxy(os.environ["AWS_ENDPOINT_URL_S3"], ("503",)) as (url, proxy):
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", url)
        said = refusal()
    assert f"S3 at {url} answers SlowDown for s3://lectures/p" in said
    assert proxy.faults["503"] > 1


def test_bursts_of_500_and_503_and_cut_connections_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where a reply is lost: the second try finds the object, and it is the right one."""
    contents = [os.urandom(20_000) for _ in range(200 if THOROUGH else 12)]
    with faulty_proxy(os.environ["AWS_ENDPOINT_URL_S3"], BURSTS) as (url, proxy):
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", url)
        media = BucketMedia(new_bucket(), lambda: tmp_path)
        for number, content in enumerate(contents):
            sha256 = hashlib.sha256(content).hexdigest()
            media.put(sha256, written(tmp_path / f"{number}", content))
            assert media.fetch(sha256, tmp_path / "back")
            assert (tmp_path / "back").read_bytes() == content
        assert sum(1 for _ in media.all()) == len(contents)
        media.bucket.delete([found.key for _, _, found in media.all()])
        assert not any(media.all())
    assert min(proxy.faults.values()) > 0


def race(environ: dict[str, str], prefix: str, folder: Path, number: int) -> list[bool]:
    """Store the same objects as everybody else, all at the same time; whether this process stored each."""
    os.environ.update(environ)
    media, won = BucketMedia(new_bucket(prefix), lambda: folder), []
    for turn in range(ROUNDS):
        content = b"%d" % turn
        source = written(folder / f"{number}", content)
        won.append(media.put(hashlib.sha256(content).hexdigest(), source))
    return won


def test_of_many_who_store_one_object_one_writes_it(tmp_path: Path) -> None:
    bucket = new_bucket()
    environ = {name: os.environ[name] for name in AWS}
    wins = at_once(race, [(environ, bucket.place.prefix, tmp_path, number) for number in range(RACERS)])
    writers = Counter(sum(racer[turn] for racer in wins) for turn in range(ROUNDS))
    assert writers == {1: ROUNDS}
    print(f"{RACERS} racers × {ROUNDS} objects, writers of each: {dict(writers)}")  # noqa: T201 - the figure that is quoted


def test_threads_share_a_client(tmp_path: Path) -> None:
    bucket, source = new_bucket(), written(tmp_path / "source", b"bytes")
    won: list[bool] = []
    racers = [threading.Thread(target=lambda: won.append(bucket.put("key", source, only_new=True))) for _ in range(8)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(won) == [False] * 7 + [True]
