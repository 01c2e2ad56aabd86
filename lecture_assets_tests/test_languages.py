"""Which language a text is evidently in, and how long it takes to say."""

import pytest

from lecture_assets.languages import evident_language, is_in_another, seconds_at_mean, seconds_to_say
from lecture_assets.prose.scripts import LATIN, scripts_of
from lecture_assets.render.language_code import _CODES

OWN_NAMES = {
    "th": "ภาษาไทย", "lo": "ພາສາລາວ", "km": "ភាសាខ្មែរ", "my": "မြန်မာဘာသာ", "kn": "ಕನ್ನಡ ಭಾಷೆ", "ml": "മലയാളം", "gu": "ગુજરાતી",
    "pa": "ਪੰਜਾਬੀ", "or": "ଓଡ଼ିଆ", "si": "සිංහල", "ta": "தமிழ் மொழி", "te": "తెలుగు", "bn": "বাংলা", "as": "অসমীয়া", "hi": "हिन्दी",
    "ne": "नेपाली भाषा", "mr": "मराठी भाषा", "sa": "संस्कृतम्", "bo": "བོད་སྐད", "dz": "རྫོང་ཁ", "am": "አማርኛ", "ti": "ትግርኛ",
    "dv": "ދިވެހި", "he": "עברית", "yi": "ייִדיש", "ar": "العربية", "fa": "فارسی", "ur": "اردو", "ps": "پښتو", "sd": "سنڌي",
    "ug": "ئۇيغۇرچە", "ckb": "کوردی", "ku": "کوردی", "kk": "қазақ тілі", "ky": "кыргыз тили", "mn": "монгол",
    "tg": "забони тоҷикӣ", "tt": "татар теле", "ba": "башҡорт теле", "be": "беларуская мова", "bg": "български",
    "mk": "македонски", "uk": "українська",
    "ru": "русский", "el": "ελληνικά", "hy": "հայերեն", "ka": "ქართული", "ko": "한국어", "ja-JP": "日本語", "zh-Hant": "繁體中文",
    "yue": "廣東話", "sr": "srpski jezik", "sr-Cyrl": "српски језик", "pa-Arab": "پنجابی", "az-Cyrl": "азәрбајҹан",
    "uz": "ўзбек тили", "chr": "ᏣᎳᎩ", "iu": "ᐃᓄᒃᑎᑐᑦ", "zgh": "ⵜⴰⵎⴰⵣⵉⵖⵜ", "ff-Adlm": "𞤆𞤵𞤤𞤢𞤪", "nqo": "ߒߞߏ", "en-Shaw": "𐑖𐑱𐑝𐑾𐑯",
    "vi": "tiếng Việt",
    "tlh": "何か", "en": "𝑥 𝑦 𝑧", "haw": "ʻōlelo Hawaiʻi",
}  # fmt: skip


@pytest.mark.parametrize("tag", OWN_NAMES)
def test_no_language_is_taken_for_another_by_its_own_letters(tag: str) -> None:
    assert not is_in_another(OWN_NAMES[tag], tag)


@pytest.mark.parametrize(
    ("text", "tag"),
    [("ภาษาไทย", "en"), ("русский", "th"), ("Rain falls on hills", "th"), ("ພາສາລາວ", "th"), ("српски", "sr-Latn"), ("雨", "ru")],
)
def test_letters_that_a_language_does_not_have_are_told(text: str, tag: str) -> None:
    assert is_in_another(text, tag)


def test_every_language_of_two_letters_has_its_scripts() -> None:
    assert all(scripts_of(code) for code in _CODES)
    assert {code for code in ("th", "he", "ar", "hi", "ja", "dv", "dz", "my") if LATIN in scripts_of(code)} == set()
    assert (evident_language("ქართული"), evident_language("ภาษาไทย")) == ("ka", None)


@pytest.mark.parametrize(
    ("text", "language", "model", "least", "most"),
    [
        ("The sun warms the sea, and water rises.", "en", "simulated:a", 3, 3),
        ("השמש מחממת את הים, והאדים עולים אל השמים ויורד גשם על ההרים.", "de", "simulated:a", 30, 50),
        ("השמש מחממת את הים, והאדים עולים אל השמים ויורד גשם על ההרים.", "de", "openai:a", 4, 6),
        ("Im Jahr 2026 kamen 1500 Gäste, 20 % mehr als 1995; jeder zahlte 12,50 €.", "de", "simulated:a", 8, 13),
        ("2 + 2 = 4, 3 × 5 = 15, x² + y² = z².", "en", "simulated:a", 5, 8),
        ("雨从云里落下来。", "zh", "simulated:a", 2, 3),
        ("这是 YouTube 上的 Photosynthesis 课程。", "zh", "simulated:a", 3, 5),
        ("", "en", "", 0, 0),
    ],
)
def test_how_long_a_text_takes_depends_on_its_letters_and_signs(
    text: str, language: str, model: str, least: int, most: int
) -> None:
    """The simulated voices took 44.9 s for the Hebrew sentence in German, 12.3 s for the years, 7.1 s for the sums."""
    assert least <= seconds_to_say(text, language, model) <= most


def test_without_signs_and_other_letters_the_mean_counts() -> None:
    text = "The sun warms the sea, and water rises as vapour."
    assert seconds_to_say(text, "en") == seconds_at_mean(text, "en") == 4
