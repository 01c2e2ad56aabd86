"""Which database a media folder belongs to, as recorded in the folder itself. `belonging.py` compares it with the database."""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from lecture_assets.store.artifacts import Mark
from lecture_assets.store.durable import sync_folder
from lecture_assets.store.media_mark import MARK, mark_text, read_mark
from lecture_assets.store.private import private_folder

_GENERATIONS = "generations"


class FolderIdentity:
    """The mark of a media folder, and the generations of its media."""

    def __init__(self, root: Path, workspace: Callable[[], Path]) -> None:
        """Remember the folder. `workspace` makes a new folder on the same file system."""
        self._root, self._workspace = root, workspace

    def mark(self) -> Mark | None:
        """Return the mark; None if the folder has none yet or it is unreadable."""
        try:
            return read_mark((self._root / MARK).read_bytes())
        except OSError:
            return None

    def is_marked(self) -> bool:
        """Whether the folder has a mark, readable or not."""
        return (self._root / MARK).exists()

    def put_mark(self, mark: Mark) -> Mark | None:
        """Write the mark unless the folder has one, and return the mark it then has. Of concurrent writers, one succeeds."""
        folder = self._workspace()
        try:
            with (folder / MARK).open("wb") as file:
                file.write(mark_text(mark))
                file.flush()
                os.fsync(file.fileno())
            with suppress(OSError):  # the mark exists, or the file system has no links
                os.link(file.name, self._root / MARK)
            if self.mark() is None:  # the mark is damaged
                Path(file.name).replace(self._root / MARK)
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
