"""JSON documents as columns, each with the version of its format; what an older release wrote is upgraded as it is read.

    1 {"a": 1}          version 1, as JSON text        1 x…     the same, compressed by zlib, where that is shorter
    {"a": 1}    x…      of before documents said their version: version 1

A `Format` is a sort of documents. Who changes what is in one appends a function to its upgrades, and the release after reads all
that was ever stored. (Settings say their version within, since a revision is stored as what it changes: `graph/settings.py`.)
"""

import json
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import JSON, Dialect, LargeBinary, Text
from sqlalchemy.types import TypeDecorator

from lecture_assets.graph.errors import NewerDocumentError
from lecture_assets.graph.fingerprint import canonical

_LEVEL = 6
_SHORT = 200
"""Bytes below which compressing saves nothing to speak of."""
_COMPRESSED = b"x"
_VERSION = re.compile(rb"([1-9][0-9]*) ")
"""No JSON text begins like this, nor does what zlib writes."""

Upgrade: TypeAlias = Callable[[Any], Any]


class UnreadableDocumentError(Exception):
    """What is stored is no document."""


@dataclass(frozen=True, slots=True)
class Format:
    """A sort of documents, and the way up from what older releases wrote.

    name:     the documents, as an error names them
    upgrades: the first makes a document of version 1 one of version 2, the next one of version 3, and so on
    """

    name: str
    upgrades: tuple[Upgrade, ...] = ()

    @property
    def version(self) -> int:
        """The version that is written today."""
        return len(self.upgrades) + 1

    def upgraded(self, document: Any, version: int) -> Any:
        """A document of any version as one of today's; NewerDocumentError where a newer release wrote it."""
        if version > self.version:
            raise NewerDocumentError(version, self.version, self.name)
        for upgrade in self.upgrades[version - 1 :]:
            document = upgrade(document)
        return document


def split_version(stored: bytes) -> tuple[int, bytes]:
    """The version of a stored document, and the document."""
    match = _VERSION.match(stored)
    return (int(match[1]), stored[match.end() :]) if match else (1, stored)


def read_document(stored: bytes) -> Any:
    """The document as it was stored, of whatever version. UnreadableDocumentError where it is none."""
    _, written = split_version(stored)
    try:
        text = zlib.decompress(written) if written.startswith(_COMPRESSED) else written
        return json.loads(text.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError, zlib.error) as error:
        raise UnreadableDocumentError(str(error)) from error


class _OfFormat:
    """A type of columns whose documents are of one sort; SQLAlchemy looks for `cache_ok` in each class itself."""

    def __init__(self, format: Format) -> None:  # noqa: A002 - the word for it
        """Documents of this sort."""
        super().__init__()
        self.format = format


class Document(_OfFormat, TypeDecorator[Any]):
    """Any JSON value, in bytes."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes:  # noqa: ARG002 - SQLAlchemy's signature
        """A value as it is stored."""
        written = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        compressed = zlib.compress(written, _LEVEL) if len(written) > _SHORT else written
        return b"%d %b" % (self.format.version, min(written, compressed, key=len))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        """A stored value, as today's release has it."""
        if value is None or not isinstance(value, (bytes, str)):
            return self.format.upgraded(value, 1)  # SQLite keeps a bare number of an older row as a number
        stored = value.encode() if isinstance(value, str) else value
        return self.format.upgraded(read_document(stored), split_version(stored)[0])


class TextDocument(_OfFormat, TypeDecorator[Any]):
    """Any JSON value, in a column of the database's own JSON type, as `{"schema": 1, "document": …}`."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        """A value as it is stored."""
        return None if value is None else {"schema": self.format.version, "document": value}

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        """A stored value, as today's release has it."""
        if isinstance(value, dict) and value.keys() == {"schema", "document"}:
            return self.format.upgraded(value["document"], int(value["schema"]))
        return None if value is None else self.format.upgraded(value, 1)


def split_recipe(stored: str) -> tuple[int, str]:
    """The version of a stored recipe, and its canonical JSON."""
    version, _, written = stored.partition(" ")
    return (int(version), written) if version.isdecimal() else (1, stored)


class UpgradedText(str):
    """A recipe that an older release wrote, as today's has it. What names it by its digest has another name for it now."""

    __slots__ = ()


class Recipe(_OfFormat, TypeDecorator[str]):
    """The canonical JSON of a recipe: text, since it is compared as text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str:  # noqa: ARG002 - SQLAlchemy's signature
        """A recipe as it is stored."""
        return f"{self.format.version} {value}"

    def process_result_value(self, value: str | None, dialect: Dialect) -> str:  # noqa: ARG002 - SQLAlchemy's signature
        """A stored recipe, as today's release has it."""
        version, written = split_recipe(value or "")
        if version == self.format.version:
            return written
        return UpgradedText(canonical(self.format.upgraded(json.loads(written), version)).decode())
