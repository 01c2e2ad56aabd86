"""Imports go one way, and the core is pure: import-linter's contracts, and a list of all that the core may import."""

import ast
import sys
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

import lecture_assets
from lecture_assets_tests.project import ROOT

GRAPH = Path(lecture_assets.__file__).parent / "graph"
ALLOWED = {*sys.stdlib_module_names, "rfc8785", "lecture_assets.graph"}
DOORS = {
    "asyncio",
    "socket",
    "ssl",
    "http",
    "urllib",
    "subprocess",
    "multiprocessing",
    "threading",
    "os",
    "pathlib",
    "io",
    "sqlite3",
}
"""Parts of the standard library that reach outside the process; a pure room opens none."""


def imports(file: Path) -> set[str]:
    """Modules a file imports, at its head or inside a function; ours by room, others by package."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
    return {".".join(name.split(".")[: 2 if name.startswith("lecture_assets") else 1]) for name in found}


def test_import_linters_contracts_are_kept(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


@pytest.mark.parametrize("file", sorted(GRAPH.rglob("*.py")), ids=lambda file: file.name)
def test_the_core_imports_the_standard_library_and_rfc8785_alone(file: Path) -> None:
    assert imports(file) <= ALLOWED - DOORS
