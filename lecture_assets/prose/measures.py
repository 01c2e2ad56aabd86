"""Units in words: kg/m³ is kilograms per cubic metre, kg·m/s² kilogram metres per second squared."""

import re

from lecture_assets.prose.lexicon import Lexicon
from lecture_assets.prose.pieces import UNIT

_DIGITS = str.maketrans("²³", "23")
_OF_TIME = frozenset({"s", "min", "h"})
"""Units whose power follows their name: per second squared."""


def unit_name(written: str, lexicon: Lexicon, *, is_one: bool) -> str:
    """Return the name of a unit, singular or plural; empty if a part of it is not a unit."""
    names = []
    for place, part in enumerate(written.split("/")):
        *others, last = re.split("[·×]", part)
        factors = [_factor(other, lexicon, is_one=True, is_below=bool(place)) for other in others]
        factors.append(_factor(last, lexicon, is_one=bool(place) or is_one, is_below=bool(place)))
        if not all(factors):
            return ""
        names.append(" ".join(factors))
    return f" {lexicon.per} ".join(names)


def _factor(written: str, lexicon: Lexicon, *, is_one: bool, is_below: bool) -> str:
    """Return the name of one factor, such as `m²`."""
    found = UNIT.fullmatch(written)
    if not found or found[1] not in lexicon.units:
        return ""
    one, many = lexicon.units[found[1]]
    name = one if is_one else many
    exponent = (found[2] or "").lstrip("^").translate(_DIGITS)
    if not exponent:
        return name
    if is_below and found[1] in _OF_TIME:
        return f"{name} {lexicon.squared if exponent == '2' else lexicon.cubed}"
    form = lexicon.square if exponent == "2" else lexicon.cube
    is_written_on = (form[0] != "{" and form.endswith("t{}")) or form.endswith("k{}")
    return form.format(name.lower() if is_written_on else name)
