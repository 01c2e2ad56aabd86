"""Settings to nodes: how many, which, in which order, and what each reads."""

import pytest
from hypothesis import given

from lecture_assets.graph.apply_edits import apply_edits
from lecture_assets.graph.build import build
from lecture_assets.graph.edits import AddSegment, Edit, MoveSegment, RemoveSegment, SetInput
from lecture_assets.graph.settings import Settings
from lecture_assets_tests.counts import (
    A_CLIP,
    A_SEGMENT,
    AN_IMAGE,
    EXAMPLES,
    FILM_A_SEGMENT,
    INPUTS,
    ONCE,
    film_nodes,
    made_nodes,
)
from lecture_assets_tests.graph.edit_strategies import lectures
from lecture_assets_tests.graph.lectures import MOMENT, lecture


@pytest.mark.parametrize("images", [1, 2, 3, 4])
@pytest.mark.parametrize("segments", [1, 3, 99])
def test_a_lecture_of_images_has_as_many_nodes_as_its_size_says(segments: int, images: int) -> None:
    graph = build(lecture(segments, images))
    assert len(graph.made) == made_nodes(segments, images) + film_nodes(segments)
    assert len(graph.nodes) == len(graph.made) + INPUTS


@pytest.mark.parametrize("images", [1, 2, 3, 4])
@pytest.mark.parametrize("segments", [1, 3, 99])
def test_a_lecture_of_video_has_as_many_nodes_whatever_its_images(segments: int, images: int) -> None:
    assert len(build(lecture(segments, images, video=True)).made) == ONCE + segments * (A_SEGMENT + A_CLIP) + film_nodes(segments)


def test_the_example_has_the_nodes_that_its_size_says() -> None:
    assert len(build(lecture(3, 2)).made) - film_nodes(3) == made_nodes(3, 2) == EXAMPLES["photosynthesis"].nodes


def test_a_segment_added_later_has_one_node_more_than_one_that_came_with_the_script() -> None:
    before, after = (build(settings) for settings in (lecture(), apply_edits(lecture(), [AddSegment(0)], MOMENT)))
    new = after.nodes.keys() - before.nodes.keys()
    assert len(new) == A_SEGMENT + 2 * AN_IMAGE + FILM_A_SEGMENT + 1
    assert "llm:segment-script:segment[3]" in new
    assert after.nodes["content:script:segment[3]"].read_ids == ("llm:segment-script:segment[3]",)
    assert after.nodes["content:script:segment[2]"].read_ids == ("llm:script-generation",)


def test_an_assembly_reads_its_own_pictures_by_their_address_inside_it() -> None:
    node = build(lecture()).nodes["assembler:segment-timeline:segment[1]"]
    assert node.reads["asset:image"] == {
        ":image[0]": "asset:image:segment[1]:image[0]",
        ":image[1]": "asset:image:segment[1]:image[1]",
    }
    assert node.reads["asset:narration"] == {"": "asset:narration:segment[1]"}
    assert "asset:video" not in node.reads


def test_the_timeline_reads_every_segment_in_slot_order_whatever_the_play_order() -> None:
    edits: list[Edit] = [AddSegment(0), MoveSegment(2, 0), RemoveSegment(1)]
    node = build(apply_edits(lecture(), edits, MOMENT)).nodes["assembler:timeline"]
    assert list(node.reads["assembler:segment-timeline"]) == [":segment[0]", ":segment[2]", ":segment[3]"]


@pytest.mark.parametrize(("strategy", "reads"), [("narration-led", False), ("fixed-length", True)])
def test_the_segment_length_is_read_where_it_counts(strategy: str, reads: bool) -> None:  # noqa: FBT001 - a table's column
    settings = apply_edits(lecture(), [SetInput("assembly-strategy", strategy)], MOMENT)
    assert ("config:segment-length" in build(settings).nodes["assembler:segment-timeline:segment[0]"].reads) is reads


@given(lectures())
def test_each_node_stands_after_what_it_reads_and_all_of_that_exists(settings: Settings) -> None:
    graph, seen = build(settings), set[str]()
    for node in graph.nodes.values():
        assert seen.issuperset(node.read_ids)
        seen.add(node.id)


@given(lectures())
def test_readers_are_reads_turned_around(settings: Settings) -> None:
    graph = build(settings)
    turned = {(source, node) for source, nodes in graph.readers.items() for node in nodes}
    assert turned == {(source, node.id) for node in graph.nodes.values() for source in node.read_ids}


@given(lectures())
def test_the_film_alone_is_read_by_nobody_and_the_timeline_by_what_is_made_on_demand(settings: Settings) -> None:
    graph = build(settings)
    assert [node.id for node in graph.made if not graph.readers[node.id]] == ["assembler:film"]
    assert all(graph.nodes[reader].kind.on_demand for reader in graph.readers["assembler:timeline"])


def test_without_music_nothing_of_it_exists() -> None:
    gone = build(lecture()).nodes.keys() - build(lecture(music_volume=0)).nodes.keys()
    assert gone == {"llm:music-prompt", "content:music-prompt", "asset:music"}
