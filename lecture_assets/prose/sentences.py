"""Sentences made from fragments without an end: list items, table cells, headings."""

from collections.abc import Sequence

_ENDS = (".", "!", "?", "…", ":", ";", "。", "！", "？", "：", "؟", "۔", "।", "។", "։", "።")
CLOSERS = "\"'”’»)]」』）"


def sentence(text: str) -> str:
    """Add a full stop unless the text has an end mark."""
    text = text.strip()
    return text if not text or text.rstrip(CLOSERS).endswith(_ENDS) else text.rstrip(",") + "."


def ended(paragraph: str) -> str:
    """End a paragraph, so that it does not run into the next when both are spoken in one segment."""
    return sentence(paragraph) if any(letter.isalnum() for letter in paragraph) else paragraph


def capital(text: str) -> str:
    """Capitalize the first letter, except in names like iPhone and mRNA."""
    first = text.split(maxsplit=1)[0] if text else ""
    return text[:1].upper() + text[1:] if first.islower() and first.rstrip(",.;:!?").isalpha() and len(first) > 1 else text


def apart(paragraphs: Sequence[str]) -> list[str]:
    """End every paragraph except the last."""
    return [*map(ended, paragraphs[:-1]), *paragraphs[-1:]]
