"""`lectures rename` and `lectures delete`, as people meet them."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from lecture_assets.cli.entry import run
from lecture_assets_tests.servers.homes import home_environ


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in home_environ(tmp_path / "home").items():
        monkeypatch.setenv(name, value)
    assert run(["create", "--prompt", "Explain rain.", "--id", "rain"]) == 0


def names(capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    assert run(["list", "--json"]) == 0
    return [row["lecture"] for row in json.loads(capsys.readouterr().out)]


def test_a_renamed_lecture_answers_to_its_new_id_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rename", "rain", "drops"]) == 0
    assert "rain is now called drops." in capsys.readouterr().out
    assert names(capsys) == ["drops"]
    assert run(["status", "rain"]) == 2
    assert run(["create", "--prompt", "Explain snow.", "--id", "rain"]) == 0
    capsys.readouterr()
    assert run(["rename", "rain", "drops"]) == 3
    assert "drops exists; nothing was changed" in capsys.readouterr().err


def test_nothing_is_deleted_where_nobody_can_answer(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with Path(os.devnull).open() as nobody:
        monkeypatch.setattr(sys, "stdin", nobody)
        assert run(["delete", "rain"]) == 3
    assert capsys.readouterr().err == "error: rain was not deleted (answer y, or pass --yes)\n"
    assert names(capsys) == ["rain"]
    assert run(["delete", "rain", "--yes"]) == 0
    assert "rain was deleted. It cost $0" in capsys.readouterr().out
    assert names(capsys) == []


@pytest.mark.slow
@pytest.mark.parametrize(("answer", "code", "left"), [("n\n", 3, ["rain"]), ("\n", 3, ["rain"]), ("y\n", 0, [])])
def test_a_person_at_a_terminal_is_asked(capsys: pytest.CaptureFixture[str], answer: str, code: int, left: list[str]) -> None:
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "lecture_assets.cli", "delete", "rain"]
    command = subprocess.Popen(words, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    os.write(ours, answer.encode())
    _, said = command.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert command.returncode == code, said
    assert b"Delete rain with all of its versions and takes? [y/N]" in said
    assert names(capsys) == left
