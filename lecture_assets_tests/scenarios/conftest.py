"""A lecture that was made once, copied for each scenario; the command line as a person runs it."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from lecture_assets.briefs.reading import read_example
from lecture_assets.providers.simulated.media_cache import KEPT
from lecture_assets.runner.lectures import Lectures
from lecture_assets_tests.processes import run_command
from lecture_assets_tests.servers.homes import copy_home, home_environ

LECTURE = "photosynthesis"


@dataclass(frozen=True)
class Shell:
    """`lectures` in a process of its own, in a home of its own."""

    home: Path

    @property
    def environ(self) -> dict[str, str]:
        """What the command sees: no keys, no latency."""
        others = ("LECTURES_", "OPENAI_", "REPLICATE_")
        kept = {name: value for name, value in os.environ.items() if name == KEPT or not name.startswith(others)}
        return {**kept, **home_environ(self.home)}

    def run(self, *words: str, code: int = 0, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run to the end; the exit code must be `code`."""
        done = run_command(*words, environ=self.environ | environ, cwd=self.home.parent)
        assert done.returncode == code, f"{words}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def json(self, *words: str, code: int = 0, **environ: str) -> Any:
        """The one document on stdout."""
        return json.loads(self.run(*words, "--json", code=code, **environ).stdout)

    def journal(self) -> list[dict[str, Any]]:
        """The simulated vendor's books."""
        path = self.home / "simulated" / "journal.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def open_lectures(home: Path, **environ: str) -> Lectures:
    """The lectures of a home, in this process."""
    return Lectures.open(home_environ(home, **environ))


def _made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A home that one worker of the tests makes for all."""
    folder = factory.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else factory.getbasetemp()
    home = folder / name / "home"
    with FileLock(folder / f"{name}.lock"):
        if not (folder / name / "made").exists():
            make(home)
            (folder / name / "made").touch()
    return home


@pytest.fixture(scope="session")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the photosynthesis example (n = 3, m = 2) was generated once."""

    def make(home: Path) -> None:
        with open_lectures(home) as lectures:
            short = {"segment_length": 4, "duration": 12}  # clips and music cost what they last
            lectures.create(read_example(LECTURE).model_copy(update=short), LECTURE)
            report = lectures.regenerate(LECTURE)
        assert not report["failed"], report["failed"]

    return _made_once(tmp_path_factory, "made", make)


@pytest.fixture(scope="session")
def video_home(made_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same after use-video was turned on."""

    def make(home: Path) -> None:
        copy_home(made_home, home)
        with open_lectures(home) as lectures:
            lectures.edit(LECTURE, ["set use_video=true"])
            report = lectures.regenerate(LECTURE)
        assert not report["failed"], report["failed"]

    return _made_once(tmp_path_factory, "video", make)


@pytest.fixture
def shell(made_home: Path, tmp_path: Path) -> Shell:
    """The command line, on a copy of the generated home."""
    copy_home(made_home, tmp_path / "home")
    return Shell(tmp_path / "home")


@pytest.fixture
def lectures(made_home: Path, tmp_path: Path) -> Iterator[Lectures]:
    """The lectures of a copy of the generated home."""
    copy_home(made_home, tmp_path / "home")
    with open_lectures(tmp_path / "home") as lectures:
        yield lectures


@pytest.fixture
def empty_shell(tmp_path: Path) -> Shell:
    """The command line, where nothing was made yet."""
    return Shell(tmp_path / "home")
