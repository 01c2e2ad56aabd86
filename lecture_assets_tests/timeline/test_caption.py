from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_assets.timeline.caption import (
    LONGEST_MS,
    SHORTEST_MS,
    _rejoined,
    captions_of,
    ends_clause,
    first_sentence,
    line_length,
    sentences_of,
    spoken_words,
)
from lecture_assets.timeline.schema import SegmentWord
from lecture_assets.timeline.text_width import width_of
from lecture_assets.timeline.written import text_of
from lecture_assets_tests.timeline.samples import LANDSCAPE, PORTRAIT, speech, speeches


def captions(text: str, language: str = "en", longest: int | None = None, word_ms: int = 450) -> list[Any]:
    spoken = speech(text, word_ms)
    words = spoken_words(spoken["words"], 0, spoken["duration_ms"], language)
    return list(captions_of(words, longest or line_length(LANDSCAPE, language), spoken["duration_ms"] + 450, language))


def lines(text: str, longest: int = 42, language: str = "en") -> list[str]:
    return [caption["text"] for caption in captions(text, language, longest)]


def test_lines_break_at_full_stops_and_commas_and_are_even() -> None:
    text = "Plants make their own food. In the leaf, inside tiny green bodies called chloroplasts, the pigment catches sunlight."
    assert lines(text) == [
        "Plants make their own food.",
        "In the leaf, inside tiny green",
        "bodies called chloroplasts,",
        "the pigment catches sunlight.",
    ]


def test_no_line_is_one_lonely_last_word() -> None:
    assert lines("aaaa bbbb cccc dddd eeee", 20) == ["aaaa bbbb", "cccc dddd eeee"]


def test_a_long_pause_ends_a_line() -> None:
    words = speech("one two")["words"]
    words[1] |= {"start_ms": 2000, "end_ms": 2300}
    first, second = captions_of(spoken_words(words, 0, 3000, "en"), 42, 3000, "en")
    assert (first["text"], second["text"]) == ("one", "two")
    assert first["end_offset_ms"] == 320 + 700, "it lingers, and does not stay through the pause"


def test_a_word_longer_than_a_line_is_cut_between_syllables_and_an_address_at_its_signs() -> None:
    assert lines("Die Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrik", 28, "de") == [
        "Die Donaudampfschiff-",
        "fahrtsgesellschafts-",
        "kapitänsmützenfabrik",
    ]
    address = "See https://example.org/a/long/path/to/page.html now."
    assert lines(address, 28) == ["See https://example.org/a/", "long/path/to/page.html now."]


def test_parts_of_a_word_on_one_line_are_one_word_and_a_sentence_has_no_hyphen_of_a_cut() -> None:
    word = "Donau" + "dampf" * 12 + "schiff"
    made = captions(f"Die {word} ist da.", "de", 20)
    assert all("-" not in caption["text"][:-1] for caption in made)
    assert [caption["words"][-1].get("hyphenated", False) for caption in made] == [c["text"].endswith("-") for c in made]
    (sentence,) = sentences_of(made, "de")
    assert text_of(sentence) == f"Die {word} ist da."
    assert first_sentence(made, "de") == f"Die {word} ist da."
    parts: list[SegmentWord] = [
        {"text": "Donau-", "offset_ms": 0, "end_offset_ms": 5, "hyphenated": True},
        {"text": "dampf-", "offset_ms": 5, "end_offset_ms": 9, "no_space_before": True, "hyphenated": True},
        {"text": "schiff", "offset_ms": 9, "end_offset_ms": 12, "no_space_before": True},
        {"text": "ist", "offset_ms": 12, "end_offset_ms": 14},
    ]
    assert _rejoined(parts) == [{"text": "Donaudampfschiff", "offset_ms": 0, "end_offset_ms": 12}, parts[3]]
    assert _rejoined(parts[1:2]) == parts[1:2]
    assert _rejoined(parts[1:3])[0].get("no_space_before")


def test_a_vendor_that_times_letters_begins_no_line_with_a_small_kana() -> None:
    letters = "サッカーとチェスとキャッチボールとティーパーティーのショー" * 2
    words = spoken_words([_letter(letter, place) for place, letter in enumerate(letters)], 0, 60_000, "ja")
    for longest in range(10, 33):
        made = captions_of(words, longest, 60_000, "ja")
        assert len(made) > 1
        assert not [caption["text"] for caption in made if caption["text"][0] in "ッーェャィョ"]


def _letter(text: str, place: int) -> dict[str, Any]:
    return {"text": text, "start_ms": place * 200, "end_ms": place * 200 + 200, "no_space_before": place > 0}


def test_a_long_word_of_digits_or_with_marks_is_cut_too_and_no_mark_begins_a_line() -> None:
    assert lines("1234567890" * 3, 20) == ["123456789012345", "678901234567890"]
    marked = "a\u0301" * 30
    assert [width_of(line) <= 20 and line[0] == "a" for line in lines(marked, 20)] == [True, True]


def test_upright_and_square_frames_have_shorter_lines() -> None:
    sizes = (LANDSCAPE, PORTRAIT, (960, 960))
    assert [line_length(size, "en") for size in sizes] == [42, 28, 28]
    assert [line_length(size, "zh-Hant") for size in sizes] == [32, 24, 24]
    assert line_length(LANDSCAPE, "th") == 35


def test_quotes_do_not_hide_the_end_of_a_clause() -> None:
    assert ends_clause("hello,’")
    assert not ends_clause("hello”")


