"""A text as it is said: signs, powers, units and money in words, one piece for each word that is shown.

    6×10²³  →  6 times 10 to the power of 23        100 °C  →  100 | degrees Celsius        3–5  →  3 to 5

For a voice that reads letters and figures and little else (espeak-ng). Figures stay figures: every voice says them in its own
language. A sign that has no words is a pause, never nothing: 2 and 3 do not become 23.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lecture_assets.prose.customs import in_full
from lecture_assets.prose.footnote_marks import is_footnote_mark
from lecture_assets.prose.hyphens import told, told_in_exponent
from lecture_assets.prose.letters import in_common_letters, with_marks_apart
from lecture_assets.prose.lexicon import Lexicon, lexicon_of
from lecture_assets.prose.measures import unit_name
from lecture_assets.prose.pieces import (
    ASCII,
    BRACKET_LIKE,
    BY_BRACKETS,
    CHARGE,
    CLOSING,
    DOWN,
    ELEMENT,
    ELEMENTS,
    FACTORS,
    FRACTIONS,
    JOINERS,
    KIN,
    LOW,
    MEASURE,
    NOT_ATTACHED,
    ON_BOTH_SIDES,
    OPERATORS,
    PARTS,
    PAUSE,
    RAISED,
    RELATIONS,
    SAID,
    SHARP,
    TIME,
    is_picture,
    number_of,
    tidy,
)
from lecture_assets.prose.prices import price

Knows = Callable[[str], bool]
"""Whether the voice has a word of its language for a sign."""


def as_said(text: str, language: str, knows: Knows = lambda _sign: False) -> list[str]:
    """What is said for each word of the text (`text.split()`), in order; empty for what is not said.

    knows: asked for signs that `lexicon.py` has no word for in this language.
    """
    lexicon = lexicon_of(language)
    written = [in_common_letters(word) for word in text.split()]
    words = told(written) if lexicon or knows("−") else written
    known = in_full(written, lexicon) if lexicon else {}
    return [
        known[place] if place in known else tidy(_Speaker(lexicon, knows, before, after).said(word))
        for place, (before, word, after) in enumerate(zip(["", *words], words, [*words[1:], ""], strict=False))
    ]


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Says one word between two others."""

    lexicon: Lexicon | None
    knows: Knows
    before: str
    after: str

    def said(self, word: str) -> str:
        """The word in words."""
        word = word.translate(KIN)
        if self.lexicon:
            word = with_marks_apart(word)
        if not word.isalpha():
            for written, sign in ASCII:
                word = word.replace(written, sign)
        core = word.rstrip(CLOSING) or word
        end = word[len(core) :]
        if self.lexicon and (whole := self._whole(core, self.lexicon)):
            return whole + end
        if self.lexicon and core.lower() in self.lexicon.scales and self.before[:1] in self.lexicon.money:
            return f"{core} {self.lexicon.money[self.before[0]][1]}{end}"
        return "".join(self._part(part, word) for part in PARTS.finditer(word))

    def _whole(self, core: str, lexicon: Lexicon) -> str:
        """What a word says that is one thing: a price, a measure; empty for any other."""
        return price(core, number_of(self.before), lexicon, lambda unit: unit_name(unit, lexicon, is_one=True)) or (
            self._measured(core, lexicon)
        )

    def _measured(self, core: str, lexicon: Lexicon) -> str:
        """`km/h` behind a number, `5km/h`, and `km/h` alone; empty for what is no unit."""
        if amount := number_of(self.before):
            unit, dash, high = core.partition("–")
            said = unit_name(unit, lexicon, is_one=amount == "1" and not dash) or (
                lexicon.money[unit][amount != "1"] if unit in lexicon.money else ""
            )
            return f"{said} {lexicon.to} {_Speaker(lexicon, self.knows, '', '').said(high)}" if said and dash else said
        attached = MEASURE.fullmatch(core.lstrip("([-−~≈"))
        if attached and attached["unit"] not in NOT_ATTACHED:
            return self._attached(core, attached, lexicon)
        return unit_name(core, lexicon, is_one=False) if "/" in core else ""

    def _attached(self, core: str, found: re.Match[str], lexicon: Lexicon) -> str:
        """A number, or two of a range, and the unit written onto it."""
        unit = unit_name(found["unit"], lexicon, is_one=found["number"] == "1")
        low_unit = unit_name(found["low_unit"], lexicon, is_one=found["low"] == "1") if found["low_unit"] else ""
        if not unit or (found["low_unit"] and not low_unit):
            return ""
        start = len(core) - len(found[0])
        signs = "".join(self._part(part, core) for part in PARTS.finditer(core) if part.end() <= start)
        low = f"{found['low']} {low_unit} {lexicon.to} " if found["low"] else ""
        return f"{signs}{low}{found['number']} {unit}"

    def _part(self, part: re.Match[str], word: str) -> str:
        made = _MADE.get(str(part.lastgroup))
        return made(self, part, word) if made else part[0]

    def tag(self, part: re.Match[str], _word: str) -> str:
        """`<b>`: its name, between pauses."""
        return f"{PAUSE}{part['name']}{PAUSE}"

    def accented(self, part: re.Match[str], _word: str) -> str:
        """`x̄`, `v⃗`."""
        if not self.lexicon:
            return part[0]
        letter, name = part[0][:-1], self.lexicon.accents[part["accent"]]
        return f" {name.format(letter) if '{}' in name else f'{letter} {name}'} "

    def sections(self, _part: re.Match[str], _word: str) -> str:
        """`§§`."""
        return f" {self.lexicon.sections} " if self.lexicon else self._named("§", "", "")

    def mixed(self, part: re.Match[str], _word: str) -> str:
        """`1½`."""
        if not self.lexicon:
            return f"{part['ones']} {self._named(part['fraction_behind'], '', '')}"
        return f"{part['ones']} {self.lexicon.mixed[part['fraction_behind']]} "

    def scientific(self, part: re.Match[str], _word: str) -> str:
        """`1e-5`."""
        if not self.lexicon:
            return part[0]
        exponent = f"{self.lexicon.minus} {part['tens']}" if part["tens_sign"] in {"-", "−"} else part["tens"]
        return f"{part['digits']} {self.lexicon.signs['×']} 10 {self.lexicon.power.format(exponent)} "

    def version(self, part: re.Match[str], _word: str) -> str:
        """`v1.2.3`."""
        return f" {self.lexicon.version} {part[0][1:]}" if self.lexicon else part[0]

    def paid(self, part: re.Match[str], word: str) -> str:
        """`€20`, `20€`; where a scale follows (`$5 million`), the money is said behind that."""
        amount, coin = part["sum"] or part["amount"], part["coin"] or part["money"]
        if part["most"]:
            amount = self._between([amount, part["most"]], "to")
        if not self.lexicon:
            return f" {amount} {coin} " if self.knows(coin) else f" {amount}{PAUSE}"
        is_last = part["coin"] and part.end() >= len(word.rstrip(CLOSING))
        if is_last and self.after.rstrip(CLOSING).lower() in self.lexicon.scales:
            return str(amount)
        return f" {amount} {self.lexicon.money[coin][amount != '1']}"

    def ratio(self, part: re.Match[str], _word: str) -> str:
        """`16:9`; a time of day is left to the voice."""
        return part[0] if TIME.fullmatch(part[0]) else self._between(part[0].split(":"), "ratio")

    def range(self, part: re.Match[str], _word: str) -> str:
        """`3–5`."""
        return self._between([part["low"], part["high"]], "to")

    def fraction(self, part: re.Match[str], _word: str) -> str:
        """`3/4`."""
        common = FRACTIONS.get(part[0], "")
        return self._named(common, "", "") if common and self.lexicon else self._between(part[0].split("/"), "over")

    def index(self, part: re.Match[str], _word: str) -> str:
        """The ₂ of H₂O."""
        written = "".join(LOW[letter] for letter in part[0])
        return f" {re.sub('[-−+]', lambda sign: self._named(sign[0].replace('-', '−'), '', ''), written)} "

    def sign(self, part: re.Match[str], word: str) -> str:
        """Any other letter, between the two beside it."""
        return self._sign(part[0], word[part.start() - 1 : part.start()], word[part.end() : part.end() + 1], word)

    def word(self, part: re.Match[str], word: str) -> str:
        """Letters; one by one where they are the elements of a formula."""
        if re.search(DOWN, word) and ELEMENTS.fullmatch(part[0]):
            return " ".join(ELEMENT.findall(part[0]))
        return part[0]

    def _between(self, parts: Sequence[str], name: str) -> str:
        return (f" {getattr(self.lexicon, name)} " if self.lexicon else PAUSE).join(parts)

    def power(self, part: re.Match[str], word: str) -> str:
        """`10²`, `2^10`."""
        exponent = part["in_round"] or part["in_curly"] or part["bare"] or "".join(RAISED[letter] for letter in part["up"] or "")
        is_term = bool(RELATIONS & {self.before, self.after})
        units = self.lexicon.units if self.lexicon else ()
        if part["up"] and not is_term and is_footnote_mark(word[: part.start()], exponent, units):
            return ""
        if self.lexicon and (charge := CHARGE.fullmatch(exponent)):
            return f" {charge[1]} {self._named(charge[2].replace('-', '−'), '', '')} "
        if not self.lexicon or not part.start():
            return f"{PAUSE}{exponent} "
        whole = {"2": self.lexicon.squared, "3": self.lexicon.cubed}.get(exponent)
        if whole:
            return f" {whole} "
        inner = _Speaker(self.lexicon, self.knows, "", "").said(told_in_exponent(exponent)) if exponent else ""
        return f" {self.lexicon.power.format(inner)} "

    def _sign(self, sign: str, left: str, right: str, word: str) -> str:
        """One sign between two letters of its word (empty at its ends)."""
        if sign == "-":
            return self._hyphen(left, right)
        if sign in "–—" and left and right and ON_BOTH_SIDES.search(word):
            return self._between(["", ""], "to")
        if sign in "/#":
            return self._slash(left, right, word) if sign == "/" else self._hash(left, right, word)
        if sign in BRACKET_LIKE and not self._stands_for_a_word(sign, left, right):
            return self._pause(left, right)
        if self._is_read(sign) or (sign in "·•" and left.isalpha() and right.isalpha() and not FACTORS.search(word)):
            return sign
        return self._named({"*": "×", "·": "×"}.get(sign, sign), left, right)

    def _is_read(self, sign: str) -> bool:
        """Letters, figures, punctuation, and the marks that words are made with."""
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

    def _named(self, sign: str, left: str, right: str) -> str:
        if self.lexicon and sign in self.lexicon.signs:
            return f" {self.lexicon.signs[sign]} "
        if self.lexicon and sign in self.lexicon.money:
            return f" {self.lexicon.money[sign][1]} "
        if unicodedata.category(sign) in {"Sm", "Sc", "Po", "So", "No"} and not is_picture(sign) and self.knows(sign):
            return f" {sign} "
        return self._pause(left, right)

    @staticmethod
    def _pause(left: str, right: str) -> str:
        """Between two letters or digits a pause, at a word's edge nothing, alone a pause."""
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
            return self._named("−", left, right) if self.lexicon or self.knows("−") else "-"
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


_MADE: Mapping[str, Callable[[_Speaker, re.Match[str], str], str]] = {
    "accented": _Speaker.accented,
    "tag": _Speaker.tag,
    "sections": _Speaker.sections,
    "mixed": _Speaker.mixed,
    "scientific": _Speaker.scientific,
    "version": _Speaker.version,
    "paid_before": _Speaker.paid,
    "paid_behind": _Speaker.paid,
    "ratio": _Speaker.ratio,
    "range": _Speaker.range,
    "fraction": _Speaker.fraction,
    "power": _Speaker.power,
    "index": _Speaker.index,
    "word": _Speaker.word,
    "sign": _Speaker.sign,
}
"""How each part of a word is said; figures are said as they are."""
