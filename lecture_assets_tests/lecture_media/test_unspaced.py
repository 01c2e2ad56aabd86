"""Words of scripts without spaces: no letter is lost, and none stands where a line must not begin or end."""

from hypothesis import given
from hypothesis import strategies as st

from lecture_media.unspaced import joined, words_of

EAST = st.text(
    st.sampled_from("水は地球の表面を覆っていますが、。「」（）70%ABcー っ我们每天都喝 ไทยน้ำ ដីសំខាន់ ສຳຄັນ ရေသည်။\u200b"), max_size=40
)


@given(EAST, st.sampled_from(["", "ja", "zh", "zh-TW", "th", "en"]))
def test_no_letter_is_lost_and_spaces_stay(text: str, language: str) -> None:
    words = words_of(text, language)
    assert joined(words) == " ".join(text.replace("\u200b", "").split()) or "\u200b" in text
    assert "".join(word.text for word in words) == "".join(text.replace("\u200b", "").split())
    assert all(words_of(word.text, language)[0].text for word in words)


def test_texts_with_spaces_have_the_words_between_them() -> None:
    assert [tuple(word) for word in words_of("Plants make  food.\n(H2O)")] == [
        (w, False) for w in ("Plants", "make", "food.", "(H2O)")
    ]


def test_punctuation_numbers_and_latin_letters_stay_whole() -> None:
    assert [word.text for word in words_of("占地球表面的71%，Python编程。", "zh")][-2:] == ["Python", "编程。"]
    assert [word.text for word in words_of("「本当ですか？」と", "ja")] == ["「本当ですか？」と"]
    assert "71%，" in [word.text for word in words_of("占地球表面的71%，Python编程。", "zh")]


def test_syllables_are_not_torn() -> None:
    assert [word.text for word in words_of("ទឹកសំខាន់")] == ["ទឹក", "សំ", "ខាន់"]
    assert [word.text for word in words_of("ສຳຄັນ")] == ["ສຳ", "ຄັນ"]
    assert [word.text for word in words_of("ကမ္ဘာပေါ်")] == ["ကမ္ဘာ", "ပေါ်"]
