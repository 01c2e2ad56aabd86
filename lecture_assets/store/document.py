"""JSON documents as columns: compressed where that is worth it. Older rows hold them as JSON text, and are read as well.

A compressed document begins with `x`, as zlib has it, and no JSON does; the others can be read as they are.
"""

import json
import zlib
from typing import Any

from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

_LEVEL = 6
_SHORT = 200
"""Bytes below which compressing saves nothing to speak of."""
_COMPRESSED = b"x"


class UnreadableDocumentError(Exception):
    """What is stored is no document."""


def read_document(stored: bytes) -> Any:
    """The value that was stored. UnreadableDocumentError where it is none."""
    try:
        written = zlib.decompress(stored) if stored.startswith(_COMPRESSED) else stored
        return json.loads(written.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError, zlib.error) as error:
        raise UnreadableDocumentError(str(error)) from error


class Document(TypeDecorator[Any]):
    """Any JSON value, in bytes."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes:  # noqa: ARG002 - SQLAlchemy's signature
        """A value as it is stored."""
        written = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        compressed = zlib.compress(written, _LEVEL) if len(written) > _SHORT else written
        return min(written, compressed, key=len)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        """A stored value."""
        if value is None or not isinstance(value, (bytes, str)):
            return value  # SQLite keeps a bare number of an older row as a number
        return read_document(value.encode() if isinstance(value, str) else value)
