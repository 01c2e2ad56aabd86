"""Abbreviated notations of one or several words, in full: z. B., 3. Oktober, XXe siècle, 14h30, 1 000 000.

Their meanings are in `lexicon.toml`; this module recognizes them.
"""

import re
from collections.abc import Callable, Sequence

from lecture_assets.prose.lexicon import Lexicon
from lecture_assets.prose.readings import AROUND, READINGS, roman

_GROUPS = re.compile(r"[1-9]\d{0,2}(?: \d{3})+")
_LAST_GROUP = re.compile(r"(\d{3})(\D*)")
_LONGEST_GROUPS = 5
_HOUR = re.compile(r"(?P<hour>[01]?\d|2[0-4])h(?P<minute>[0-5]\d)?")
_CLOCK = re.compile(r"(?P<hour>[01]?\d|2[0-4])\.(?P<minute>[0-5]\d)")
_DAY = re.compile(r"(\d{1,2})\.")
_ORDINAL = re.compile(r"(?P<number>\d{1,2}|[IVX]{1,5})(?P<end>er|re|ère|e|ème|ième)")
_XENON = "Xe"
_FOR_WHICH = "#"
"""Ends an abbreviation that only counts before a number: p. #."""


def in_full(words: Sequence[str], lexicon: Lexicon) -> dict[int, str]:
    """Return what is spoken for abbreviated words, by their position; other words are left out."""
    found: dict[int, str] = {}
    for place in range(len(words)):
        if place not in found:
            for way in _WAYS:
                if said := way(words, place, lexicon):
                    found |= dict(enumerate(said, place))
                    break
    return found


def _abbreviation(words: Sequence[str], place: int, lexicon: Lexicon) -> list[str]:
    """`z. B.` as zum Beispiel, without a pause after its full stop."""
    opening = AROUND.fullmatch(words[place])
    if not opening:
        return []
    for written, meaning in lexicon.short.get(_first(opening["core"]), ()):
        meant = " ".join(part for part in written if part != _FOR_WHICH)
        last = place + meant.count(" ") + 1
        here = " ".join(words[place:last])[len(opening["open"]) :]
        close = here[len(meant) :]
        behind = words[last] if last < len(words) else ""
        is_complete = behind[:1].isdigit() or written[-1] != _FOR_WHICH
        is_so = here.startswith(lexicon.exact[meant]) if meant in lexicon.exact else _lower(here).startswith(meant)
        if not is_so or re.search(r"[\w.]", close) or not is_complete:
            continue
        ends = not close and meant.endswith(".") and (not behind or (meaning.endswith(".") and _begins_sentence(behind)))
        return _spread(opening["open"] + meaning.rstrip("."), last - place, close + "." * ends)
    return []


def _spread(said: str, count: int, close: str) -> list[str]:
    """Distribute words over a number of pieces, the last one taking the rest."""
    spoken = said.split()
    return [*spoken[: count - 1], " ".join(spoken[count - 1 :]) + close]


def _begins_sentence(word: str) -> bool:
    """Whether a word is more likely to begin a sentence than to be a noun: Er, Der, Dann."""
    return word.istitle() and word.isalpha() and len(word) <= len("Dann")


def _first(core: str) -> str:
    return _lower(core.rstrip(",;:)!?"))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _grouped(words: Sequence[str], place: int, _lexicon: Lexicon) -> list[str]:
    """`1 000 000` as one number."""
    for length in range(_LONGEST_GROUPS, 1, -1):
        parts = list(words[place : place + length])
        last = _LAST_GROUP.fullmatch(parts[-1]) if len(parts) == length else None
        if not last or not _GROUPS.fullmatch(" ".join([*parts[:-1], last[1]])):
            continue
        if place and words[place - 1].isdecimal() and len(words[place - 1]) <= len(last[1]):
            return []
        if length > 2 or last[1] == "000":  # noqa: PLR2004 - other pairs of groups may be two separate numbers
            return ["".join([*parts[:-1], last[1]]) + last[2], *[""] * (length - 1)]
    return []


