"""A copy of the package with changes in its text, as whoever extends it would make them; programs run in it.

So a test shows what a new row of the table needs, and what it does to lectures that were stored before.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lecture_assets_tests.project import ROOT

Changes = Mapping[str, Sequence[tuple[str, str]]]
"""By file of the package: what is found there once, and what takes its place."""


def changed_tree(folder: Path, changes: Changes) -> Path:
    """Copy the packages and their tests, and change the copy. AssertionError unless each text to change occurs exactly once."""
    for package in ("lecture_assets", "lecture_media", "lecture_assets_tests"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name, pairs in changes.items():
        file = folder / "lecture_assets" / name
        text = file.read_text()
        for before, after in pairs:
            assert text.count(before) == 1, f"{name}: {text.count(before)} of {before!r}"
            text = text.replace(before, after)
        file.write_text(text)
    return folder


def run_in(tree: Path, program: str, *arguments: str) -> Any:
    """Run a program and return the JSON it prints; AssertionError with its stderr if it fails."""
    environ = {**os.environ, "PYTHONPATH": str(tree)}
    command = [sys.executable, "-P", "-c", program, *arguments]
    done = subprocess.run(command, cwd=tree, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
