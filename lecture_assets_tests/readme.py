"""The parts of README.md and docs/ that are written from the code: graph, commands, tables. A test compares them.

python -m lecture_assets_tests.readme            writes them anew, between their marks
python -m lecture_assets_tests.readme pictures   makes the examples' lectures anew, too, and draws README's pictures from them
"""

import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import av
from PIL import Image

from lecture_assets.briefs.reading import read_example
from lecture_assets.cli.entry import cli
from lecture_assets.graph.kind import Category, Kind, Per, When
from lecture_assets.graph.lecture import KINDS
from lecture_assets.runner.lectures import Lectures
from lecture_assets_tests import reference
from lecture_assets_tests.project import ROOT

README = ROOT / "README.md"
PICTURES = ROOT / "lecture_assets" / "examples"
_FRAMES = {
    "photosynthesis": (0.04, 0.2, 0.55, 0.8),
    "tcp-handshake": (0.15, 0.4, 0.6, 0.9),
    "water-cycle-video": (0.1, 0.4, 0.6, 0.9),
}
"""Where in each example's video README's pictures are taken, as fractions of its length."""
_COLOURS = {
    Category.LLM: "fill:#e8e4fb,stroke:#6c5ce7,color:#1e1b3a",
    Category.CONTENT: "fill:#e3f2e6,stroke:#3a8f54,color:#12331d",
    Category.ASSET: "fill:#fdeadb,stroke:#d9772b,color:#46240a",
    Category.ASSEMBLER: "fill:#e2edf7,stroke:#3677b5,color:#0e2a44",
}


def graph_drawing() -> str:
    """The table as a Mermaid flowchart: rows that a run makes, what they read, and below each name the inputs it reads."""
    made = [kind for kind in KINDS.values() if not kind.is_input]
    lines = ["```mermaid", "flowchart LR", *(f"  {_box(kind)}" for kind in made), *_arrows(made)]
    lines += [f"  classDef {category} {colours}" for category, colours in _COLOURS.items()]
    return "\n".join([*lines, "```"])


def _id(name: str) -> str:
    return re.sub(r"[^a-z]", "_", name)


def _box(kind: Kind) -> str:
    per = "" if kind.per is Per.LECTURE else f" ×{kind.per}"
    inputs = ", ".join(read.kind.removeprefix("config:") for read in kind.reads if read.kind.startswith("config:"))
    small = f"<br/><small>{inputs}</small>" if inputs else ""
    return f'{_id(kind.name)}["{kind.name}{per}{small}"]:::{kind.category}'


def _arrows(made: list[Kind]) -> Iterator[str]:
    """A dotted arrow holds only on a condition: of the read, or of the row at either end."""
    for kind in made:
        for read in kind.reads:
            source = KINDS[read.kind]
            if not source.is_input:
                always = {read.when, kind.when, source.when} == {When.ALWAYS}
                yield f"  {_id(read.kind)} {'-->' if always else '-.->'} {_id(kind.name)}"


def commands() -> str:
    """A row a command, in the order of `lectures --help`."""
    rows = [f"| `lectures {name}` | {command.get_short_help_str(200)} |" for name, command in cli.commands.items()]
    return "\n".join(["| command | does |", "|---|---|", *rows])


PARTS: Mapping[Path, Mapping[str, Callable[[], str]]] = {
    README: {"graph": graph_drawing, "commands": commands},
    **{ROOT / "docs" / file: parts for file, parts in reference.PARTS.items()},
}
"""What is written of each file, by the name in its marks."""


def rewritten(file: Path) -> str:
    """A file with its written parts as the code would write them today. KeyError where it is none of them."""
    whole = file.read_text(encoding="utf-8")
    for name, write in PARTS[file].items():
        part = re.compile(rf"(<!-- {name}[^>]*-->\n).*?(<!-- /{name} -->)", re.DOTALL)
        text = write() + "\n"
        whole = part.sub(lambda match, text=text: match[1] + text + match[2], whole)  # type: ignore[misc]
    return whole


def draw_pictures() -> None:
    """Four frames of each example's video, side by side."""
    with tempfile.TemporaryDirectory() as folder, Lectures.open({"LECTURES_HOME": f"{folder}/home"}) as lectures:
        for name, moments in _FRAMES.items():
            lectures.create(read_example(name), name)
            lectures.regenerate(name)
            lectures.export(name, Path(folder) / name)
            frames = [_frame(Path(folder) / name / "lecture.mp4", moment) for moment in moments]
            _strip(frames).save(PICTURES / f"{name}.jpg", quality=84, optimize=True, progressive=True)


def _frame(video: Path, moment: float) -> Image.Image:
    with av.open(str(video)) as container:
        at = moment * float(container.duration or 0) / av.time_base
        container.seek(int(at * av.time_base))
        frame: Any = next(frame for frame in container.decode(video=0) if float(frame.time or 0) >= at)
        picture: Image.Image = frame.to_image()
        return picture.resize((picture.width * 270 // picture.height, 270), Image.Resampling.LANCZOS)


def _strip(frames: list[Image.Image]) -> Image.Image:
    gap = 8
    strip = Image.new("RGB", (sum(frame.width + gap for frame in frames) - gap, frames[0].height), "white")
    left = 0
    for frame in frames:
        strip.paste(frame, (left, 0))
        left += frame.width + gap
    return strip


if __name__ == "__main__":
    for file in PARTS:
        file.write_text(rewritten(file), encoding="utf-8")
    if "pictures" in sys.argv[1:]:
        draw_pictures()
