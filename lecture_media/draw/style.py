"""Looks: what a prompt's style words mean for colours, lines and surface. `ink.py` and `finish.py` apply them.

Unknown words are not an error: each changes the colours of a plain look in its own way.
"""

import colorsys
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from lecture_media.chance import Chance

Rgb: TypeAlias = tuple[int, int, int]

COLOURS: Mapping[str, str] = {
    "sun": "f6b93b", "glow": "fde59a", "gold": "e0a02a", "flame": "ef7a3c", "ember": "cf4436", "rose": "e08a9c",
    "petal": "eb9fbd", "violet": "7d63ad", "blood": "a8323a", "leaf": "5fa552", "leaf_dark": "2f6b40", "leaf_light": "9ccb72",
    "cell": "d2e6ad", "grass": "8cb964", "hill": "78aa70", "hill_far": "a9c9b4", "bark": "86583b", "root": "c9a27a",
    "soil": "8a5f42", "soil_dark": "5b3d2c", "sand": "e8d3a2", "wood": "ad7b46", "sky": "c4e3f2", "sky_deep": "7fbce0",
    "sky_low": "fbf3dc", "water": "4a90c4", "water_dark": "2c6596", "water_light": "9fcfe8", "cloud": "f4f7fa",
    "cloud_dark": "bfcad6", "ice": "d3ebf5", "frost": "5a9cc8", "rock": "9a9ca6", "rock_dark": "6c707c", "snow": "ffffff",
    "steel": "a3b0bc", "steel_dark": "566372", "glass": "d8e9ee", "screen": "23405a", "ink": "2b2f3a", "paper": "fbf6ea",
    "skin": "dba780", "skin_dark": "9a6a4a", "cloth": "3f7cac", "teal": "2a9d8f", "brick": "bd5a42", "roof": "96412f",
    "fur": "bd8754", "fur_dark": "97663b", "night": "1a2347", "night_low": "3a3f78", "void": "07070c", "wall": "f3e6d2",
    "floor": "d9b98e", "micro": "eef4dc",
}  # fmt: skip
"""Every colour a drawing may ask for."""


@dataclass(frozen=True, slots=True)
class Style:
    """One look.

    ground:   the bare surface
    ink:      of lines and labels
    fill:     opacity of shapes, 0 to 1
    line:     width of outlines, in thousandths of the picture's shorter side
    own_line: outlines in the shape's own colour (chalk, neon)
    bright:   how far those are blended towards white, 0 to 1
    wobble:   how far edges stray, in the same thousandths
    shadow:   depth of cast shadows, 0 to 1
    finish:   the surface applied at the end (a name in finish.FINISHES)
    depth:    factor for saturation
    pale:     how far colours are blended towards the ground, 0 to 1
    warm:     red against blue, -1 to 1
    turn:     of the hue, in turns
    sole:     one subject is to stand out, with few others
    """

    name: str
    ground: str = "fbf6ea"
    ink: str = "2b2f3a"
    fill: float = 1.0
    line: float = 0.0
    own_line: bool = False
    bright: float = 0.5
    wobble: float = 0.0
    shadow: float = 0.0
    finish: str = "plain"
    depth: float = 1.0
    pale: float = 0.0
    warm: float = 0.0
    turn: float = 0.0
    scenery: bool = True
    diagram: bool = False
    labelled: bool = False
    dark: bool = False
    sole: bool = False

    def colour(self, name: str) -> Rgb:
        """A named colour, or six hexadecimal digits, as this look shows it."""
        red, green, blue = (part / 255 for part in rgb(COLOURS.get(name, name)))
        hue, light, strength = colorsys.rgb_to_hls(red, green, blue)
        red, green, blue = colorsys.hls_to_rgb((hue + self.turn) % 1, light, min(1.0, strength * self.depth))
        red, blue = red + 0.06 * self.warm, blue - 0.08 * self.warm
        ground = [part / 255 for part in rgb(self.ground)]
        mixed = [part + (bare - part) * self.pale for part, bare in zip((red, green, blue), ground, strict=True)]
        return (_byte(mixed[0]), _byte(mixed[1]), _byte(mixed[2]))


def rgb(digits: str) -> Rgb:
    """Convert six hexadecimal digits to three bytes."""
    return (int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16))


def _byte(part: float) -> int:
    return max(0, min(255, round(part * 255)))


