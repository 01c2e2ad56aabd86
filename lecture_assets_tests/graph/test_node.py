"""Node ids: one spelling a node, there and back; everything else refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_assets.graph.build import build
from lecture_assets.graph.errors import UnknownNodeError
from lecture_assets.graph.kind import Per
from lecture_assets.graph.lecture import KINDS
from lecture_assets.graph.node import Cell, node_id, parse_node_id
from lecture_assets_tests.graph.lectures import lecture

CELLS = {
    Per.LECTURE: st.just(Cell()),
    Per.SEGMENT: st.builds(Cell, st.integers(0, 98)),
    Per.IMAGE: st.builds(Cell, st.integers(0, 98), st.integers(0, 3)),
}
ADDRESSED = st.sampled_from(sorted(KINDS)).flatmap(lambda name: st.tuples(st.just(name), CELLS[KINDS[name].per]))


@given(ADDRESSED)
def test_an_id_parses_to_the_cell_it_was_written_from(addressed: tuple[str, Cell]) -> None:
    kind, cell = addressed
    assert parse_node_id(node_id(kind, cell.segment, cell.image)) == (KINDS[kind], cell)


@given(st.text() | st.from_regex(r"[a-z]+:[a-z-]+(:segment\[.{1,3}\])?(:image\[.{1,2}\])?\s?"))
def test_a_text_is_refused_or_is_the_one_spelling_of_its_node(text: str) -> None:
    try:
        kind, cell = parse_node_id(text)
    except UnknownNodeError:
        return
    assert node_id(kind.name, cell.segment, cell.image) == text


@pytest.mark.parametrize("segments", [1, 3, 99])
def test_every_id_of_a_built_graph_parses_to_its_node(segments: int) -> None:
    for node in build(lecture(segments, 4)).nodes.values():
        assert parse_node_id(node.id) == (node.kind, node.cell)


HOSTILE = [
    "",
    "content",
    ":",
    "content:",
    "content:narration-text",
    "content:narration-text:segment[]",
    "content:narration-text:segment[-1]",
    "content:narration-text:segment[02]",
    "content:narration-text:segment[00]",
    "content:narration-text:segment[99]",
    "content:narration-text:segment[100]",
    "content:narration-text:segment[2]\n",
    "content:narration-text:segment[2] ",
    " content:narration-text:segment[2]",
    "content:narration-text:segment[٢]",
    "content:narration-text:segment[２]",
    "content:narration-text:segment[²]",
    "content:narration-text:segment[1_0]",
    "content:narration-text:segment[0x1]",
    "content:narration-text:segment[2]:image[0]",
    "content:narration-text:segment[2]:segment[2]",
    "content:narration\u2010text:segment[2]",
    "Content:Narration-Text:segment[2]",
    "asset:image:segment[2]",
    "asset:image:image[0]",
    "asset:image:segment[2]:image[4]",
    "asset:image:segment[2]:image[00]",
    "asset:image:segment[2]:image[٠]",
    "assembler:timeline:segment[0]",
    "config:user-prompt\x00",
    "../../etc/passwd",
    "content:no-such-kind:segment[2]",
]


@pytest.mark.parametrize("text", HOSTILE, ids=repr)
def test_a_hostile_id_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(UnknownNodeError) as refused:
        parse_node_id(text)
    (fault,) = refused.value.faults
    assert (fault.where, fault.found) == ("node", repr(text))
    assert fault.allowed


@pytest.mark.parametrize(
    "text", ["a" * 10_000_000, "content:" + "a" * 10_000_000, "content:script:segment[" + "1" * 10_000_000 + "]"]
)
def test_a_huge_id_is_refused_with_a_short_sentence(text: str) -> None:
    with pytest.raises(UnknownNodeError) as refused:
        parse_node_id(text)
    assert len(str(refused.value)) < 400
