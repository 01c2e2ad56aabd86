"""Delete garbage: unreferenced bytes, and what killed workers left. Referenced bytes are never touched.

Bytes are stored before the row that references them, so recent ones are kept; storing bytes again makes them recent. Bytes that
the database cannot know are kept as well: those stored after the backup it was restored from, and those that were in the folder
before it was marked.
"""

import math
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from typing_extensions import TypedDict

from lecture_assets.graph.errors import RefusedError
from lecture_assets.runner.change.leftovers import leftovers, remove, size_of
from lecture_assets.runner.setup.context import Context
from lecture_assets.runner.setup.liveness import at_work
from lecture_assets.store.artifacts import ROUNDING_S
from lecture_assets.store.belonging import load_identity, require_own
from lecture_assets.store.reachable import counting_media, reachable

GRACE_S = 24 * 3600.0
"""The age at which bytes become garbage: longer than any run. The longest, 99 × 4 at usual latencies, takes about an hour."""
LEAST_GRACE_S = 3600.0
"""The least grace while a worker is running: a call's bytes stay unreferenced until the call completes."""


class GarbageDocument(TypedDict):
    """What `gc` prints, in files and bytes. missing: what has no bytes; unknown: kept, of a time the database does not know."""

    removed: int
    removed_bytes: int
    kept: int
    kept_bytes: int
    unknown: int
    unknown_bytes: int
    missing: list[str]
    dry_run: bool


_BATCH = 500
"""Media that are removed together; a killed collection has removed whole batches, and the next one continues."""


@dataclass(slots=True)
class _Sum:
    """A number of files and their total bytes."""

    files: int = 0
    size: int = 0

    def add(self, size: int) -> None:
        """Count one more file."""
        self.files += 1
        self.size += size


def collect_garbage(
    context: Context, grace_s: float = GRACE_S, *, dry_run: bool = False, unknown: bool = False
) -> GarbageDocument:
    """Delete garbage older than the grace. Returns what was removed and kept, and the records whose bytes are missing.

    unknown: also delete what the database cannot know

    ForeignMediaError if the media may be another database's; RefusedError for a short grace while a worker is running.
    """
    require_own(context.database, context.artifacts)
    removed, kept, left_alone = _Sum(), _Sum(), _Sum()
    with _before(context, grace_s) as before:
        with context.database.read() as connection:
            wanted = reachable(connection)
            mine = load_identity(connection)
            since = math.inf if mine.is_behind(context.artifacts) else mine.unknown_until
            counting = counting_media(connection)
        media, listed = context.artifacts.listing(), set()
        while some := list(islice(media, _BATCH)):
            garbage = [one for one in some if one.is_spare or (one.sha256 not in wanted and one.changed_at < before)]
            known = [one for one in garbage if unknown or one.is_known or one.changed_at >= since]
            gone = set(known) if dry_run else context.artifacts.discard_all(known, before)
            listed |= {one.sha256 for one in some if one not in gone}
            for one in some:
                (removed if one in gone else kept if one in known or one not in garbage else left_alone).add(one.size)
        for leftover in list(leftovers(context, _local(context, before))):
            removed.add(size_of(leftover))
            if not dry_run:
                remove(leftover)
    if not dry_run:
        context.artifacts.tidy(before)
    there = context.artifacts.sizes(named := {sha256 for _, _, sha256 in counting}).keys() & listed
    there |= context.artifacts.look(named - there).keys()
    return {
        "removed": removed.files,
        "removed_bytes": removed.size,
        "kept": kept.files + left_alone.files,
        "kept_bytes": kept.size + left_alone.size,
        "unknown": left_alone.files,
        "unknown_bytes": left_alone.size,
        "missing": [f"{lecture} {node}" for lecture, node, sha256 in counting if sha256 not in there],
        "dry_run": dry_run,
    }


def remove_leftovers(context: Context) -> tuple[int, int]:
    """Remove what no live worker can be using. Returns the number of files or folders, and their bytes."""
    removed = _Sum()
    with ExitStack() as stack:
        try:
            before = stack.enter_context(_before(context, 0.0))
        except RefusedError:
            before = context.artifacts.now() - GRACE_S
        for leftover in list(leftovers(context, _local(context, before))):
            removed.add(size_of(leftover))
            remove(leftover)
    return removed.files, removed.size


@contextmanager
def _before(context: Context, grace_s: float) -> Iterator[float]:
    """Yield the time (seconds since 1970) before which garbage is removed. With a short grace, no worker may run or start."""
    now = context.artifacts.now()
    if grace_s >= LEAST_GRACE_S:
        yield now - grace_s
        return
    with context.artifacts.alone():
        if lectures := at_work(context):
            message = (
                f"lecture {lectures[0]} is being regenerated, and its new files look like garbage until it is done; nothing "
                f"was removed (wait for it to finish, or keep everything younger than an hour with --grace 1)"
            )
            raise RefusedError(message)
        yield now - grace_s + ROUNDING_S


def _local(context: Context, before: float) -> float:
    """Translate a time of the media's place to that of the home's file system, by which temporary files have an age."""
    with tempfile.TemporaryDirectory(dir=context.home) as folder:
        return Path(folder).stat().st_mtime - (context.artifacts.now() - before)


def newer_media(context: Context) -> list[str]:
    """Return the SHA-256 of media that a database restored from a backup does not reference, as what was made after it."""
    with context.database.read() as connection:
        wanted, mine = reachable(connection), load_identity(connection)
    if not mine.is_behind(context.artifacts):
        return []
    return sorted(medium.sha256 for medium in context.artifacts.listing() if medium.sha256 not in wanted)
