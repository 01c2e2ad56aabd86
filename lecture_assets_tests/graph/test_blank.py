import pytest

from lecture_assets.graph.blank import is_blank

SPACES = ["", " ", "\t\n", "\u00a0", "\u3000", "\u2800"]
WITHOUT_FORM = [
    "\u200b",
    "\u2060\ufeff",
    "\u3164",
    "\u115f",
    "\uffa0",
    "\ufe0f",
    "\u034f",
    "\u00ad",
    "\u180e",
    "\U000e0100",
    "\U000e0041",
    "\x07",
]


@pytest.mark.parametrize("text", SPACES + WITHOUT_FORM)
def test_what_nobody_sees_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", ".", "水", "🎉", "\u200bx", "\u0301", "⠁"])
def test_what_is_seen_is_not(text: str) -> None:
    assert not is_blank(text)
