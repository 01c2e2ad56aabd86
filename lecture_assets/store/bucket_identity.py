"""Which database the media of a bucket belong to, and their generation: as objects, like the files of a folder."""

from lecture_assets.store.artifacts import Mark
from lecture_assets.store.bucket import Bucket
from lecture_assets.store.media_mark import MARK, mark_text, read_mark

_GENERATIONS = "generations/"
_DIGITS = 12
_TIDIED_EVERY = 64
"""Generations after which earlier ones are deleted, so that a listing of them is one page."""


class BucketIdentity:
    """The mark of media on S3, and their generation."""

    def __init__(self, bucket: Bucket) -> None:
        """Remember the bucket."""
        self._bucket = bucket
        self._mark: Mark | None = None

    def mark(self) -> Mark | None:
        """Return the mark; None if there is none yet or it is unreadable. A mark never changes, so it is read once."""
        if self._mark is None and (text := self._bucket.text(MARK)) is not None:
            self._mark = read_mark(text)
        return self._mark

    def is_marked(self) -> bool:
        """Whether there is a mark, readable or not."""
        return self._bucket.head(MARK) is not None

    def put_mark(self, mark: Mark) -> Mark | None:
        """Write the mark unless there is one, and return the mark there then is. Of concurrent writers, one succeeds."""
        self._bucket.put_text(MARK, mark_text(mark), only_new=True)
        if self.mark() is None:  # the mark is damaged
            self._bucket.put_text(MARK, mark_text(mark), only_new=False)
        return self.mark()

    def generation(self) -> int:
        """Return the generation: the highest number of an empty object."""
        return max(self._generations(), default=0)

    def advance(self, generation: int) -> None:
        """Record the next generation in an object of its own: writers that come late overwrite nothing."""
        self._bucket.put_text(f"{_GENERATIONS}{generation:0{_DIGITS}}", b"", only_new=False)
        if generation % _TIDIED_EVERY == 0:
            self.forget_generations()

    def forget_generations(self) -> None:
        """Delete all generations except the highest."""
        self._bucket.delete([f"{_GENERATIONS}{number:0{_DIGITS}}" for number in sorted(self._generations())[:-1]])

    def _generations(self) -> list[int]:
        names = (found.key.removeprefix(_GENERATIONS) for page in self._bucket.pages(_GENERATIONS) for found in page)
        return [int(name) for name in names if name.isdecimal()]
