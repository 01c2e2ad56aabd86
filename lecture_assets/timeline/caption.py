"""Caption lines: spoken words grouped into lines that can be read at a glance. Pure; times are on the segment's clock."""

from collections.abc import Mapping, Sequence
from typing import Any

from lecture_assets.languages import base_of
from lecture_assets.prose.readable import readable
from lecture_assets.timeline.line_breaks import Breaks, lines_of
from lecture_assets.timeline.schema import SegmentCaption, SegmentWord
from lecture_assets.timeline.text_width import width_of
from lecture_assets.timeline.written import cut, text_of
from lecture_media.sentence_ends import CLOSERS, sentence_ends
from lecture_media.unspaced import is_east_asian, is_unspaced, words_of

LINE_LANDSCAPE = 42
"""Characters per line: the limit of Netflix's Timed Text Style Guide for English."""
LINE_UPRIGHT = 28
"""Characters per line in square and upright frames: 42 would be too small on a phone."""
_LINES: Mapping[str, tuple[int, int]] = {
    **dict.fromkeys(("zh", "yue", "ja", "ko"), (32, 24)),
    **dict.fromkeys(("th", "lo", "km", "my", "bo"), (35, 24)),
}
"""The same for languages of other scripts, in columns: 16 full-width characters are 32, the limit of Netflix's guides for Chinese
and Korean; 35 is the one for Thai. Marks above and below have no width."""
_UNSPACED = frozenset({"zh", "yue", "ja", "th", "lo", "km", "my", "bo"})
CLAUSE_ENDS = (",", ";", ":", "–", "—", "，", "、", "；", "：", "،", "؛", "၊", "፣", "፥", "՝")
PAUSE_MS = 600
"""A silence this long ends a line like a full stop."""
LINGER_MS = 700
"""How long a line stays after its last word, so that it does not flicker in short pauses."""
SHORTEST_MS, LONGEST_MS = 833, 7000
"""How long a caption is to be seen: five sixths of a second to seven seconds, as in Netflix's Timed Text Style Guide."""
_CLAUSE_BONUS = 120
"""The benefit of ending a line at a comma, in squared characters of unevenness: about 11 characters."""
_PHRASE_BONUS = 600
"""The same in languages without spaces, whose lines are to end with a phrase rather than to be even."""


def ends_clause(word: str) -> bool:
    """Whether a word as written ends a clause."""
    return word.rstrip(CLOSERS).endswith(CLAUSE_ENDS)


def line_length(size: tuple[int, int], language: str) -> int:
    """Return the columns of a line for a frame of (width, height)."""
    landscape, upright = _LINES.get(base_of(language), (LINE_LANDSCAPE, LINE_UPRIGHT))
    return landscape if size[0] > size[1] else upright


def spoken_words(words: Sequence[Mapping[str, Any]], offset_ms: int, duration_ms: int, language: str) -> list[SegmentWord]:
    """Move `Speech.words` to the segment's clock, without blank words and with times in order within the recording.

    A word that is several (a whole sentence of Chinese) is divided, and its time with it, by the width of the parts.
    """
    spoken: list[SegmentWord] = []
    latest = 0
    for word in words:
        start = min(max(word["start_ms"], latest), duration_ms)
        latest = min(max(word["end_ms"], start), duration_ms)
        if text := " ".join(readable(word["text"]).split()):
            joins = bool(spoken) and (word.get("no_space_before", False) or _joins(spoken[-1]["text"], text))
            whole = _word(text, offset_ms + start, offset_ms + latest, joins=joins)
            spoken += _divided(whole, [(part.text, part.no_space_before) for part in words_of(text, language)])
    return spoken


def _joins(before: str, text: str) -> bool:
    """Whether two words are Chinese or Japanese, which some vendors time letter by letter."""
    return is_east_asian(before[-1]) and is_east_asian(text[0])


def _word(text: str, start: int, end: int, *, joins: bool) -> SegmentWord:
    word: SegmentWord = {"text": text, "offset_ms": start, "end_offset_ms": end}
    if joins:
        word["no_space_before"] = True
    return word


