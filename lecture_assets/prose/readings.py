"""Numbers as people say them, where `lexicon.toml` has the words: years, decades, dates, times, fractions, sums of money.

in 1914 → in nineteen fourteen     the ’80s → the eighties     May 3 → May 3rd     9:05 → 9 oh 5     2/5 → 2 fifths
$1.50 → 1 dollar 50     Henry VIII → Henry the 8th     am 3.10.1990 → am dritten Oktober 19 hundert 90     1 km → ein Kilometer

Each way gets all words and a position, and returns what is spoken for the words from there on; nothing where it does not apply.
"""

import re
from collections.abc import Callable, Sequence

from lecture_assets.prose.lexicon import Lexicon
from lecture_assets.prose.measures import unit_name

AROUND = re.compile(r"(?P<open>[(\[\"'„“‘«]*)(?P<core>.*?)(?P<close>[)\],;:!?…\"'”’»]*)", re.DOTALL)
_YEARS = re.compile(r"(?P<first>1[0-9]\d\d|20\d\d)(?:[-–](?P<last>1[0-9]\d\d|20\d\d|\d\d))?")
_DECADE = re.compile(r"(?P<century>1[1-9]|20)?(?P<decade>[1-9]0|00)s|['’](?P<short>[2-9]0)s")
_ISO = re.compile(r"(?P<year>1[1-9]\d\d|20\d\d)-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])")
_DOTTED = re.compile(r"(?P<day>0?[1-9]|[12]\d|3[01])\.(?P<month>0?[1-9]|1[0-2])\.(?P<year>1[1-9]\d\d|20\d\d)?")
_DAY = re.compile(r"(?:[1-9]|[12]\d|3[01])")
_TIME = re.compile(r"(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)")
_FRACTION = re.compile(r"(?P<over>[1-9]\d?)/(?P<under>[1-9]\d{0,3})")
_SUM = re.compile(r"(?P<coin>[€$£])?(?P<whole>\d{1,3}(?:[,.]?\d{3})*)[.,](?P<part>\d\d)(?P<coin_behind>[€$£])?")
_ROMAN = re.compile(r"(?:X{1,3}(?:IX|IV|V?I{0,3})|IX|IV|VI{0,3}|I{1,3})")
_CASES = {"unter": ("dem", "en"), "von": ("dem", "en"), "für": ("den", "en"), "gegen": ("den", "en"), "durch": ("den", "en")}
"""German prepositions before a ruler's name: the article and ending of the ordinal."""
_BEHIND_A_RULER = frozenset(["of", "was", "is", "and", "had", "died", "became", "ruled", "reigned", "von", "war", "ist", "und"])
"""Words that show that an I behind a name is a numeral: Mary I of England, but `as Mary I saw`."""
_SCALES = {"Mio": "Million", "Mrd": "Milliarde"}
"""German abbreviations that are plural after any other number."""
_FIRST_YEAR, _CENTURY_OF_THOUSANDS = 1000, 20


def year(written: str, lexicon: Lexicon) -> str:
    """Return a year as people say it: nineteen fourteen, nineteen oh five, nineteen hundred; with digits in German."""
    century, rest = int(written[:2]), int(written[2:])
    if lexicon.hundred_in_years:
        return written if century >= _CENTURY_OF_THOUSANDS else f"{century} {lexicon.hundred} {rest or ''}".strip()
    if century == _CENTURY_OF_THOUSANDS and rest < 10:  # noqa: PLR2004 - two thousand and nine, then twenty ten
        return f"two thousand and {_in_words(rest, lexicon)}" if rest else "two thousand"
    first = _in_words(century, lexicon)
    if not rest:
        return f"{first} {lexicon.hundred}"
    return f"{first} {f'{lexicon.oh} ' if rest < 10 else ''}{_in_words(rest, lexicon)}"  # noqa: PLR2004 - one digit


