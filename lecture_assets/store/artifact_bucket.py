"""Media on S3. The database says which objects there are, so that a plan asks S3 nothing.

    adopt     wanted (row) ─ conditional put ─ stored (row) ─ into the cache
    has       the row, if it says stored; otherwise S3 is asked, and what it has is recorded
    local     the cache, otherwise a download that is compared with its name. Missing or damaged: the row says lost
    discard   condemned (row) ─ deleted

A row says `stored` only after S3 took the bytes by their SHA-256, and what is deleted was condemned first
(`media_register.py`). So it is believed: one query for all media of a lecture instead of a request for each. What S3 loses, or
somebody overwrites, is noticed when it is read, by a run, an export or `lectures doctor`; from then on it counts as missing,
and is made again.
"""

import math
import shutil
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path

from lecture_assets.ports import Clock
from lecture_assets.store.adding_media import adding, adding_none
from lecture_assets.store.artifact_folder import NEWS_S, nothing
from lecture_assets.store.artifacts import ROUNDING_S, Condition, LocalFiles, StoredMedium
from lecture_assets.store.bucket import Bucket, BucketObject
from lecture_assets.store.bucket_identity import BucketIdentity
from lecture_assets.store.bucket_media import BucketMedia, for_each, object_key
from lecture_assets.store.database import Database
from lecture_assets.store.durable import hash_of
from lecture_assets.store.media_cache import MediaCache
from lecture_assets.store.media_register import MediaRegister, ObjectState, RegisteredObject

_PAGE = 500
_DEAD = {ObjectState.CONDEMNED, ObjectState.WANTED}


