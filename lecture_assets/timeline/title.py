"""Whether a title shows anything in the film. Pure."""

from lecture_assets.graph.blank import is_blank
from lecture_assets.prose.emoji import without_emoji
from lecture_assets.prose.markup import as_shown


def has_words(shown: str) -> bool:
    """Whether a title, as readers see it, is more than emoji and spaces, so that a film has something to write."""
    return not is_blank(without_emoji(shown))


def is_title(text: str) -> bool:
    """Whether a text that may be Markdown has words for a title."""
    return has_words(as_shown(text))