def _in_words(number: int, lexicon: Lexicon) -> str:
    """Return a number from 1 to 99 in words."""
    if number < 20:  # noqa: PLR2004 - words of their own
        return lexicon.numbers[number - 1]
    tens, ones = lexicon.numbers[17 + number // 10], number % 10
    return f"{tens}-{lexicon.numbers[ones - 1]}" if ones else tens


def _years(words: Sequence[str], place: int, lexicon: Lexicon) -> list[str]:
    """`in 1914`, `1914–1918`, `(1879)`; without a word that shows a year, only where every number of its size may be said so."""
    around = AROUND.fullmatch(words[place].rstrip("."))
    found = _YEARS.fullmatch(around["core"]) if around and lexicon.hundred else None
    if not found or not around or int(found["first"]) <= _FIRST_YEAR:
        return []
    before = _bare(words, place - 1)
    behind = "" if around["close"] or words[place].endswith(".") else _bare(words, place + 1)
    shows = before.lower() in lexicon.before_years or behind in lexicon.behind_years or before in lexicon.months
    is_range = found["last"] is not None and int(found["last"][-2:]) != int(found["first"][-2:])
    is_bracketed = around["open"].endswith("(") and around["close"].startswith(")")
    is_measured = bool(unit_name(behind, lexicon, is_one=False)) or behind in lexicon.money or behind.lower() in lexicon.scales
    if is_measured or not (shows or is_range or is_bracketed or lexicon.hundred_in_years):
        return []
    said = year(found["first"], lexicon)
    if found["last"]:
        last = found["last"] if len(found["last"]) == len("1918") else found["first"][:2] + found["last"]
        said += f" {lexicon.to} {year(last, lexicon)}"
    return [around["open"] + said + _behind(words[place], around)]


def _decade(words: Sequence[str], place: int, lexicon: Lexicon) -> list[str]:
    """`the 1990s`, `’80s`; in German `1990er`."""
    around = AROUND.fullmatch(words[place].rstrip("."))
    if not around or not lexicon.hundred:
        return []
    core = around["core"]
    if lexicon.hundred_in_years and re.fullmatch(r"1[1-9]\d0ern?", core):
        return [f"{around['open']}{core[:2]} {lexicon.hundred} {core[2:]}{_behind(words[place], around)}"]
    found = _DECADE.fullmatch((around["open"][-1:] if around["open"][-1:] in {"'", "’", "‘"} else "") + core)
    if not found or not lexicon.decades:
        return []
    decade = found["decade"] or found["short"]
    name = f"{lexicon.hundred}s" if decade == "00" else lexicon.decades[int(decade) // 10 - 1]
    if found["century"] == "20" and decade == "00":
        return [f"two thousands{_behind(words[place], around)}"]
    if decade == "00" and not found["century"]:
        return []
    century = f"{_in_words(int(found['century']), lexicon)} " if found["century"] else ""
    return [f"{century}{name}{_behind(words[place], around)}"]


def _date(words: Sequence[str], place: int, lexicon: Lexicon) -> list[str]:
    """`2024-05-03`, `3.10.1990`; in English also `May 3, 2024` and `3 May`."""
    around = AROUND.fullmatch(words[place].rstrip("."))
    if not around or not lexicon.months:
        return []
    found = _ISO.fullmatch(around["core"]) or (_DOTTED.fullmatch(around["core"]) if lexicon.ordinal_before else None)
    if found:
        said = _day(int(found["day"]), lexicon.months[int(found["month"]) - 1], _bare(words, place - 1), lexicon)
        said += f" {year(found['year'], lexicon)}" if found["year"] else ""
        return [around["open"] + said + _behind(words[place], around)]
    return [] if lexicon.ordinal_before else _month_first(words, place, lexicon) or _day_first(words, place, lexicon)


def _month_first(words: Sequence[str], place: int, lexicon: Lexicon) -> list[str]:
    """`May 3, 2024` as May 3rd, twenty twenty-four."""
    opening, day = words[place].rstrip(","), _bare(words, place + 1).rstrip(".")
    month = lexicon.months_short.get(opening, opening)
    if month not in lexicon.months or not _DAY.fullmatch(day):
        return []
    said = [month, f"{_ordinal(int(day))}{words[place + 1].lstrip('0123456789')}"]
    last = AROUND.fullmatch(words[place + 2].rstrip(".")) if place + 2 < len(words) else None
    if last and re.fullmatch(r"1[1-9]\d\d|20\d\d", last["core"]):
        said.append(last["open"] + year(last["core"], lexicon) + _behind(words[place + 2], last))
    return said


def _day_first(words: Sequence[str], place: int, lexicon: Lexicon) -> list[str]:
    """`3 May` as the 3rd of May; not if the month has its day behind it, or a label stands before the number."""
    around, behind = AROUND.fullmatch(words[place]), _bare(words, place + 1)
    month, before = lexicon.months_short.get(behind, behind), _bare(words, place - 1).lower()
    if not around or around["close"] or not _DAY.fullmatch(around["core"]) or month not in lexicon.months:
        return []
    if re.fullmatch(r"\d{1,2}(?:st|nd|rd|th)?\.?", _bare(words, place + 2)) or before in lexicon.numbered:
        return []
    the = "" if before == "the" else "the "
    return [f"{around['open']}{the}{_ordinal(int(around['core']))} of", month + words[place + 1][len(behind) :]]


def _day(day: int, month: str, before: str, lexicon: Lexicon) -> str:
    if not lexicon.ordinal_before:
        return f"{month} {_ordinal(day)}"
    ending = lexicon.ordinal_behind.get(before.lower(), lexicon.ordinal_before[month])
    return f"{lexicon.ordinals[day - 1]}{ending} {month}"


def _ordinal(number: int) -> str:
    end = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{end}"


def _time(words: Sequence[str], place: int, lexicon: Lexicon) -> list[str]:
    """`9:05` as 9 oh 5, `9:00` as 9 o’clock; in German `14:30 Uhr` as 14 Uhr 30."""
    around = AROUND.fullmatch(words[place].rstrip("."))
    found = _TIME.fullmatch(around["core"]) if around else None
    if not found or not around or not (lexicon.oclock or lexicon.clock):
        return []
    hour, minute, end = str(int(found["hour"])), int(found["minute"]), _behind(words[place], around)
    if lexicon.clock:
        hour = lexicon.ones[0] if lexicon.ones and hour == "1" else hour
        said = f"{hour} {lexicon.clock}{f' {minute}' if minute else ''}"
        if _bare(words, place + 1) == lexicon.clock and not end:
            return [hour, said.removeprefix(f"{hour} ") + words[place + 1][len(lexicon.clock) :]]
        return [around["open"] + said + end]
    if minute >= 10:  # noqa: PLR2004 - two digits, which voices read
        return []
    if minute:
        return [f"{around['open']}{hour} {lexicon.oh} {minute}{end}"]
    is_half = _bare(words, place + 1).lower().replace(".", "") in {"am", "pm"}
    return [f"{around['open']}{hour}{'' if is_half or int(hour) > 12 else f' {lexicon.oclock}'}{end}"]  # noqa: PLR2004 - noon


def _fraction(words: Sequence[str], place: int, lexicon: Lexicon) -> list[str]:
    """`2/5` as 2 fifths."""
    around = AROUND.fullmatch(words[place].rstrip("."))
    found = _FRACTION.fullmatch(around["core"]) if around else None
    names = lexicon.denominators.get(found["under"]) if found else None
    if not found or not around or not names or int(found["over"]) >= int(found["under"]):
        return []
    return [around["open"] + counted(found["over"], names[found["over"] != "1"], lexicon) + _behind(words[place], around)]


def _sum(words: Sequence[str], place: int, lexicon: Lexicon) -> list[str]:
    """`$1.50` as 1 dollar 50, `0,99 €` as 99 Cent."""
    around = AROUND.fullmatch(words[place].rstrip("."))
    found = _SUM.fullmatch(around["core"]) if around and lexicon.cents else None
    if not found or not around:
        return []
    own = found["coin"] or found["coin_behind"]
    behind = _bare(words, place + 1) if not own and not around["close"] else ""
    coin = own or (behind if behind in lexicon.cents else "")
    if not coin or (own and _bare(words, place + 1).lower() in lexicon.scales):
        return []
    whole = counted(found["whole"], lexicon.money[coin][found["whole"] != "1"], lexicon)
    cents = f"{int(found['part'])} {lexicon.cents[coin][found['part'] != '01']}"
    said = cents if found["whole"] == "0" else f"{whole} {int(found['part'])}" if int(found["part"]) else whole
    if own:
        return [around["open"] + said + _behind(words[place], around)]
    number, _, rest = said.partition(" ")
    return [around["open"] + number, rest + words[place + 1][len(coin) :]]


def counted(number: str, name: str, lexicon: Lexicon) -> str:
    """Return a number with what it counts: `1 km` is ein Kilometer in German, `1 h` eine Stunde."""
    return f"{one_of(name, lexicon) if number == '1' else number} {name}"


def one_of(name: str, lexicon: Lexicon) -> str:
    """Return 1 before a name; as a digit where it does not depend on the name."""
    if not lexicon.ones:
        return "1"
    return lexicon.ones[name.endswith(("e", "ion"))]


def _one(words: Sequence[str], place: int, lexicon: Lexicon) -> list[str]:
    """The 1 of `1 km`, `1 %`, `1 Uhr`, where its form depends on what it counts."""
    around = AROUND.fullmatch(words[place])
    if not lexicon.ones or not around or around["core"] != "1" or around["close"]:
        return []
    behind = _bare(words, place + 1).rstrip(".")
    name = unit_name(behind, lexicon, is_one=True) or lexicon.money.get(behind, ("",))[0] or lexicon.signs.get(behind, "")
    name = name or (behind if behind == lexicon.clock or behind.lower() in lexicon.scales else "")
    if scale := _SCALES.get(behind):
        return [around["open"] + one_of(scale, lexicon), scale]
    return [around["open"] + one_of(name, lexicon)] if name and behind not in "+−×÷=<>≈→" else []


def _roman(words: Sequence[str], place: int, lexicon: Lexicon) -> list[str]:
    """`Louis XIV` as Louis the 14th, `World War II` as World War 2."""
    around = AROUND.fullmatch(words[place].rstrip("."))
    before = _bare(words, place - 1)
    if not around or not lexicon.rulers or not _ROMAN.fullmatch(around["core"]):
        return []
    number, end = roman(around["core"]), _behind(words[place], around)
    is_ruler = before.removesuffix("s") in lexicon.rulers or before in lexicon.rulers
    if around["core"] == "I" and not end and _bare(words, place + 1) not in {"", *_BEHIND_A_RULER}:
        is_ruler = False
    if is_ruler and lexicon.ordinal_before:
        case = ("des", "en") if before not in lexicon.rulers else _CASES.get(_bare(words, place - 2).lower(), ("der", "e"))
        is_last = place + 1 == len(words)
        end = end if is_last else end.lstrip(".")
        return [f"{case[0]} {lexicon.ordinals[number - 1]}{case[1]}{end}"] if number <= len(lexicon.ordinals) else []
    if is_ruler:
        return [f"the {_ordinal(number)}{end}"]
    is_numbered = before.lower() in lexicon.numbered
    return [f"{around['open']}{number}{end}"] if is_numbered else []


def roman(written: str) -> int:
    """Return the value of a Roman numeral of I, V and X."""
    values = [{"I": 1, "V": 5, "X": 10}[letter] for letter in written]
    return sum(-value if value < max(values[place:]) else value for place, value in enumerate(values))


def _bare(words: Sequence[str], place: int) -> str:
    """Return a word without the signs around it; empty beyond the ends."""
    around = AROUND.fullmatch(words[place]) if 0 <= place < len(words) else None
    return around["core"] if around else ""


def _behind(word: str, around: re.Match[str]) -> str:
    """Return the punctuation after a word, its full stop included."""
    return word[len(around["open"] + around["core"]) :]


READINGS: Sequence[Callable[[Sequence[str], int, Lexicon], list[str]]] = (
    _date,
    _years,
    _decade,
    _time,
    _fraction,
    _sum,
    _roman,
    _one,
)
"""Each returns what is spoken for the words from a position on, or nothing."""
