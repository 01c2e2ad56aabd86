"""Prices in words: money with a letter for thousands or millions, and money per unit.

£5m  →  5 million pounds        1,5 M€  →  1,5 millions d’euros        $5/h  →  5 dollars per hour

Plain amounts of money are handled in `spoken.py`.
"""

import re
from collections.abc import Callable

from lecture_assets.prose.lexicon import Lexicon
from lecture_assets.prose.pieces import NUMBER

_COIN = "[€$£¥]"
_FOR = r"(?:/(?P<unit>[^\W\d_]{1,8}[²³]?))?"
_SUM = rf"(?P<low>{NUMBER})(?:–{_COIN}?(?P<high>{NUMBER}))?"
_BEFORE = re.compile(rf"(?P<open>[(\[\"'„“‘«]*)(?P<coin>{_COIN}){_SUM}(?P<scale>[A-Za-z]{{0,3}}){_FOR}")
_BEHIND = re.compile(rf"(?P<open>[(\[\"'„“‘«]*)(?:{_SUM})?(?P<scale>[A-Za-z]{{0,3}})(?P<coin>{_COIN}){_FOR}")


def price(written: str, before: str, lexicon: Lexicon, unit: Callable[[str], str]) -> str:
    """Return a price as spoken; empty for any other word, and for a plain number with a currency.

    before: the number at the end of the previous word
    unit:   returns the name of a unit, empty if it is not one
    """
    found = _BEFORE.fullmatch(written) or _BEHIND.fullmatch(written)
    if not found or not (found["scale"] or found["unit"]) or not (found["low"] or before):
        return ""
    scale = lexicon.scale_letters.get(found["scale"])
    if (found["scale"] and not scale) or (found["unit"] and not (per := _per(found["unit"], lexicon, unit))):
        return ""
    amount = f"{found['low']} {lexicon.to} {found['high']}" if found["high"] else found["low"] or ""
    is_one = (amount or before) == "1"
    coin = lexicon.money[found["coin"]][bool(scale) or not is_one]
    sum_ = _scaled(scale[not is_one], coin) if scale else coin
    return f"{found['open']}{f'{amount} {sum_}'.strip()}{f' {per}' if found['unit'] else ''}"


def _per(written: str, lexicon: Lexicon, unit: Callable[[str], str]) -> str:
    name = unit(written) or (written if len(written) > 1 and written.isalpha() else "")
    return f"{lexicon.per} {name}" if name else ""


def _scaled(scale: str, coin: str) -> str:
    """`millions d’euros`, `millions de dollars`, `million pounds`."""
    if not scale.endswith("’"):
        return f"{scale} {coin}"
    return f"{scale}{coin}" if coin[0] in "aeiou" else f"{scale[:-1]}e {coin}"
