"""Media that a person gave, from the look at them until they are wanted: nothing is kept of a request that is refused."""

import hashlib
import shutil
import tempfile
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.lecture import Holds
from lecture_assets.graph.node import parse_node_id
from lecture_assets.intake.own_medium import allowed_media, copied, take_medium
from lecture_assets.intake.unfit import UnfitMediumError
from lecture_assets.runner.setup.context import Context


@dataclass
class UploadStaging(AbstractContextManager["UploadStaging"]):
    """Looked-at media, gone at the end of a `with` unless `keep` put them into the store."""

    context: Context
    _folder: Path | None = None
    _values: dict[tuple[str, Holds], dict[str, Json]] = field(default_factory=dict)
    _media: dict[str, Path] = field(default_factory=dict)

    def __exit__(self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        """Remove what was written anew and not kept."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def read_medium(self, node: str, source: str) -> Json:
        """What a node holds of `@FILE`, or of `sha256:…` that the store has. WrongInputError where that is no such medium."""
        kind, _ = parse_node_id(node)
        sha256 = source.partition("sha256:")[2]
        if sha256 and not self.context.artifacts.has(sha256):
            raise WrongInputError([Fault(f"media {node}", source, "sha256:… of bytes that are kept, or @FILE")])
        path = self.context.artifacts.path(sha256) if sha256 else Path(source.removeprefix("@"))
        try:
            return self.inspect(path, kind.holds, sha256)
        except UnfitMediumError as error:
            raise WrongInputError(
                [Fault(f"media {node}", f"{path.name or source}, {error}", allowed_media(kind.holds))]
            ) from error

    def inspect(self, path: Path, holds: Holds, sha256: str = "") -> dict[str, Json]:
        """The value that a node of this type has of a file; UnfitMediumError where it is none. A file is looked at once.

        What is looked at is a copy, so that it is what is kept, whatever becomes of the file. sha256: of what it has to be.
        """
        known = (str(path), holds)
        if known not in self._values:
            folder = Path(tempfile.mkdtemp(dir=self.folder()))
            given = copied(path, holds, folder / "given")
            if sha256 and _digest(given) != sha256:
                found = "bytes that are damaged in the store"
                raise UnfitMediumError(found)
            medium = take_medium(given, holds, folder)
            kept = _digest(medium.path)
            self._media[kept] = medium.path
            self._values[known] = {"sha256": kept, **medium.facts}
        return dict(self._values[known])

    def folder(self) -> Path:
        """A folder that is gone with the staging."""
        if self._folder is None:
            self._folder = self.context.artifacts.workspace()
        return self._folder

    def keep(self) -> None:
        """Put all bytes into the store; a person's own file stays where it is."""
        for path in self._media.values():
            self.context.artifacts.adopt(path)
        self._media.clear()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
