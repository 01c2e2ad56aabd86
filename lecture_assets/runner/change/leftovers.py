"""What workers left in their temporary folders when they were killed, and replies that nobody will ask for any more.

artifacts/tmp, HOME/deliveries, HOME/VENDOR/deliveries    media on their way, each gone as soon as it was taken in
HOME/VENDOR/inbox                                         a vendor's replies, by attempt; of no use once the attempt is settled
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from lecture_assets.runner.setup.context import Context
from lecture_assets.store.ledger import UNSETTLED
from lecture_assets.store.schema import calls


def leftovers(context: Context, before: float) -> Iterator[Path]:
    """What was left before a time (seconds since 1970), each a file or a folder.

    The time is that of the newest file: what somebody is at stays, unless he has not written for so long.
    """
    folders = [context.home / "deliveries", *context.home.glob("*/deliveries")]
    left = [*context.artifacts.leftovers(), *(path for folder in folders if folder.is_dir() for path in folder.iterdir())]
    yield from (path for path in left if _newest(path) < before)
    yield from (path for path in _letters_of_settled_calls(context) if _newest(path) < before)


def unreadable_letters(context: Context) -> list[Path]:
    """Replies that are kept and cannot be read: as good as none, so that the vendor is asked, or waited for."""
    return [path for path in _letters(context) if path.suffix == ".json" and not _is_whole(path)]


def _is_whole(note: Path) -> bool:
    try:
        return isinstance(json.loads(note.read_bytes()), dict) and note.with_suffix("").is_file()
    except (OSError, ValueError, RecursionError):
        return False


def _letters_of_settled_calls(context: Context) -> list[Path]:
    """A letter whose attempt the ledger does not know stays as long as any: another database may know it."""
    letters = list(_letters(context))
    if not letters:
        return []
    with context.database.read() as connection:
        rows = connection.execute(select(calls.c.attempt, calls.c.state)).all()
    settled = {row.attempt for row in rows if row.state not in UNSETTLED}
    return [path for path in letters if path.name.partition(".")[0] in settled]


def _letters(context: Context) -> Iterator[Path]:
    return (path for folder in context.home.glob("*/inbox") if folder.is_dir() for path in folder.iterdir())


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    return sum(file.stat().st_size for file in _files(path))


def remove(path: Path) -> None:
    """Remove a file or a folder; one that is gone meanwhile is gone."""
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
