"""JSON documents as columns, each with the version of its format. Documents of older releases are upgraded when read.

    1 {"a": 1}          version 1, as JSON text        1 x…     the same, compressed with zlib if that is shorter
    {"a": 1}    x…      from before documents carried a version: version 1

A `Format` is a kind of document. A change to its contents needs a new function in its upgrades, so that every release reads
everything stored before it. Settings carry their version inside, because revisions are stored as differences
(`graph/settings.py`).
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
"""Documents up to this many bytes are not worth compressing."""
_COMPRESSED = b"x"
_VERSION = re.compile(rb"([1-9][0-9]*) ")
"""Neither JSON text nor zlib data begins like this."""

Upgrade: TypeAlias = Callable[[Any], Any]


class UnreadableDocumentError(Exception):
    """The stored bytes are not a document."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of document, and the upgrades from older versions.

    name:     the documents' name in error messages
    upgrades: the first upgrades from version 1 to 2, the next from 2 to 3, and so on
    """

    name: str
    upgrades: tuple[Upgrade, ...] = ()

    @property
    def version(self) -> int:
        """The current version."""
        return len(self.upgrades) + 1

    def upgraded(self, document: Any, version: int) -> Any:
        """Upgrade a document to the current version. Raise NewerDocumentError if a newer release wrote it."""
        if version > self.version:
            raise NewerDocumentError(version, self.version, self.name)
        for upgrade in self.upgrades[version - 1 :]:
            document = upgrade(document)
        return document


def split_version(stored: bytes) -> tuple[int, bytes]:
    """Split stored bytes into the version and the document."""
    match = _VERSION.match(stored)
    return (int(match[1]), stored[match.end() :]) if match else (1, stored)


def read_document(stored: bytes) -> Any:
    """Decode a document of any version, without upgrading it. Raise UnreadableDocumentError if that is impossible."""
    _, written = split_version(stored)
    try:
        text = zlib.decompress(written) if written.startswith(_COMPRESSED) else written
        return json.loads(text.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError, zlib.error) as error:
        raise UnreadableDocumentError(str(error)) from error


class _OfFormat:
    """A column type for documents of one format; SQLAlchemy looks up `cache_ok` in each class itself."""

    def __init__(self, format: Format) -> None:  # noqa: A002 - the word for it
        """Set the format of the documents."""
        super().__init__()
        self.format = format


class Document(_OfFormat, TypeDecorator[Any]):
    """Any JSON value, stored as bytes."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes:  # noqa: ARG002 - SQLAlchemy's signature
        """Encode a value for storage."""
        written = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        compressed = zlib.compress(written, _LEVEL) if len(written) > _SHORT else written
        return b"%d %b" % (self.format.version, min(written, compressed, key=len))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        """Decode a stored value and upgrade it."""
        if value is None or not isinstance(value, (bytes, str)):
            return self.format.upgraded(value, 1)  # SQLite keeps a bare number in an older row as a number
        stored = value.encode() if isinstance(value, str) else value
        return self.format.upgraded(read_document(stored), split_version(stored)[0])


class TextDocument(_OfFormat, TypeDecorator[Any]):
    """Any JSON value, in a column of the database's own JSON type, as `{"schema": 1, "document": …}`."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        """Wrap a value for storage."""
        return None if value is None else {"schema": self.format.version, "document": value}

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        """Unwrap a stored value and upgrade it."""
        if isinstance(value, dict) and value.keys() == {"schema", "document"}:
            return self.format.upgraded(value["document"], int(value["schema"]))
        return None if value is None else self.format.upgraded(value, 1)


def split_recipe(stored: str) -> tuple[int, str]:
    """Split a stored recipe into its version and its canonical JSON."""
    version, _, written = stored.partition(" ")
    return (int(version), written) if version.isdecimal() else (1, stored)


class UpgradedText(str):
    """A recipe upgraded from an older release. Its digest has changed: stored fingerprints still name the old one."""

    __slots__ = ()


class Recipe(_OfFormat, TypeDecorator[str]):
    """The canonical JSON of a recipe, stored as text because it is compared as text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str:  # noqa: ARG002 - SQLAlchemy's signature
        """Prefix a recipe with its version for storage."""
        return f"{self.format.version} {value}"

    def process_result_value(self, value: str | None, dialect: Dialect) -> str:  # noqa: ARG002 - SQLAlchemy's signature
        """Return a stored recipe, upgraded to the current version."""
        version, written = split_recipe(value or "")
        if version == self.format.version:
            return written
        return UpgradedText(canonical(self.format.upgraded(json.loads(written), version)).decode())
