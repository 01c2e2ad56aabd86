"""What every command shares: the opened service, the consoles, JSON on stdout."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from lecture_assets.graph.errors import Fault, UnknownLectureError, WrongInputError
from lecture_assets.prose.readable import readable_value

if TYPE_CHECKING:
    from rich.console import Console

    from lecture_assets.runner.lectures import Lectures

_WIDE = 160
"""Columns of a table that is written to a file or a pipe, where nothing is cut off at a margin."""


def open_lectures(lecture: str | None = None, *, reads: bool = False) -> "Lectures":
    """The service, in the environment of this process. Asked for a lecture, it makes no home where there is none yet.

    WrongInputError with every variable that is wrong, or where the store cannot be opened; ForeignMediaError where the media
    folder is another database's. Who only `reads` is told so, and goes on: also
    in a home that may only be read.
    """
    from lecture_assets.runner.lectures import Lectures  # noqa: PLC0415 - the same
    from lecture_assets.runner.setup.environment import check_environment, home_of  # noqa: PLC0415 - longer than --help may take

    check_environment(os.environ, reads=reads)
    if lecture is not None and not os.environ.get("LECTURES_DATABASE_URL") and not home_of(os.environ).exists():
        raise UnknownLectureError(lecture, [])
    try:
        lectures = Lectures.open(os.environ, reads=reads)
    except OSError as error:
        found = f"{str(error.filename or home_of(os.environ))!r} ({error.strerror})"
        raise WrongInputError([Fault("LECTURES_HOME", found, "a folder that can be made, read and written")]) from error
    if lectures.context.foreign is not None:
        sys.stderr.write(f"warning: {lectures.context.foreign}\n")
    return lectures


def stdout() -> "Console":
    """Where answers go."""
    from lecture_assets.cli.terminal import Terminal  # noqa: PLC0415 - the same

    return Terminal(width=None if sys.stdout.isatty() else _WIDE)


def stderr() -> "Console":
    """Where progress goes."""
    from lecture_assets.cli.terminal import Terminal  # noqa: PLC0415 - the same

    return Terminal(stderr=True, width=None if sys.stderr.isatty() else _WIDE)


def answer(document: Any, printer: "Callable[[Console, Any], None]", *, as_json: bool) -> None:
    """One document: as JSON, or as a person reads it."""
    if as_json:
        unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
        sys.stdout.write(json.dumps(readable_value(document), indent=2, ensure_ascii=not unicode) + "\n")
    else:
        printer(stdout(), document)


def tell(warnings: Any, understood: "Mapping[str, Any] | None" = None) -> None:
    """On stderr, a line each: what was understood of a typed prompt; warnings, as a document has them."""
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - rich is not needed for --help

    settings = {key: value for key, value in (understood or {}).items() if key != "prompt"}
    if understood and settings:
        heard = ", ".join(f"{key.replace('_', ' ')}: {_said(key, value)}" for key, value in settings.items())
        say(stderr(), f"understood {heard}; the prompt is: {understood['prompt']}")
    for warning in warnings:
        say(stderr(), f"note: {warning}", "yellow")


def _said(key: str, value: Any) -> str:
    if value is True:
        return "yes"
    return f"{value} s" if key == "duration" else str(value)
