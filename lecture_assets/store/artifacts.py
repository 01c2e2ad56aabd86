"""Media named by their SHA-256, which belong to a database and never change: what a folder and a bucket of S3 have in common.

    artifact_folder.py   a folder of this machine (the default), or one that machines share
    artifact_bucket.py   a bucket, or a prefix of one, at any S3-compatible endpoint

Programs that read files get them from `local`: a path, whatever the kind. Nobody sees bytes that differ from their name.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol

ROUNDING_S = 1.0
"""File times in the store are accurate to one second."""

LocalFiles = Callable[[str], Path]
"""Returns the path of a file with these bytes, by SHA-256. Of media that are missing or damaged, no such file exists."""


class Condition(Enum):
    """What reading a medium found: the bytes that its name promises, others, or none."""

    WHOLE = "whole"
    DAMAGED = "damaged"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class StoredMedium:
    """A stored file or object.

    size:        in bytes
    changed_at:  when it was added or wanted last, by the time of `Artifacts.now`
    is_known:    the database recorded it when it was added
    incarnation: the number in an object's key (`media_register.py`)
    is_spare:    nobody may use it any more, as its successor was stored
    """

    sha256: str
    size: int
    changed_at: float
    is_known: bool = False
    incarnation: int = 0
    is_spare: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of media in one place.

    database: the id of the database that they belong to
    media:    the name of the place, which the database records too
    """

    database: str
    media: str


class MediaIdentity(Protocol):
    """Which database the media belong to, as recorded beside them, and their generation, which grows when some are added."""

    def mark(self) -> Mark | None:
        """Return the mark; None if there is none yet or it is unreadable."""

    def is_marked(self) -> bool:
        """Whether there is a mark, readable or not."""

    def put_mark(self, mark: Mark) -> Mark | None:
        """Write the mark unless there is one, and return the mark there then is. Of concurrent writers, one succeeds."""

    def generation(self) -> int:
        """Return the generation; 0 before the first."""

    def advance(self, generation: int) -> None:
        """Record the next generation."""


class Artifacts(Protocol):
    """The media of one database. Those of S3 raise BucketError where S3 cannot be used."""

    before_new: Callable[[], object]
    """Called before media are added, at most once per second."""

    @property
    def place(self) -> str:
        """The folder or `s3://…`, as people write it."""

    @property
    def identity(self) -> MediaIdentity:
        """Which database the media belong to."""

    def address(self, sha256: str) -> str:
        """Return where the bytes are, or would be: a path, or `s3://…`."""

    def is_empty(self) -> bool:
        """Whether no media are stored. Asks the place alone, so that it needs no database."""

    def has(self, sha256: str) -> bool:
        """Whether the bytes exist and were not overwritten, as far as this can be told without reading them."""

    def sizes(self, digests: Collection[str]) -> dict[str, int]:
        """Return the sizes, in bytes, of those that `has` says exist."""

    def look(self, digests: Collection[str]) -> dict[str, int]:
        """The same, asking the place itself rather than trusting what was recorded."""

    def conditions(self, digests: Collection[str]) -> dict[str, Condition]:
        """Read media, all of their bytes, and return the condition of each."""

    def drop_if_damaged(self, sha256: str) -> None:
        """Read a medium; if its bytes differ from its name, it counts as missing from now on."""

    def restore(self, sha256: str) -> bool:
        """Store a medium again that is damaged or missing, if this machine has a copy of it, and return True.

        Otherwise it counts as missing from now on.
        """

    def local(self) -> AbstractContextManager[LocalFiles]:
        """Hold media as files of this machine. They stay until the end of the `with`."""

    def url(self, sha256: str) -> str | None:
        """Return a URL that anyone can read the bytes from for a few minutes; None if the place has no such thing."""

    def workspace(self) -> Path:
        """Make a new folder for files that `adopt` will take."""

    def now(self) -> float:
        """Return the place's own time in seconds since 1970, for ages of media: clocks of processes may be days ahead."""

    def adopt(self, source: Path) -> str:
        """Move a file into the store and return its SHA-256. It is durable when this returns.

        Existing bytes of that name are verified, and replaced if they are damaged.
        """

    def listing(self) -> Iterator[StoredMedium]:
        """Iterate over all media, without reading their bytes."""

    def leftovers(self) -> Iterator[Path]:
        """Iterate over temporary files and folders of this machine, including those still in use."""

    def discard_all(self, media: Sequence[StoredMedium], before: float) -> set[StoredMedium]:
        """Remove those that nobody added or wanted after `before` (by `now`). Return those removed.

        A process that adds the same bytes at the same time finds them there afterwards. Safe under a kill at any moment.
        """

    def tidy(self, before: float) -> None:
        """Remove what writers leave beside media, if it is older than `before`."""

    def shared(self) -> AbstractContextManager[None]:
        """Hold while adding media that nothing refers to yet; `alone` waits until it is released."""

    def alone(self) -> AbstractContextManager[None]:
        """Hold exclusively, with no media being added. Raise RefusedError if another process keeps adding media."""
