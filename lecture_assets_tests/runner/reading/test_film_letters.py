"""Letters that no font has are named, with what to install, before anything is bought; `make` then buys nothing."""

import json
from pathlib import Path

import pytest

from lecture_assets.briefs.brief import Brief
from lecture_assets.briefs.reading import example_names, read_example
from lecture_assets.cli.entry import run as run_command
from lecture_assets.graph.kind import Role
from lecture_assets.graph.settings import Settings, new_settings
from lecture_assets.languages import direction_of
from lecture_assets.providers.simulated_models import SIMULATED_DEFAULTS
from lecture_assets.runner.reading.film_letters import _LETTERS, undrawable

MODELS = {role.value: SIMULATED_DEFAULTS[role] for role in Role}
LINEAR_A = "\U00010600"
SENTENCE = f"The sign {LINEAR_A} was found on Crete. Nobody can read it."


def settings(**brief: object) -> Settings:
    return new_settings(Brief.model_validate({"prompt": "x", **brief}).inputs(MODELS))


def test_texts_that_will_be_drawn_are_looked_into() -> None:
    (fault,) = undrawable(settings(notes=SENTENCE))
    assert (fault.where, fault.found) == ("notes", f"{LINEAR_A} (U+10600), which no installed font has")
    assert undrawable(settings(notes="Über 71 % ≈ √2: “水”, שלום, ไทย 🌱")) == []


@pytest.mark.parametrize("language", _LETTERS)
def test_every_language_can_be_drawn_or_says_what_it_needs(language: str) -> None:
    found = undrawable(settings(language=language))
    assert all("lecture-assets[" in fault.allowed or "fonts-noto-core" in fault.allowed for fault in found)
    if language not in {"bo", "chr", "dv", "gu", "hy", "kn", "ml", "or", "pa", "si"}:
        assert found == [], "its font is installed with the package, or with the tests"


@pytest.mark.parametrize("name", example_names())
def test_examples_have_nothing_to_say(name: str) -> None:
    assert undrawable(new_settings(read_example(name).inputs(MODELS))) == []


def test_make_refuses_before_it_buys_and_plan_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LECTURES_HOME", str(tmp_path / "home"))
    brief = tmp_path / "crete.yaml"
    brief.write_text(f"notes: {SENTENCE}\n")
    assert run_command(["make", str(brief), "--out", str(tmp_path / "out")]) == 2
    assert "U+10600" in capsys.readouterr().err
    assert run_command(["plan", "crete", "--json"]) == 0
    (warning,) = [line for line in json.loads(capsys.readouterr().out)["warnings"] if "no video can be written" in line]
    assert "U+10600" in warning
    assert run_command(["takes", "crete", "content:video-title", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["takes"] == []
    assert not (tmp_path / "out" / "lecture.mp4").exists()


def test_directions_follow_the_script() -> None:
    assert [direction_of(tag) for tag in ("ar", "he", "fa-IR", "ur", "az-Arab", "ps")] == ["rtl"] * 6
    assert [direction_of(tag) for tag in ("en", "de-AT", "zh-Hant", "ku-Latn", "pa")] == ["ltr"] * 5
