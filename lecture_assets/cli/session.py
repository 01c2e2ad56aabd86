"""What all commands share: opening the lectures, the consoles, JSON on stdout."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lecture_assets.graph.errors import Fault, UnknownLectureError, WrongInputError
from lecture_assets.prose.readable import readable_value

if TYPE_CHECKING:
    from rich.console import Console

    from lecture_assets.runner.lectures import Lectures

_WIDE = 160
"""The width of tables written to a file or a pipe, in columns, so that nothing is cut off."""


def open_lectures(lecture: str | None = None, *, reads: bool = False) -> "Lectures":
    """Open the lectures of this process's environment. When opened for a lecture, a missing home is not created.

    WrongInputError with every wrong variable, or if the store cannot be opened; ForeignMediaError if the media folder belongs to
    another database. A command that only `reads` gets a warning instead and continues, even in a read-only home.
    """
    from lecture_assets.runner.lectures import Lectures  # noqa: PLC0415 - the same
    from lecture_assets.runner.setup.environment import check_environment, home_of  # noqa: PLC0415 - longer than --help may take

    check_environment(os.environ, reads=reads)
    if lecture is not None and not os.environ.get("LECTURES_DATABASE_URL") and not home_of(os.environ).exists():
        raise UnknownLectureError(lecture, [])
    try:
        lectures = Lectures.open(os.environ, reads=reads)
    except OSError as error:
        place = str(error.filename or home_of(os.environ))
        found = f"{place!r} ({error.strerror})"
        raise WrongInputError([Fault(_variable_of(place), found, "a folder that can be created, read and written")]) from error
    if lectures.context.foreign is not None:
        sys.stderr.write(f"warning: {lectures.context.foreign}\n")
    return lectures


def _variable_of(place: str) -> str:
    """Return the variable that named a folder."""
    others = (name for name in ("LECTURES_MEDIA_CACHE", "LECTURES_ARTIFACTS") if os.environ.get(name))
    return next((name for name in others if place.startswith(str(Path(os.environ[name]).absolute()))), "LECTURES_HOME")


def stdout() -> "Console":
    """The console for answers."""
    from lecture_assets.cli.terminal import Terminal  # noqa: PLC0415 - the same

    return Terminal(width=None if sys.stdout.isatty() else _WIDE)


def stderr() -> "Console":
    """The console for progress."""
    from lecture_assets.cli.terminal import Terminal  # noqa: PLC0415 - the same

    return Terminal(stderr=True, width=None if sys.stderr.isatty() else _WIDE)


def answer(document: Any, printer: "Callable[[Console, Any], None]", *, as_json: bool) -> None:
    """Print one document, as JSON or for people."""
    if as_json:
        unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
        sys.stdout.write(json.dumps(readable_value(document), indent=2, ensure_ascii=not unicode) + "\n")
    else:
        printer(stdout(), document)


def note(warnings: Any, understood: "Mapping[str, Any] | None" = None) -> None:
    """Print on stderr, one line each, what was understood from a typed prompt, and a document's warnings."""
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - rich is not needed for --help

    settings = {key: value for key, value in (understood or {}).items() if key != "prompt"}
    if understood and settings:
        listed = ", ".join(f"{key.replace('_', ' ')}: {_in_words(key, value)}" for key, value in settings.items())
        say(stderr(), f"understood {listed}; the prompt is: {understood['prompt']}")
    for warning in warnings:
        say(stderr(), f"note: {warning}", "yellow")


def _in_words(key: str, value: Any) -> str:
    if value is True:
        return "yes"
    return f"{value} s" if key == "duration" else str(value)
