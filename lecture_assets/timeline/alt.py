"""Alt texts: what a picture or clip shows, in a sentence or two, for people who do not see it. Pure.

The source is the prompt that it was made from; for a person's own media, the visual of their segment.
"""

import re

from lecture_assets.prose.markup import as_shown

LONGEST = 160
"""Characters. W3C's guide to alt texts asks for a short phrase, or one or two sentences: who hears them cannot skim."""
_SHORTEST = 40
"""Characters: sentences that fit are kept without the rest of the text only if they say as much as this."""
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*(?=\s)|[。！？][」』”’）]*")


def alt_of(text: str) -> str:
    """Return a text in plain words on one line, shortened to LONGEST characters after a sentence, or else after a word."""
    plain = " ".join(as_shown(text).split())
    if len(plain) <= LONGEST:
        return plain
    ends = [end.end() for end in _SENTENCE_END.finditer(plain, 0, LONGEST + 1) if end.end() >= _SHORTEST]
    return plain[: ends[-1]] if ends else shortened(plain, LONGEST)


def shortened(text: str, longest: int) -> str:
    """Return a text of at most `longest` characters: cut after a word, with an ellipsis, or within one that is too long."""
    if len(text) <= longest:
        return text
    start, space, _ = text[:longest].rpartition(" ")
    kept = start if space and len(start) * 2 > longest else text[: longest - 1]
    return f"{kept.rstrip(' ,;:–—-')}…"
