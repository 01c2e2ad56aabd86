"""The error for a stored medium that cannot be played: it names the file, not where it lies, nor what a library says of it."""

from pathlib import Path

from lecture_assets.graph.errors import Fault, WrongInputError


def unreadable(path: Path, found: str, allowed: str) -> WrongInputError:
    """Return the error. found: what the file is, like `a picture that cannot be read`."""
    return WrongInputError([Fault(path.name, found, allowed)])
