"""Notes spread over segments: every sentence of the notes is said, in their order, and nothing else is claimed.

It writes no sentence of its own but the openers of a recap, when there are more segments than the notes have clauses.
"""

from itertools import accumulate, pairwise

from lecture_assets.providers.simulated.words import halves, paragraphs, sentences

PARAGRAPH_PULL = 0.35
"""How far, in lengths of an average segment, a cut moves to fall between two paragraphs."""
RECAP_OPENERS = (
    "To recall:",
    "Say it once more, slowly:",
    "Hold on to this:",
    "If you keep one thing, keep this:",
    "Back to where we were:",
    "In other words, the same words:",
    "Worth hearing twice:",
    "Close your eyes and picture it:",
    "Before we part:",
    "Ask a friend whether they knew:",
)


def spread(notes: str, count: int) -> list[str]:
    """The narration of `count` segments (1 or more), all different, from notes that hold at least one sentence."""
    parts = [sentences(paragraph) for paragraph in paragraphs(notes)]
    if len(parts) == count:
        return _told_apart([" ".join(part) for part in parts])
    pieces = [sentence for part in parts for sentence in part]
    ends = set(accumulate(len(part) for part in parts))
    if len(pieces) < count:
        pieces, ends = _split(pieces, count), set()
    said = _balanced(pieces, ends, min(count, len(pieces)))
    return _told_apart(said + _recap(pieces, count - len(said)))


def _split(pieces: list[str], count: int) -> list[str]:
    """The pieces cut at clauses, the longest first, until there are `count` or nothing more can be cut."""
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
    """The pieces in `count` runs of about equal length, cut between paragraphs (after `ends` pieces) where one is near."""
    reached = list(accumulate((len(piece) for piece in pieces), initial=0))
    average = reached[-1] / count
    cuts = [0]
    for segment in range(1, count):
        allowed = range(cuts[-1] + 1, len(pieces) - (count - segment) + 1)
        cuts.append(min(allowed, key=lambda cut: _distance(reached[cut], average * segment, pull=average if cut in ends else 0)))
    return [" ".join(pieces[start:end]) for start, end in pairwise([*cuts, len(pieces)])]


def _distance(reached: int, wanted: float, pull: float) -> float:
    return abs(reached - wanted) - pull * PARAGRAPH_PULL


def _recap(pieces: list[str], count: int) -> list[str]:
    """`count` segments that say again what was said, each with another pair of opener and piece."""
    said: list[str] = []
    for turn in range(count):
        time, place = divmod(turn, len(pieces))
        again, opener = divmod(time, len(RECAP_OPENERS))
        ordinal = f"Recap {again + 1}. " if again else ""
        said.append(f"{ordinal}{RECAP_OPENERS[opener]} {pieces[place]}")
    return said


def _told_apart(said: list[str]) -> list[str]:
    """Notes that repeat themselves still give segments that differ."""
    seen: dict[str, int] = {}
    apart: list[str] = []
    for text in said:
        seen[text] = seen.get(text, 0) + 1
        apart.append(text if seen[text] == 1 else f"Once more, for the {seen[text]}. time: {text}")
    return apart
