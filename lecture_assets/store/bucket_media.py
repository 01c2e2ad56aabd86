"""Media in a bucket by their SHA-256, without a database: `ab/abcdef…`, or `ab/abcdef….1` where an object was condemned."""

import re
import shutil
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import TypeVar

from lecture_assets.store.artifacts import Condition
from lecture_assets.store.bucket import Bucket, BucketObject, checksum_of, in_base64

T = TypeVar("T")
_AT_ONCE = 16
"""Requests to S3 at the same time, where many media are asked for."""
_MEDIUM = re.compile(r"[0-9a-f]{2}/([0-9a-f]{64})(?:\.([1-9][0-9]*))?")


class BucketMedia:
    """The media in a bucket. An incarnation is the number of an object's key; the first is 0."""

    def __init__(self, bucket: Bucket, workspace: Callable[[], Path]) -> None:
        """workspace: makes a new folder for downloads that are only compared."""
        self.bucket, self._workspace = bucket, workspace

    def all(self, sha256: str = "") -> Iterator[tuple[str, int, BucketObject]]:
        """Yield SHA-256, incarnation and object of all media, or of one, in the order of their keys."""
        for page in self.bucket.pages(object_key(sha256, 0) if sha256 else ""):
            for found in page:
                if named := _MEDIUM.fullmatch(found.key):
                    yield named[1], int(named[2] or 0), found

    def put(self, sha256: str, source: Path, incarnation: int = 0) -> bool:
        """Store a file. An existing object is verified, and replaced if it is damaged. Return whether this call stored it."""
        key = object_key(sha256, incarnation)
        if self.bucket.put(key, source, only_new=True):
            return True
        found = self.bucket.head(key)
        if found is not None and found[1] == checksum_of(source):
            return False
        if self.condition(sha256, incarnation) is Condition.WHOLE:  # its checksum was taken in another way
            return False
        return self.bucket.put(key, source, only_new=False)

    def is_whole(self, sha256: str) -> bool:
        """Whether an object has these bytes, by the SHA-256 that S3 took of it; one that has none, or one of parts, is read."""
        found = self.bucket.head(object_key(sha256, 0))
        if found is not None and found[1] == in_base64(bytes.fromhex(sha256)):
            return True
        return self.condition(sha256) is Condition.WHOLE

    def find(self, sha256: str, least: int = 0, *, reads: bool = False) -> tuple[int, int] | None:
        """Return incarnation and size of an object with these bytes, as far as S3 can tell, or as reading it shows.

        least: the first incarnation that may be used
        """
        for number in self._incarnations(sha256, least):
            found = self.bucket.head(object_key(sha256, number))
            if found is None or not _may_be(sha256, found[1]):
                continue
            if not reads or self.condition(sha256, number) is Condition.WHOLE:
                return number, found[0]
        return None

    def fetch(self, sha256: str, target: Path) -> bool:
        """Download these bytes to a file, whatever the incarnation. Return False if none has them; then there is no file."""
        for number in self._incarnations(sha256, 0):
            if self.bucket.fetch(object_key(sha256, number), target) == sha256:
                return True
        target.unlink(missing_ok=True)
        return False

    def condition(self, sha256: str, incarnation: int | None = None) -> Condition:
        """Download an object, or each that may have these bytes, and return the condition."""
        folder, found = self._workspace(), Condition.MISSING
        try:
            for number in self._incarnations(sha256, 0) if incarnation is None else [incarnation]:
                arrived = self.bucket.fetch(object_key(sha256, number), folder / "download")
                if arrived == sha256:
                    return Condition.WHOLE
                found = found if arrived is None else Condition.DAMAGED
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return found

    def _incarnations(self, sha256: str, least: int) -> Iterator[int]:
        """Yield the incarnations that may exist. S3 is asked only if the first is not what was looked for."""
        others = (number for _, number, _ in self.all(sha256) if number > least)
        return chain([least], others)


def object_key(sha256: str, incarnation: int) -> str:
    """Return the key of an object."""
    return f"{sha256[:2]}/{sha256}" + (f".{incarnation}" if incarnation else "")


def for_each(digests: Collection[str], work: Callable[[str], T]) -> dict[str, T]:
    """Do something with each medium, some at the same time."""
    if not digests:
        return {}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return dict(zip(digests, pool.map(work, digests), strict=True))


def _may_be(sha256: str, checksum: str) -> bool:
    """Whether S3's own SHA-256 of an object allows that it has these bytes. One of parts says nothing."""
    return not checksum or "-" in checksum or checksum == in_base64(bytes.fromhex(sha256))
