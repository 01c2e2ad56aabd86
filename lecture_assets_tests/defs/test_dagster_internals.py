"""Dagster's private names are where we look for them, and no other file uses any."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

import lecture_assets
from lecture_assets.defs import dagster_internals

FOLDER = Path(lecture_assets.__file__).parent
FILE = Path(str(dagster_internals.__file__))
PRIVATE = ("dagster._", "dagster_postgres.")


def private_imports(file: Path) -> dict[str, str]:
    """The names that a file imports from Dagster's private modules, with their modules."""
    nodes = [node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.ImportFrom)]
    return {alias.name: str(n.module) for n in nodes if str(n.module).startswith(PRIVATE) for alias in n.names}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(dagster_internals.HOMES))
def test_dagster_has_it(name: str) -> None:
    assert getattr(dagster_internals, name) is getattr(import_module(dagster_internals.HOMES[name]), name)


def test_types_and_imports_are_of_the_same_names() -> None:
    assert private_imports(FILE) == dagster_internals.HOMES


def test_no_other_file_imports_a_private_module() -> None:
    files = [file for file in FOLDER.rglob("*.py") if file != FILE and any(name in file.read_text() for name in PRIVATE)]
    found = {file: private_imports(file) for file in files}
    assert not any(found.values()), found
