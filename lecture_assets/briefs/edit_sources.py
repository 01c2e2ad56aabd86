"""Where an edit gets a text or a medium from: the edit itself, a file it names with @, or media already stored."""

from collections.abc import Callable
from typing import TypeAlias

from lecture_assets.briefs.files import UnreadableFileError, bytes_of
from lecture_assets.briefs.rules import refuse, shown
from lecture_assets.graph.edits import MAX_TEXT
from lecture_assets.graph.fingerprint import Json
from lecture_assets.prose.readable import without_formats

ReadFile: TypeAlias = Callable[[str], str]
"""Returns the text of a file named with @; raises WrongInputError if it has none."""
ReadMedium: TypeAlias = Callable[[str, str], Json]
"""Returns a node's value from a file (`@FILE`) or from stored media (`sha256:…`); raises WrongInputError if they are unusable."""


def read_text_file(path: str) -> str:
    """Return the text of a local file without surrounding whitespace."""
    try:
        return typed_text(bytes_of(path, 4 * MAX_TEXT).decode("utf-8-sig"))
    except (UnreadableFileError, UnicodeDecodeError) as error:
        found = str(error) if isinstance(error, UnreadableFileError) else "bytes that are not UTF-8"
        allowed = f"a text file in UTF-8, at most {MAX_TEXT:,} characters (write @@ for text that begins with @)"
        refuse("text", found, allowed, path)


def no_file(path: str) -> str:
    """Refuse every file: for edits that do not come from this machine's user."""
    refuse("text", shown(f"@{path}"), "the text itself (write @@ for text that begins with @)")


def no_medium(_node: str, source: str) -> Json:
    """Refuse every medium: for callers without a media store."""
    refuse("media", shown(source), "an edit made where media can be stored")


def typed_text(text: str) -> str:
    """Return a text without surrounding whitespace, carriage returns and invisible formatting."""
    return without_formats(text.replace("\r\n", "\n")).strip()
