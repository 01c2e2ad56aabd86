"""Find what killed workers left in their temporary folders, and cached replies and films that are no longer needed.

artifacts/tmp, HOME/deliveries, HOME/VENDOR/deliveries    media in transit, each removed as soon as it is ingested
HOME/rendered                                             films and contact sheets for Dagster's UI; as old as their last request
HOME/VENDOR/inbox                                         a vendor's replies by attempt, useless once the attempt is settled
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from lecture_assets.runner.setup.context import Context
from lecture_assets.store.ledger import UNSETTLED
from lecture_assets.store.schema import calls

RENDERED = "rendered"


def leftovers(context: Context, before: float) -> Iterator[Path]:
    """Yield the files and folders left before a time (seconds since 1970).

    A folder is as old as its newest file, so one in use is not a leftover as long as its worker keeps writing.
    """
    folders = [context.home / "deliveries", context.home / RENDERED, *context.home.glob("*/deliveries")]
    left = [*context.artifacts.leftovers(), *(path for folder in folders if folder.is_dir() for path in folder.iterdir())]
    yield from (path for path in left if _newest(path) < before)
    yield from (path for path in _settled_replies(context) if _newest(path) < before)


def unreadable_replies(context: Context) -> list[Path]:
    """Return cached replies that cannot be read. They count as absent: the vendor is asked or waited for instead."""
    return [path for path in _replies(context) if path.suffix == ".json" and not _is_whole(path)]


def _is_whole(note: Path) -> bool:
    try:
        return isinstance(json.loads(note.read_bytes()), dict) and note.with_suffix("").is_file()
    except (OSError, ValueError, RecursionError):
        return False


def _settled_replies(context: Context) -> list[Path]:
    """Return the replies of settled attempts. One whose attempt is not in the ledger is kept: another database may have it."""
    replies = list(_replies(context))
    if not replies:
        return []
    with context.database.read() as connection:
        rows = connection.execute(select(calls.c.attempt, calls.c.state)).all()
    settled = {row.attempt for row in rows if row.state not in UNSETTLED}
    return [path for path in replies if path.name.partition(".")[0] in settled]


def _replies(context: Context) -> Iterator[Path]:
    return (path for folder in context.home.glob("*/inbox") if folder.is_dir() for path in folder.iterdir())


def size_of(path: Path) -> int:
    """Return the bytes of a file, or of all files in a folder."""
    return sum(file.stat().st_size for file in _files(path))


def remove(path: Path) -> None:
    """Remove a file or a folder; it may have disappeared meanwhile."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _files(path: Path) -> Iterator[Path]:
    return (file for file in (path.rglob("*") if path.is_dir() else [path]) if file.is_file())


def _newest(path: Path) -> float:
    try:
        return max([path.stat().st_mtime, *(file.stat().st_mtime for file in _files(path))])
    except FileNotFoundError:
        return float("inf")
