"""Caption lines: spoken words grouped into lines that can be read at a glance. Pure; times are on the segment's clock."""

from collections.abc import Mapping, Sequence
from typing import Any

from lecture_assets.prose.readable import readable
from lecture_assets.timeline.schema import SegmentCaption, SegmentWord

LINE_LANDSCAPE = 42
"""Characters per line: the limit of Netflix's Timed Text Style Guide for English."""
LINE_UPRIGHT = 28
"""Characters per line in square and upright frames: 42 would be too small on a phone."""
SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？")
CLAUSE_ENDS = (",", ";", ":", "–", "—", "，", "、")
PAUSE_MS = 600
"""A silence this long ends a line like a full stop."""
LINGER_MS = 700
"""How long a line stays after its last word, so that it does not flicker in short pauses."""
_CLOSERS = "\"'”’»)]"
_CLAUSE_BONUS = 120
"""The benefit of ending a line at a comma, in squared characters of unevenness: about 11 characters."""


def ends_sentence(word: str) -> bool:
    """Whether a word as written ends a sentence, ignoring closing quotes."""
    return word.rstrip(_CLOSERS).endswith(SENTENCE_ENDS)


def ends_clause(word: str) -> bool:
    """Whether a word as written ends a clause."""
    return word.rstrip(_CLOSERS).endswith(CLAUSE_ENDS)


def line_length(size: tuple[int, int]) -> int:
    """Return the characters per line for a frame of (width, height)."""
    return LINE_LANDSCAPE if size[0] > size[1] else LINE_UPRIGHT


def spoken_words(words: Sequence[Mapping[str, Any]], offset_ms: int, duration_ms: int) -> list[SegmentWord]:
    """Move `Speech.words` to the segment's clock, without blank words and with times in order within the recording."""
    spoken: list[SegmentWord] = []
    latest = 0
    for word in words:
        start = min(max(word["start_ms"], latest), duration_ms)
        latest = min(max(word["end_ms"], start), duration_ms)
        if text := " ".join(readable(word["text"]).split()):
            spoken.append({"text": text, "offset_ms": offset_ms + start, "end_offset_ms": offset_ms + latest})
    return spoken


def captions_of(words: Sequence[SegmentWord], longest: int, segment_ms: int) -> list[SegmentCaption]:
    """Return lines of at most `longest` characters (or one longer word), of even length in each sentence, not overlapping."""
    lines = [line for sentence in _sentences(words) for line in _even_lines(sentence, longest)]
    starts = [line[0]["offset_ms"] for line in lines] + [segment_ms]
    return [_caption(line, limit) for line, limit in zip(lines, starts[1:], strict=True)]


def _caption(line: Sequence[SegmentWord], limit_ms: int) -> SegmentCaption:
    end = min(line[-1]["end_offset_ms"] + LINGER_MS, limit_ms)
    text = " ".join(word["text"] for word in line)
    return {"text": text, "offset_ms": line[0]["offset_ms"], "end_offset_ms": end, "words": list(line)}


def _sentences(words: Sequence[SegmentWord]) -> list[list[SegmentWord]]:
    """Split words at full stops and long pauses."""
    sentences: list[list[SegmentWord]] = []
    for i, word in enumerate(words):
        before = words[i - 1] if i else None
        if before is None or ends_sentence(before["text"]) or word["offset_ms"] - before["end_offset_ms"] >= PAUSE_MS:
            sentences.append([])
        sentences[-1].append(word)
    return sentences


def _even_lines(words: Sequence[SegmentWord], longest: int) -> list[Sequence[SegmentWord]]:
    """Break lines with the least squared unevenness, as TeX breaks paragraphs, so that no last line has a single word."""
    best: list[tuple[int, int]] = [(0, 0)]  # for the first i words: (cost, start of their last line)
    for end in range(1, len(words) + 1):
        best.append(min(_candidates(words, best, end, longest)))
    lines: list[Sequence[SegmentWord]] = []
    end = len(words)
    while end:
        start = best[end][1]
        lines.append(words[start:end])
        end = start
    return lines[::-1]


def _candidates(words: Sequence[SegmentWord], best: Sequence[tuple[int, int]], end: int, longest: int) -> list[tuple[int, int]]:
    candidates = []
    width = -1
    for start in range(end - 1, -1, -1):
        width += len(words[start]["text"]) + 1
        if width > longest and start < end - 1:
            break
        bonus = _CLAUSE_BONUS if ends_clause(words[end - 1]["text"]) else 0
        candidates.append((best[start][0] + (longest - width) ** 2 - bonus, start))
    return candidates
