"""What is an emoji and what is text, by Unicode's own data; a text as it stands in a picture, without the emoji that no font has.

    sequences of UTS #51 ── their signs, bare: 👍🏽 is 👍, 1️⃣ is 1 ──► in the text if a font has each of them, else left out

Signs, units, arrows, box drawing, shapes and enclosed letters are text: only what is presented as an emoji is ever left out.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

_ALWAYS = """
231A-231B 23E9-23EC 23F0 23F3 25FD-25FE 2614-2615 2648-2653 267F 2693 26A1 26AA-26AB 26BD-26BE 26C4-26C5 26CE 26D4
26EA 26F2-26F3 26F5 26FA 26FD 2705 270A-270B 2728 274C 274E 2753-2755 2757 2795-2797 27B0 27BF 2B1B-2B1C 2B50 2B55
1F004 1F0CF 1F18E 1F191-1F19A 1F1E6-1F1FF 1F201 1F21A 1F22F 1F232-1F236 1F238-1F23A 1F250-1F251 1F300-1F320
1F32D-1F335 1F337-1F37C 1F37E-1F393 1F3A0-1F3CA 1F3CF-1F3D3 1F3E0-1F3F0 1F3F4 1F3F8-1F43E 1F440 1F442-1F4FC
1F4FF-1F53D 1F54B-1F54E 1F550-1F567 1F57A 1F595-1F596 1F5A4 1F5FB-1F64F 1F680-1F6C5 1F6CC 1F6D0-1F6D2 1F6D5-1F6DF
1F6EB-1F6EF 1F6F4-1F6FF 1F7E0-1F7EB 1F7F0-1F7FF 1F90C-1F93A 1F93C-1F945 1F947-1F9FF 1FA70-1FAFF 1FC00-1FFFD
"""
"""Emoji_Presentation of emoji-data.txt (Unicode 17.0), and the places between and behind them that are kept for emoji."""
_IF_ASKED = """
A9 AE 203C 2049 2122 2139 2194-2199 21A9-21AA 2328 23CF 23ED-23EF 23F1-23F2 23F8-23FA 24C2 25AA-25AB 25B6 25C0
25FB-25FC 2600-2604 260E 2611 2618 261D 2620 2622-2623 2626 262A 262E-262F 2638-263A 2640 2642 265F-2660 2663
2665-2666 2668 267B 267E 2692 2694-2697 2699 269B-269C 26A0 26A7 26B0-26B1 26C8 26CF 26D1 26D3 26E9 26F0-26F1 26F4
26F7-26F9 2702 2708-2709 270C-270D 270F 2712 2714 2716 271D 2721 2733-2734 2744 2747 2763-2764 27A1 2934-2935
2B05-2B07 3030 303D 3297 3299 1F170-1F171 1F17E-1F17F 1F202 1F237 1F321 1F324-1F32C 1F336 1F37D 1F396-1F397
1F399-1F39B 1F39E-1F39F 1F3CB-1F3CE 1F3D4-1F3DF 1F3F3 1F3F5 1F3F7 1F43F 1F441 1F4FD 1F549-1F54A 1F56F-1F570
1F573-1F579 1F587 1F58A-1F58D 1F590 1F5A5 1F5A8 1F5B1-1F5B2 1F5BC 1F5C2-1F5C4 1F5D1-1F5D3 1F5DC-1F5DE 1F5E1 1F5E3
1F5E8 1F5EF 1F5F3 1F5FA 1F6CB 1F6CD-1F6CF 1F6E0-1F6E5 1F6E9 1F6F0 1F6F3
"""
"""All other signs with the property Emoji, but for digits, # and *: text, unless U+FE0F asks for an emoji."""


def _class(rows: str) -> str:
    bounds = (row.partition("-") for row in rows.split())
    return "".join(f"{chr(int(first, 16))}-{chr(int(last or first, 16))}" for first, _, last in bounds)