def _divided(word: SegmentWord, parts: Sequence[tuple[str, bool]]) -> list[SegmentWord]:
    """Divide a word into its parts: (text, whether it joins the part before)."""
    if len(parts) < 2:  # noqa: PLR2004 - nothing to divide
        return [word]
    begin, length = word["offset_ms"], word["end_offset_ms"] - word["offset_ms"]
    total, done, divided = sum(width_of(text) for text, _ in parts) or 1, 0, []
    for place, (text, joins) in enumerate(parts):
        start = begin + length * done // total
        done += width_of(text)
        is_joined = joins if place else word.get("no_space_before", False)
        divided.append(_word(text, start, begin + length * done // total, joins=is_joined))
    return divided


def captions_of(words: Sequence[SegmentWord], longest: int, segment_ms: int, language: str) -> list[SegmentCaption]:
    """Return lines of at most `longest` columns, even in each sentence, that do not overlap.

    A line has one sentence, unless that would be seen for less than SHORTEST_MS; a word longer than a line is cut.
    """
    fitting = [part for word in words for part in _cut(word, longest)]
    lines = [line for run in _runs(fitting) for line in lines_of(run, _breaks(fitting, run, longest, segment_ms, language))]
    starts = [line[0]["offset_ms"] for line in lines] + [segment_ms]
    return [_caption(line, limit) for line, limit in zip(lines, starts[1:], strict=True)]


def _cut(word: SegmentWord, longest: int) -> list[SegmentWord]:
    """Return the parts of a word that is longer than a line, each with its hyphen."""
    parts = cut(word["text"], longest)
    words = _divided(word, [(part.text, part.no_space_before) for part in parts])
    for cut_off, part in zip(words, parts, strict=True):
        if part.is_hyphenated:
            cut_off["hyphenated"] = True
    return words


def first_sentence(captions: Sequence[Mapping[str, Any]], language: str) -> str:
    """Return the first sentence of a segment's captions; an empty text without captions."""
    return next((text_of(sentence) for sentence in sentences_of(captions, language)), "")


def sentences_of(captions: Sequence[Mapping[str, Any]], language: str) -> list[list[Mapping[str, Any]]]:
    """Return the words of captions by sentences."""
    sentences: list[list[Mapping[str, Any]]] = []
    words = [word for caption in captions for word in caption["words"]]
    begins = True
    for word, ends in zip(words, sentence_ends([word["text"] for word in words], language), strict=True):
        if begins:
            sentences.append([])
        sentences[-1].append(word)
        begins = ends
    return sentences


def _breaks(words: Sequence[SegmentWord], run: Sequence[SegmentWord], longest: int, segment_ms: int, language: str) -> Breaks:
    after = next((word["offset_ms"] for word in words if word["offset_ms"] > run[-1]["offset_ms"]), segment_ms)
    return Breaks(
        longest=longest,
        until_ms=after,
        shortest_ms=SHORTEST_MS,
        longest_ms=LONGEST_MS,
        clause_bonus=_PHRASE_BONUS if base_of(language) in _UNSPACED else _CLAUSE_BONUS,
        clause_ends=[ends_clause(word["text"]) or _ends_phrase(word, following) for word, following in _pairs(run)],
        sentence_ends=sentence_ends([word["text"] for word in run], language),
        language=base_of(language),
    )


def _pairs(run: Sequence[SegmentWord]) -> list[tuple[SegmentWord, SegmentWord | None]]:
    return list(zip(run, [*run[1:], None], strict=True))


def _ends_phrase(word: SegmentWord, following: SegmentWord | None) -> bool:
    """Whether a space follows in a script that has spaces only between phrases."""
    if following is None or following.get("no_space_before") or following["text"][0].isdigit():
        return False
    letters = (word["text"][-1], following["text"][0])
    return any(is_unspaced(letter) and not is_east_asian(letter) for letter in letters)


def _caption(line: Sequence[SegmentWord], limit_ms: int) -> SegmentCaption:
    line = _rejoined(line)
    start = line[0]["offset_ms"]
    spoken_ms = line[-1]["end_offset_ms"] - start
    seen_ms = max(spoken_ms, min(max(spoken_ms + LINGER_MS, SHORTEST_MS), LONGEST_MS))
    end = min(start + seen_ms, limit_ms)
    return {"text": text_of(line), "offset_ms": start, "end_offset_ms": end, "words": list(line)}


def _rejoined(line: Sequence[SegmentWord]) -> list[SegmentWord]:
    """Make one word of the parts of a word that are on the same line: hyphens are at its end alone."""
    words: list[SegmentWord] = []
    for word in line:
        if words and words[-1].get("hyphenated"):
            before = words.pop()
            joined: SegmentWord = {**word, "text": before["text"][:-1] + word["text"], "offset_ms": before["offset_ms"]}
            if not before.get("no_space_before"):
                joined.pop("no_space_before", None)
            words.append(joined)
        else:
            words.append(word)
    return words


def _runs(words: Sequence[SegmentWord]) -> list[list[SegmentWord]]:
    """Split words at long pauses."""
    runs: list[list[SegmentWord]] = []
    for i, word in enumerate(words):
        if not i or word["offset_ms"] - words[i - 1]["end_offset_ms"] >= PAUSE_MS:
            runs.append([])
        runs[-1].append(word)
    return runs
