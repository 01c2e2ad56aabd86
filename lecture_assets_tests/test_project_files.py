"""The files around the code: what is locked, what is stated twice, what must not be in them."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from lecture_assets_tests.project import ROOT
from lecture_assets_tests.readme import PARTS, README, rewritten

_PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT, TOOL = _PYPROJECT["project"], _PYPROJECT["tool"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PIN = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[0-9][0-9A-Za-z.+!]*)(?P<marker> ; [a-z_]+ .+)?")
REQUIREMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared() -> set[str]:
    wanted = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"]
    names = (REQUIREMENT.match(requirement) for requirement in wanted)
    return {normal(name[0]) for name in names if name}


def test_the_lock_holds_pins_and_nothing_else() -> None:
    assert [line for line in LOCK.splitlines() if not PIN.fullmatch(line)] == []


def test_the_lock_pins_every_declared_dependency() -> None:
    assert declared() - {normal(line.partition("=")[0]) for line in LOCK.splitlines()} == set()


@pytest.mark.parametrize("command", ["ruff check", "ruff format --check", "mypy", "lint-imports"])
def test_every_gate_stands_in_ci_in_the_commit_hook_and_in_the_justfile(command: str) -> None:
    for file in (".ci/run", ".pre-commit-config.yaml", "justfile"):
        assert command in (ROOT / file).read_text(encoding="utf-8"), file


def test_the_readmes_second_block_is_the_one_that_runs_the_tests() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    first, second, *_ = re.findall(r"^```(?:sh|bash|console|shell)\s*$\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    assert "lectures make --example" in first
    assert "pip install -c requirements.lock -e '.[test]'" in second
    assert "pytest" in second.strip().splitlines()[-1]


@pytest.mark.parametrize("file", PARTS, ids=lambda file: file.name)
def test_what_is_written_from_the_code_in_the_readme_and_in_docs_is_what_the_code_says(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text == rewritten(file), "python -m lecture_assets_tests.readme"
    assert all(f"<!-- {name}" in text and f"<!-- /{name} -->" in text for name in PARTS[file])


def test_every_file_that_the_readme_shows_or_links_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (ROOT / link).is_file()] == []
    assert len(links) >= 5


def test_commit_hooks_are_local_and_fetch_nothing() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert re.findall(r"repo: (\S+)", hooks) == ["local"]
    assert set(re.findall(r"language: (\S+)", hooks)) == {"system"}


def test_ci_is_a_script_that_a_shell_can_read() -> None:
    checked = subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], capture_output=True, text=True, check=False)  # noqa: S607 - any bash
    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_oldest_python_allowed_is_the_one_that_is_linted_and_locked_for() -> None:
    oldest = PROJECT["requires-python"].removeprefix(">=")
    assert TOOL["ruff"]["target-version"] == "py" + oldest.replace(".", "")
    assert f"--python-version {oldest} " in (ROOT / "justfile").read_text(encoding="utf-8")
