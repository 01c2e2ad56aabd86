"""Imports of one file, and of many: each by itself, so that one that is wrong stops no other."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from lecture_assets.briefs.adopted import read_adopted
from lecture_assets.cli.printing import say
from lecture_assets.cli.report import print_import
from lecture_assets.cli.session import answer, open_lectures, stderr
from lecture_assets.graph.errors import Fault, IdTakenError, WrongInputError
from lecture_assets.runner.change.importing import ImportDocument
from lecture_assets.runner.setup.names import environment_names

if TYPE_CHECKING:
    from rich.console import Console

_SOME_WRONG = 2


class FailedImportDocument(TypedDict):
    """A file that could not be imported, and why, a sentence each."""

    file: str
    faults: list[str]


class ImportsDocument(TypedDict):
    """What `import` prints for a folder or several files."""

    imported: list[ImportDocument]
    failed: list[FailedImportDocument]


def import_file(file: Path, lecture: str | None, *, shadow: bool, as_json: bool) -> int:
    """Import one file."""
    found = read_adopted(file, environment_names())
    with open_lectures() as lectures:
        document = lectures.adopt(found, lecture, shadow=shadow)
    answer(document, print_import, as_json=as_json)
    return 0


def import_files(given: Sequence[Path], *, shadow: bool, as_json: bool) -> int:
    """Import many files, saying on stderr how far it is. 2 if some are wrong."""
    files, names, console = list(_files(given)), environment_names(), stderr()
    document: ImportsDocument = {"imported": [], "failed": []}
    with open_lectures() as lectures:
        for number, file in enumerate(files, 1):
            try:
                done = lectures.adopt(read_adopted(file, names), shadow=shadow)
            except (WrongInputError, IdTakenError) as error:
                document["failed"].append({"file": str(file), "faults": str(error).splitlines()})
                say(console, f"{number} of {len(files)}: {file} was not imported", "red")
            else:
                document["imported"].append(done)
                say(console, f"{number} of {len(files)}: {done['lecture']} {_how(done)}")
    answer(document, _print, as_json=as_json)
    return _SOME_WRONG if document["failed"] else 0


def _files(given: Sequence[Path]) -> Iterator[Path]:
    """Yield the files, and those of folders by name. WrongInputError for a folder without any."""
    for path in given:
        if not path.is_dir():
            yield path
            continue
        found = sorted(path.glob("*.json"))
        if not found:
            raise WrongInputError([Fault("FILE", f"{str(path)!r}, a folder without JSON files", "a file, or a folder of them")])
        yield from found


def _how(done: ImportDocument) -> str:
    return "was imported" if done["created"] else "already exists, from the same file"


def _print(console: "Console", document: ImportsDocument) -> None:
    new = sum(done["created"] for done in document["imported"])
    there = len(document["imported"]) - new
    known = f", {there} were there before" if there else ""
    say(console, f"{new} imported{known}, {len(document['failed'])} not imported; nothing was bought.")
    for failed in document["failed"]:
        for fault in failed["faults"]:
            place = "" if failed["file"] in fault else f"{failed['file']}: "
            say(console, f"error: {place}{fault}", "red")