def test_a_short_sentence_shares_its_line_unless_it_is_seen_long_enough() -> None:
    assert [caption["text"] for caption in captions("Yes. We can go there.", word_ms=300)] == ["Yes. We can go there."]
    assert [caption["text"] for caption in captions("Yes. We can go there.", word_ms=900)] == ["Yes.", "We can go there."]


def test_no_line_ends_on_an_article_or_preposition_where_it_need_not() -> None:
    assert lines("Let us stop for a moment at the edge of the sea.") == ["Let us stop for a moment", "at the edge of the sea."]
    assert lines("Johannes Gutenberg of Mainz printed the first book of all.")[0] == "Johannes Gutenberg of Mainz"


def test_no_line_ends_on_a_sign_or_before_a_postposition_where_it_need_not() -> None:
    assert lines("As n → ∞, the sum Σ 1/n² → π²/6 ≈ 1.645, and it is finite.")[0] == "As n → ∞, the sum Σ 1/n² → π²/6 ≈ 1.645,"
    assert lines("ऊपर ठंड होती है, भाप धूल के कणों पर जम जाती है और बादल बनते हैं।", language="hi")[1].startswith("जम")
    assert lines("地球上大约百分之九十七的水都在海洋中。", 32, "zh")[1] == "大约百分之九十七的水都在海洋中。"


def test_a_segment_is_named_by_its_first_sentence() -> None:
    assert first_sentence(
        captions("Dr. Smith lives in St. Ives, by the sea, and writes long books about it. He is old."), "en"
    ) == ("Dr. Smith lives in St. Ives, by the sea, and writes long books about it.")
    assert first_sentence([], "en") == ""


UNSPACED = {
    "zh": "我们每天都喝水。水从天上来，流进大海，占地球表面的71%，但是可以饮用的淡水只有百分之三左右。",
    "ja": "水は地球の表面の約70%を覆っていますが、飲める水はわずか3パーセントしかありません。「本当ですか？」と彼は言った。",
    "th": "น้ำเป็นสิ่งสำคัญสำหรับสิ่งมีชีวิตทุกชนิดบนโลก และครอบคลุมพื้นผิวโลกส่วนใหญ่ แต่น้ำที่ดื่มได้มีน้อยมาก",
    "km": "ទឹកគឺជាធាតុសំខាន់សម្រាប់ជីវិតនៅលើផែនដីនិងសម្រាប់សត្វទាំងអស់ដែលរស់នៅ",
    "lo": "ນ້ຳເປັນສິ່ງສຳຄັນສຳລັບຊີວິດເທິງໂລກແລະສັດທັງໝົດທີ່ອາໄສຢູ່ໃນໂລກນີ້",
    "my": "ရေသည် ကမ္ဘာပေါ်ရှိ သက်ရှိအားလုံးအတွက် အရေးကြီးသည်။ ရေမရှိလျှင် အသက်ရှင်၍ မရပါ။",
}


@pytest.mark.parametrize("language", UNSPACED)
def test_languages_without_spaces_have_words_and_lines(language: str) -> None:
    text = UNSPACED[language]
    made = captions(text, language, word_ms=200 * len(text) // len(text.split()))
    limit = line_length(LANDSCAPE, language)
    assert len(made) > 1
    assert text_of([word for caption in made for word in caption["words"]]) == text
    assert all(width_of(caption["text"]) <= limit and len(caption["words"]) > 1 for caption in made)
    assert all(SHORTEST_MS <= c["end_offset_ms"] - c["offset_ms"] <= LONGEST_MS for c in made), made
    assert not [c["text"] for c in made if c["text"][0] in "、。，」？！ー%" or c["text"][-1] in "「（"]


def test_lines_of_chinese_and_japanese_end_with_phrases() -> None:
    assert [c["text"] for c in captions(UNSPACED["zh"], "zh", word_ms=9000)] == [
        "我们每天都喝水。",
        "水从天上来，流进大海，",
        "占地球表面的71%，",
        "但是可以饮用的淡水",
        "只有百分之三左右。",
    ]
    assert "「本当ですか？」と彼は言った。" in [c["text"] for c in captions(UNSPACED["ja"], "ja", word_ms=14000)]


def test_letters_that_a_vendor_timed_one_by_one_stand_together() -> None:
    words = [{"text": letter, "start_ms": i * 200, "end_ms": i * 200 + 150} for i, letter in enumerate("水很好。")]
    assert text_of(spoken_words(words, 0, 1000, "zh")) == "水很好。"


@given(speeches(), st.sampled_from(["en", "de", "zh", "ja", "th", "ar"]))
def test_captions_say_every_word_once_in_order_within_the_recording(spoken: Any, language: str) -> None:
    words = spoken_words(spoken["words"], 200, spoken["duration_ms"], language)
    made = captions_of(words, 28, spoken["duration_ms"] + 450, language)
    assert all(width_of(c["text"]) <= 28 or len(c["words"]) == 1 for c in made)
    times = [t for c in made for t in (c["offset_ms"], c["end_offset_ms"])]
    assert times == sorted(times)
    assert all(200 <= t <= spoken["duration_ms"] + 450 for t in times)
    said, shown = ("".join(word["text"] for word in some) for some in (spoken["words"], [w for c in made for w in c["words"]]))
    assert _letters(said) == _letters(shown)


def _letters(text: str) -> list[str]:
    """Without spaces, and without hyphens, which a word may get where it is cut."""
    return [letter for letter in text if not letter.isspace() and letter not in "-\u200b"]
