"""Collects garbage: bytes that nothing names, and what killed workers left. What is named is never touched.

Bytes are put in before what names them is written, so that young ones stay; and bytes that are wanted again count as young.
"""

import shutil
from dataclasses import dataclass

from lecture_assets.graph.fingerprint import Json
from lecture_assets.runner.context import Context
from lecture_assets.store.reachable import counting_media, reachable

GRACE_S = 24 * 3600.0
"""How old garbage must be: longer than any run. The longest, 99 × 4 at the vendors' usual latencies, takes about an hour."""


@dataclass(slots=True)
class _Sum:
    """Files and their bytes."""

    files: int = 0
    size: int = 0

    def add(self, size: int) -> None:
        """One more."""
        self.files += 1
        self.size += size


def collect_garbage(context: Context, grace_s: float = GRACE_S, *, dry_run: bool = False) -> dict[str, Json]:
    """Remove what is garbage and older than the grace; how much that was, what is kept, and records whose bytes are missing."""
    before = context.clock.now() - grace_s
    with context.database.read() as connection:
        wanted = reachable(connection)
        missing = [
            f"{lecture} {node}" for lecture, node, sha256 in counting_media(connection) if not context.artifacts.has(sha256)
        ]
    removed, kept = _Sum(), _Sum()
    for path in list(context.artifacts.files()):
        size, is_old = path.stat().st_size, path.stat().st_mtime < before
        is_garbage = path.name not in wanted and is_old
        gone = is_garbage and (dry_run or context.artifacts.discard(path.name, before))
        (removed if gone else kept).add(size)
    for leftover in list(context.artifacts.leftovers()):
        if leftover.stat().st_mtime < before:
            removed.add(sum(file.stat().st_size for file in leftover.rglob("*") if file.is_file()))
            if not dry_run:
                shutil.rmtree(leftover, ignore_errors=True)
    return {
        "removed": removed.files,
        "removed_bytes": removed.size,
        "kept": kept.files,
        "kept_bytes": kept.size,
        "missing": list[Json](missing),
        "dry_run": dry_run,
    }
