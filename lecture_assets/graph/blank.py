"""Whether a text shows anything. Imports nothing: edits, briefs and drawings share it."""

import re

WITHOUT_FORM = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""A class of characters in a regular expression: Default_Ignorable_Code_Point of Unicode, which no font draws."""
_WITH_FORM = re.compile(f"[^{WITHOUT_FORM}\u2800]")


def is_blank(text: str) -> bool:
    """Whether a text has only spaces, control characters, fillers, joiners and the like: nothing that anybody would see."""
    return not any(letter.isprintable() and letter != " " for letter in _WITH_FORM.findall(text))