class ArtifactBucket:
    """Media on S3, each an object called by its SHA-256."""

    def __init__(self, bucket: Bucket, database: Database, clock: Clock, cache: MediaCache) -> None:
        """Nothing is sent yet. clock: this machine's, for the store's time on SQLite."""
        self.place = str(bucket.place)
        self.identity = BucketIdentity(bucket)
        self.before_new: Callable[[], object] = nothing
        self._last_new = -math.inf
        self._database, self._cache = database, cache
        self._media = BucketMedia(bucket, cache.workspace)
        self._register = MediaRegister(database, self.place, clock)

    def address(self, sha256: str) -> str:
        """Return `s3://…` of the bytes, whether they exist or not."""
        return f"{self.place}/{object_key(sha256, 0)}"

    def is_empty(self) -> bool:
        """Whether no medium is stored. Asks S3 alone."""
        return not any(self._media.all())

    def has(self, sha256: str) -> bool:
        """Whether the bytes exist."""
        return sha256 in self.sizes([sha256])

    def sizes(self, digests: Collection[str]) -> dict[str, int]:
        """Return the sizes of those that exist: by their rows, and of those without a sure one by asking S3."""
        rows = self._register.rows(digests)
        known = {sha256: row.size for sha256, row in rows.items() if row.state == ObjectState.STORED}
        return known | self._ask(set(digests) - set(known), rows)

    def look(self, digests: Collection[str]) -> dict[str, int]:
        """Return the sizes of those that exist, by asking S3. What is not there counts as missing from now on."""
        found = self._ask(set(digests), self._register.rows(digests))
        for sha256 in set(digests) - set(found):
            self._register.lost(sha256)
        return found

    def _ask(self, digests: set[str], rows: dict[str, RegisteredObject]) -> dict[str, int]:
        def find(sha256: str) -> tuple[int, int] | None:
            if (row := rows.get(sha256)) is None:
                return self._media.find(sha256)
            return self._media.find(sha256, row.incarnation, reads=row.state == ObjectState.LOST)

        condemned = {sha256 for sha256, row in rows.items() if row.state == ObjectState.CONDEMNED}
        answers = for_each(sorted(digests - condemned), find)
        found = {sha256: answer for sha256, answer in answers.items() if answer is not None}
        self._register.found(found)
        return {sha256: size for sha256, (_, size) in found.items()}

    def conditions(self, digests: Collection[str]) -> dict[str, Condition]:
        """Download the objects, and return the condition of each."""
        return for_each(digests, self._media.condition)

    def drop_if_damaged(self, sha256: str) -> None:
        """Download the object unless the cache has it; if its bytes differ from its name, it counts as missing from now on."""
        with self.local() as local:
            local(sha256)

    def restore(self, sha256: str) -> bool:
        """Upload an object again from the cache. Where that lacks it, the object counts as missing from now on."""
        with self._cache.copy(sha256) as copy:
            is_whole = copy is not None and self.adopt(copy) == sha256 and self._media.condition(sha256) is Condition.WHOLE
        if not is_whole:
            self._register.lost(sha256)
        return is_whole

    @contextmanager
    def local(self) -> Iterator[LocalFiles]:
        """Hold media as links to files of the cache, downloading what it lacks."""
        folder = self.workspace()

        def file(sha256: str) -> Path:
            path = folder / sha256
            if not path.exists() and not self._cache.lend(sha256, folder):
                if self._media.fetch(sha256, part := folder / f".{sha256}"):
                    part.replace(path)
                    self._cache.keep_linked(path)
                else:
                    self._register.lost(sha256)
            return path

        try:
            yield file
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def url(self, sha256: str) -> str | None:
        """Return a URL that anyone can read the bytes from for 15 minutes; None if they are not stored."""
        row = self._register.rows([sha256]).get(sha256)
        is_stored = row is not None and row.state == ObjectState.STORED
        return self._media.bucket.url(object_key(sha256, row.incarnation)) if row and is_stored else None

    def workspace(self) -> Path:
        """Make a new folder beside the cache."""
        return self._cache.workspace()

    def now(self) -> float:
        """Return the store's time."""
        return self._register.now()

    def adopt(self, source: Path) -> str:
        """Upload a file, move it to the cache, and return its SHA-256. S3 has it when this returns."""
        if time.monotonic() - self._last_new > NEWS_S:
            self._last_new = time.monotonic()
            self.before_new()
        sha256, size, is_stored = hash_of(source), source.stat().st_size, False
        while not is_stored:  # again if it was condemned during the upload, which then took longer than the collector's grace
            incarnation = self._register.want(sha256)
            self._media.put(sha256, source, incarnation)
            is_stored = self._register.stored(sha256, incarnation, size)
        self._cache.keep(source)
        return sha256

    def listing(self) -> Iterator[StoredMedium]:
        """Iterate over all objects, in the order of their SHA-256."""
        ahead_s = self._media.bucket.now() - self.now() - ROUNDING_S
        groups = (
            (sha256, {number: found for _, number, found in objects}) for sha256, objects in groupby(self._media.all(), _NAME)
        )
        while page := dict(islice(groups, _PAGE)):
            rows = self._register.rows(page)
            for sha256, objects in page.items():
                yield from _listed(sha256, objects, rows.get(sha256), ahead_s)

    def leftovers(self) -> Iterator[Path]:
        """Iterate over the temporary files beside the cache."""
        return self._cache.temporary.iterdir()

    def discard_all(self, media: Sequence[StoredMedium], before: float) -> set[StoredMedium]:
        """Condemn what nobody wanted after `before`, then delete it. Return what was deleted."""
        condemned = self._register.condemn({one.sha256: one.incarnation for one in media if not one.is_spare}, before)
        gone = [one for one in media if one.is_spare or condemned.get(one.sha256) == one.incarnation]
        self._media.bucket.delete([object_key(one.sha256, one.incarnation) for one in gone])
        for one in gone:
            self._cache.drop(one.sha256)
        return set(gone)

    def tidy(self, before: float) -> None:
        """Remove the marks of earlier generations, and uploads in parts that were begun before and never finished."""
        self.identity.forget_generations()
        self._media.bucket.forget_uploads(self._media.bucket.now() - (self.now() - before))

    def shared(self) -> AbstractContextManager[None]:
        """Hold while adding media that nothing refers to yet."""
        return adding(self._database, self.place)

    def alone(self) -> AbstractContextManager[None]:
        """Hold exclusively, with no media being added."""
        return adding_none(self._database, self.place)


_NAME = itemgetter(0)


def _listed(
    sha256: str, objects: dict[int, BucketObject], row: RegisteredObject | None, ahead_s: float
) -> Iterator[StoredMedium]:
    """Yield what objects of the same bytes count as. One that was condemned before its successor was stored is spare."""
    current = row.incarnation if row else 0
    is_left_behind = row is not None and (row.state in _DEAD or current in objects)
    for number, found in objects.items():
        if number < current and is_left_behind:
            yield StoredMedium(sha256, found.size, -math.inf, is_known=True, incarnation=number, is_spare=True)
    if (highest := max(objects)) >= current:
        changed_at = objects[highest].modified - ahead_s
        if row is not None and highest == current:
            changed_at = -math.inf if row.state == ObjectState.CONDEMNED else max(changed_at, row.wanted_at)
        yield StoredMedium(sha256, objects[highest].size, changed_at, is_known=row is not None, incarnation=highest)
