"""What makes loaded code outdated: whatever changes below the folder of a package."""

from pathlib import Path

import pytest

from lecture_assets.defs.host.preloaded_code import PreloadedCode


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package on the path with a module, and a folder that is no package, as `dg scaffold defs` makes for a component."""
    package = tmp_path / f"package_{tmp_path.name}"
    (package / "component").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "module.py").write_text("THERE = True\n")
    (package / "component" / "defs.yaml").write_text("type: it.Exists\n")
    monkeypatch.syspath_prepend(tmp_path)
    return package


@pytest.fixture
def code(package: Path) -> PreloadedCode:
    code = PreloadedCode([f"{package.name}.module"])
    code.load()
    return code


def test_code_is_outdated_neither_at_first_nor_by_what_python_and_editors_leave(package: Path, code: PreloadedCode) -> None:
    (package / "__pycache__").mkdir(exist_ok=True)
    (package / "__pycache__" / "module.other.pyc").touch()
    (package / ".module.py.swp").touch()
    code.load()
    assert not code.is_outdated()


@pytest.mark.parametrize("file", ["module.py", "new.py", "component/defs.yaml", "component/new.py", "new/defs.yaml"])
def test_a_changed_or_a_new_file_of_a_package_makes_it_outdated(package: Path, code: PreloadedCode, file: str) -> None:
    (package / file).parent.mkdir(exist_ok=True)
    (package / file).write_text("NEW = True\n")
    assert code.is_outdated()


def test_a_deleted_file_makes_it_outdated(package: Path, code: PreloadedCode) -> None:
    (package / "component" / "defs.yaml").unlink()
    assert code.is_outdated()


def test_a_module_that_could_not_be_loaded_makes_it_outdated_once_it_is_mended(package: Path) -> None:
    (package / "broken.py").write_text("def f(:\n")
    code = PreloadedCode([f"{package.name}.broken"])
    code.load()
    assert not code.is_outdated()
    (package / "broken.py").write_text("def f(): ...\n")
    assert code.is_outdated()
