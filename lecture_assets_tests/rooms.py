"""The structure in figures: `python -m lecture_assets_tests.rooms` prints each room, and every rule that is broken.

A room is a package; its parts are the modules and packages directly in it. An arrow is an import from one part to another; a
floor is the longest way down from a part. Rules: no file over 300 lines, no class over 150, no class name twice, no circle.
"""

import ast
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from lecture_assets_tests.project import ROOT

PACKAGES = ("lecture_assets", "lecture_media")
LONGEST_FILE, LONGEST_CLASS = 300, 150
_GENERATED = "migrations"
"""Migrations are written once and never read again: they are no room."""


@dataclass(frozen=True, slots=True)
class Module:
    """One file. name: dotted; a package's own file is called like the package."""

    name: str
    lines: int
    classes: Mapping[str, int]
    imports: frozenset[str]


@dataclass(frozen=True, slots=True)
class Room:
    """One package. arrows: pairs of its parts, the importing one first; floors: 0 where the parts go round in a circle."""

    name: str
    files: int
    lines: int
    parts: frozenset[str]
    arrows: frozenset[tuple[str, str]]
    floors: int
    largest: Module


def modules(root: Path = ROOT) -> dict[str, Module]:
    """Every module of the packages, by dotted name."""
    found = {}
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            if _GENERATED not in parts:
                name = ".".join(parts).removesuffix(".__init__")
                found[name] = _read(name, path)
    return found


def _read(name: str, path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    nodes = list(ast.walk(tree))
    classes = {node.name: int(node.end_lineno or 0) - node.lineno + 1 for node in nodes if isinstance(node, ast.ClassDef)}
    imports = {
        full
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
        for full in (node.module, f"{node.module}.{alias.name}")
    } | {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return Module(name, len(text.splitlines()), classes, frozenset(imports))


def rooms(found: Mapping[str, Module]) -> list[Room]:
    """Every package with the parts in it, outer ones first."""
    packages = sorted({name.rpartition(".")[0] for name in found if "." in name})
    return [_room(package, found) for package in packages]


def _room(package: str, found: Mapping[str, Module]) -> Room:
    within = {name: module for name, module in found.items() if name.startswith(f"{package}.")}
    parts = frozenset(_part(package, name) for name in within)
    arrows = frozenset(
        (mine, other)
        for name, module in within.items()
        for read in module.imports
        if read.startswith(f"{package}.") and read in found
        if (mine := _part(package, name)) != (other := _part(package, read))
    )
    own = [module for module in found.values() if module.name == package or module.name in within]
    largest = max(own, key=lambda module: module.lines)
    return Room(package, len(own), sum(m.lines for m in own), parts, arrows, _floors(parts, arrows), largest)


def _part(package: str, name: str) -> str:
    return name.removeprefix(f"{package}.").partition(".")[0]


def _floors(parts: frozenset[str], arrows: frozenset[tuple[str, str]]) -> int:
    below = {part: {other for mine, other in arrows if mine == part} for part in parts}
    try:
        order = list(TopologicalSorter(below).static_order())
    except CycleError:
        return 0
    floor: dict[str, int] = {}
    for part in order:
        floor[part] = 1 + max((floor[other] for other in below[part]), default=0)
    return max(floor.values(), default=0)


def faults(found: Mapping[str, Module]) -> Iterator[str]:
    """Each rule that is broken, as a sentence."""
    for module in found.values():
        if module.lines > LONGEST_FILE:
            yield f"{module.name} has {module.lines} lines, more than {LONGEST_FILE}"
        for name, lines in module.classes.items():
            if lines > LONGEST_CLASS:
                yield f"class {name} of {module.name} has {lines} lines, more than {LONGEST_CLASS}"
    names = Counter(name for module in found.values() for name in module.classes)
    for name in (name for name, count in names.items() if count > 1):
        where = ", ".join(module.name for module in found.values() if name in module.classes)
        yield f"class {name} is defined in {where}"
    for room in rooms(found):
        if not room.floors:
            yield f"the parts of {room.name} import each other in a circle"


def table(found: Mapping[str, Module]) -> list[str]:
    """The rooms, a line each below a head."""
    lines = [f"{'room':38} {'files':>5} {'lines':>6} {'parts':>5} {'arrows':>6} {'floors':>6}  largest file"]
    for room in rooms(found):
        largest = f"{room.largest.name.removeprefix(room.name + '.')} {room.largest.lines}"
        lines.append(
            f"{room.name:38} {room.files:5} {room.lines:6} {len(room.parts):5} {len(room.arrows):6} {room.floors:6}  {largest}"
        )
    return lines


def main() -> int:
    """Print the rooms, then what is wrong; 1 where anything is."""
    found = modules()
    wrong = list(faults(found))
    kept = f"no file over {LONGEST_FILE} lines, no class over {LONGEST_CLASS}, no class name twice, no circle"
    sys.stdout.write("\n".join([*table(found), "", *(wrong or [kept])]) + "\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
