"""`lectures token`: one workspace's, and no secret where it may be read later."""

import json
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.cli.entry import run
from lecture_assets_tests.servers.homes import home_environ


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in home_environ(tmp_path / "home").items():
        monkeypatch.setenv(name, value)
    return tmp_path / "home"


def document(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert run([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_token_is_shown_once_and_listed_without_its_secret(capsys: pytest.CaptureFixture[str]) -> None:
    new = document(capsys, "token", "create", "--role", "spend", "--label", "backend", "--days", "90")
    (listed,) = document(capsys, "token", "list")
    assert (listed["id"], listed["role"], listed["label"]) == (new["id"], "spend", "backend")
    assert listed["expires_at"] - listed["created_at"] == 90 * 86_400
    assert run(["token", "list"]) == 0
    said = capsys.readouterr().out
    assert new["id"] in said
    assert new["token"].split("_", 2)[2] not in said


def test_a_person_sees_the_token_and_that_it_is_shown_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["token", "create", "--role", "read"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("lect_")
    assert "not shown again" in said


def test_a_workspace_sees_and_changes_its_own_tokens_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = document(capsys, "token", "create", "--role", "read")["id"]
    monkeypatch.setenv("LECTURES_WORKSPACE", "another")
    assert document(capsys, "token", "list") == []
    for words in (["rotate", name], ["revoke", name]):
        assert run(["token", *words]) == 2
    monkeypatch.delenv("LECTURES_WORKSPACE")
    assert document(capsys, "token", "rotate", name, "--hours", "0")["id"] == name
    assert document(capsys, "token", "revoke", name) == {"revoked": name}
    assert run(["token", "rotate", name]) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["create", "--role", "king"], "role: found 'king'; allowed: read, edit, spend, admin, operator"),
        (["create", "--role", "read", "--days", "0"], "days: found 0.0; allowed: more than 0"),
        (["create", "--role", "read", "--days", "nan"], "days: found nan"),
        (["create", "--role", "read", "--label", "a\nb"], "label: found 3 characters; allowed: up to 100 printable"),
        (["revoke", "0123456789ab"], "token: found 0123456789ab; allowed: the id of a valid token"),
        (["revoke", "lect_0123456789ab_secret"], "token: found text that is no token's id"),
        (["rotate", "0123456789ab", "--hours", "-1"], "hours: found -1.0; allowed: 0 or more"),
    ],
)
def test_wrong_words_are_a_sentence_that_repeats_no_secret(
    capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert run(["token", *words]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert "secret" not in error
