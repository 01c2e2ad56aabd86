"""Decide from the context which hyphens are minus signs and which mark a range.

y = -x, 2(n-1), x - y   →   −          3-5 kg, 10-20 %, 1914-1918   →   –          e-mail, 2026-11-29, 555-1234 unchanged
"""

import re
from collections.abc import Sequence

from lecture_assets.prose.pieces import CLOSING, NUMBER

_AROUND = "+−×÷±=≠≈≤≥<>→⇒*^·/"
_OPERATOR = re.compile(rf"[{re.escape(_AROUND)}-]|==|<=|>=|!=|->|=>")
"""An operator as a word of its own."""
_OPENING = "([{«„“‘\"'~≈"
_LETTER = r"[^\W\d_²³¹⁰-₟½¼¾]"
"""A letter; superscript and subscript forms, which Unicode counts as letters too, are excluded."""
_VARIABLE = rf"(?<![^\W_])(?:\d+)?{_LETTER}(?!{_LETTER})"
_QUANTITY = re.compile(rf"(?:{NUMBER}|{_VARIABLE}|[)²³ⁿ])$")
"""Word ends that a minus may follow: 5, x, 2x, f(x), x²."""
_TERM = re.compile(rf"[-−]?(?:\d|[(√]|{_LETTER}(?!{_LETTER})|(?:sin|cos|tan|log|ln|exp)\b)")
"""Word starts that a minus may precede."""
_WORDS_OF_ONE_LETTER = frozenset("aAIoOàèòóé")
_LEADING = re.compile(rf"(?:(?<=[(<>≤≥+×·*^{{])|(?<==)(?<![^\W_][^\W_]=))-(?=[(√]|{_LETTER}(?!{_LETTER}|-))")
"""A hyphen after an operator or bracket in its word and before a letter, but not in `--mode=-x`."""
_FORMULA = re.compile(r"[=+·^⁰-⁹²³]|\w\(|\)[(^²³/*]")
"""Signs that only formulas have within one word; e-mail has none of them."""
_POWER = re.compile("[²³^⁰-⁹]")
_TERM_END = rf"(?:(?<![^\W_])(?<!\d-)(?:\d+|\d*{_LETTER})|[)²³ⁿ])"
_BETWEEN = re.compile(rf"(?P<left>{_TERM_END})-(?P<right>\(|√|\d+(?![^\W_]|-\d)|\d*{_LETTER}(?![^\W_-]))")
_LESS_ONE = re.compile(r"\W*(?:\d+-[npqxyz]|[a-z]-\d+)\W*")
"""`n-1` and `1-x` on their own; B-12, F-16 and 3-D are names."""
_EDGE = r"[€$£¥]?"
_RANGE = re.compile(
    rf"(?P<before>[(\[{{«„“‘\"'~≈]*{_EDGE})(?P<low>{NUMBER})(?P<sign>(?:[%‰€$£¥]|°[CF]?|st|nd|rd|th|[a-zµ]{{1,3}}(?=-\d+[a-zµ]))?)"
    rf"-(?P<mark>{_EDGE})(?P<high>{NUMBER})(?P<behind>(?:[%‰€$£¥]|st|nd|rd|th|[µ°Ω]?[A-Za-zΩµ]{{0,3}})[²³]?)"
)
_AMOUNT_OF = re.compile(r"[%‰€$£¥°µΩ]")
_PREFIX_LENGTH = 3
"""Digits in the first group of a telephone number that looks like a range: 555-1234."""


def with_minus_signs(words: Sequence[str]) -> list[str]:
    """Replace hyphens that are minus signs or mark ranges with − and –."""
    padded = ["", "", *words, "", ""]
    return [
        _resolved(word, padded[place : place + 2], padded[place + 3 : place + 5]) if "-" in word else word
        for place, word in enumerate(words)
    ]


def with_minus_in_exponent(written: str) -> str:
    """Replace hyphens in an exponent, between or before terms, with minus signs."""
    return _BETWEEN.sub(r"\g<left>−\g<right>", re.sub("^-", "−", written))


