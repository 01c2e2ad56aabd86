"""Media that a person gave, from the look at them until they are wanted: nothing is kept of a request that is refused."""

import hashlib
import shutil
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.lecture import Holds
from lecture_assets.graph.node import parse_node_id
from lecture_assets.intake.own_medium import OwnMedium, allowed_media, take_medium
from lecture_assets.intake.unfit import UnfitMediumError
from lecture_assets.runner.context import Context


@dataclass
class Tray(AbstractContextManager["Tray"]):
    """Looked-at media, gone at the end of a `with` unless `keep` put them into the store."""

    context: Context
    _folder: Path | None = None
    _values: dict[tuple[str, Holds], dict[str, Json]] = field(default_factory=dict)
    _media: dict[str, OwnMedium] = field(default_factory=dict)

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
            return self.look_at(path, kind.holds)
        except UnfitMediumError as error:
            raise WrongInputError(
                [Fault(f"media {node}", f"{path.name or source}, {error}", allowed_media(kind.holds))]
            ) from error

    def look_at(self, path: Path, holds: Holds) -> dict[str, Json]:
        """The value that a node of this type has of a file; UnfitMediumError where it is none. A file is looked at once."""
        known = (str(path), holds)
        if known not in self._values:
            medium = take_medium(path, holds, self.folder())
            with medium.path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            if not medium.is_given:
                medium = OwnMedium(medium.path.rename(medium.path.with_name(sha256)), medium.facts, is_given=False)
            self._media[sha256] = medium
            self._values[known] = {"sha256": sha256, **medium.facts}
        return dict(self._values[known])

    def folder(self) -> Path:
        """A folder that is gone with the tray."""
        if self._folder is None:
            self._folder = self.context.artifacts.workspace()
        return self._folder

    def keep(self) -> None:
        """Put all bytes into the store; a person's own file stays where it is. WrongInputError where one changed meanwhile."""
        for sha256, medium in self._media.items():
            if self.context.artifacts.has(sha256):
                continue
            ours = medium.path
            if medium.is_given:
                ours = Path(shutil.copyfile(medium.path, self.folder() / "given"))
            if self.context.artifacts.adopt(ours) != sha256:
                raise WrongInputError([Fault(medium.path.name, "a file that is being written", "a file that stays as it is")])
        self._media.clear()
