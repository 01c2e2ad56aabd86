"""Where caption lines break: the cheapest of all ways, as TeX breaks paragraphs. Pure.

cheap   lines of even length; an end at a full stop, then at a comma
dear    an end on an article, preposition or sign, or before a postposition; more than one sentence;
        a time too short or too long to read
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lecture_assets.timeline.schema import SegmentWord
from lecture_assets.timeline.text_width import width_of
from lecture_media.unspaced import may_break

_WEAK_END = 250
"""In squared characters of unevenness, like a clause's bonus: about 16 characters."""
_TWO_SENTENCES = 4_000
"""More than two lines can be uneven by (2 × 42²), so that only a time that is too short puts two sentences on a line."""
_UNREADABLE = 20_000
_FORBIDDEN = 200_000
_HANGING_WORDS = """
en a an the of to in on at by for from with into onto over under between through during about as than that and or but nor if
en when while
en because is are was were be has have had will would can could its their his her our your my this these those not no mr mrs ms
en dr prof
de der die das den dem des ein eine einen einem einer eines und oder aber dass weil wenn als ob von vom zu zum zur in im an am
de auf aus
de bei beim mit nach für über unter vor durch gegen ohne um zwischen ist sind war wird werden nicht sein seine ihr ihre kein
de keine sehr
fr le la les un une des du de d à au aux en dans sur sous par pour avec sans entre et ou mais que qui ce cette ces son sa ses
fr leur est
es el la los las un una unos unas de del a al en con por para sin sobre entre y e o u pero que su sus este esta es son no se lo
it il lo la i gli le un una uno di del della dei delle degli a al alla in nel nella con per su tra fra e o ma che è sono si non
pt o a os as um uma de do da dos das em no na nos nas com por para sem sobre entre e ou mas que é são se não ao à
nl de het een van in op te met voor naar aan bij door over en of maar dat die is zijn niet om
sv en ett den det de av i på till från med för om och eller men att som är var inte
ru в во на с со и к ко по за из у от до о об для не при без а но или что как
uk в у на з зі і й до від по за для не при без а але або що як та
ar من في على إلى عن مع أن إن هذا هذه ثم أو لا ما بعد قبل كل بين حتى هو هي التي الذي
he של את על אל מן עם כי או גם לא זה זו כל בין לפי עד הוא היא
fa از به در با که و یا این آن برای تا هر هم
pl i w z na do o od po przez dla że a ale nie się u ku
"""


def _by_language(rows: str) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for language, *words in (row.split() for row in rows.strip().splitlines()):
        found[language] = found.get(language, frozenset()) | frozenset(words)
    return found


_HANGING: Mapping[str, frozenset[str]] = _by_language(_HANGING_WORDS)
"""Articles, prepositions and the like, which belong to the word after them."""


_CLINGING: Mapping[str, frozenset[str]] = _by_language("""
hi का के की को में पर से ने तक भी ही है हैं था थे थी
zh 的 了 着 过 吗 呢 吧 们 上 下 中 里
""")
"""Postpositions, particles and auxiliaries, which belong to the word before them."""
_SIGNS = frozenset("=≈≠≡<>≤≥+−±×·÷→⇒∈⊂∀∃∑Σ∫√")
"""Signs that belong to what follows them: a formula is broken before a sign."""


@dataclass(frozen=True, slots=True)
class Breaks:
    """What decides where the words of a run, between two pauses, are broken.

    longest:  columns of a line
    until_ms: when something follows the run
    clause_ends, sentence_ends: for each word, whether one ends with it
    """

    longest: int
    until_ms: int
    shortest_ms: int
    longest_ms: int
    clause_bonus: int
    clause_ends: Sequence[bool]
    sentence_ends: Sequence[bool]
    language: str

    def cost_of_end(self, words: Sequence[SegmentWord], last: int) -> int:
        """The cost of ending a line with a word, whatever else is on the line; less than nothing at a comma."""
        if last == len(words) - 1 or self.sentence_ends[last]:
            return 0
        word, following = words[last]["text"], words[last + 1]["text"]
        if words[last + 1].get("no_space_before") and not may_break(word[-1], following[0]):
            return _FORBIDDEN
        if self.clause_ends[last]:
            return -self.clause_bonus
        return _WEAK_END if self._hangs(word, following) else 0

    def _hangs(self, word: str, following: str) -> bool:
        """Whether two words belong together: one is an article, abbreviation, sign or postposition, or a number before a unit."""
        if word.lower().lstrip("\"'“‘„«(¿¡") in _HANGING.get(self.language, ()) or word.endswith("."):
            return True
        if word in _SIGNS or following.rstrip("，。、！？।") in _CLINGING.get(self.language, ()):
            return True
        return word[-1].isdigit() and len(following) <= len("km²")

    def cost_of_time(self, start_ms: int, end_ms: int, until_ms: int) -> int:
        """The cost of a line spoken from start to end that may stay until the next one."""
        return _UNREADABLE if until_ms - start_ms < self.shortest_ms or end_ms - start_ms > self.longest_ms else 0


def lines_of(words: Sequence[SegmentWord], breaks: Breaks) -> list[Sequence[SegmentWord]]:
    """Break words into the cheapest lines, none wider than `breaks.longest` unless it is one word."""
    best: list[tuple[int, int]] = [(0, 0)]  # for the first i words: (cost, start of their last line)
    for end in range(1, len(words) + 1):
        best.append(min(_candidates(words, best, end, breaks)))
    lines: list[Sequence[SegmentWord]] = []
    end = len(words)
    while end:
        start = best[end][1]
        lines.append(words[start:end])
        end = start
    return lines[::-1]


def _candidates(words: Sequence[SegmentWord], best: Sequence[tuple[int, int]], end: int, breaks: Breaks) -> list[tuple[int, int]]:
    """Return (cost of the first `end` words, start of their last line) for each line that they can end with."""
    last = end - 1
    until_ms = words[end]["offset_ms"] if end < len(words) else breaks.until_ms
    common = breaks.cost_of_end(words, last)
    candidates = []
    width = sentences = 0
    for start in range(last, -1, -1):
        is_spaced = start < last and not words[start + 1].get("no_space_before", False)
        width += width_of(words[start]["text"]) + is_spaced
        sentences += start < last and breaks.sentence_ends[start]
        if width > breaks.longest and start < last:
            break
        time = breaks.cost_of_time(words[start]["offset_ms"], words[last]["end_offset_ms"], until_ms)
        cost = (breaks.longest - width) ** 2 + common + time + sentences * _TWO_SENTENCES
        candidates.append((best[start][0] + cost, start))
    return candidates
