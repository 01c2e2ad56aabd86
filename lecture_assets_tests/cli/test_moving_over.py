"""The commands of moving over from another system: import of many, shadow, promote, rollout; as people and shells meet them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.cli.entry import run
from lecture_assets_tests.runner.shadow_lectures import DOCUMENT
from lecture_assets_tests.servers.homes import home_environ

Told = tuple[int, str, str]


@pytest.fixture
def tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Told]:
    for name, value in home_environ(tmp_path / "home").items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "old"
    folder.mkdir()
    for name in ("hail", "rain"):
        (folder / f"{name}.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")

    def tell(*words: str) -> Told:
        code = run(words)
        found = capsys.readouterr()
        return code, found.out, found.err

    return tell


def test_a_folder_is_imported_a_wrong_file_stops_no_other_and_once_it_is_mended_the_command_goes_on(
    tell: Callable[..., Told], tmp_path: Path
) -> None:
    wrong = tmp_path / "old" / "fog.json"
    wrong.write_text(json.dumps({**DOCUMENT, "segments": []}), encoding="utf-8")
    code, out, err = tell("import", "old", "--json")
    document: Any = json.loads(out)
    assert (code, [one["lecture"] for one in document["imported"]]) == (2, ["hail", "rain"])
    assert document["failed"][0]["file"] == "old/fog.json"
    assert "1 of 3: old/fog.json was not imported" in err
    assert "2 of 3: hail was imported" in err
    wrong.write_text(json.dumps(DOCUMENT), encoding="utf-8")
    code, out, err = tell("import", "old")
    assert (code, out) == (0, "1 imported, 2 were there before, 0 not imported; nothing was bought.\n")
    assert tell("import", "old", "--id", "x")[0] == 2
    (tmp_path / "empty").mkdir()
    assert "a folder without JSON files" in tell("import", "empty")[2]


@pytest.mark.slow
def test_a_shadow_is_priced_refused_and_promoted(tell: Callable[..., Told]) -> None:
    assert "It is a shadow" in tell("import", "old/rain.json", "--shadow")[1]
    told = tell("edit", "rain", "set image_style=ink drawing")[1]
    assert "This would have made 13 nodes, 6 calls (3 image, 3 text), for $" in told
    assert "Nothing is made of a shadow." in told
    code, out, err = tell("regenerate", "rain")
    assert (code, out) == (3, "")
    assert err.endswith("(`lectures promote rain` makes it a lecture like any other)\n")
    assert tell("shadow", "paid", "rain", "2", "0.50")[1] == "The other system paid $0.50 for version 2 of rain.\n"
    assert tell("shadow", "paid", "rain", "9", "0.50")[0] == 2
    assert "rain" in tell("shadow", "report", "--since", "2020-01-01")[1]
    assert "No shadow has been edited yet" in tell("shadow", "report", "--until", "2020-01-01")[1]
    assert "rain is a lecture like any other now" in tell("promote", "rain")[1]
    assert "rain was no shadow" in tell("promote", "rain")[1]


def test_a_rule_is_made_asked_and_shown(tell: Callable[..., Told]) -> None:
    assert "This workspace has no rule" in tell("rollout", "show")[1]
    assert tell("rollout", "ask", "me")[1] == "me: graph (no rule)\n"
    said = "0 % of keys are made here, the others by the legacy system.\ndenied: them\nallowed: us\n"
    assert tell("rollout", "set", "--percent", "0", "--allow", "us", "--deny", "them")[1] == said
    assert [tell("rollout", "ask", key)[1] for key in ("us", "them", "me")] == [
        "us: graph (allowed)\n",
        "them: legacy (denied)\n",
        "me: legacy (percentage)\n",
    ]
    assert tell("rollout", "set")[0] == 2
    assert tell("rollout", "set", "--forget", "us")[1].count("\n") == 2