EMOJI = _class(_ALWAYS)
"""A class of signs in a regular expression: emoji, unless U+FE0E asks for text."""
_EITHER = _class(_IF_ASKED)
_TONE, _FLAG = "\U0001f3fb-\U0001f3ff", "\U0001f1e6-\U0001f1ff"
_AS_EMOJI, _KEYCAP, _TAGS = "\ufe0f", "\u20e3", "\U000e0020-\U000e007f"
_MODIFIERS = f"{_AS_EMOJI}?{_KEYCAP}?[{_TONE}]?[{_TAGS}]*"
_JOINED = f"\u200d[{EMOJI}{_EITHER}]{_MODIFIERS}"
SEQUENCES = re.compile(
    f"[0-9#*]{_AS_EMOJI}?{_KEYCAP}|{_KEYCAP}|[{_FLAG}]{{2}}"
    f"|(?:[{EMOJI}](?!\ufe0e)|[{_EITHER}](?=[{_AS_EMOJI}{_TONE}]|{_JOINED})){_MODIFIERS}(?:{_JOINED})*"
)
"""What is presented as one emoji: keycaps, flags, signs with their skin tones and tags, and those joined by U+200D.

A cap on any other letter is one by itself: fonts would draw it over the letters beside.
"""
_BRACKETS = '() [] {} “” „“ «» »« ‹› ‘’ "" （） 「」 『』 【】 《》'
_LEFT_OUT, _MODIFIER = "\ufdd0", "\ufdd1"
"""Noncharacters, which no text has, in the place of what is not shown."""
_EMPTY = rf"[\s{_LEFT_OUT}]*{_LEFT_OUT}[\s{_LEFT_OUT}]*"
_EMPTIED = re.compile("|".join(re.escape(pair[0]) + _EMPTY + re.escape(pair[1]) for pair in _BRACKETS.split()))
_GAP = re.compile(rf"\s*{_LEFT_OUT}[\s{_LEFT_OUT}]*")
_CLOSING, _OPENING = ".,;:!?…)]}”’»›。，、！？；：）」』】》%", "([{“„‘«‹¿¡（「『【《"


def without_emoji(text: str, has: Callable[[str], bool] = lambda _sign: False) -> str:
    """Return a text without its emoji, and without the spaces and brackets that they leave. has: whether a font has a sign."""
    return "".join(in_picture(text, has))


def in_picture(text: str, has: Callable[[str], bool]) -> list[str]:
    """Return what stands in a picture for each character of a text: the character, nothing, or a space for an emoji.

    has: whether a font has a sign; emoji whose signs it has all remain, without skin tone and keycap
    """
    if text.isascii():
        return list(text)
    marked = SEQUENCES.sub(lambda found: _marked(found[0], text[max(0, found.start() - 1) : found.start()], has), text)
    if marked == text:
        return list(text)
    while (emptied := _EMPTIED.sub(lambda found: _LEFT_OUT * len(found[0]), marked)) != marked:
        marked = emptied
    shown = ["" if sign in {_LEFT_OUT, _MODIFIER} else sign for sign in marked]
    for gap in _GAP.finditer(marked):
        shown[gap.start() : gap.end()] = _closed(gap, marked)
    return shown


def words_in_picture(words: Sequence[str], has: Callable[[str], bool]) -> list[str]:
    """Return words, each with the space before it, as they stand in a picture; a word of emoji alone is empty."""
    shown = iter(in_picture("".join(words), has))
    return ["".join(next(shown) for _ in word) for word in words]


def _marked(sequence: str, base: str, has: Callable[[str], bool]) -> str:
    """Return a sequence with a mark for each of its signs that is not shown. base: the character before it."""
    if sequence == _KEYCAP:
        return _MODIFIER if base.strip() else _LEFT_OUT
    is_sign = [place == 0 or not _is_modifier(sign) for place, sign in enumerate(sequence)]
    if not all(has(sign) for sign, counts in zip(sequence, is_sign, strict=True) if counts and not sign.isascii()):
        return _LEFT_OUT * len(sequence)
    return "".join(sign if counts else _MODIFIER for sign, counts in zip(sequence, is_sign, strict=True))


def _is_modifier(sign: str) -> bool:
    return unicodedata.category(sign) in {"Mn", "Me", "Cf"} or "\U0001f3fb" <= sign <= "\U0001f3ff"


def _closed(gap: re.Match[str], text: str) -> Iterator[str]:
    """Yield what remains of a gap, for each of its characters: one space between words, none at an end or before a comma."""
    before, after = text[: gap.start()][-1:], text[gap.end() :][:1]
    spaces = [place for place, sign in enumerate(gap[0]) if sign.isspace()]
    is_before_mark = after in _CLOSING and not gap[0][-1].isspace()
    is_after_mark = before in _OPENING and not gap[0][0].isspace()
    kept = None
    if before and after and not is_before_mark and not is_after_mark:
        kept = spaces[-1] if spaces else 0 if _are_words(before, after) else None
    for place, sign in enumerate(gap[0]):
        yield "" if place != kept else sign if sign.isspace() else " "


def _are_words(before: str, after: str) -> bool:
    """Whether two letters would seem to be of one word; in Chinese and Japanese all are."""
    return all(letter.isalnum() and unicodedata.east_asian_width(letter) != "W" for letter in (before, after))
