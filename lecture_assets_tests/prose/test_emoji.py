"""Signs are text; emoji are what Unicode presents as such, and leave no space behind where they are left out."""

import json
import shutil
import subprocess
import unicodedata

import pytest

from lecture_assets.prose.emoji import SEQUENCES, in_picture, without_emoji, words_in_picture

WITHOUT = {
    "100 °C, № 7, ⅓ µm, ©®™ ℃ ℉ ㎞ ㈱ ℗ 〒": "100 °C, № 7, ⅓ µm, ©®™ ℃ ℉ ㎞ ㈱ ℗ 〒",
    "¦ ─│┌ ■▲ ①Ⓐ㊙ → ☎ ☺ ❤ ♪ ✓ ⌘ ₿": "¦ ─│┌ ■▲ ①Ⓐ㊙ → ☎ ☺ ❤ ♪ ✓ ⌘ ₿",
    "Step 1️⃣ first, 2⃣ #️⃣ *️⃣ A⃣": "Step 1 first, 2 # * A",
    "Hello 🌍 world 🎉 ok": "Hello world ok",
    "Hello 🌍🎉  🎉 world": "Hello world",
    "🎉 Hi 😀!": "Hi!",
    "(3,5 %) 🎉 zu 12 (🎉) „🎉“ Ende": "(3,5 %) zu 12 Ende",
    "([🎉 🎉]) x": "x",
    "¿😀 Qué? 😀, no": "¿Qué?, no",
    "Hallo🌍Welt": "Hallo Welt",
    "水🌍水、🎉。": "水水、。",
    "👩🏽\u200d🔬 👨\u200d👩\u200d👧 ❤️\u200d🔥 ❤\u200d🔥 🏳️\u200d🌈 x": "x",
    "🇩🇪🇫🇷 🇩 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f 🏽 x": "x",
    "❤️ ☎️ ✌🏽 x": "x",
    "\U0001fae9 \U0001fae8 \U0001facb x": "x",
    "می‌شود क्‍ष 葛\U000e0100": "می‌شود क्‍ष 葛\U000e0100",
    "😀\ufe0e 𐘀\ufe0f": "😀\ufe0e 𐘀\ufe0f",
    "no emoji": "no emoji",
    "🎉": "",
}
"""Where no font has any of them; U+FE0E asks for text, U+FE0F makes no emoji of a letter."""


@pytest.mark.parametrize("text", WITHOUT)
def test_emoji_alone_are_left_out_and_no_space_is_doubled(text: str) -> None:
    assert without_emoji(text) == WITHOUT[text]
    assert "".join(in_picture(text, lambda _sign: False)) == WITHOUT[text]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("👍🏽 ok ❤️", "👍 ok ❤"),
        ("👁️\u200d🗨️ x", "👁🗨 x"),
        ("👍\u200d🎉 x", "x"),
        ("1️⃣ ©️", "1 ©"),
    ],
)
def test_emoji_that_a_font_has_are_drawn_bare_and_sequences_as_a_whole_or_not_at_all(text: str, shown: str) -> None:
    assert without_emoji(text, lambda sign: sign in "👍❤👁🗨©") == shown


def test_words_stay_as_many_and_one_of_emoji_alone_is_empty() -> None:
    assert words_in_picture(["🎉", " Hi", " 🌍!", " (🎉)", " 1️⃣"], lambda _sign: False) == ["", "Hi", "!", "", " 1"]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed, which knows Unicode's properties")
def test_the_tables_are_unicodes() -> None:
    script = """
        const found = [[], []]
        for (let i = 0x80; i < 0x20000; i++) {
          const sign = String.fromCodePoint(i)
          if (/\\p{Emoji_Presentation}/u.test(sign)) found[0].push(i)
          else if (/\\p{Emoji}/u.test(sign)) found[1].push(i)
        }
        console.log(JSON.stringify(found))
    """
    run = subprocess.run(["node", "-e", script], capture_output=True, check=True, text=True)  # noqa: S607 - ours
    always, asked = json.loads(run.stdout)
    known = [code for code in range(0x80, 0x20000) if unicodedata.category(chr(code)) not in {"Cn", "Cs"}]
    assert [code for code in known if SEQUENCES.fullmatch(chr(code))] == sorted({*always, 0x20E3} & {*known})
    assert [code for code in known if not SEQUENCES.fullmatch(chr(code)) and SEQUENCES.fullmatch(f"{chr(code)}\ufe0f")] == asked
