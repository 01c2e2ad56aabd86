"""What is drawn for a prompt that names nothing known: a rosette with the prompt's own key words on ribbons."""

from collections.abc import Sequence

from lecture_media.draw.drawings import DRAWINGS
from lecture_media.draw.pen import Pen

_COLOURS = ("teal", "cloth", "flame", "violet", "leaf", "gold", "rose")


def emblem(pen: Pen, key_words: Sequence[str]) -> None:
    """Rings of petals whose number, colours and rotation are random, and up to three ribbons over them."""
    petals = 6 + int(pen.chance.between(0, 7))
    first = int(pen.chance.between(0, len(_COLOURS)))
    pen = pen.at(0, -0.18, 0.8)
    for ring in range(4):
        pen.lift()
        turn, radius = pen.chance.between(0, 1), 0.9 - 0.19 * ring
        colour = _COLOURS[(first + ring * 2) % len(_COLOURS)]
        pen.star((0, 0), (radius, radius * (0.72 + 0.08 * (ring % 2))), petals, colour, turn)
    pen.oval((0, 0), 0.2, "paper")
    shown = key_words[:3]
    for i, word in enumerate(shown):
        ribbon = pen.at(0, 0.46 * i - 0.1 if len(shown) > 1 else 0.3, 0.82 - 0.12 * i)
        ribbon.word = word
        DRAWINGS["banner"](ribbon)
