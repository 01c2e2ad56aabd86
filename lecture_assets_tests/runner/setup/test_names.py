"""The speech model's row in the catalogue decides which voices and languages a lecture may have, whatever the vendor."""

from pathlib import Path

import pytest

from lecture_assets.briefs.brief import Brief
from lecture_assets.briefs.reading import brief_of
from lecture_assets.briefs.typed import Typed
from lecture_assets.graph.errors import WrongInputError
from lecture_assets.graph.kind import Role
from lecture_assets.providers.catalogue import read_catalogue
from lecture_assets.providers.catalogue_file import built_in
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.setup.names import CatalogueNames
from lecture_assets_tests.servers.homes import home_environ
from lecture_media.speak.voices import LANGUAGES, VOICES

KEYS = {"OPENAI_API_KEY": "sk-none", "REPLICATE_API_TOKEN": "r8_none"}
SIMULATED, MINI, TTS = "simulated:openai/gpt-4o-mini-tts", "openai:gpt-4o-mini-tts", "openai:tts-1"
NAMES = CatalogueNames(read_catalogue(KEYS))
NARRATION = "asset:narration:segment[0]"


def unfit(**values: str) -> list[tuple[str, str]]:
    return [
        (wrong.key, wrong.allowed) for wrong in NAMES.unfit({key.replace("models_", "models."): v for key, v in values.items()})
    ]


@pytest.mark.parametrize("model", [SIMULATED, MINI, TTS])
@pytest.mark.parametrize("voice", VOICES)
def test_every_model_has_this_project_s_voices(model: str, voice: str) -> None:
    assert unfit(models_speech=model, voice=voice) == []


@pytest.mark.parametrize(
    ("model", "voice", "language", "wrong"),
    [
        (MINI, "alloy", "ja", []),
        (MINI, "verse", "th", []),
        (TTS, "onyx", "ja-JP", []),
        (TTS, "verse", "ja", ["voice"]),
        (SIMULATED, "alloy", "en", ["voice"]),
        (SIMULATED, "narrator", "ja", ["language"]),
        (SIMULATED, "alloy", "th", ["voice", "language"]),
        (MINI, "narrator", "eo", ["language"]),
        (SIMULATED, "narrator", "eo", []),
        (SIMULATED, "narrator", "pt_BR", []),
        (MINI, "nobody", "xx", ["voice", "language"]),
        ("openai:no-such-model", "nobody", "xx", []),
    ],
)
def test_a_voice_and_a_language_must_be_those_of_the_speech_model(
    model: str, voice: str, language: str, wrong: list[str]
) -> None:
    assert [key for key, _ in unfit(models_speech=model, voice=voice, language=language)] == wrong


def test_the_alternatives_name_the_model_and_the_others_that_have_it() -> None:
    [(_, voice)] = unfit(models_speech=SIMULATED, voice="verse")
    assert voice == f"one of {', '.join(VOICES)}; or a speech model that has it: {MINI}"
    [(_, language)] = unfit(models_speech=SIMULATED, language="ja")
    assert language.startswith(f"a language that {SIMULATED} speaks: ar, bg, ")
    assert language.endswith(f"(see `lectures voices`); or a speech model that speaks it: {MINI}, {TTS}")


def test_the_simulated_voices_and_languages_are_those_that_espeak_has() -> None:
    speech = built_in().simulated_speech
    assert (list(speech.voices), list(speech.languages)) == (list(VOICES), list(LANGUAGES))
    assert all(speech.voices.values())
    assert read_catalogue({}).find(SIMULATED, Role.SPEECH).word_times


def test_a_lecture_may_be_in_a_language_that_only_its_vendor_speaks(tmp_path: Path) -> None:
    brief = Brief(prompt="光合作用", language="ja", voice="alloy", duration=5, segment_length=5)
    with Lectures.open(home_environ(tmp_path / "home", **KEYS)) as lectures:
        lectures.create(brief, "leaf")
        assert lectures.plan("leaf")["nodes"]
        with pytest.raises(WrongInputError, match=r"^set voice: found 'verse'.*\n?"):
            lectures.edit("leaf", [f"set speech_model={TTS}", "set voice=verse"])
        lectures.edit("leaf", ["set voice=verse"])
        with pytest.raises(WrongInputError, match=r"set voice: found 'verse'; allowed: one of narrator, .*shimmer; or"):
            lectures.edit("leaf", [f"set speech_model={TTS}"])
        with pytest.raises(WrongInputError, match=r"model asset:narration:.*with the voice 'verse'"):
            lectures.edit("leaf", [f"model {NARRATION}={TTS}"])
        lectures.edit("leaf", [f"model {NARRATION}={TTS}", "set voice=nova"])
        with pytest.raises(WrongInputError, match="with the voice 'verse'"):
            lectures.edit("leaf", ["set voice=verse"])
        lectures.edit("leaf", ["set image_style=ink drawing"])


def test_the_model_of_a_removed_segment_is_ignored(tmp_path: Path) -> None:
    brief = Brief(notes="Rain falls.\n\nSnow falls.", duration=10, segment_length=5)
    with Lectures.open(home_environ(tmp_path / "home", **KEYS)) as lectures:
        lectures.create(brief, "leaf")
        lectures.edit("leaf", [f"model {NARRATION}={TTS}", "set segment_length=4"])
        with pytest.raises(WrongInputError, match="with the voice 'verse'"):
            lectures.edit("leaf", ["set voice=verse"])
        lectures.edit("leaf", ["segments remove:0"])
        lectures.edit("leaf", ["set voice=verse"])


def test_a_typed_language_is_checked_against_the_speech_model_too() -> None:
    with pytest.raises(WrongInputError, match=f"^language: found 'ja'; allowed: a language that {SIMULATED} speaks"):
        brief_of(Typed("Explain rain", {"language": "ja"}), CatalogueNames(read_catalogue({})))


def test_voices_are_listed_with_how_they_sound_and_their_models(tmp_path: Path) -> None:
    with Lectures.open(home_environ(tmp_path / "home")) as lectures:
        rows = {str(row["voice"]): row for row in lectures.voices()}
    assert list(rows)[:6] == list(VOICES)
    assert all(rows[name]["note"] for name in VOICES)
    assert {name: facts["voice"] for name, facts in rows["narrator"]["models"].items()} == {
        SIMULATED: "narrator",
        MINI: "onyx",
        TTS: "onyx",
    }
    assert list(rows["verse"]["models"]) == [MINI]
    assert "ja" in rows["verse"]["languages"]
