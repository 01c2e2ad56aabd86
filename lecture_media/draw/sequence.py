"""Two hosts, a timeline under each, and the messages between them: the usual drawing of a protocol."""

from collections.abc import Sequence

from lecture_media.draw.drawings import DRAWINGS
from lecture_media.draw.layout import Placed
from lecture_media.draw.pen import Pen, Point
from lecture_media.draw.reading import Message, Reading
from lecture_media.draw.stage import Size, Stage, stage_of
from lecture_media.draw.subjects import SUBJECTS, Mention

_MESSAGE_INKS = ("sun", "teal", "flame")
_SHOWN = {"computer", "server", "packet"}
"""Subjects that the hosts and messages already show."""


def hosts_and_messages(pen: Pen, reading: Reading, size: Size) -> list[Placed]:
    """Draw the timelines and the messages; return the hosts, and the other subjects placed where there is room."""
    unit, stage = min(size), stage_of(size)
    left, right = _hosts(reading, stage)
    others = [mention for mention in reading.subjects if mention.subject.name not in _SHOWN][: 4 if stage.lying else 3]
    top = left.y + left.size * 1.5
    bottom = stage.bottom - (stage.height * 0.29 if others and not stage.lying else 0)
    for host in (left, right):
        _dashed(pen, host.x, top, bottom, unit)
    _messages(pen, reading.messages, (left.x, right.x), (top, bottom), unit * (1.0 if stage.lying else 1.25))
    return [left, right, *_windows(others, stage, left, right)]


def _windows(others: Sequence[Mention], stage: Stage, left: Placed, right: Placed) -> list[Placed]:
    """The other subjects in a row: between the hosts, or in portrait below the messages."""
    start, end, row = stage.left, stage.right, stage.at(0, 0.86)[1]
    if stage.lying:
        start, end, row = left.x + left.size * 1.2, right.x - right.size * 1.2, left.y - left.size * 0.15
    step = (end - start) / max(len(others), 1)
    radius = min(step * 0.4, stage.unit * (0.1 if stage.lying else 0.13))
    return [Placed(one, start + step * (i + 0.5), row, radius, framed=True) for i, one in enumerate(others)]


def _hosts(reading: Reading, stage: Stage) -> tuple[Placed, Placed]:
    known = {mention.subject.name: mention for mention in reading.subjects}
    plain = not known.keys() & {"computer", "server"}
    first = known.get("computer") or Mention(SUBJECTS["computer"], "host A" if plain else "client")
    second = known.get("server") or Mention(SUBJECTS["computer" if plain else "server"], "host B" if plain else "server")
    if first.word.lower() in {"program", "programs"}:
        first, second = Mention(SUBJECTS["computer"], "program A"), Mention(SUBJECTS["computer"], "program B")
    radius = stage.unit * 0.17
    y = stage.top + radius
    return Placed(first, stage.at(0.19, 0)[0], y, radius), Placed(second, stage.at(0.81, 0)[0], y, radius)


def _dashed(pen: Pen, x: float, top: float, bottom: float, unit: float) -> None:
    y = top
    while y < bottom:
        line = Pen(x, y, unit, sheet=pen.sheet)
        line.stroke([(0, 0), (0, 0.018)], "steel", 0.006)
        y += unit * 0.034


def _messages(pen: Pen, messages: Sequence[Message], hosts: tuple[float, float], span: tuple[float, float], unit: float) -> None:
    """Slanting arrows, one below the other, each with its envelope and its name."""
    step = (span[1] - span[0]) / max(len(messages), 1)
    rim = unit * 0.03
    for i, message in enumerate(messages):
        y = span[0] + step * (i + 0.2)
        slant = min(step * 0.55, unit * 0.26)
        a, b = (hosts[0] + rim, hosts[1] - rim) if message.forth else (hosts[1] - rim, hosts[0] + rim)
        colour = _MESSAGE_INKS[i % len(_MESSAGE_INKS)]
        end = 0.78 if message.lost else 1.0
        sheet = Pen(0, 0, unit, sheet=pen.sheet)
        sheet.arrow([(a / unit, y / unit), ((a + (b - a) * end) / unit, (y + slant * end) / unit)], colour, 0.011)
        if message.lost:
            DRAWINGS["mistake"](Pen(a + (b - a) * 0.9, y + slant * 0.9, unit * 0.035, sheet=pen.sheet))
        _letter(
            pen,
            (a + (b - a) * (0.32 if message.lost else 0.5), y + slant * (0.32 if message.lost else 0.5)),
            unit,
            message.label,
            colour,
        )


def _letter(pen: Pen, middle: Point, unit: float, words: str, colour: str) -> None:
    """A message as a card with its name."""
    wide = unit * (0.045 + 0.0125 * len(words))
    card = Pen(*middle, wide, sheet=pen.sheet)
    high = unit * 0.042 / wide
    card.rect((-1, -high), (1, high), colour, high * 0.35)
    card.text(0, 0, unit * 0.04 / wide, words, "night")
