"""Words of a text, also in scripts that are written without spaces: Chinese, Japanese, Thai, Khmer, Lao, Burmese, Tibetan.

    spaces ──► pieces ── phrases (budoux: zh, ja, th) or syllables (km, lo, my, bo) ──► words that may stand at a line's end

A word keeps its punctuation: none begins with 、 or ends with 「. Only zero-width spaces between words are lost.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import budoux

_ZERO_WIDTH_SPACE = "\u200b"
_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_KANA = "\u3041-\u309f\u30a0-\u30ff\u31f0-\u31ff\uff66-\uff9f"
_THAI, _LAO, _KHMER, _BURMESE, _TIBETAN = (
    "\u0e01-\u0e3a\u0e40-\u0e4e",
    "\u0e80-\u0eff",
    "\u1780-\u17d3\u17dd",
    "\u1000-\u109f\ua9e0-\ua9fe\uaa60-\uaa7f",
    "\u0f00-\u0fff",
)
_UNSPACED = re.compile(f"[{_HAN}{_KANA}{_THAI}{_LAO}{_KHMER}{_BURMESE}{_TIBETAN}、。，．！？：；「」『』（）《》〈〉【】〔〕]")
_PARTS = re.compile(
    f"(?P<lao>[{_LAO}]+)|(?P<khmer>[{_KHMER}]+)|(?P<burmese>[{_BURMESE}]+)|(?P<tibetan>[{_TIBETAN}]+)|(?P<other>.)", re.DOTALL
)
_EAST_ASIAN = re.compile(f"[{_HAN}{_KANA}、。，．！？：；「」『』（）《》〈〉【】〔〕]")
_BY_MODEL = re.compile(f"[{_HAN}{_KANA}{_THAI}]")
_BANTOC = "\u17cb"
_LONE_KHMER = re.compile(f"[\u1780-\u17b3]{_BANTOC}?")
_SYLLABLE_STARTS = {
    "lao": re.compile("(?=[\u0ec0-\u0ec4])|(?<![\u0ec0-\u0ec4])(?=[\u0e81-\u0eae\u0edc-\u0edf][\u0eb0-\u0ebc\u0ec8-\u0ecd])"),
    "khmer": re.compile("(?<!\u17d2)(?=[\u1780-\u17b3])"),
    "burmese": re.compile("(?<!\u1039)(?=[\u1000-\u102a\u103f\u104e](?![\u103a\u1039]))"),
    "tibetan": re.compile("(?<=[\u0f0b\u0f0d])(?=[\u0f40-\u0f6c])"),
}
"""Where a syllable begins: before a vowel written in front (Lao), before a consonant not stacked below (Khmer, Burmese)."""
_NOT_FIRST = frozenset(
    "、。，．・：；？！）〕］｝〉》」』】〙〗〛｠〟’”»ーァィゥェォッャュョヮヵヶぁぃぅぇぉっゃゅょゎゕゖ々〻ゝゞヽヾ゛゜゠〜～–‼⁇⁈⁉…‥,.:;?!)]}"
    "ㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿｧｨｩｪｫｬｭｮｯｰﾞﾟ｡｣､･%％‰°℃℉′″ๆฯ།၊။។៕៖"
)
_NOT_LAST = frozenset("（〔［｛〈《「『【〘〖〚｟〝‘“«([{｢$＄¥￥€£￡#＃№")
"""After the tables of kinsoku in JLREQ, and of the line break classes CL, EX, NS, OP and PR in UAX #14."""


class WrittenWord(NamedTuple):
    """A word as written. no_space_before: it stands directly after the word before it."""

    text: str
    no_space_before: bool


def is_unspaced(letter: str) -> bool:
    """Whether a letter or mark belongs to a script without spaces between words."""
    return _UNSPACED.match(letter) is not None


def is_east_asian(letter: str) -> bool:
    """Whether a letter is Chinese or Japanese."""
    return _EAST_ASIAN.match(letter) is not None


def may_break(before: str, after: str) -> bool:
    """Whether a line may end between two letters: none begins with a small kana or 、, and none ends with 「."""
    return after not in _NOT_FIRST and before not in _NOT_LAST


def words_of(text: str, language: str = "") -> list[WrittenWord]:
    """Return the words of a text in order. language: decides between Japanese and Chinese, and between its two scripts."""
    if not _UNSPACED.search(text) and _ZERO_WIDTH_SPACE not in text:
        return [WrittenWord(word, no_space_before=False) for word in text.split()]
    return [WrittenWord(word, place > 0) for piece in text.split() for place, word in enumerate(_words(piece, language))]


def joined(words: Sequence[WrittenWord]) -> str:
    """Return the text of words: with a space before each that has one, except the first."""
    return "".join(("" if place == 0 or word.no_space_before else " ") + word.text for place, word in enumerate(words))


def _words(piece: str, language: str) -> list[str]:
    """Split what stands between two spaces."""
    words: list[str] = []
    for run in piece.split(_ZERO_WIDTH_SPACE):
        first = len(words)
        for word in _raw(run, language):
            if len(words) > first and (not may_break(words[-1][-1], word[0]) or not _may_part(words[-1], word)):
                words[-1] += word
            else:
                words.append(word)
    return words


def _may_part(before: str, after: str) -> bool:
    """Whether two parts may be on two lines: not within Latin letters or a number."""
    return is_unspaced(before[-1]) or is_unspaced(after[0])


def _raw(run: str, language: str) -> Iterator[str]:
    """Yield phrases or syllables, and letters of other scripts one by one."""
    if _BY_MODEL.search(run):
        yield from _parser(_model(run, language)).parse(run)
        return
    for part in _PARTS.finditer(run):
        kind, text = str(part.lastgroup), part[0]
        if kind == "khmer":
            yield from _closed([syllable for syllable in _SYLLABLE_STARTS[kind].split(text) if syllable])
        elif kind in _SYLLABLE_STARTS:
            yield from filter(None, _SYLLABLE_STARTS[kind].split(text))
        else:
            yield text


def _closed(syllables: Sequence[str]) -> list[str]:
    """Join a Khmer consonant without a vowel to the syllable that it closes, or, where that one is closed, to the next."""
    words: list[str] = []
    is_closed = opens = True
    for syllable in syllables:
        alone = _LONE_KHMER.fullmatch(syllable) is not None
        if words and (opens or (alone and not is_closed)):
            words[-1] += syllable
        else:
            words.append(syllable)
        opens = alone and is_closed
        is_closed = alone or syllable.endswith(_BANTOC)
    return words


def _model(run: str, language: str) -> str:
    base, _, rest = language.lower().replace("_", "-").partition("-")
    if re.search(f"[{_THAI}]", run):
        return "th"
    if base == "ja" or (base not in {"zh", "yue", "ko"} and re.search(f"[{_KANA}]", run)):
        return "ja"
    return "zh-hant" if base == "yue" or {"hant", "tw", "hk", "mo"} & set(rest.split("-")) else "zh-hans"


_MODELS: dict[str, Callable[[], budoux.Parser]] = {
    "ja": budoux.load_default_japanese_parser,
    "th": budoux.load_default_thai_parser,
    "zh-hans": budoux.load_default_simplified_chinese_parser,
    "zh-hant": budoux.load_default_traditional_chinese_parser,
}


@lru_cache(maxsize=4)
def _parser(model: str) -> budoux.Parser:
    return _MODELS[model]()
