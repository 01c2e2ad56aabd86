"""Which database a media folder belongs to, as recorded in the folder itself. `belonging.py` compares it with the database."""

import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from lecture_assets.graph.fingerprint import Json, digest
from lecture_assets.store.durable import sync_folder
from lecture_assets.store.private import private_folder

_MARK, _GENERATIONS = "database.json", "generations"


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of a media folder.

    database: the id of the database it belongs to
    media:    the name of the folder, which the database records too
    """

    database: str
    media: str


class FolderIdentity:
    """The mark of a media folder, and the generations of its media."""

    def __init__(self, root: Path, workspace: Callable[[], Path]) -> None:
        """Remember the folder. `workspace` makes a new folder on the same file system."""
        self._root, self._workspace = root, workspace

    def mark(self) -> Mark | None:
        """Return the mark; None if the folder has none yet or it is unreadable."""
        try:
            found = json.loads((self._root / _MARK).read_bytes())
            mark = Mark(str(found["database"]), str(found["media"]))
            return mark if found == _written(mark) else None
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def is_marked(self) -> bool:
        """Whether the folder has a mark, readable or not."""
        return (self._root / _MARK).exists()

    def put_mark(self, mark: Mark) -> Mark | None:
        """Write the mark unless the folder has one, and return the mark it then has. Of concurrent writers, one succeeds."""
        folder = self._workspace()
        try:
            with (folder / _MARK).open("wb") as file:
                file.write(json.dumps(_written(mark), indent=1).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
            with suppress(OSError):  # the mark exists, or the file system has no links
                os.link(file.name, self._root / _MARK)
            if self.mark() is None:  # the mark is damaged
                Path(file.name).replace(self._root / _MARK)
            sync_folder(self._root)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return self.mark()

    def generation(self) -> int:
        """Return the folder's generation, which grows whenever media are added: the highest number of an empty marker file."""
        return max(self._generations(), default=0)

    def advance(self, generation: int) -> None:
        """Record the next generation in a file of its own: no file in the folder is ever overwritten."""
        private_folder(self._root / _GENERATIONS)
        (self._root / _GENERATIONS / str(generation)).touch()
        sync_folder(self._root / _GENERATIONS)

    def forget_generations(self) -> None:
        """Remove all generations except the highest."""
        for generation in sorted(self._generations())[:-1]:
            (self._root / _GENERATIONS / str(generation)).unlink(missing_ok=True)

    def _generations(self) -> list[int]:
        return [int(path.name) for path in self._root.glob(f"{_GENERATIONS}/*") if path.name.isdecimal()]


def _written(mark: Mark) -> dict[str, Json]:
    """Return the mark as stored, with a digest, so that a damaged mark is not mistaken for another database's."""
    named: dict[str, Json] = {"format": "lecture-media/1", **asdict(mark)}
    return {**named, "sha256": digest(named)}
