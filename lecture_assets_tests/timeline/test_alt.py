from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_assets.timeline.alt import LONGEST, alt_of, shortened
from lecture_assets.timeline.lost_media import without_media
from lecture_assets_tests.timeline.samples import clip, lecture, picture, segment, sha


def test_a_short_prompt_is_the_alt_text_in_plain_words_on_one_line() -> None:
    assert alt_of("**A leaf** in\nthe `sun`") == "A leaf in the sun"


def test_a_long_one_ends_after_the_last_sentence_that_fits() -> None:
    seen = "Wide view. The pigment chlorophyll catches sunlight; in view: plants, food and leaf."
    assert alt_of(f"{seen} Main subjects: {'chloroplasts, sunlight, ' * 9}. Style: watercolour") == seen


@pytest.mark.parametrize(
    ("text", "end"), [("Yes. " + "leaf " * 60, "leaf leaf…"), ("葉" * 200, "葉葉…"), (f"{'光合作用。' * 40}", "光合作用。")]
)
def test_without_such_a_sentence_it_ends_after_a_word_or_where_there_is_room(text: str, end: str) -> None:
    assert alt_of(text).endswith(end)


@given(st.text(max_size=400), st.integers(2, 200))
def test_nothing_is_ever_longer_than_allowed(text: str, longest: int) -> None:
    assert len(alt_of(text)) <= LONGEST
    assert len(shortened(text, longest)) <= longest
    assert shortened(text, longest) == text or shortened(text, longest).endswith("…")


def test_layers_say_what_they_show_and_lost_ones_do_not() -> None:
    shown = segment(pictures=[picture("a") | {"alt": "A leaf."}, picture("b")])
    moving = segment(slot=1, pictures=[], clip=clip(20_000) | {"alt": "Rain falls."})
    timeline: Any = lecture({0: shown, 1: moving}, description="About plants.")
    said = {(layer.get("image"), layer.get("alt")) for part in timeline["segments"] for layer in part["layers"]}
    assert said == {(0, "A leaf."), (1, None), (None, "Rain falls.")}
    assert timeline["description"] == "About plants."
    assert "description" not in lecture()
    lost = without_media(timeline, {sha("a"), sha("clip")})
    assert not any("alt" in layer for part in lost["segments"] for layer in part["layers"])
