"""What an edit makes again, exactly: each row of the design's table (3 segments, 2 images) as sets of nodes and calls."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import pytest

from lecture_assets.graph.apply_edits import apply_edits
from lecture_assets.graph.build import build
from lecture_assets.graph.edits import AddSegment, Edit, MoveSegment, RemoveSegment, Reroll, SetInput, SetModel, SetText, Unpin
from lecture_assets.graph.settings import Settings
from lecture_assets_tests.counts import EXAMPLES
from lecture_assets_tests.graph.lectures import MOMENT, lecture
from lecture_assets_tests.graph.simulated_world import Making, SimulatedWorld

SLOTS, IMAGES = range(3), range(2)
TIMELINE = "assembler:timeline"


def segments(kind: str, slots: Iterable[int] = SLOTS) -> set[str]:
    return {f"{kind}:segment[{slot}]" for slot in slots}


def images(kind: str, slots: Iterable[int] = SLOTS) -> set[str]:
    return {f"{kind}:segment[{slot}]:image[{image}]" for slot in slots for image in IMAGES}


ASSEMBLED = segments("assembler:segment-timeline") | {TIMELINE}
PICTURES = images("llm:image-prompt") | images("content:image-prompt") | images("asset:image")
VIDEO_ROWS = (
    segments("llm:video-prompts")
    | segments("content:starting-image-prompt")
    | segments("content:movie-direction-prompt")
    | segments("asset:starting-image")
    | segments("asset:video")
)
WORDS_OF_3 = {
    f"{kind}:segment[3]"
    for kind in (
        "llm:segment-script",
        "content:script",
        "content:narration-text",
        "content:visual",
        "content:background-music",
        "content:effect",
    )
}
PICTURES_OF_3 = images("llm:image-prompt", [3]) | images("content:image-prompt", [3]) | images("asset:image", [3])


@dataclass(frozen=True)
class Row:
    edit: Edit
    made: set[str]
    calls: Mapping[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return str(self.edit)


ROWS = [
    Row(
        SetText("content:narration-text:segment[2]", "New words."),
        {
            "content:narration-text:segment[2]",
            "asset:narration:segment[2]",
            "assembler:segment-timeline:segment[2]",
            TIMELINE,
        },
        {"speech": 1},
    ),
    Row(SetInput("image-style", "oil"), PICTURES | ASSEMBLED, {"text": 6, "image": 6}),
    Row(
        SetText("content:image-prompt:segment[0]:image[0]", "A bee."),
        {
            "content:image-prompt:segment[0]:image[0]",
            "asset:image:segment[0]:image[0]",
            "assembler:segment-timeline:segment[0]",
            TIMELINE,
        },
        {"image": 1},
    ),
    Row(SetInput("use-video", value=True), VIDEO_ROWS | ASSEMBLED, {"text": 3, "image": 3, "video": 3}),
    Row(
        AddSegment(after=0),
        WORDS_OF_3 | PICTURES_OF_3 | {"asset:narration:segment[3]", "assembler:segment-timeline:segment[3]", TIMELINE},
        {"text": 1 + 2, "image": 2, "speech": 1},
    ),
    Row(RemoveSegment(1), {TIMELINE}),
    Row(MoveSegment(2, 0), {TIMELINE}),
    Row(SetInput("voice", "en-scotland"), segments("asset:narration") | ASSEMBLED, {"speech": 3}),
    Row(
        Reroll("asset:image:segment[1]:image[1]"),
        {"asset:image:segment[1]:image[1]", "assembler:segment-timeline:segment[1]", TIMELINE},
        {"image": 1},
    ),
    Row(
        SetModel("asset:image:segment[1]:image[1]", "simulated:other"),
        {"asset:image:segment[1]:image[1]", "assembler:segment-timeline:segment[1]", TIMELINE},
        {"image": 1},
    ),
    Row(SetInput("music-model", "simulated:other"), {"asset:music", TIMELINE}, {"music": 1}),
    Row(SetInput("assembly-strategy", "fixed-length"), ASSEMBLED),
    Row(SetInput("music-volume", 60), {TIMELINE}),
    Row(SetInput("music-volume", 0), {TIMELINE}),
    Row(SetInput("title-display", "card"), {TIMELINE}),
    Row(SetInput("num-segments", 2), {TIMELINE}),
]


@pytest.fixture
def made() -> tuple[Settings, SimulatedWorld]:
    settings, world = lecture(), SimulatedWorld()
    world.make(settings)
    return settings, world


def test_a_first_generation_makes_each_node_by_the_tables_calls() -> None:
    making = SimulatedWorld().make(lecture())
    size = EXAMPLES["photosynthesis"]  # as large
    assert (len(making.made), making.calls) == (size.nodes, size.calls)


def test_a_second_run_makes_nothing(made: tuple[Settings, SimulatedWorld]) -> None:
    settings, world = made
    assert world.make(settings) == Making(frozenset(), frozenset(), {})


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_an_edit_makes_exactly_its_own_nodes_again(row: Row, made: tuple[Settings, SimulatedWorld]) -> None:
    before, world = made
    after = apply_edits(before, [row.edit], MOMENT)
    assert world.not_fresh(after) == row.made
    assert world.plan(after).calls == row.calls
    assert world.make(after) == Making(frozenset(row.made), frozenset(), row.calls)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_an_edit_undone_calls_nobody_and_makes_no_new_value(row: Row, made: tuple[Settings, SimulatedWorld]) -> None:
    before, world = made
    world.make(apply_edits(before, [row.edit], MOMENT))
    making = world.make(before)
    assert (making.made, making.calls) == (frozenset(), {})
    assert making.restored <= row.made
    assert not world.not_fresh(before)


def test_use_video_off_again_restores_the_assemblers_alone(made: tuple[Settings, SimulatedWorld]) -> None:
    settings, world = made
    settings = apply_edits(settings, [SetInput("use-video", value=True)], MOMENT)
    world.make(settings)
    settings = apply_edits(settings, [SetInput("use-video", value=False)], MOMENT)
    assert world.make(settings) == Making(frozenset(), frozenset(ASSEMBLED), {})


def test_a_text_taken_back_by_unpin_restores_what_was_said_before(made: tuple[Settings, SimulatedWorld]) -> None:
    before, world = made
    text = SetText("content:narration-text:segment[2]", "New words.")
    after = apply_edits(before, [text], MOMENT)
    making = world.make(after)
    again = apply_edits(after, [Unpin(text.node)], MOMENT)
    assert world.make(again) == Making(frozenset(), making.made, {})


def test_a_script_rerolled_with_the_same_words_in_segment_1_leaves_what_hangs_on_them_alone() -> None:
    settings, world = lecture(), SimulatedWorld(settled=[1])
    world.make(settings)
    making = world.make(apply_edits(settings, [Reroll("llm:script-generation")], MOMENT))
    of_segment_1 = {node for node in making.made if ":segment[1]" in node}
    assert of_segment_1 == {"content:script:segment[1]"}, "only the cut of the new script itself, which came out equal"
    assert making.calls == {"text": 1 + 4 + 2, "image": 4, "speech": 2, "music": 1}, "script, prompts, summary and music prompt"
    assert "content:video-title" in making.made


def test_a_script_rerolled_with_the_same_words_everywhere_stops_at_the_cut() -> None:
    settings, world = lecture(), SimulatedWorld(settled=SLOTS)
    world.make(settings)
    making = world.make(apply_edits(settings, [Reroll("llm:script-generation")], MOMENT))
    assert making.made == {"llm:script-generation"}


def test_lost_bytes_are_made_again_and_equal_ones_stop_there(made: tuple[Settings, SimulatedWorld]) -> None:
    settings, world = made
    world.lose("asset:music")
    assert world.not_fresh(settings) == {"asset:music", TIMELINE}
    assert world.make(settings) == Making(frozenset({"asset:music"}), frozenset(), {"music": 1})


def test_a_failed_node_holds_back_only_what_reads_it() -> None:
    settings, world = lecture(), SimulatedWorld()
    failing = "asset:image:segment[1]:image[0]"
    world.make(settings, failing=[failing])
    assert world.not_fresh(settings) == {failing, "assembler:segment-timeline:segment[1]", TIMELINE}
    assert world.make(settings).calls == {"image": 1}


def test_own_media_take_the_place_of_a_call(made: tuple[Settings, SimulatedWorld]) -> None:
    before, world = made
    own = replace(before.of_node("asset:music"), pinned={"sha256": "0" * 64})
    making = world.make(before.with_node("asset:music", own))
    assert making == Making(frozenset({"asset:music", TIMELINE}), frozenset(), {})


def test_what_a_picture_shows_is_read_from_what_is_to_be_seen_if_it_is_a_persons_own(
    made: tuple[Settings, SimulatedWorld],
) -> None:
    settings, world = made
    node, assembled = "asset:image:segment[1]:image[0]", "assembler:segment-timeline:segment[1]"
    visual = "content:visual:segment[1]"
    assert visual not in build(settings).nodes[assembled].read_ids
    own = settings.with_node(node, replace(settings.of_node(node), pinned={"sha256": "0" * 64}))
    assert visual in build(own).nodes[assembled].read_ids
    assert world.make(own) == Making(frozenset({node, assembled, TIMELINE}), frozenset(), {})
    told = apply_edits(own, [SetText("content:image-prompt:segment[1]:image[0]", "A bee.")], MOMENT)
    assert world.make(told).calls == {}, "an alt text buys nothing"


def test_a_summary_is_in_the_timeline_and_changes_nothing_paid_but_the_music(made: tuple[Settings, SimulatedWorld]) -> None:
    settings, world = made
    making = world.make(apply_edits(settings, [SetText("content:video-summary", "About bees.")], MOMENT))
    assert TIMELINE in making.made
    assert making.calls == {"text": 1, "music": 1}
