"""A text as spoken: signs, powers, units and money in words, one piece for each word shown.

    6×10²³  →  6 times 10 to the power of 23        100 °C  →  100 | degrees Celsius        3–5  →  3 to 5

For a voice that reads little more than letters and digits (espeak-ng). Digits stay digits: every voice reads them in its own
language. A sign without a word becomes a pause, never nothing, so that 2 and 3 do not become 23. Single signs are in `signs.py`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lecture_assets.prose.customs import in_full
from lecture_assets.prose.emoji import without_emoji
from lecture_assets.prose.footnote_marks import is_footnote_mark
from lecture_assets.prose.hyphens import with_minus_in_exponent, with_minus_signs
from lecture_assets.prose.letters import in_common_letters, with_marks_apart
from lecture_assets.prose.lexicon import Lexicon, lexicon_of
from lecture_assets.prose.measures import unit_name
from lecture_assets.prose.pieces import (
    ASCII,
    CHARGE,
    CLOSING,
    DOWN,
    ELEMENT,
    ELEMENTS,
    FRACTIONS,
    KIN,
    LOW,
    MEASURE,
    NOT_ATTACHED,
    PARTS,
    PAUSE,
    RAISED,
    RELATIONS,
    TIME,
    number_of,
    tidy,
)
from lecture_assets.prose.prices import price
from lecture_assets.prose.readings import counted
from lecture_assets.prose.signs import Knows, Signs
from lecture_media.unspaced import words_of


def as_said(text: str, language: str, knows: Knows = lambda _sign: False) -> list[str]:
    """Return what is spoken for each word of the text (`unspaced.words_of`), in order; empty for words that are not spoken.

    knows: consulted for signs without a word in this language's lexicon
    """
    lexicon = lexicon_of(language)
    written = [in_common_letters(without_emoji(word.text)) for word in words_of(text, language)]
    words = with_minus_signs(written) if lexicon or knows("−") else written
    known = in_full(written, lexicon) if lexicon else {}
    return [
        known[place] if place in known else tidy(_Speaker(lexicon, knows, before, after).said(word))
        for place, (before, word, after) in enumerate(zip(["", *words], words, [*words[1:], ""], strict=False))
    ]


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Speaks one word between two others."""

    lexicon: Lexicon | None
    knows: Knows
    before: str
    after: str

    @property
    def signs(self) -> Signs:
        """The single signs of this word."""
        return Signs(self.lexicon, self.knows, self.before, self.after)

    def said(self, word: str) -> str:
        """Return the word as spoken."""
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
        """Return a word that is a price or a measure as spoken; empty for any other word."""
        return price(core, number_of(self.before), lexicon, lambda unit: unit_name(unit, lexicon, is_one=True)) or (
            self._measured(core, lexicon)
        )

    def _measured(self, core: str, lexicon: Lexicon) -> str:
        """Return `km/h` after a number, `5km/h`, or `km/h` alone as spoken; empty for anything else."""
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
        """Return a number or a range with an attached unit as spoken."""
        unit = unit_name(found["unit"], lexicon, is_one=found["number"] == "1")
        low_unit = unit_name(found["low_unit"], lexicon, is_one=found["low"] == "1") if found["low_unit"] else ""
        if not unit or (found["low_unit"] and not low_unit):
            return ""
        start = len(core) - len(found[0])
        signs = "".join(self._part(part, core) for part in PARTS.finditer(core) if part.end() <= start)
        low = f"{found['low']} {low_unit} {lexicon.to} " if found["low"] else ""
        return f"{signs}{low}{counted(found['number'], unit, lexicon)}"

    def _part(self, part: re.Match[str], word: str) -> str:
        made = _MADE.get(str(part.lastgroup))
        return made(self, part, word) if made else part[0]

    def accented(self, part: re.Match[str], _word: str) -> str:
        """`x̄`, `v⃗`."""
        if not self.lexicon:
            return part[0]
        letter, name = part[0][:-1], self.lexicon.accents[part["accent"]]
        return f" {name.format(letter) if '{}' in name else f'{letter} {name}'} "

    def sections(self, _part: re.Match[str], _word: str) -> str:
        """`§§`."""
        return f" {self.lexicon.sections} " if self.lexicon else self.signs.named("§", "", "")

    def mixed(self, part: re.Match[str], _word: str) -> str:
        """`1½`."""
        if not self.lexicon:
            return f"{part['ones']} {self.signs.named(part['fraction_behind'], '', '')}"
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
        """`€20`, `20€`; before a scale (`$5 million`), the currency is spoken after the scale."""
        amount, coin = part["sum"] or part["amount"], part["coin"] or part["money"]
        if part["most"]:
            amount = self.signs.joined([amount, part["most"]], "to")
        if not self.lexicon:
            return f" {amount} {coin} " if self.knows(coin) else f" {amount}{PAUSE}"
        is_last = part["coin"] and part.end() >= len(word.rstrip(CLOSING))
        if is_last and self.after.rstrip(CLOSING).lower() in self.lexicon.scales:
            return str(amount)
        return f" {counted(amount, self.lexicon.money[coin][amount != '1'], self.lexicon)}"

    def ratio(self, part: re.Match[str], _word: str) -> str:
        """`16:9`; times of day are left to the voice."""
        return part[0] if TIME.fullmatch(part[0]) else self.signs.joined(part[0].split(":"), "ratio")

    def range(self, part: re.Match[str], _word: str) -> str:
        """`3–5`."""
        return self.signs.joined([part["low"], part["high"]], "to")

    def fraction(self, part: re.Match[str], _word: str) -> str:
        """`3/4`."""
        common = FRACTIONS.get(part[0], "")
        return self.signs.named(common, "", "") if common and self.lexicon else self.signs.joined(part[0].split("/"), "over")

    def index(self, part: re.Match[str], _word: str) -> str:
        """The ₂ of H₂O."""
        written = "".join(LOW[letter] for letter in part[0])
        return f" {re.sub('[-−+]', lambda sign: self.signs.named(sign[0].replace('-', '−'), '', ''), written)} "

    def sign(self, part: re.Match[str], word: str) -> str:
        """Any other character, given its neighbours."""
        return self.signs.said(part[0], word[part.start() - 1 : part.start()], word[part.end() : part.end() + 1], word)

    def power(self, part: re.Match[str], word: str) -> str:
        """`10²`, `2^10`."""
        exponent = part["in_round"] or part["in_curly"] or part["bare"] or "".join(RAISED[letter] for letter in part["up"] or "")
        is_term = bool(RELATIONS & {self.before, self.after})
        units = self.lexicon.units if self.lexicon else ()
        if part["up"] and not is_term and is_footnote_mark(word[: part.start()], exponent, units):
            return ""
        if self.lexicon and (charge := CHARGE.fullmatch(exponent)):
            return f" {charge[1]} {self.signs.named(charge[2].replace('-', '−'), '', '')} "
        if not self.lexicon or not part.start():
            return f"{PAUSE}{exponent} "
        whole = {"2": self.lexicon.squared, "3": self.lexicon.cubed}.get(exponent)
        if whole:
            return f" {whole} "
        inner = _Speaker(self.lexicon, self.knows, "", "").said(with_minus_in_exponent(exponent)) if exponent else ""
        return f" {self.lexicon.power.format(inner)} "


def _tag(_speaker: _Speaker, part: re.Match[str], _word: str) -> str:
    """`<b>`: its name, between pauses."""
    return f"{PAUSE}{part['name']}{PAUSE}"


def _word(_speaker: _Speaker, part: re.Match[str], word: str) -> str:
    """Letters, spelled out if they are the elements of a chemical formula."""
    if re.search(DOWN, word) and ELEMENTS.fullmatch(part[0]):
        return " ".join(ELEMENT.findall(part[0]))
    return part[0]


_MADE: Mapping[str, Callable[[_Speaker, re.Match[str], str], str]] = {
    "accented": _Speaker.accented,
    "tag": _tag,
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
    "word": _word,
    "sign": _Speaker.sign,
}
"""How each part of a word is spoken; numbers are left unchanged."""
