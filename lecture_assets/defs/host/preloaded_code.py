"""The code that a fork server has loaded, and whether it is still what is on disk."""

import importlib
import os
import sys
import sysconfig
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from dagster import Definitions

_INSTALLED = tuple(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib"))
"""Folders of installed code, whose changes take effect only after a restart."""


@dataclass(slots=True)
class PreloadedCode:
    """The modules loaded before a run needs them.

    names:    the modules to import; the run reports those that cannot be imported
    packages: modification times, in ns, of all files below a package's folder, as of loading, by folder: what is new there,
              or is no Python, can change what is defined; packages that are installed do not count
    files:    those of other loaded files
    """

    names: Sequence[str]
    files: dict[str, int] = field(default_factory=dict)
    packages: dict[str, dict[str, int]] = field(default_factory=dict)

    def load(self) -> None:
        """Import the modules not imported yet, and build the jobs that they define."""
        for name in self.names:
            if name not in sys.modules:
                with reporting():
                    module = importlib.import_module(name)
                    for definitions in [value for value in vars(module).values() if isinstance(value, Definitions)]:
                        definitions.get_repository_def().get_all_jobs()
        loaded = {name: file for name, module in list(sys.modules.items()) if (file := getattr(module, "__file__", None))}
        own = {name: file for name, file in loaded.items() if not file.startswith(_INSTALLED)}
        for name, file in own.items():
            if "." not in name and Path(file).stem == "__init__" and (folder := str(Path(file).parent)) not in self.packages:
                self.packages[folder] = _files_below(folder)
        for file in own.values():
            if not file.startswith(tuple(f"{folder}/" for folder in self.packages)):
                self.files.setdefault(file, _changed_ns(file))

    def is_outdated(self) -> bool:
        """Whether a loaded file or a loaded package has changed since: a run must execute the code that is on disk."""
        return any(_changed_ns(file) != then for file, then in self.files.items()) or any(
            _files_below(folder) != then for folder, then in self.packages.items()
        )


@contextmanager
def reporting() -> Iterator[None]:
    """Print errors and continue: they only make runs slower, and a run that needs the module raises the error again."""
    try:
        yield
    except (Exception, SystemExit):  # noqa: BLE001
        traceback.print_exc()


def _files_below(folder: str) -> dict[str, int]:
    """Modification times of a package's files, in ns. Neither compiled code nor anything hidden counts."""
    found, folders = dict[str, int](), [folder]
    while folders:
        with suppress(OSError), os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.name.startswith(".") or entry.name == "__pycache__":
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                else:
                    found[entry.path] = entry.stat(follow_symlinks=False).st_mtime_ns
    return found


def _changed_ns(file: str) -> int:
    try:
        return Path(file).stat().st_mtime_ns
    except OSError:
        return 0
