"""Letters that are typed in another form, as the ones they are: ℝ, 𝑥, XXᵉ, ŷ."""

import re
import unicodedata

from lecture_assets.prose.formula import raised_behind
from lecture_assets.prose.pieces import ACCENTS, LETTERS_UP, LONE_LETTER, RAISED_LETTERS


def in_common_letters(word: str) -> str:
    """A word without fonts and with its typed exponents as `^(x)`, or written on: XXe."""
    return word if word.isascii() else RAISED_LETTERS.sub(_typed_raised, _in_one_font(word))


def with_marks_apart(word: str) -> str:
    """A word whose letters of a formula have their marks behind them."""
    return word if word.isascii() else LONE_LETTER.sub(_taken_apart, word)


def _in_one_font(word: str) -> str:
    """ℝ as R, 𝑥 as x: letters that differ in their font alone."""
    return "".join(
        unicodedata.normalize("NFKC", letter) if unicodedata.decomposition(letter).startswith("<font>") else letter
        for letter in word
    )


def _taken_apart(found: re.Match[str]) -> str:
    """ŷ as y and its mark; ħ as h and a bar."""
    parts = "h\u0304" if found[0] == "ħ" else unicodedata.normalize("NFD", found[0])
    return parts if parts[1:] and parts[1:] in ACCENTS else found[0]


def _typed_raised(found: re.Match[str]) -> str:
    """Letters that are typed raised: the end of an ordinal, a power of x, y or z; else, as in phonetics, what they are."""
    letters = found[0].translate(LETTERS_UP)
    written = raised_behind(found.string[: found.start()], letters)
    return letters if written == letters else f"^({letters})" if set(letters) & set("xyz") else found[0]
