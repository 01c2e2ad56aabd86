"""Questions about a graph."""

import pytest

from lecture_assets.graph.build import build
from lecture_assets.graph.errors import UnknownNodeError
from lecture_assets.graph.queries import get_node, nodes_of_kind, nodes_of_segment
from lecture_assets_tests.graph.lectures import lecture

GRAPH = build(lecture())


def test_a_node_is_found_by_its_id() -> None:
    assert get_node(GRAPH, "asset:image:segment[2]:image[1]").cell.image == 1


@pytest.mark.parametrize(
    ("node", "allowed"),
    [
        ("asset:narration:segment[3]", "asset:narration:segment[0] … asset:narration:segment[2]"),
        ("asset:image:segment[0]:image[2]", "asset:image:segment[0]:image[0] … asset:image:segment[2]:image[1]"),
        ("asset:video:segment[0]", "another kind: asset:video exists only where use-video is on"),
        ("llm:segment-script:segment[0]", "another kind: llm:segment-script exists only where the slot was added later"),
    ],
)
def test_a_node_that_is_not_there_is_refused_with_what_is(node: str, allowed: str) -> None:
    with pytest.raises(UnknownNodeError) as refused:
        get_node(GRAPH, node)
    assert str(refused.value) == f"node: found {node!r}; allowed: {allowed}"


def test_nodes_of_a_kind_and_of_a_segment() -> None:
    assert [node.id for node in nodes_of_kind(GRAPH, "asset:narration")] == [
        f"asset:narration:segment[{slot}]" for slot in range(3)
    ]
    assert len(nodes_of_segment(GRAPH, 1)) == 15
    assert {node.cell.segment for node in nodes_of_segment(GRAPH, 1)} == {1}
