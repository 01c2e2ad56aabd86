"""The code that a fork server has loaded, and whether it is still what is on disk."""

import importlib
import sys
import sysconfig
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dagster import Definitions

_INSTALLED = tuple(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib"))
"""Folders of installed code, whose changes take effect only after a restart."""


@dataclass(slots=True)
class PreloadedCode:
    """The modules loaded before a run needs them.

    names: the modules to import; the run reports those that cannot be imported
    files: modification times, in ns, of the loaded files that are not installed, as of loading
    """

    names: Sequence[str]
    files: dict[str, int] = field(default_factory=dict)

    def load(self) -> None:
        """Import the modules not imported yet, and build the jobs that they define."""
        for name in self.names:
            if name not in sys.modules:
                with reporting():
                    module = importlib.import_module(name)
                    for definitions in [value for value in vars(module).values() if isinstance(value, Definitions)]:
                        definitions.get_repository_def().get_all_jobs()
        for file in [file for module in list(sys.modules.values()) if (file := getattr(module, "__file__", None))]:
            if not file.startswith(_INSTALLED):
                self.files.setdefault(file, _changed_ns(file))

    def is_outdated(self) -> bool:
        """Whether a loaded file has changed since: a run must execute the code that is on disk."""
        return any(_changed_ns(file) != then for file, then in self.files.items())


@contextmanager
def reporting() -> Iterator[None]:
    """Print errors and continue: they only make runs slower, and a run that needs the module raises the error again."""
    try:
        yield
    except (Exception, SystemExit):  # noqa: BLE001
        traceback.print_exc()


def _changed_ns(file: str) -> int:
    try:
        return Path(file).stat().st_mtime_ns
    except OSError:
        return 0
