"""A text as it is said: signs, powers, units and money in words, one piece for each word that is shown.

    6×10²³  →  6 times 10 to the power of 23        100 °C  →  100 | degrees Celsius        3–5  →  3 to 5

For a voice that reads letters and figures and little else (espeak-ng). Figures stay figures: every voice says them in its own
language. A sign that has no words is a pause, never nothing: 2 and 3 do not become 23.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lecture_assets.prose.formula import SUBSCRIPT, SUPERSCRIPT
from lecture_assets.prose.lexicon import Lexicon, lexicon_of

_PAUSE = "\0"
"""Stands for a pause until the piece is whole: a comma within a number is none."""
Knows = Callable[[str], bool]
"""Whether the voice has a word of its language for a sign."""

_RAISED = {form: letter for letter, form in SUPERSCRIPT.items() if form not in "°′"}
_LOW = {form: letter for letter, form in SUBSCRIPT.items()}
_UP, _DOWN = ("[" + "".join(re.escape(form) for form in forms) + "]+" for forms in (_RAISED, _LOW))
_JOINERS = frozenset("\u200c\u200d")
"""Needed inside words of Persian and Indic scripts, though they are control characters."""
_KIN = str.maketrans(
    {"⋅": "×", "∙": "×", "✕": "×", "∗": "*", "∕": "/", "⁄": "/", "℃": "°C", "℉": "°F", "º": "°", "μ": "µ", "Ω": "Ω"}
    | {"≃": "≈", "≅": "≈", "∼": "~", "⩽": "≤", "⩾": "≥", "≦": "≤", "≧": "≥", "⟶": "→", "➔": "→", "➜": "→", "⟹": "⇒", "↦": "→"}
    | {"＋": "+", "＝": "=", "％": "%", "＆": "&", "＃": "#", "＠": "@", "＜": "<", "＞": ">", "≡": "=", "⁒": "%"}
)
"""Signs that are said as another one is."""
_ASCII = (("===", "="), ("==", "="), ("-->", "→"), ("=>", "⇒"), ("->", "→"), ("<=", "≤"), (">=", "≥"), ("!=", "≠"), ("&&", "&"))
_NUMBER = r"\d+(?:[.,’']\d+)*"
_PARTS = re.compile(
    r"(?P<tag></?(?P<name>[^\W\d_][\w:.-]*)[^<>]*>)"
    r"|(?P<version>(?<!\w)[vV]\d+(?:\.\d+)+)"
    rf"|(?P<paid_before>(?P<coin>[€$£¥])(?P<sum>{_NUMBER}))"
    rf"|(?P<paid_behind>(?P<amount>{_NUMBER})(?P<money>[€$£¥]))"
    r"|(?P<ratio>(?<![\w:])\d+:\d+(?![\w:]))"
    rf"|(?P<range>(?P<low>{_NUMBER})[–—](?P<high>{_NUMBER}))"
    r"|(?P<fraction>(?<![\w/.])\d+/\d+(?![\w/]))"
    rf"|(?P<power>(?:\^|(?<=[\w)])\*\*)(?:\((?P<in_round>[^()]*)\)|\{{(?P<in_curly>[^{{}}]*)\}}|(?P<bare>[-−+]?(?:{_NUMBER}|[^\W_]+)))|(?P<up>{_UP}))"
    rf"|(?P<index>{_DOWN})"
    rf"|(?P<plain>{_NUMBER})"
    rf"|(?P<word>(?:(?!{_UP}|{_DOWN}|[½¼¾⅓⅔])[^\W\d_])+)"
    r"|(?P<sign>.)",
    re.DOTALL,
)
_UNIT = re.compile(r"([µ°]?[A-Za-zΩµ]*)([²³]|\^[23])?")
_MEASURE = re.compile(rf"(?P<number>{_NUMBER})(?P<unit>[µ°Ω]?[A-Za-zΩµ].*)", re.DOTALL)
_NOT_ATTACHED = frozenset({"K", "s", "t"})
"""What behind a figure without a space is something else: 4K, the 90s."""
_ELEMENTS = re.compile(r"(?:[A-Z][a-z]?)+")
_ELEMENT = re.compile(r"[A-Z][a-z]?")
_SHARP = re.compile(r"(?<!\w)[A-HJ]#(?!\w)")
_TIME = re.compile(r"\d{1,2}:\d{2}")
_CLOSING = ".,;:!?)]}\"'”’»…"
_BRACKET_LIKE = frozenset("*_`~|<>\\^#")
"""Signs that hold words rather than stand for one: silent at a word's edge."""
_SAID = frozenset("%&@*§‰\\_·")
"""Punctuation, as Unicode counts, that has words."""
_OPERATORS = frozenset("+−×÷±=≠≈≤≥<>→⇒/*-–([")
_FOOTNOTE_FROM = 4
"""Letters of a word behind which a raised figure is no power."""
_PAUSES = re.compile(r"[,\s]*\0[\s\0]*(?:,(?!\d))?")
_LOOSE = re.compile(r"\s+(?=[,.;:!?)\]])")
_FRACTIONS = {"1/2": "½", "1/4": "¼", "3/4": "¾", "1/3": "⅓", "2/3": "⅔"}


