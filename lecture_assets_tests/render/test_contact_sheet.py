"""A contact sheet shows each segment's own picture in its place, whole and without captions."""

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.render.contact_sheet import contact_sheet
from lecture_assets_tests.render.samples import BLUE, GREEN, RED, Shelf

COLOURS = (RED, GREEN, BLUE)


def drawn(timeline: Any, shelf: Shelf) -> Any:
    """The sheet as an array of RGB."""
    with Image.open(io.BytesIO(contact_sheet(timeline, shelf))) as sheet:
        assert sheet.format == "JPEG"
        return np.asarray(sheet.convert("RGB")).astype(int)


def colours_seen(sheet: Any) -> list[tuple[int, int, int]]:
    """Which of the colours are seen, from left to right."""
    found = []
    for colour in COLOURS:
        near = np.abs(sheet - colour).max(axis=2) < 12
        if near.sum() > 2_000:
            found.append((int(np.nonzero(near)[1].mean()), colour))
    return [colour for _, colour in sorted(found)]


def test_each_segment_is_seen_in_play_order_by_its_first_picture(shelf: Shelf) -> None:
    segments = [shelf.segment(slot, pictures=[shelf.picture(colour)]) for slot, colour in enumerate(COLOURS)]
    assert colours_seen(drawn(shelf.lecture(*segments), shelf)) == [RED, GREEN, BLUE]
    assert colours_seen(drawn(shelf.lecture(*segments, order=[2, 0, 1]), shelf)) == [BLUE, RED, GREEN]


def test_a_segment_by_itself_shows_all_its_pictures(shelf: Shelf) -> None:
    assert colours_seen(drawn(shelf.lecture(), shelf)) == [RED, GREEN]


def test_a_clip_by_itself_is_seen_at_its_beginning_middle_and_end(shelf: Shelf) -> None:
    segment = shelf.segment(seconds=4.0, pictures=[], clip=shelf.clip([RED, GREEN, BLUE]))
    assert colours_seen(drawn(shelf.lecture(segment), shelf)) == [RED, GREEN, BLUE]


@pytest.mark.slow
@pytest.mark.parametrize("many", [1, 12, 25])
@pytest.mark.parametrize("size", [(320, 180), (180, 320)])
def test_a_sheet_is_never_wider_than_a_page_of_the_ui(shelf: Shelf, size: tuple[int, int], many: int) -> None:
    segments = [shelf.segment(slot, size=size, pictures=[shelf.picture(RED)], narration=None) for slot in range(many)]
    height, width, _ = drawn(shelf.lecture(*segments, size=size, title="How plants eat light " * 20), shelf).shape
    assert width <= 640
    assert height < 100 + many * 350


def test_what_is_missing_is_a_placeholder_and_a_damaged_medium_an_error(shelf: Shelf) -> None:
    assert colours_seen(drawn(shelf.lecture(None, shelf.segment(1)), shelf)) == [RED]
    timeline = shelf.lecture(shelf.segment(pictures=[shelf.picture(RED) | {"sha256": shelf.bytes(b"no picture")}]))
    with pytest.raises(WrongInputError, match="a picture that cannot be read"):
        contact_sheet(timeline, shelf)
