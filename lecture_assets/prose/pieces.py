"""The parts of a word, as `spoken.py` splits it: numbers, ranges, powers, money, letters and single signs."""

import re
import unicodedata

from lecture_assets.prose.formula import SUBSCRIPT, SUPERSCRIPT

PAUSE = "\0"
"""Marks a pause until the piece is complete: a comma within a number is not a pause."""
RAISED = {form: letter for letter, form in SUPERSCRIPT.items() if form not in "°′"}
LOW = {form: letter for letter, form in SUBSCRIPT.items()}
UP, DOWN = ("[" + "".join(re.escape(form) for form in forms) + "]+" for forms in (RAISED, LOW))
JOINERS = frozenset("\u200c\u200d")
"""Control characters needed within words of Persian and Indic scripts."""
KIN = str.maketrans(
    {"⋅": "×", "∙": "×", "✕": "×", "∗": "*", "∕": "/", "⁄": "/", "℃": "°C", "℉": "°F", "º": "°", "μ": "µ", "Ω": "Ω"}
    | {"≃": "≈", "≅": "≈", "∼": "~", "⩽": "≤", "⩾": "≥", "≦": "≤", "≧": "≥", "⟶": "→", "➔": "→", "➜": "→", "⟹": "⇒", "↦": "→"}
    | {"＋": "+", "＝": "=", "％": "%", "＆": "&", "＃": "#", "＠": "@", "＜": "<", "＞": ">", "≡": "=", "⁒": "%"}
)
"""Signs spoken like another one."""
ASCII = (("===", "="), ("==", "="), ("-->", "→"), ("=>", "⇒"), ("->", "→"), ("<=", "≤"), (">=", "≥"), ("!=", "≠"), ("&&", "&"))
_TYPED = "ᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"
LETTERS_UP = str.maketrans(_TYPED + "".join(RAISED), "abcdefghjklmoprstuvwxyz" + "".join(RAISED.values()))
RAISED_LETTERS = re.compile(rf"(?<=[^\W_]){UP[:-1]}*[{_TYPED}][{_TYPED}{''.join(RAISED)}]*")
"""Superscript letters, with the superscript digits among them."""
ACCENTS = "\u0304\u0307\u0308\u0302\u0303\u20d7"
"""Above a letter in a formula: bar, dot, two dots, hat, tilde, arrow."""
LONE_LETTER = re.compile(r"(?<![^\W\d_])[\u0100-\u1fff](?![A-Za-z])")
"""A letter that may belong to a formula, unlike the everyday ones (ä, ñ, ô)."""
FACTORS = re.compile(r"(?<![^\W\d_])[^\W\d_][·•][^\W\d_](?![^\W\d_])")
"""Single letters multiplied by a dot; within words the dot is a kind of hyphen: Lehrer·innen, col·lega."""
NUMBER = r"\d+(?:[.,’']\d+)*"
PARTS = re.compile(
    rf"(?P<accented>(?<![^\W\d_])(?:(?P<vector>[^\W\d_]{{1,3}})(?=\u20d7)|[^\W\d_])(?P<accent>[{ACCENTS}])(?![A-Za-z]))"
    r"|(?P<tag></?(?P<name>[^\W\d_][\w:.-]*)[^<>]*>)"
    r"|(?P<sections>§§)"
    r"|(?P<mixed>(?P<ones>\d+)(?P<fraction_behind>[½¼¾⅓⅔]))"
    r"|(?P<scientific>(?<![\w.,])(?P<digits>\d{1,3}(?:[.,]\d+)?)(?:e|E(?=[-−+]))(?P<tens_sign>[-−+]?)(?P<tens>\d{1,2})(?!\w))"
    r"|(?P<version>(?<!\w)[vV]\d+(?:\.\d+)+)"
    rf"|(?P<paid_before>(?P<coin>[€$£¥])(?P<sum>{NUMBER})(?:[–—](?:(?P=coin))?(?P<most>{NUMBER}))?)"
    rf"|(?P<paid_behind>(?P<amount>{NUMBER})(?P<money>[€$£¥]))"
    r"|(?P<ratio>(?<![\w:])\d+:\d+(?![\w:]))"
    rf"|(?P<range>(?P<low>{NUMBER})[–—](?P<high>{NUMBER}))"
    r"|(?P<fraction>(?<![\w/.])(?!0\d)\d{1,5}/\d{1,5}(?![\w/]))"
    rf"|(?P<power>(?:\^|(?<=[\w)])\*\*)(?:\((?P<in_round>[^()]*)\)|\{{(?P<in_curly>[^{{}}]*)\}}|(?P<bare>[-−+]?(?:{NUMBER}|[^\W_]+)))|(?P<up>{UP}))"
    rf"|(?P<index>{DOWN})"
    rf"|(?P<plain>{NUMBER})"
    rf"|(?P<word>(?:(?!{UP}|{DOWN}|[½¼¾⅓⅔])[^\W\d_])+)"
    r"|(?P<sign>.)",
    re.DOTALL,
)
CHARGE = re.compile(r"(\d*)([-−+])")
"""The superscript of an ion: 2−, +."""
ON_BOTH_SIDES = re.compile(r"\d(?:[%‰€$£¥]|°[CF]?|st|nd|rd|th|[^\W\d_]{1,3})?[–—][€$£¥]?\d")
"""A range whose ends have signs or units."""
UNIT = re.compile(r"([µ°]?[A-Za-zΩµ]*)([²³]|\^[23])?")
MEASURE = re.compile(
    rf"(?:(?P<low>{NUMBER})(?P<low_unit>[°µΩ]?[A-Za-zΩµ]*)[–—])?(?P<number>{NUMBER})(?P<unit>[µ°Ω]?[A-Za-zΩµ].*)", re.DOTALL
)
NOT_ATTACHED = frozenset({"K", "s", "t"})
"""Letters that mean something else directly after digits: 4K, the 90s."""
ELEMENTS = re.compile(r"(?:[A-Z][a-z]?)+")
ELEMENT = re.compile(r"[A-Z][a-z]?")
SHARP = re.compile(r"(?<!\w)[A-HJ]#(?!\w)")
BY_BRACKETS = re.compile(r"[)²³]/(?:\d|[^\W\d_](?![^\W\d_]))|(?<![^\W_])(?:\d+|[^\W\d_])/\(")
"""A fraction with one side in brackets: (n-1)/2, 1/(n+1)."""
RELATIONS = frozenset("+−×÷=≠≈≤≥<>/")
TIME = re.compile(r"\d{1,2}:\d{2}")
CLOSING = ".,;:!?)]}\"'”’»…"
BRACKET_LIKE = frozenset("*_`~|<>\\^#")
"""Signs that usually enclose words instead of standing for one: silent at a word's edge."""
SAID = frozenset("%&@*§‰\\_·")
"""Characters that Unicode counts as punctuation but that are spoken."""
OPERATORS = frozenset("+−×÷±=≠≈≤≥<>→⇒/*-–([")
PAUSES = re.compile(r"[,\s]*\0[\s\0]*(?:,(?!\d))?")
LOOSE = re.compile(r"\s+(?=[,.;:!?)\]])")
FRACTIONS = {"1/2": "½", "1/4": "¼", "3/4": "¾", "1/3": "⅓", "2/3": "⅔"}


def tidy(piece: str) -> str:
    """Normalize a piece: single spaces, no doubled pauses, and no space before a pause."""
    return " ".join(LOOSE.sub("", PAUSES.sub(", ", piece)).split())


def number_of(word: str) -> str:
    """Return the number at the end of a word, or an empty text."""
    found = re.search(rf"{NUMBER}[½¼¾⅓⅔]?$", word)
    return found[0] if found else ""


def is_picture(sign: str) -> bool:
    """Whether a sign is an emoji, dingbat, box or arrow, which is not read aloud."""
    return unicodedata.category(sign) == "So" and sign not in "№°℃℉©®™"
