"""Sentences that are made of what had no end: items, cells, headings."""

from collections.abc import Sequence

_ENDS = (".", "!", "?", "…", ":", ";", "。", "！", "？", "：", "؟", "۔", "।", "។", "։", "።")
CLOSERS = "\"'”’»)]」』）"


def sentence(text: str) -> str:
    """With a full stop where it has no end of its own."""
    text = text.strip()
    return text if not text or text.rstrip(CLOSERS).endswith(_ENDS) else text.rstrip(",") + "."


def ended(paragraph: str) -> str:
    """A paragraph before another, so that it does not run into that one where both are said in one segment."""
    return sentence(paragraph) if any(letter.isalnum() for letter in paragraph) else paragraph


def capital(text: str) -> str:
    """With a capital, but for names like iPhone and mRNA."""
    first = text.split(maxsplit=1)[0] if text else ""
    return text[:1].upper() + text[1:] if first.islower() and first.rstrip(",.;:!?").isalpha() and len(first) > 1 else text


def apart(paragraphs: Sequence[str]) -> list[str]:
    """Paragraphs, each but the last with an end."""
    return [*map(ended, paragraphs[:-1]), *paragraphs[-1:]]