def _hours(words: Sequence[str], place: int, lexicon: Lexicon) -> list[str]:
    """`14h30`, `9h-17h`."""
    around = AROUND.fullmatch(words[place].rstrip("."))
    times = [_HOUR.fullmatch(part) for part in re.split("[-–]", around["core"])] if around else []
    if not lexicon.hours or not around or len(times) > 2 or not all(times):  # noqa: PLR2004 - from and to
        return []
    one, many = lexicon.hours
    said = [
        f"{time['hour']} {one if time['hour'] in {'0', '1'} else many} {time['minute'] or ''}".strip() for time in times if time
    ]
    return [around["open"] + f" {lexicon.to} ".join(said) + words[place][len(around["open"] + around["core"]) :]]


def _clock(words: Sequence[str], place: int, lexicon: Lexicon) -> list[str]:
    """`14.30 Uhr` as 14 Uhr 30."""
    time = _CLOCK.fullmatch(words[place])
    behind = words[place + 1 : place + 2]
    if not time or not lexicon.clock or not behind or behind[0].rstrip(".,;:!?)") != lexicon.clock:
        return []
    minute = "" if time["minute"] == "00" else f" {int(time['minute'])}"
    return [time["hour"], f"{lexicon.clock}{minute}{behind[0][len(lexicon.clock) :]}"]


def _dated(words: Sequence[str], place: int, lexicon: Lexicon) -> list[str]:
    """`3. Oktober`, `1. und 2. Mai`, `19. Jahrhundert`, with the ending required by the word before."""
    day = _DAY.fullmatch(words[place])
    ahead = place + 3 if _joins_days(words, place + 1) else place + 1
    noun = words[ahead].rstrip(".,;:!?)") if ahead < len(words) else ""
    if not day or noun not in lexicon.ordinal_before or not 0 < int(day[1]) <= len(lexicon.ordinals):
        return []
    back = place - 3 if _joins_days(words, place - 1) else place - 1
    before = words[back].lower() if back >= 0 else ""
    ending = lexicon.ordinal_behind.get(before, lexicon.ordinal_before[noun])
    return [lexicon.ordinals[int(day[1]) - 1] + ending]


def _joins_days(words: Sequence[str], place: int) -> bool:
    """Whether a word is the `und` of `1. und 2. Mai`."""
    if not 0 < place < len(words) - 1 or not words[place].islower() or not words[place].isalpha():
        return False
    return bool(_DAY.fullmatch(words[place - 1]) and _DAY.fullmatch(words[place + 1]))


def _numbered(words: Sequence[str], place: int, lexicon: Lexicon) -> list[str]:
    """`XXe`, `1re` as vingtième, première."""
    around = AROUND.fullmatch(words[place].rstrip("."))
    found = _ORDINAL.fullmatch(around["core"]) if around else None
    if not found or not around or lexicon.ordinal_before or not lexicon.ordinals:
        return []
    number = int(found["number"]) if found["number"].isdecimal() else roman(found["number"])
    behind = words[place + 1] if place + 1 < len(words) else ""
    if not 0 < number <= len(lexicon.ordinals) or (around["core"] == _XENON and not behind.startswith("siècle")):
        return []
    is_first = found["end"] in {"er", "re", "ère"}
    him, _, her = lexicon.ordinals[number - 1].partition("/")
    if is_first != bool(her):
        return []
    said = her if found["end"] in {"re", "ère"} else him
    return [around["open"] + said + words[place][len(around["open"] + around["core"]) :]]


_WAYS: Sequence[Callable[[Sequence[str], int, Lexicon], list[str]]] = (
    _abbreviation,
    _grouped,
    _hours,
    _clock,
    _dated,
    _numbered,
    *READINGS,
)
"""Each returns what is spoken for the words from a position on, or nothing."""
