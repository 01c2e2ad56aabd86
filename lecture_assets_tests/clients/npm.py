"""Packages of npm that tests use, at the versions of `package-lock.json`, installed when they are first needed."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

HAS_NODE = bool(shutil.which("node") and shutil.which("npm"))
WITHOUT_NODE = "node and npm are not on PATH"
_LISTS = ("package.json", "package-lock.json")
_HERE = Path(__file__).parent


@cache
def installed() -> Path:
    """The folder that has `node_modules`; later runs of this user find it again."""
    lists = b"".join((_HERE / name).read_bytes() for name in _LISTS)
    folder = Path(tempfile.gettempdir()) / f"lecture-assets-npm-{os.getuid()}-{hashlib.sha256(lists).hexdigest()[:16]}"
    if not folder.exists():
        making = Path(tempfile.mkdtemp(prefix="npm-"))
        for name in _LISTS:
            shutil.copy(_HERE / name, making)
        run("npm", "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", cwd=making)
        try:
            making.rename(folder)
        except OSError:
            shutil.rmtree(making)  # somebody else was faster
    return folder


def run(*command: str, cwd: Path) -> str:
    """Run a command to its end; what it prints. AssertionError with what it says if it fails."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout
