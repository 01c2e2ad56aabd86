"""Letters typed in special forms, rewritten as ordinary ones: ℝ, 𝑥, XXᵉ, ŷ."""

import re
import unicodedata

from lecture_assets.prose.formula import raised_behind
from lecture_assets.prose.pieces import ACCENTS, LETTERS_UP, LONE_LETTER, RAISED_LETTERS

_POWERS = str.maketrans("23", "²³")


def in_common_letters(word: str) -> str:
    """Return a word in one font, with typed exponents as `^(x)` or attached: XXe."""
    return word if word.isascii() else RAISED_LETTERS.sub(_typed_raised, _in_one_font(word))


def with_marks_apart(word: str) -> str:
    """Return a word with the marks of formula letters after their letters."""
    return word if word.isascii() else LONE_LETTER.sub(_taken_apart, word)


def _in_one_font(word: str) -> str:
    """Replace letters that differ only in font, and units in one square: ℝ with R, 𝑥 with x, ㎢ with km²."""
    return "".join(_plain(letter) for letter in word)


def _plain(letter: str) -> str:
    form = unicodedata.decomposition(letter)
    if form.startswith("<square>"):
        return unicodedata.normalize("NFKC", letter).translate(_POWERS)
    return unicodedata.normalize("NFKC", letter) if form.startswith("<font>") else letter


def _taken_apart(found: re.Match[str]) -> str:
    """Split ŷ into y and its mark, and ħ into h and a bar."""
    parts = "h\u0304" if found[0] == "ħ" else unicodedata.normalize("NFD", found[0])
    return parts if parts[1:] and parts[1:] in ACCENTS else found[0]


def _typed_raised(found: re.Match[str]) -> str:
    """Rewrite superscript letters as an ordinal's ending or a power of x, y or z; others, as in phonetics, stay unchanged."""
    letters = found[0].translate(LETTERS_UP)
    written = raised_behind(found.string[: found.start()], letters)
    return letters if written == letters else f"^({letters})" if set(letters) & set("xyz") else found[0]
