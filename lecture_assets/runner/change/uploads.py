"""Stage uploaded media from inspection until their edit is accepted. A refused request leaves nothing behind."""

import hashlib
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import cast

from lecture_assets.briefs.edit_sources import no_file, read_text_file
from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Holds
from lecture_assets.graph.node import parse_node_id
from lecture_assets.intake.own_medium import allowed_media, copied, take_medium
from lecture_assets.intake.unfit import UnfitMediumError
from lecture_assets.intake.word_times import aligned_words, words_with_times
from lecture_assets.runner.setup.context import Context


@dataclass
class UploadStaging(AbstractContextManager["UploadStaging"]):
    """Inspected media, removed at the end of a `with` unless `keep` stored them."""

    context: Context
    _folder: Path | None = None
    _values: dict[tuple[str, Holds], dict[str, Json]] = field(default_factory=dict)
    _media: dict[str, Path] = field(default_factory=dict)
    _heard: dict[tuple[str, str, str], list[Json] | None] = field(default_factory=dict)

    def __exit__(self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        """Remove everything staged that was not kept."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def read_text(self, path: str) -> str:
        """Return the text of a file that an edit names. WrongInputError if it is unusable, or no file may be read."""
        return read_text_file(path) if self.context.reads_files else no_file(path)

    def read_medium(self, node: str, source: str) -> Json:
        """Return a node's value for `@FILE` or for stored bytes `sha256:…`. WrongInputError if they are not a usable medium."""
        kind, _ = parse_node_id(node)
        if source.startswith("@") and not self.context.reads_files:
            found = "a file, which is only read for the command line"
            raise WrongInputError(
                [Fault(f"media {node}", found, "sha256:… of bytes in the store (`lectures edit` stores a file)")]
            )
        sha256 = source.partition("sha256:")[2]
        if sha256 and not self.context.artifacts.has(sha256):
            raise WrongInputError([Fault(f"media {node}", source, "sha256:… of bytes in the store, or @FILE")])
        with self.context.artifacts.local() as local:
            path = local(sha256) if sha256 else Path(source.removeprefix("@"))
            try:
                return self.inspect(path, kind.holds, sha256)
            except UnfitMediumError as error:
                fault = Fault(f"media {node}", f"{path.name or source}, {error}", allowed_media(kind.holds))
                raise WrongInputError([fault]) from error

    def inspect(self, path: Path, holds: Holds, sha256: str = "") -> dict[str, Json]:
        """Return the value of a node that holds this file. UnfitMediumError if the file is unusable. Inspects each file once.

        Inspects a copy, which is then what is kept even if the file changes. sha256: the expected digest, if known
        """
        known = (sha256 or str(path), holds)
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

    def words(self, speech: Mapping[str, Json], text: str, language: str) -> list[Json]:
        """Return the words of a text with their times in a recording that this staging inspected and has not kept yet."""
        path, duration_ms = self._media[str(speech["sha256"])], cast("int", speech["duration_ms"])
        return words_with_times(path, text, language, duration_ms)

    def heard(self, speech: Mapping[str, Json], text: str, language: str) -> list[Json] | None:
        """Return the words of a text that are heard in such a recording; None if the text does not fit it."""
        key = (str(speech["sha256"]), text, language)
        if key not in self._heard and key[0] in self._media:
            self._heard[key] = aligned_words(self._media[key[0]], text, language, cast("int", speech["duration_ms"]))
        return self._heard.get(key)

    def folder(self) -> Path:
        """Return a folder that is removed at the end of the staging."""
        if self._folder is None:
            self._folder = self.context.artifacts.workspace()
        return self._folder

    def keep(self) -> None:
        """Move the inspected copies into the store; the person's own files stay in place."""
        for path in self._media.values():
            self.context.artifacts.adopt(path)
        self._media.clear()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
