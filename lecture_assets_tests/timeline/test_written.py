"""A word that is longer than a line is cut where a reader expects it."""

import pytest

from lecture_assets.timeline.text_width import width_of
from lecture_assets.timeline.written import cut, text_of
from lecture_media.unspaced import may_break

KATAKANA = "コンピューターサイエンティフィックアドミニストレーション"
FAMILY = "👩🏽\u200d🔬"


@pytest.mark.parametrize(
    ("word", "longest", "parts"),
    [
        ("short", 10, ["short"]),
        ("Donaudampfschifffahrt", 15, ["Donaudampf-", "schifffahrt"]),
        ("Donaudampf\u00adschifffahrts\u00adgesellschaft", 15, ["Donaudampf-", "schifffahrts-", "gesellschaft"]),
        ("W" * 30, 8, ["WWWWWW-"] * 4 + ["WWWWWW"]),
        ("e\u0301" * 4, 3, ["e\u0301e\u0301-", "e\u0301e\u0301"]),
        ("a" + "\u0301" * 60, 1, ["a" + "\u0301" * 60]),
        ("aaaa-bbbb-cccc", 8, ["aaaa-", "bbbb-", "cccc"]),
        ("https://example.org/a/b/c#anchor?x=1", 20, ["https://example.", "org/a/b/c#anchor?x=1"]),
        (KATAKANA, 32, ["コンピューターサイエンティ", "フィックアドミニストレーション"]),
        ("क्ष" * 5, 4, ["क्ष", "क्ष", "क्ष", "क्षक्ष"]),
        (f"{FAMILY}{FAMILY}🇩🇪🇫🇷1️⃣1️⃣", 7, [FAMILY, FAMILY, "🇩🇪🇫🇷1️⃣1️⃣"]),
        ("ーーーーーーーー", 6, ["ーー", "ーー", "ーー", "ーー"]),
        ("水", 1, ["水"]),
        ("\u0301" * 200 + "aa", 1, ["\u0301" * 200 + "a-", "a"]),
    ],
)
def test_the_parts_of_a_word(word: str, longest: int, parts: list[str]) -> None:
    assert [part.text for part in cut(word, longest)] == parts


@pytest.mark.parametrize("sign", "ァィゥェォッャュョヮヵヶーぁぃっゃゅょゎㇰ々ゝヽ、。」』）｝〉》】！？…‥・ｧｯｰﾞ℃％〜")
def test_no_part_begins_with_a_sign_that_belongs_to_the_letter_before(sign: str) -> None:
    for longest in range(6, 24):
        parts = [part.text for part in cut(f"水{sign}" * 20, longest)]
        assert not [part for part in parts if part.startswith(sign)]
        assert max(map(width_of, parts)) <= longest


@pytest.mark.parametrize("sign", "（「『｛〈《【￥＄№#")
def test_no_part_ends_with_a_sign_that_belongs_to_the_letter_behind(sign: str) -> None:
    for longest in range(6, 24):
        parts = [part.text for part in cut(f"{sign}水" * 20, longest)]
        assert all(may_break(part[-1], "水") for part in parts)


def test_the_hyphen_of_a_cut_is_at_a_captions_end_alone() -> None:
    whole, part = {"text": "Donaudampf-", "hyphenated": True}, {"text": "schiff-Fahrt", "no_space_before": True}
    assert text_of([{"text": "Die"}, whole]) == "Die Donaudampf-"
    assert text_of([{"text": "Die"}, whole, part, {"text": "ist"}]) == "Die Donaudampfschiff-Fahrt ist"
    assert text_of([]) == ""
