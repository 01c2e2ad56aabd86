"""Placeholders of every size that something is shown at, down to a frame on the contact sheet of a long lecture."""

import pytest

from lecture_assets.render.placeholder import placeholder


@pytest.mark.parametrize("size", [(132, 74), (74, 132), (96, 54), (1280, 720)])
def test_a_placeholder_is_drawn_at_its_size(size: tuple[int, int]) -> None:
    """Letters of less than four pixels once had their lines balanced forever."""
    picture = placeholder("image", size)
    assert picture.size == size
    assert len(picture.getcolors(size[0] * size[1]) or []) > 1
