"""Timelines with small real media in a home's store, as if runs had made them: rendering these takes a moment."""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lecture_assets.graph.fingerprint import digest
from lecture_assets.runner.lectures import Lectures
from lecture_assets.store import records
from lecture_assets.store.records import Take
from lecture_assets.timeline.lost_media import media_of
from lecture_assets_tests.render.samples import Shelf

TIMELINE, SEGMENT = "assembler:timeline", "assembler:segment-timeline:segment[{}]"


@dataclass(frozen=True, slots=True)
class TimelineStore:
    """A lecture in a home, and a shelf with the media of its timelines."""

    lectures: Lectures
    lecture: str
    shelf: Shelf

    def store(self, node: str, value: dict[str, Any], ratio: str = "16:9") -> str:
        """Store a node's next take with its media; returns its version."""
        artifacts = self.lectures.context.artifacts
        for sha256 in set(media_of(value)):
            copy = artifacts.workspace() / "copy"
            shutil.copyfile(self.shelf(sha256), copy)
            artifacts.adopt(copy)
        inputs = {"config:size-aspect-ratio": digest(ratio), "config:assembly-strategy": digest("narration-led")}
        recipe = json.dumps({"kind": node.partition(":segment[")[0], "reads": {**inputs, "of": digest(value)}, "step": "1"})
        take = Take(node, digest(value), digest(recipe), recipe, value, None, "step", 1.0, 0)
        with self.lectures.context.database.write() as connection:
            records.save_take(connection, self.lecture, take, counts=True)
        return take.version


def damage(path: Path) -> None:
    """Change a byte of a file without a trace in its times."""
    found, content = path.stat(), bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