def as_said(text: str, language: str, knows: Knows = lambda _sign: False) -> list[str]:
    """What is said for each word of the text (`text.split()`), in order; empty for what is not said.

    knows: asked for signs that `lexicon.py` has no word for in this language.
    """
    words = text.split()
    lexicon = lexicon_of(language)
    return [
        _tidy(_Speaker(lexicon, knows, before, after).said(word))
        for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False)
    ]


def _tidy(piece: str) -> str:
    """Single spaces, pauses close to what they follow, none of them doubled."""
    return " ".join(_LOOSE.sub("", _PAUSES.sub(", ", piece)).split())


def _number_of(word: str) -> str:
    """The figure that a word ends with, empty where it ends otherwise."""
    found = re.search(rf"{_NUMBER}$", word)
    return found[0] if found else ""


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Says one word between two others."""

    lexicon: Lexicon | None
    knows: Knows
    before: str
    after: str

    def said(self, word: str) -> str:
        """The word in words."""
        word = word.translate(_KIN)
        if not word.isalpha():
            for written, sign in _ASCII:
                word = word.replace(written, sign)
        core = word.rstrip(_CLOSING) or word
        end = word[len(core) :]
        if self.lexicon and (measured := self._measured(core, self.lexicon)):
            return measured + end
        if self.lexicon and core.lower() in self.lexicon.scales and self.before[:1] in self.lexicon.money:
            return f"{core} {self.lexicon.money[self.before[0]][1]}{end}"
        return "".join(self._part(part, word) for part in _PARTS.finditer(word))

    def _measured(self, core: str, lexicon: Lexicon) -> str:
        """`km/h` behind a number, `5km/h`, and `km/h` alone; empty for what is no unit."""
        if amount := _number_of(self.before):
            return self._unit(core, lexicon, is_one=amount == "1") or (
                lexicon.money[core][amount != "1"] if core in lexicon.money else ""
            )
        attached = _MEASURE.fullmatch(core.lstrip("([-−~≈"))
        if attached and attached["unit"] not in _NOT_ATTACHED:
            unit = self._unit(attached["unit"], lexicon, is_one=attached["number"] == "1")
            start = core[: len(core) - len(attached[0])]
            signs = "".join(self._part(part, core) for part in _PARTS.finditer(core) if part.end() <= len(start))
            return f"{signs}{attached['number']} {unit}" if unit else ""
        return self._unit(core, lexicon, is_one=False) if "/" in core else ""

    def _unit(self, written: str, lexicon: Lexicon, *, is_one: bool) -> str:
        """`kg/m³` as kilograms per cubic metre; empty where a part of it is no unit."""
        words = []
        for place, part in enumerate(written.split("/")):
            found = _UNIT.fullmatch(part)
            if not found or found[1] not in lexicon.units:
                return ""
            one, many = lexicon.units[found[1]]
            name = one if place or is_one else many
            exponent = (found[2] or "").lstrip("^").translate(str.maketrans("²³", "23"))
            if exponent and place and found[1] in {"s", "min", "h"}:
                name = f"{name} {lexicon.squared if exponent == '2' else lexicon.cubed}"
            elif exponent:
                form = lexicon.square if exponent == "2" else lexicon.cube
                name = form.format(name.lower() if (form[0] != "{" and form.endswith("t{}")) or form.endswith("k{}") else name)
            words.append(name)
        return f" {lexicon.per} ".join(words)

    def _part(self, part: re.Match[str], word: str) -> str:
        made = _MADE.get(str(part.lastgroup))
        return made(self, part, word) if made else part[0]

    def tag(self, part: re.Match[str], _word: str) -> str:
        """`<b>`: its name, between pauses."""
        return f"{_PAUSE}{part['name']}{_PAUSE}"

    def version(self, part: re.Match[str], _word: str) -> str:
        """`v1.2.3`."""
        return f" {self.lexicon.version} {part[0][1:]}" if self.lexicon else part[0]

    def paid(self, part: re.Match[str], word: str) -> str:
        """`€20`, `20€`; where a scale follows (`$5 million`), the money is said behind that."""
        amount, coin = part["sum"] or part["amount"], part["coin"] or part["money"]
        if not self.lexicon:
            return f" {amount} {coin} " if self.knows(coin) else f" {amount}{_PAUSE}"
        is_last = part["coin"] and part.end() >= len(word.rstrip(_CLOSING))
        if is_last and self.after.rstrip(_CLOSING).lower() in self.lexicon.scales:
            return str(amount)
        return f" {amount} {self.lexicon.money[coin][amount != '1']}"

    def ratio(self, part: re.Match[str], _word: str) -> str:
        """`16:9`; a time of day is left to the voice."""
        return part[0] if _TIME.fullmatch(part[0]) else self._between(part[0].split(":"), "ratio")

    def range(self, part: re.Match[str], _word: str) -> str:
        """`3–5`."""
        return self._between([part["low"], part["high"]], "to")

    def fraction(self, part: re.Match[str], _word: str) -> str:
        """`3/4`."""
        common = _FRACTIONS.get(part[0], "")
        return self._named(common, "", "") if common and self.lexicon else self._between(part[0].split("/"), "over")

    def index(self, part: re.Match[str], _word: str) -> str:
        """The ₂ of H₂O."""
        return f" {''.join(_LOW[letter] for letter in part[0])} "

    def sign(self, part: re.Match[str], word: str) -> str:
        """Any other letter, between the two beside it."""
        return self._sign(part[0], word[part.start() - 1 : part.start()], word[part.end() : part.end() + 1], word)

    def word(self, part: re.Match[str], word: str) -> str:
        """Letters; one by one where they are the elements of a formula."""
        if re.search(_DOWN, word) and _ELEMENTS.fullmatch(part[0]):
            return " ".join(_ELEMENT.findall(part[0]))
        return part[0]

    def _between(self, parts: Sequence[str], name: str) -> str:
        return (f" {getattr(self.lexicon, name)} " if self.lexicon else _PAUSE).join(parts)

    def power(self, part: re.Match[str], word: str) -> str:
        """`10²`, `2^10`."""
        exponent = part["in_round"] or part["in_curly"] or part["bare"] or "".join(_RAISED[letter] for letter in part["up"] or "")
        base = re.search(r"[^\W\d_]+$", word[: part.start()])
        if not self.lexicon or not part.start() or (part["up"] and base and len(base[0]) >= _FOOTNOTE_FROM):
            return f"{_PAUSE}{exponent} "
        whole = {"2": self.lexicon.squared, "3": self.lexicon.cubed}.get(exponent)
        if whole:
            return f" {whole} "
        inner = _Speaker(self.lexicon, self.knows, "", "").said(exponent.replace("−", "-")) if exponent else ""
        return f" {self.lexicon.power.format(inner)} "

    def _sign(self, sign: str, left: str, right: str, word: str) -> str:
        """One sign between two letters of its word (empty at its ends)."""
        if sign == "-":
            return self._hyphen(left, right)
        if sign in "–—" and left.isdigit() and right.isdigit():
            return self._between(["", ""], "to")
        if sign in "/#":
            return self._slash(left, right, word) if sign == "/" else self._hash(left, right, word)
        if sign in _BRACKET_LIKE and not self._stands_for_a_word(sign, left, right):
            return self._pause(left, right)
        if self._is_read(sign) or (sign in "·•" and left.isalpha() and right.isalpha()):
            return sign
        return self._named({"*": "×", "·": "×"}.get(sign, sign), left, right)

    def _is_read(self, sign: str) -> bool:
        """Letters, figures, punctuation, and the marks that words are made with."""
        if sign in _JOINERS:
            return True
        category = unicodedata.category(sign)[0]
        if category in "LMN":
            return not (self.lexicon and sign in self.lexicon.signs)
        return category == "P" and sign not in _SAID

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
        if unicodedata.category(sign) in {"Sm", "Sc", "Po", "So", "No"} and not _is_picture(sign) and self.knows(sign):
            return f" {sign} "
        return self._pause(left, right)

    @staticmethod
    def _pause(left: str, right: str) -> str:
        """Between two letters or digits a pause, at a word's edge nothing, alone a pause."""
        if left and right and (left.isalnum() or left in ")]") and (right.isalnum() or right in "(["):
            return _PAUSE
        return _PAUSE if not left and not right else " " if left and right else ""

    def _hyphen(self, left: str, right: str) -> str:
        if left.isdigit() and right.isdigit():
            return _PAUSE
        is_minus = (right.isdigit() and (not left or left in _OPERATORS)) or (
            not left and not right and _number_of(self.before) and self.after[:1].isdigit()
        )
        if is_minus:
            return self._named("−", left, right) if self.lexicon or self.knows("−") else "-"
        return "-"

    def _slash(self, left: str, right: str, word: str) -> str:
        if self.lexicon and word.count("/") == 1 and re.fullmatch(r"\W*\w[²³]?/\w[²³]?\W*", word):
            return f" {self.lexicon.over} "
        if not self.lexicon and left.isdigit() and right.isdigit() and self.knows("/"):
            return " / "
        return _PAUSE

    def _hash(self, left: str, right: str, word: str) -> str:
        if self.lexicon and _SHARP.search(word):
            return f" {self.lexicon.sharp} "
        if self.lexicon and right.isalnum() and not left.isalnum():
            return f" {self.lexicon.number if right.isdigit() else self.lexicon.hashtag} "
        return self._pause(left, right)


_MADE: Mapping[str, Callable[[_Speaker, re.Match[str], str], str]] = {
    "tag": _Speaker.tag,
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


def _is_picture(sign: str) -> bool:
    """Emoji, dingbats, boxes and arrows that nobody reads aloud."""
    return unicodedata.category(sign) == "So" and sign not in "№°℃℉©®™"
