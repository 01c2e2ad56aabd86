"""A column for words of vendors and clients: PostgreSQL stores no null character, and no half of a surrogate pair."""

import re
from typing import Any

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class CleanText(TypeDecorator[str]):
    """Text in which each character that a database refuses is replaced by U+FFFD, in what is stored and in what is looked for."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Replace them."""
        return None if value is None else _UNSTORABLE.sub(_REPLACEMENT, value)
