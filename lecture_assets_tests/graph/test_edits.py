"""Edits: what each does to the settings, and what is refused, with every fault."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_assets.graph.build import build
from lecture_assets.graph.edits import (
    MAX_TEXT,
    AddSegment,
    Edit,
    MoveSegment,
    RemoveSegment,
    Reroll,
    SetInput,
    SetModel,
    SetText,
    Unpin,
    apply_edits,
    newly_pinned,
)
from lecture_assets.graph.errors import WrongInputError
from lecture_assets.graph.settings import Settings
from lecture_assets_tests.graph.edit_strategies import edits, lectures
from lecture_assets_tests.graph.lectures import MOMENT, lecture

NARRATION, IMAGE, TITLE = "content:narration-text:segment[1]", "asset:image:segment[0]:image[1]", "content:video-title"


def edited(*changes: Edit, settings: Settings | None = None) -> Settings:
    return apply_edits(settings or lecture(), changes, MOMENT)


@pytest.mark.parametrize(
    ("changes", "order"),
    [
        ([AddSegment()], (0, 1, 2, 3)),
        ([AddSegment(0)], (0, 3, 1, 2)),
        ([AddSegment(0), AddSegment(3)], (0, 3, 4, 1, 2)),
        ([RemoveSegment(0)], (1, 2)),
        ([RemoveSegment(2), AddSegment()], (0, 1, 3)),
        ([MoveSegment(0, 2)], (1, 2, 0)),
        ([MoveSegment(2, 0)], (2, 0, 1)),
        ([MoveSegment(1, 1)], (0, 1, 2)),
        ([SetInput("num-segments", 2)], (0, 1)),
        ([SetInput("num-segments", 2), SetInput("num-segments", 4)], (0, 1, 2, 3)),
        ([RemoveSegment(0), SetInput("num-segments", 4)], (1, 2, 0, 3)),
        ([SetInput("num-segments", 5), SetInput("num-segments", None)], (0, 1, 2)),
        ([SetInput("duration", 41)], (0, 1, 2, 3, 4)),
        ([AddSegment(), SetInput("duration", 20)], (0, 1, 2)),
        ([RemoveSegment(0), RemoveSegment(1), SetInput("duration", 10)], (2,)),
        ([SetInput("segment-length", 15)], (0, 1)),
        ([SetInput("num-segments", 3), SetInput("duration", 900)], (0, 1, 2)),
    ],
    ids=str,
)
def test_the_play_order_after_edits_of_segments(changes: list[Edit], order: tuple[int, ...]) -> None:
    settings = edited(*changes)
    assert settings.order == order
    assert settings.value("num-segments") == len(order)
    assert settings.slots == tuple(range(len(settings.slots))), "slots have no gap"


def test_a_new_segment_freezes_the_words_around_its_place() -> None:
    settings = edited(AddSegment(0), AddSegment())
    first, last = (settings.of_node(f"llm:segment-script:segment[{slot}]").place for slot in (3, 4))
    words = [f"the words of content:narration-text:segment[{slot}]" for slot in range(3)]
    assert first == {"previous": words[0], "next": words[1]}
    assert last == {"previous": words[2], "next": None}


def test_edits_of_one_node() -> None:
    settings = edited(SetText(NARRATION, "Hum."), Reroll(IMAGE), SetModel(IMAGE, "replicate:a/b"))
    assert settings.of_node(NARRATION).pinned == "Hum."
    assert (settings.of_node(IMAGE).reroll, settings.of_node(IMAGE).model) == (MOMENT.revision, "replicate:a/b")
    assert edited(Unpin(NARRATION), settings=settings).of_node(NARRATION).pinned is None


@pytest.mark.parametrize(
    "text", ["\tTabs\nand lines", "« mot\u00a0»", "می\u200cروم", "👩\u200d🔬", "第三\u3000章", "x" * MAX_TEXT]
)
def test_words_of_every_script_are_taken_as_they_are(text: str) -> None:
    assert edited(SetText(NARRATION, text)).of_node(NARRATION).pinned == text


REFUSED: list[tuple[Edit, str, str]] = [
    (SetInput("volume", 3), "set", "voice"),
    (SetInput("segment-order", [2, 1, 0]), "set", "segments move:S:POSITION"),
    (SetInput("num-segments", 0), "num_segments", "1 to 99"),
    (SetInput("num-segments", 1000), "num_segments", "1 to 99"),
    (SetInput("duration", 10_000), "num_segments", "1 to 99"),
    (SetInput("images-per-segment", 5), "images_per_segment", "1 to 4"),
    (SetText("asset:music", "la la"), "text", "content:narration-text"),
    (SetText("content:script:segment[0]", "la la"), "text", "content:narration-text"),
    (SetText("config:voice", "la la"), "text", "content:narration-text"),
    (SetText("content:narration-text:segment[3]", "la la"), "node", "content:narration-text:segment[2]"),
    (SetText("no node", "la la"), "node", "an id like"),
    (SetText(TITLE, ""), "text content:video-title", "words"),
    (SetText(TITLE, " \n\u200b\u00a0\t"), "text content:video-title", "words"),
    (SetText(TITLE, "x" * (MAX_TEXT + 1)), "text content:video-title", str(MAX_TEXT)),
    (SetText(TITLE, "a\x00b"), "text content:video-title", "words, spaces"),
    (SetText(TITLE, "a\x1b[31mb"), "text content:video-title", "words, spaces"),
    (SetText(TITLE, "a\ud800b"), "text content:video-title", "words, spaces"),
    (SetModel(TITLE, "openai:x"), "model", "llm: and asset:"),
    (Reroll(TITLE), "reroll", "llm: and asset:"),
    (Unpin(TITLE), "unpin", "pinned"),
    (AddSegment(3), "segments add", "s00, s01, s02"),
    (RemoveSegment(-1), "segments remove", "s00, s01, s02"),
    (MoveSegment(7, 0), "segments move", "s00, s01, s02"),
    (MoveSegment(0, 3), "segments move", "0 to 2"),
    (MoveSegment(0, -1), "segments move", "0 to 2"),
]


@pytest.mark.parametrize(("edit", "where", "allowed"), REFUSED, ids=[str(edit)[:60] for edit, _, _ in REFUSED])
def test_an_edit_that_cannot_be_is_refused_with_what_can(edit: Edit, where: str, allowed: str) -> None:
    with pytest.raises(WrongInputError) as refused:
        edited(edit)
    (fault,) = refused.value.faults
    assert fault.where == where
    assert allowed in fault.allowed


def test_the_only_segment_stays() -> None:
    with pytest.raises(WrongInputError, match="at least one segment"):
        edited(RemoveSegment(0), settings=lecture(1))


def test_a_pinned_value_cannot_be_rerolled() -> None:
    pinned = lecture().with_node("asset:music", edited(SetText(TITLE, "own")).of_node(TITLE))
    with pytest.raises(WrongInputError, match="unpin it first"):
        edited(Reroll("asset:music"), settings=pinned)


def test_slots_are_never_used_twice_so_they_run_out() -> None:
    full = edited(RemoveSegment(5), settings=lecture(99, 1))
    with pytest.raises(WrongInputError, match="all 99 slots used, removed ones included"):
        edited(AddSegment(), settings=full)
    assert edited(SetInput("num-segments", 99), settings=full).order[-1] == 5


def test_a_lecture_grows_to_99_segments_and_no_further() -> None:
    with pytest.raises(WrongInputError, match="100 segments"):
        edited(AddSegment(), SetInput("duration", 990))


def test_all_faults_of_a_list_are_told_and_nothing_is_done() -> None:
    with pytest.raises(WrongInputError) as refused:
        edited(SetInput("voice", "de"), RemoveSegment(9), Unpin(TITLE), SetText(TITLE, ""))
    assert [fault.where for fault in refused.value.faults] == ["segments remove", "unpin", "text content:video-title"]


def test_newly_pinned_values_are_those_that_an_edit_put_in() -> None:
    before = edited(SetText(TITLE, "Bees"))
    after = edited(SetText(NARRATION, "Hum."), Reroll(IMAGE), settings=before)
    assert {node: pin.pinned for node, pin in newly_pinned(before, after).items()} == {NARRATION: "Hum."}
    again = newly_pinned(after, edited(SetText(NARRATION, "Buzz."), settings=after))
    assert {node: pin.pinned for node, pin in again.items()} == {NARRATION: "Buzz."}
    assert newly_pinned(after, before) == {}


@given(st.data(), lectures())
def test_an_edit_never_changes_the_settings_it_starts_from(data: st.DataObject, settings: Settings) -> None:
    document = settings.to_json()
    after = apply_edits(settings, [data.draw(edits(settings))], MOMENT)
    assert settings.to_json() == document
    assert sorted(set(after.order)) == sorted(after.order)
    assert set(after.order) <= set(after.slots)
    assert build(after).made
