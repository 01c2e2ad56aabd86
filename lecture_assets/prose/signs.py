"""Single signs as spoken: hyphens, slashes, operators and currencies, and a pause for a sign without a word."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lecture_assets.prose.lexicon import Lexicon
from lecture_assets.prose.pieces import (
    BRACKET_LIKE,
    BY_BRACKETS,
    FACTORS,
    JOINERS,
    ON_BOTH_SIDES,
    OPERATORS,
    PAUSE,
    SAID,
    SHARP,
    is_picture,
    number_of,
)

Knows = Callable[[str], bool]
"""Whether the voice itself has a word for a sign."""


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs of one word between two others."""

    lexicon: Lexicon | None
    knows: Knows
    before: str
    after: str

    def said(self, sign: str, left: str, right: str, word: str) -> str:
        """Return a sign as spoken between its neighbours in the word (empty at the word's ends)."""
        if sign == "-":
            return self._hyphen(left, right)
        if sign in "–—" and left and right and ON_BOTH_SIDES.search(word):
            return self.joined(["", ""], "to")
        if sign in "/#":
            return self._slash(left, right, word) if sign == "/" else self._hash(left, right, word)
        if sign in BRACKET_LIKE and not self._stands_for_a_word(sign, left, right):
            return self._pause(left, right)
        if self._is_read(sign) or (sign in "·•" and left.isalpha() and right.isalpha() and not FACTORS.search(word)):
            return sign
        return self.named({"*": "×", "·": "×"}.get(sign, sign), left, right)

    def _is_read(self, sign: str) -> bool:
        """Whether the voice reads a sign itself: letters, digits, punctuation, and marks within words."""
        if sign in JOINERS:
            return True
        category = unicodedata.category(sign)[0]
        if category in "LMN":
            return not (self.lexicon and sign in self.lexicon.signs)
        return category == "P" and sign not in SAID

    def _stands_for_a_word(self, sign: str, left: str, right: str) -> bool:
        """Whether `*`, `<`, `>` or `~` is an operator here."""
        left = left or self.before[-1:]
        right = right or self.after[:1]
        if sign == "~":
            return right.isdigit()
        if sign == "*":
            return (left.isdigit() or left in ")]²³" or right.isdigit()) and bool(left.strip()) and bool(right.strip())
        return sign in "<>" and bool(right) and (right.isalnum() or right in "-−(") and (bool(left) or right.isdigit())

    def named(self, sign: str, left: str, right: str) -> str:
        """Return the name of a sign between spaces, or a pause if it has none."""
        if self.lexicon and sign in self.lexicon.signs:
            return f" {self.lexicon.signs[sign]} "
        if self.lexicon and sign in self.lexicon.money:
            return f" {self.lexicon.money[sign][1]} "
        if unicodedata.category(sign) in {"Sm", "Sc", "Po", "So", "No"} and not is_picture(sign) and self.knows(sign):
            return f" {sign} "
        return self._pause(left, right)

    @staticmethod
    def _pause(left: str, right: str) -> str:
        """Return a pause between letters or digits and for a lone sign, but nothing at a word's edge."""
        if left and right and (left.isalnum() or left in ")]") and (right.isalnum() or right in "(["):
            return PAUSE
        return PAUSE if not left and not right else " " if left and right else ""

    def _hyphen(self, left: str, right: str) -> str:
        if left.isdigit() and right.isdigit():
            return PAUSE
        is_minus = (right.isdigit() and (not left or left in OPERATORS)) or (
            not left and not right and number_of(self.before) and self.after[:1].isdigit()
        )
        if is_minus:
            return self.named("−", left, right) if self.lexicon or self.knows("−") else "-"
        return "-"

    def _slash(self, left: str, right: str, word: str) -> str:
        is_fraction = (word.count("/") == 1 and re.fullmatch(r"\W*\w[²³]?/\w[²³]?\W*", word)) or BY_BRACKETS.search(word)
        if self.lexicon and is_fraction:
            return f" {self.lexicon.over} "
        if not self.lexicon and left.isdigit() and right.isdigit() and self.knows("/"):
            return " / "
        return PAUSE

    def _hash(self, left: str, right: str, word: str) -> str:
        if self.lexicon and SHARP.search(word):
            return f" {self.lexicon.sharp} "
        if self.lexicon and right.isalnum() and not left.isalnum():
            return f" {self.lexicon.number if right.isdigit() else self.lexicon.hashtag} "
        return self._pause(left, right)

    def joined(self, parts: Sequence[str], name: str) -> str:
        """Join parts with a word of the lexicon, such as `to` or `over`, or with a pause if there is no lexicon."""
        return (f" {getattr(self.lexicon, name)} " if self.lexicon else PAUSE).join(parts)
