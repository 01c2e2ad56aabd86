"""Imports go one way, and the core is pure: import-linter's contracts, and a list of all that the core may import."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

import lecture_assets
from lecture_assets_tests.project import ROOT
from lecture_assets_tests.servers.homes import home_environ

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


_A_RUN = """
import os, sys
from lecture_assets.briefs.brief import Brief
from lecture_assets.runner.lectures import Lectures
with Lectures.open(os.environ) as lectures:
    lectures.create(Brief(prompt="Explain rain.", notes="Rain falls.", num_segments=1, images_per_segment=1), "rain")
    assert not lectures.regenerate("rain")["failed"]
print(sorted({"PIL", "av", "fontTools", "numpy"} & sys.modules.keys()))
"""


@pytest.mark.slow
def test_a_run_loads_no_media_libraries(tmp_path: Path) -> None:
    """They take 50 MB and a tenth of a second. What makes and measures media has processes of its own."""
    environ = {**os.environ, **home_environ(tmp_path / "home", LECTURES_SIM_LATENCY="0")}
    done = subprocess.run([sys.executable, "-c", _A_RUN], env=environ, capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "[]\n"
