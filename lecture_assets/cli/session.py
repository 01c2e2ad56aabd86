"""What every command shares: the opened service, the consoles, JSON on stdout."""

import json
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from lecture_assets.runner.lectures import Lectures

_WIDE = 160
"""Columns of a table that is written to a file or a pipe, where nothing is cut off at a margin."""


def open_lectures() -> "Lectures":
    """The service, in the environment of this process."""
    from lecture_assets.runner.lectures import Lectures  # noqa: PLC0415 - SQL and pydantic take longer than --help may

    return Lectures.open(os.environ)


def stdout() -> "Console":
    """Where answers go."""
    from lecture_assets.cli.printing import Answers  # noqa: PLC0415 - the same

    return Answers(width=None if sys.stdout.isatty() else _WIDE)


def stderr() -> "Console":
    """Where progress goes."""
    from rich.console import Console  # noqa: PLC0415 - the same

    return Console(stderr=True, width=None if sys.stderr.isatty() else _WIDE)


def answer(document: Any, printer: "Callable[[Console, Any], None]", *, as_json: bool) -> None:
    """One document: as JSON, or as a person reads it."""
    if as_json:
        unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
        sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=not unicode) + "\n")
    else:
        printer(stdout(), document)
