"""Media on a real S3 server for tests: a place of their own in the server's bucket, with a database of their own."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lecture_assets.ports import SystemClock
from lecture_assets.store.artifact_bucket import ArtifactBucket
from lecture_assets.store.bucket import Bucket
from lecture_assets.store.bucket_client import BucketClient
from lecture_assets.store.bucket_place import BucketPlace
from lecture_assets.store.database import Database
from lecture_assets.store.media_cache import MediaCache
from lecture_assets.store.migrate import migrate
from lecture_assets_tests.servers.s3 import BUCKET, s3_server

MEGABYTE = 1 << 20


@contextmanager
def s3_environ() -> Iterator[None]:
    """Run a server, unless `pytest --servers` does, and let this process and its children use it."""
    if "AWS_ENDPOINT_URL_S3" in os.environ:
        yield
        return
    with pytest.MonkeyPatch.context() as patch, s3_server() as environ:
        for name, value in environ.items():
            patch.setenv(name, value)
        yield


def new_bucket(place: str = "", patience_s: float = 60.0) -> Bucket:
    """A place of its own, or one by the prefix that another has."""
    found = BucketPlace(BUCKET, place or f"{uuid.uuid4().hex}/")
    return Bucket(found, BucketClient(str(found), patience_s))


def media_in(
    bucket: Bucket, folder: Path, cache_bytes: int = 1000 * MEGABYTE, database: Database | None = None
) -> ArtifactBucket:
    """The media in a bucket, with a SQLite database and a cache in a folder."""
    folder.mkdir(exist_ok=True, parents=True)
    if database is None:
        database = Database(f"sqlite:///{folder / 'media.db'}")
        migrate(database)
    return ArtifactBucket(bucket, database, SystemClock(), MediaCache(folder / "cache", cache_bytes))
