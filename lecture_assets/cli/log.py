"""The log for developers, in LECTURES_HOME/log/lectures.log. At the command line a person sees only sentences."""

import logging
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lecture_assets.prose.readable import readable
from lecture_assets.store.private import private_folder

_SAID = ("lecture_assets.store.patience", "lecture_assets.store.bucket_client")
"""The modules whose warnings are for people: a server is waited for."""


def keep(text: str) -> Path:
    """Append to the log, in the temporary folder if the home is not writable; returns the log's path."""
    entry = f"{datetime.now(UTC).isoformat(timespec='seconds')} {readable(text)}\n"
    for folder in (Path(os.environ.get("LECTURES_HOME") or ".lectures") / "log", Path(tempfile.gettempdir())):
        try:
            private_folder(folder.parent)
            folder.mkdir(exist_ok=True)
            with (folder / "lectures.log").open("a", encoding="utf-8", errors="backslashreplace") as log:
                log.write(entry)
        except (OSError, ValueError):
            continue
        return folder / "lectures.log"
    return Path(os.devnull)


def keep_error(error: BaseException, arguments: Sequence[str]) -> Path:
    """Append a traceback and the command that led to it."""
    return keep(f"lectures {' '.join(arguments)}\n{''.join(traceback.format_exception(error))}")


class _Kept(logging.Handler):
    """Keeps what libraries log about their own errors."""

    def emit(self, record: logging.LogRecord) -> None:
        keep(self.format(record))


def keep_stray_errors() -> None:
    """Write to the log what Python itself would print on stderr (an error in a finalizer, a task that was never awaited)."""
    logging.getLogger().addHandler(_Kept(logging.WARNING))
    for module in _SAID:
        logging.getLogger(module).addHandler(logging.StreamHandler())
    sys.unraisablehook = _keep_unraisable


def _keep_unraisable(unraisable: Any) -> None:
    keep(f"ignored in {unraisable.object!r}\n{''.join(traceback.format_exception(unraisable.exc_value))}")
