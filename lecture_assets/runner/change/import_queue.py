"""Imports in the background: lectures are queued as they were given, and imported by whoever runs (`background_import.py`).

An upload that a waiting lecture names stays, however old it is. What is wrong with one lecture is told of that one alone.
"""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lecture_assets.briefs.adopted import Adopted, read_adopted
from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.runner.setup.context import Context
from lecture_assets.runner.setup.names import CatalogueNames
from lecture_assets.store import import_jobs
from lecture_assets.store.import_jobs import NewItem
from lecture_assets.store.reachable import UPLOAD

MOST_ITEMS = 100
_FILE = "import.json"


def queue_import(context: Context, items: Sequence[NewItem], job: str) -> None:
    """Queue a job with this id; once, however often. WrongInputError unless it has 1 to 100 lectures of different ids."""
    if not 1 <= len(items) <= MOST_ITEMS:
        raise WrongInputError([Fault("lectures", f"{len(items)}", f"1 to {MOST_ITEMS}")])
    names = [item.name for item in items if item.outcome is None]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise WrongInputError([Fault("id", f"{name!r} more than once", "an id of its own for each lecture") for name in twice])
    with context.database.write() as connection:
        import_jobs.add(connection, context.workspace, job, items, context.store_time(connection))


def faults_document(error: WrongInputError) -> dict[str, Any]:
    """Return what is wrong with a lecture, as its item keeps it."""
    return {"faults": [{"where": fault.where, "found": fault.found, "allowed": fault.allowed} for fault in error.faults]}


def read_queued(context: Context, given: Any, folder: Path) -> Adopted:
    """Read a queued lecture; its uploads are copied into the folder. WrongInputError lists what is wrong with it."""
    path = folder / _FILE
    path.write_text(json.dumps(_Unpacked(context, folder).of(given)), encoding="utf-8")
    return read_adopted(path, CatalogueNames(context.catalogue))


class _Unpacked:
    """A queued lecture with its uploads as files of the folder, called by their numbers."""

    def __init__(self, context: Context, folder: Path) -> None:
        self._context, self._folder = context, folder
        self._number = 0

    def of(self, given: Any, where: str = "lecture") -> Any:
        if isinstance(given, dict):
            return {key: self._of_key(key, value, f"{where}.{key}") for key, value in given.items()}
        if isinstance(given, list):
            return [self.of(value, f"{where}[{place}]") for place, value in enumerate(given)]
        return given

    def _of_key(self, key: str, value: Any, where: str) -> Any:
        if key in {"file", "recording"} and isinstance(value, str) and value.startswith(UPLOAD):
            return self._file(value.removeprefix(UPLOAD), where)
        return self.of(value, where)

    def _file(self, sha256: str, where: str) -> str:
        name = f"medium-{self._number}"
        self._number += 1
        with self._context.artifacts.local() as local:
            try:
                shutil.copyfile(local(sha256), self._folder / name)
            except FileNotFoundError:
                raise WrongInputError([Fault(where, "a medium whose bytes are gone", "upload it again")]) from None
        return name
