"""A home as each release wrote it, with what its lectures were then. `python -m lecture_assets_tests.store.releases 0.2.0`
writes today's, before something that is stored changes; a file that is there is never written again.

    0.1.0.zip   the database and its media        0.1.0.json   what it says of each lecture
"""

import json
import sqlite3
import sys
import tempfile
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

from lecture_assets.briefs.brief import Brief
from lecture_assets.runner.lectures import Lectures
from lecture_assets.steps import STEPS
from lecture_assets.steps.step import Paid
from lecture_assets_tests.providers.replicate_stand_in import clip
from lecture_assets_tests.servers.homes import has_servers
from lecture_assets_tests.store.rows import move_to_server

FOLDER = Path(__file__).with_name("releases")
FIRST_VERSION = "1"
"""The version of every step in the first release."""
BRIEF = Brief(
    notes="The sun warms the sea and water rises as vapour.\n\nHigh up it cools, and drops fall on the mountains.",
    duration=6,
    segment_length=3,
    aspect_ratio="1:1",
)


def releases() -> list[str]:
    """The releases that a home is kept of, the oldest first."""
    return sorted(path.stem for path in FOLDER.glob("*.zip"))


def unpack_files(release: str, home: Path) -> None:
    """The home of a release as it was: with a database in a file, and media in a folder."""
    with zipfile.ZipFile(FOLDER / f"{release}.zip") as packed:
        packed.extractall(home)


def unpack(release: str, home: Path) -> dict[str, Any]:
    """The home of a release; what its lectures were then. Under `--servers` it is moved there and upgraded from what it was."""
    unpack_files(release, home)
    if has_servers():
        move_to_server(home)
    document: dict[str, Any] = json.loads((FOLDER / f"{release}.json").read_text())
    return without_assemblers(document)


def as_they_are(lectures: Lectures) -> dict[str, Any]:
    """The version, history, statuses and plan of each lecture, without assemblers."""
    found: dict[str, Any] = {}
    for name in sorted(str(row["lecture"]) for row in lectures.all()):
        status: Any = lectures.status(name)
        history: Any = lectures.history(name)
        plan: Any = lectures.plan(name)
        found[name] = {
            "version": status["version"],
            "history": [[one["version"], one["edits"]] for one in history],
            "nodes": {node["id"]: node["status"] for node in status["nodes"]},
            "to_make": [item["id"] for item in plan["nodes"]],
        }
    return without_assemblers(found)


def without_assemblers(found: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is assembled, which costs nothing: a release whose assemblers make something else makes it again."""
    return {
        name: {
            **one,
            "nodes": {node: status for node, status in one["nodes"].items() if not node.startswith("assembler:")},
            "to_make": [node for node in one["to_make"] if not node.startswith("assembler:")],
        }
        for name, one in found.items()
    }


def unraised(document: dict[str, Any]) -> dict[str, Any]:
    """The same without the nodes of free steps that were raised since: these are stale, and made again by themselves."""

    def kept(node: str) -> bool:
        step = STEPS[":".join(node.split(":")[:2])]
        return isinstance(step, Paid) or step.version == FIRST_VERSION

    return {
        name: {
            **lecture,
            "nodes": {node: status for node, status in lecture["nodes"].items() if kept(node)},
            "to_make": [node for node in lecture["to_make"] if kept(node)],
        }
        for name, lecture in document.items()
    }


def _make(home: Path) -> Any:
    """Lectures with all that can be stored: edits, pins, added and removed segments, earlier takes, stale nodes, clips."""
    with Lectures.open({"LECTURES_HOME": str(home)}) as lectures:
        lectures.create(BRIEF, "rain")
        lectures.regenerate("rain")
        for edits in (
            ["text content:narration-text:segment[0]=The sun warms the wide sea.", "reroll asset:image:segment[1]:image[0]"],
            ["segments add:1"],
            ["segments remove:0", "set voice=teacher"],
            ["set assembly_strategy=fixed-length", "take asset:image:segment[1]:image[0]=1"],
        ):
            lectures.edit("rain", edits)
            lectures.regenerate("rain")
        lectures.edit("rain", ["set image_style=ink drawing"])
        lectures.create(BRIEF.model_copy(update={"use_video": True, "num_segments": 1, "title": "Rain"}), "clip")
        (home / "own.mp4").write_bytes(clip(24))  # a made one has a megabyte
        lectures.edit("clip", [f"media asset:video:segment[0]=@{home / 'own.mp4'}"])
        lectures.regenerate("clip")
        return as_they_are(lectures)


def _write(release: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        document = _make(home)
        with closing(sqlite3.connect(home / "lectures.db")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with zipfile.ZipFile(FOLDER / f"{release}.zip", "x", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
            for path in (home / "lectures.db", *sorted((home / "artifacts").rglob("*"))):
                packed.write(path, path.relative_to(home))
    (FOLDER / f"{release}.json").write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    _write(sys.argv[1])
