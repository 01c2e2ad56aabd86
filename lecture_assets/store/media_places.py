"""Places of media as copying sees them, a folder or a bucket, without the database they belong to."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from lecture_assets.store.artifact_folder import ArtifactFolder
from lecture_assets.store.artifacts import Condition, Mark, MediaIdentity
from lecture_assets.store.bucket_place import bucket_place, is_bucket


class MediaPlace(Protocol):
    """What copying needs of a place."""

    @property
    def identity(self) -> MediaIdentity:
        """Whose media they are."""

    def sizes(self) -> dict[str, int]:
        """Return the size of each medium, by SHA-256."""

    def is_whole(self, sha256: str) -> bool:
        """Read a medium, or ask a place that took its SHA-256, whether its bytes are those that its name promises."""

    def fetch(self, sha256: str, target: Path) -> bool:
        """Copy a medium to a file. False if it is missing or damaged."""

    def put(self, sha256: str, source: Path) -> None:
        """Move a file with these bytes in."""


class _MediaFolder:
    def __init__(self, root: Path) -> None:
        self._folder = ArtifactFolder(root)
        self.identity = self._folder.identity

    def sizes(self) -> dict[str, int]:
        return {medium.sha256: medium.size for medium in self._folder.listing()}

    def is_whole(self, sha256: str) -> bool:
        return self._folder.conditions([sha256])[sha256] is Condition.WHOLE

    def fetch(self, sha256: str, target: Path) -> bool:
        if self.is_whole(sha256):
            shutil.copyfile(self._folder.path(sha256), target)
        return target.exists()

    def put(self, _sha256: str, source: Path) -> None:
        self._folder.adopt(source)


class _MediaBucket:
    def __init__(self, named: str, workspace: Path) -> None:
        from lecture_assets.store.bucket import Bucket  # noqa: PLC0415 - boto3 takes a third of a second
        from lecture_assets.store.bucket_identity import BucketIdentity  # noqa: PLC0415 - the same
        from lecture_assets.store.bucket_media import BucketMedia  # noqa: PLC0415 - the same

        bucket = Bucket(bucket_place(named))
        self._media = BucketMedia(bucket, lambda: Path(tempfile.mkdtemp(dir=workspace)))
        self.identity = BucketIdentity(bucket)

    def sizes(self) -> dict[str, int]:
        return {sha256: found.size for sha256, _, found in self._media.all()}

    def is_whole(self, sha256: str) -> bool:
        return self._media.is_whole(sha256)

    def fetch(self, sha256: str, target: Path) -> bool:
        return self._media.fetch(sha256, target)

    def put(self, sha256: str, source: Path) -> None:
        self._media.put(sha256, source)
        source.unlink()


@contextmanager
def media_place(named: str) -> Iterator[MediaPlace]:
    """Open the folder or the bucket of this name."""
    if not is_bucket(named):
        yield _MediaFolder(Path(named).absolute())
        return
    with tempfile.TemporaryDirectory() as workspace:
        yield _MediaBucket(named, Path(workspace))


def mark_at(named: str) -> Mark | None:
    """Return the mark of the folder or the bucket of this name; None if it has none or is not there. Creates no folder."""
    if not is_bucket(named) and not Path(named).exists():
        return None
    with media_place(named) as place:
        return place.identity.mark()
