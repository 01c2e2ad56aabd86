"""Claims about ids of lectures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_assets.briefs.lecture_id import check_id, slug
from lecture_assets.graph.errors import WrongInputError


@pytest.mark.parametrize("text", ["../x", "", "x" * 64, "a b", "bäume", "A", "-a", "a/b", "a\n", "a\0", ".", "a.b", "١"])
def test_an_id_that_could_be_a_path_or_a_trick_is_refused(text: str) -> None:
    with pytest.raises(WrongInputError, match="id: found"):
        check_id(text)


@pytest.mark.parametrize("text", ["a", "0", "photosynthesis", "a-b-3", "x" * 63])
def test_a_plain_id_is_taken(text: str) -> None:
    assert check_id(text) == text


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("Wie Bäume trinken", "wie-baume-trinken"), ("蜂", "lecture"), ("tcp_handshake", "tcp-handshake"), ("--", "lecture")],
)
def test_a_name_becomes_an_id_one_can_read(name: str, wanted: str) -> None:
    assert slug(name) == wanted


@given(name=st.text())
def test_every_slug_is_an_id(name: str) -> None:
    assert check_id(slug(name)) == slug(name)
