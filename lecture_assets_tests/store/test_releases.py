"""What an older release stored is read by this one: every version of every lecture, as fresh as it was, with nothing to buy."""

from pathlib import Path
from typing import Any

import pytest

from lecture_assets import steps
from lecture_assets.graph import settings as graph_settings
from lecture_assets.graph.errors import NewerDocumentError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.recipe import StepFacts
from lecture_assets.graph.settings import Settings
from lecture_assets.runner.lectures import Lectures
from lecture_assets.store import lectures as stored
from lecture_assets.store import records
from lecture_assets.store.document import Format
from lecture_assets.store.schema import revisions, takes
from lecture_assets.store.soundness import damage
from lecture_assets_tests.servers.homes import home_environ
from lecture_assets_tests.store.releases import as_they_are, releases, unpack, unraised


@pytest.fixture(params=releases())
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    """The home of a release, and what its lectures were."""
    return tmp_path / "home", unpack(request.param, tmp_path / "home")


def opened(home: Path) -> Lectures:
    return Lectures.open(home_environ(home))


def test_every_lecture_of_a_release_is_what_it_was_and_nothing_of_it_is_to_be_bought(kept: tuple[Path, dict[str, Any]]) -> None:
    home, then = kept
    with opened(home) as lectures:
        assert unraised(as_they_are(lectures)) == unraised(then)
        assert damage(lectures.context.database) == []
        plan: Any = lectures.plan("clip")
        assert (then["clip"]["to_make"], plan["calls"]) == ([], {})


def undone_to_the_first(lectures: Lectures, version: int) -> list[dict[str, int]]:
    """The calls that each version on the way back costs."""
    calls = []
    for _ in range(version - 1):
        lectures.undo("rain")
        report: Any = lectures.regenerate("rain")
        assert report["failed"] == []
        calls.append(report["calls"])
    return calls


@pytest.mark.slow
def test_every_version_of_it_comes_back_for_nothing(kept: tuple[Path, dict[str, Any]]) -> None:
    home, then = kept
    with opened(home) as lectures:
        assert undone_to_the_first(lectures, then["rain"]["version"]) == [{}] * (then["rain"]["version"] - 1)
        lectures.edit("rain", ["set audience=sailors"])
        with lectures.context.database.read() as connection:
            assert len(list(stored.earlier_settings(connection, "rain"))) == 2 * then["rain"]["version"]


def test_settings_are_upgraded_whole_whatever_was_stored_of_a_version(
    kept: tuple[Path, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A revision is stored as what it changed: the upgrade comes after the changes."""
    home, then = kept

    def address_everybody(document: dict[str, Json]) -> dict[str, Json]:
        inputs: Any = document["inputs"]
        assert "schema" not in document or document["schema"] == 1
        return {**document, "schema": 2, "inputs": {**inputs, "audience": f"{inputs['audience']}, and everybody"}}

    monkeypatch.setattr(graph_settings, "UPGRADES", (address_everybody,))
    with opened(home) as lectures:
        lectures.edit("rain", ["set voice=narrator"])
        lectures.edit("rain", ["set audience=sailors"])
        with lectures.context.database.read() as connection:
            found = [settings.inputs["audience"] for settings in stored.earlier_settings(connection, "rain")]
    before = ["a general audience, and everybody"] * (then["rain"]["version"] + 1)
    assert found == ["sailors", *before]


def test_a_value_is_upgraded_as_it_is_read_and_stays_the_version_that_it_was(
    kept: tuple[Path, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, then = kept
    shouted = Format("values", (lambda value: value.upper() if isinstance(value, str) else value,))
    monkeypatch.setattr(takes.c.value.type, "format", shouted)
    with opened(home) as lectures:
        with lectures.context.database.read() as connection:
            found = records.load_values(connection, "rain", ["content:video-title"])
        assert str(found["content:video-title"]).isupper()
        assert unraised(as_they_are(lectures)) == unraised(then)
        assert damage(lectures.context.database) == []


@pytest.mark.slow
def test_an_upgraded_recipe_is_known_by_its_new_fingerprint(
    kept: tuple[Path, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step's version is written otherwise from now on: no lecture is stale, and earlier takes are found again."""
    home, then = kept
    kind = "content:narration-text"

    def rewrite(recipe: Any) -> Any:
        return {**recipe, "step": "one"} if recipe["kind"] == kind and "step" in recipe else recipe

    monkeypatch.setattr(takes.c.recipe.type, "format", Format("recipes", (rewrite,)))
    monkeypatch.setitem(steps._FACTS, kind, StepFacts("one"))
    with opened(home) as lectures:
        assert unraised(as_they_are(lectures)) == unraised(then)
        assert undone_to_the_first(lectures, then["rain"]["version"]) == [{}] * (then["rain"]["version"] - 1)
        assert damage(lectures.context.database) == []


def test_what_a_newer_release_stored_is_refused_by_name_with_the_remedy(
    kept: tuple[Path, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, then = kept
    with monkeypatch.context() as tomorrow:
        tomorrow.setattr(revisions.c.edits.type, "format", Format("edits", (lambda edits: edits,)))
        with opened(home) as lectures:
            lectures.edit("rain", ["set voice=narrator"])
    with opened(home) as lectures:
        with pytest.raises(NewerDocumentError, match=r"edits stored here are of version 2,.*\(upgrade lecture-assets\)"):
            lectures.history("rain")
        assert damage(lectures.context.database) == []  # newer, and not damaged
        assert lectures.status("rain")["version"] == then["rain"]["version"] + 1
    with pytest.raises(NewerDocumentError, match="settings stored here are of version 99"):
        Settings.from_json({"schema": 99})