_LOOKS: tuple[tuple[str, Style], ...] = (
    (r"water\s*-?colou?rs?|aquarell?e?|acuarela",
     Style("watercolour", "fcf7ec", "4a3f3a", 0.88, 1.6, wobble=3.4, finish="watercolour", pale=0.1)),
    (r"paper|cut-?outs?|collage|origami|scherenschnitt",
     Style("paper", "f4ead7", "4a3b30", wobble=1.6, shadow=0.5, finish="paper", depth=0.9, warm=0.2)),
    (r"chalk|blackboard|tafel",
     Style("chalk", "26392f", "f2efe2", 0.35, 4.4, own_line=True, wobble=2.2, finish="chalk", depth=0.7,
           scenery=False, dark=True)),
    (r"neon|cyberpunk|synthwave|vaporwave|glowing",
     Style("neon", "0d0b22", "e8f6ff", 0.3, 3.6, own_line=True, bright=0.2, finish="neon", depth=1.9,
           scenery=False, dark=True)),
    (r"blueprint|technical drawing",
     Style("blueprint", "1d4a7c", "eaf3fb", 0.12, 2.6, own_line=True, finish="plain", depth=0.3, scenery=False, dark=True)),
    (r"pencil|sketch|charcoal|hand-?drawn|bleistift|etching|engraving",
     Style("pencil", "f6f2e8", "38353a", 0.75, 3.0, wobble=3.0, finish="pencil", depth=0.55, pale=0.1)),
    (r"comic|manga|pop art|cartoon|superhero",
     Style("comic", "fff8e1", "16151c", line=4.6, finish="comic", depth=1.25)),
    (r"diagrams?|schematic|infographic|flow-?\s?chart",
     Style("diagram", "f3f6f9", "22303f", scenery=False, diagram=True)),
    (r"flat|vector|minimal(?:ist)?|isometric",
     Style("flat", "f3f6f9", "22303f", depth=1.05)),
    (r"ghibli|anime|miyazaki",
     Style("ghibli", "f6f1df", "4b4038", line=1.6, wobble=1.2, finish="gouache", depth=1.12, warm=0.1)),
    (r"pixar|3-?d|render(?:ed)?|clay|plasticine",
     Style("solid", "eaf0f6", "2b2f3a", finish="solid", depth=1.15, shadow=0.35, warm=0.06)),
    (r"photo\w*|realis\w+|cinematic|documentary",
     Style("photo", "e9ecec", "22252b", finish="photo", depth=0.85, shadow=0.3)),
    (r"oils?\b|impasto|van gogh|impression\w+|acrylic|gouache|painting",
     Style("gouache", "f1e7d3", "3a2f2a", wobble=3.0, finish="gouache", depth=1.1, warm=0.12)),
    (r"vintage|retro|poster|woodcut|linocut|screen ?print",
     Style("poster", "f2e3c2", "33261f", line=2.0, wobble=1.4, finish="poster", depth=0.85, warm=0.35)),
)  # fmt: skip
_PLAIN = Style("plain", "f8f5ee", line=1.4, finish="gouache", wobble=1.0)


def style_of(words: str) -> Style:
    """Return the look that style words ask for; the same words give the same look."""
    text = words.lower()
    found = next((look for pattern, look in _LOOKS if re.search(rf"\b(?:{pattern})", text)), None)
    style = found or _unknown(text)
    if re.search(r"\bdark\b|\bnight\b|\bblack background\b", text) and not style.dark:
        style = replace(style, ground="101a2c", ink="e9eff6", dark=True)
    if re.search(r"\bmorning\b|\bwarm\b|\bsunset\b|\bgolden\b|\bautumn\b", text):
        style = replace(style, warm=style.warm + 0.35)
    if re.search(r"\bcold\b|\bcool\b|\bwinter\b|\bmoonlit\b", text):
        style = replace(style, warm=style.warm - 0.5)
    if re.search(r"\bmonochrome\b|\bblack and white\b|\bgr[ea]y\b|\bgrayscale\b", text):
        style = replace(style, depth=0.05)
    if re.search(r"\bsoft\b|\bpastel\b|\bmuted\b", text):
        style = replace(style, pale=max(style.pale, 0.12))
    sole = bool(re.search(r"\b(?:one|single)\b(?: \w+){0,2} subject\b", text))
    labelled = style.diagram or bool(re.search(r"\blabel\w*|\bannotat\w*|\bnotebook\b|\bbeschriftet\b", text))
    diagram = style.diagram or bool(re.search(r"\bdiagram\b|\bhosts\b", text))
    return replace(style, labelled=labelled, diagram=diagram, sole=sole)


def _unknown(text: str) -> Style:
    """A plain look whose colours, lines and surface are determined by the words themselves."""
    if not text.strip():
        return _PLAIN
    chance = Chance("style", text)
    return replace(
        _PLAIN,
        turn=chance.between(-0.07, 0.07),
        depth=chance.between(0.75, 1.2),
        warm=chance.between(-0.3, 0.4),
        line=chance.choose((0.0, 1.4, 2.6)),
        wobble=chance.choose((0.0, 1.5, 3.0)),
        finish=chance.choose(("plain", "gouache", "poster")),
        ground=chance.choose(("f8f5ee", "f2eee3", "eef2f2", "f7efe6")),
    )
