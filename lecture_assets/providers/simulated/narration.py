"""Distribute notes over segments: every sentence is said, in order, and nothing else is claimed.

The only sentences it adds are the openers of a recap, when there are more segments than the notes have clauses; in a language
without such openers, not even these.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise

from lecture_assets.providers.simulated.phrasebook import Phrases
from lecture_media.unspaced import is_east_asian
from lecture_media.words import halves, paragraphs, sentences

PARAGRAPH_PULL = 0.35
"""How far a cut moves to fall between two paragraphs, as a share of an average segment."""


def spread(notes: str, count: int, phrases: Phrases | None, language: str) -> list[str]:
    """Return the narration of `count` segments (1 or more) from notes with at least one sentence. Phrases make all differ."""
    parts = [sentences(paragraph, language) for paragraph in paragraphs(notes)]
    if len(parts) == count:
        return _distinct([_together(part) for part in parts], phrases)
    pieces = [sentence for part in parts for sentence in part]
    ends = set(accumulate(len(part) for part in parts))
    if len(pieces) < count:
        pieces, ends = _split(pieces, count), set()
    said = _balanced(pieces, ends, min(count, len(pieces)))
    return _distinct(said + _recap(pieces, count - len(said), phrases), phrases)


def _split(pieces: list[str], count: int) -> list[str]:
    """Split the pieces at clauses, longest first, until there are `count` or nothing more can be split."""
    whole: set[str] = set()
    while len(pieces) < count and (cuttable := [piece for piece in pieces if piece not in whole]):
        longest = max(cuttable, key=len)
        place = pieces.index(longest)
        cut = halves(longest)
        if cut:
            pieces = [*pieces[:place], *cut, *pieces[place + 1 :]]
        else:
            whole.add(longest)
    return pieces


def _balanced(pieces: list[str], ends: set[int], count: int) -> list[str]:
    """Group the pieces into `count` runs of similar length, cut between paragraphs (after `ends` pieces) if one is near."""
    reached = list(accumulate((len(piece) for piece in pieces), initial=0))
    average = reached[-1] / count
    cuts = [0]
    for segment in range(1, count):
        allowed = range(cuts[-1] + 1, len(pieces) - (count - segment) + 1)
        cuts.append(min(allowed, key=lambda cut: _distance(reached[cut], average * segment, pull=average if cut in ends else 0)))
    return [_together(pieces[start:end]) for start, end in pairwise([*cuts, len(pieces)])]


def _together(pieces: Sequence[str]) -> str:
    """Return sentences one after the other, with a space between them unless both are Chinese or Japanese."""
    text = ""
    for piece in pieces:
        is_apart = text and not (is_east_asian(text[-1]) and is_east_asian(piece[0]))
        text += f" {piece}" if is_apart else piece
    return text


def _distance(reached: int, wanted: float, pull: float) -> float:
    return abs(reached - wanted) - pull * PARAGRAPH_PULL


def _recap(pieces: Sequence[str], count: int, phrases: Phrases | None) -> list[str]:
    """Write `count` segments that repeat what was said: each piece after a different opener, or growing groups of pieces."""
    turns = [divmod(turn, len(pieces)) for turn in range(count)]
    if phrases is None:
        return [_together([*pieces, *pieces][place : place + 1 + min(time, len(pieces) - 1)]) for time, place in turns]
    return [f"{_opener(phrases, time)}{phrases.gap}{pieces[place]}" for time, place in turns]


def _opener(phrases: Phrases, time: int) -> str:
    """A different opener each time."""
    again, opener = divmod(time, len(phrases.recaps))
    ordinal = f"{phrases.recap_again.format(number=again + 1)}{phrases.gap}" if again else ""
    return f"{ordinal}{phrases.recaps[opener]}"


def _distinct(said: Sequence[str], phrases: Phrases | None) -> list[str]:
    """Make repeated segments differ, if there are phrases to do so."""
    seen: dict[str, int] = {}
    apart: list[str] = []
    for text in said:
        seen[text] = seen.get(text, 0) + 1
        again = "" if seen[text] == 1 or phrases is None else f"{phrases.once_more.format(number=seen[text])}{phrases.gap}"
        apart.append(f"{again}{text}")
    return apart