def _resolved(word: str, before: Sequence[str], after: Sequence[str]) -> str:
    if word == "-":
        return "−" if _is_between_terms(before, after) else word
    core = word.rstrip(CLOSING)
    if _is_range(core, before[1], after[0]):
        return word.replace("-", "–")
    if word.startswith("-") and _begins_term(word, before[1], after[0]):
        word = f"−{word[1:]}"
    return _within(_LEADING.sub("−", word), before[1], after[0])


def _is_between_terms(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether a free-standing hyphen subtracts one term from another: `x - y`, but not `Option A - I think`."""
    left, right = before[1], after[0]
    if not left or not _QUANTITY.search(left) or not _TERM.match(right):
        return False
    end = right.rstrip(CLOSING)
    if not end.isalpha() and not left[-1].isalpha():
        return True
    if _is_operator(before[0]) or _is_operator(after[1]):
        return True
    if end in _WORDS_OF_ONE_LETTER and end == right and after[1]:
        return False
    return not (left.isalpha() and left.isupper())


def _begins_term(word: str, before: str, after: str) -> bool:
    """Whether a hyphen at the start of a word is a sign: `= -x`, `-(a+b)`, `-x + 1`."""
    if not _TERM.match(word[1:]):
        return False
    if word[1].isdigit():
        return word[2:3].isalpha() and not word[3:4].isalpha()
    return (
        word[1] in "(√"
        or bool(_POWER.search(word))
        or _is_operator(before)
        or before[-1:] in tuple("=(+×·")
        or _is_operator(after)
    )


def _is_operator(word: str) -> bool:
    return bool(word) and bool(_OPERATOR.fullmatch(word))


def _within(word: str, before: str, after: str) -> str:
    """Replace hyphens within a formula written without spaces."""
    if "[^" in word:
        return word
    is_equation = "=" in word or after.startswith("=")
    if not (is_equation or before == "=" or _FORMULA.search(word) or _LESS_ONE.fullmatch(word)):
        return word

    def minus(found: re.Match[str]) -> str:
        left, right = found["left"], found["right"]
        is_minus = is_equation or not (left + right).isdecimal() or (before == "=" and int(left) > int(right))
        return f"{left}{'−' if is_minus else '-'}{right}"

    return _BETWEEN.sub(minus, word)


def _is_range(core: str, before: str, after: str) -> bool:
    """Whether a word is a range of two numbers, with or without units."""
    found = _RANGE.fullmatch(core)
    if not found or "=" in before[-1:]:
        return False
    low, high = found["low"], found["high"]
    if _value(low) is None or _value(high) is None or _is_padded(low) or _is_padded(high):
        return False
    if bool(found["behind"]) and not _AMOUNT_OF.search(found["behind"]) and found["behind"] in {"D", "G", "x", "K"}:
        return False
    if len(low) == len("1914") and len(high) == len("18") and high.isdigit():
        return int(high) > int(low[2:]) if low.isdigit() else False
    if (_value(low) or 0) >= (_value(high) or 0):
        return False
    is_measured = bool(found["behind"] or found["before"][-1:] in tuple("€$£¥") or _AMOUNT_OF.match(after))
    return is_measured or not _may_be_a_name(low, high)


def _value(number: str) -> float | None:
    """Return the value of a number with a decimal point or comma; None for 1.2.3."""
    plain = number.replace("’", "").replace("'", "")
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+|\d{1,3}(?:\.\d{3})+", plain):
        return float(re.sub(r"\D", "", plain))
    plain = plain.replace(",", ".")
    return float(plain) if plain.count(".") <= 1 else None


def _is_padded(number: str) -> bool:
    return len(number) > 1 and number[0] == "0" and number[1].isdigit()


def _may_be_a_name(low: str, high: str) -> bool:
    """Whether two numbers look like a name, such as 555-1234, 12345-67890 or a 737-800: three digits or more, not an estimate."""
    if not (low.isdigit() and high.isdigit() and len(high) >= len(low) >= _PREFIX_LENGTH):
        return False
    is_name = len(low) == len(high) == _PREFIX_LENGTH and high.endswith("00") and not low.endswith("0")
    return is_name or (len(high) > len(low) and not high.endswith("0")) or len(high) > len("1914")
