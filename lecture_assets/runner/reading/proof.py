"""What a lecture holds at one moment, for programs that check what a regeneration left untouched. Read-only."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

from typing_extensions import TypedDict

from lecture_assets.runner.reading.shapes import LectureVersion
from lecture_assets.runner.reading.snapshot import Snapshot
from lecture_assets.runner.setup.context import Context
from lecture_assets.store.records import TakeRow


class MadeNow(LectureVersion):
    """What a regeneration made; its report is one of these."""

    made: list[str]
    restored: list[str]


class HeldDocument(TypedDict):
    """What a node holds. sha256: of the bytes on disk, null where it has none."""

    version: str
    fingerprint: str
    take: int
    sha256: str | None


class ProofDocument(MadeNow):
    """What `regenerate --proof` writes: by node, what it held before and after."""

    changed: list[str]
    untouched: list[str]
    before: dict[str, HeldDocument]
    after: dict[str, HeldDocument]


class SizesDocument(TypedDict):
    """Bytes of the media that count: of those made, of those that earlier takes saved, of those kept."""

    made_bytes: int
    saved_bytes: int
    kept_bytes: int


Held: TypeAlias = Mapping[str, HeldDocument]
"""What nodes hold, by node."""


def holdings(snapshot: Snapshot) -> dict[str, HeldDocument]:
    """Return version, fingerprint and take of each node, and for media the SHA-256 of the bytes on disk, read now."""
    rows = sorted(snapshot.takes.counting.values(), key=lambda row: row.node)
    with snapshot.context.artifacts.local() as local:
        digests = {row.artifact: _digest(local(row.artifact)) for row in rows if row.artifact}
    return {
        row.node: {
            "version": row.version,
            "fingerprint": row.fingerprint,
            "take": row.number,
            "sha256": digests.get(row.artifact) if row.artifact else None,
        }
        for row in rows
    }


def _digest(path: Path) -> str | None:
    """Return the SHA-256 of a file; None if it does not exist."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None


def proof_document(before: Held, after: Held, report: MadeNow) -> ProofDocument:
    """Return both moments, what the report lists as made and restored, and which nodes changed or did not."""
    untouched = [node for node, held in before.items() if after.get(node) == held]
    changed = [node for node in sorted({*before, *after}) if before.get(node) != after.get(node)]
    return {
        "lecture": report["lecture"],
        "version": report["version"],
        "made": report["made"],
        "restored": report["restored"],
        "changed": changed,
        "untouched": untouched,
        "before": dict(before),
        "after": dict(after),
    }


def write_proof(path: Path, before: Held, after: Held, report: MadeNow) -> None:
    """Write the proof as a JSON file. OSError if that fails."""
    path.write_text(json.dumps(proof_document(before, after, report), indent=1), encoding="utf-8")


def bytes_of(context: Context, rows: Iterable[TakeRow], made: Collection[str], restored: Collection[str]) -> SizesDocument:
    """Count the bytes of the media that count: newly made, saved by reusing earlier takes, and kept."""
    sums, with_bytes = dict.fromkeys(("made", "saved", "kept"), 0), [(row.node, row.artifact) for row in rows if row.artifact]
    sizes = context.artifacts.sizes([artifact for _, artifact in with_bytes])
    for node, artifact in with_bytes:
        sort = "made" if node in made else "saved" if node in restored else "kept"
        sums[sort] += sizes.get(artifact, 0)
    return {"made_bytes": sums["made"], "saved_bytes": sums["saved"], "kept_bytes": sums["kept"]}
