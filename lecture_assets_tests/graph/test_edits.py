"""Edits: what each does to the settings, and what is refused, with every fault."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_assets.graph.apply_edits import apply_edits, newly_pinned, restored
from lecture_assets.graph.build import build
from lecture_assets.graph.edits import (
    MAX_TEXT,
    AddSegment,
    Base,
    ChooseTake,
    Edit,
    Keep,
    Merge,
    Moment,
    MoveSegment,
    RemoveSegment,
    Reroll,
    SetInput,
    SetMedia,
    SetModel,
    SetText,
    Unpin,
)
from lecture_assets.graph.errors import WrongInputError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.node import node_id
from lecture_assets.graph.settings import NodeSettings, Settings
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
    (SetText(TITLE, "x" * (MAX_TEXT + 1)), "text content:video-title", f"{MAX_TEXT:,}"),
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
    with pytest.raises(WrongInputError, match="`unpin` it first"):
        edited(Reroll("asset:music"), settings=pinned)


def test_slots_are_never_used_twice_so_they_run_out() -> None:
    full = edited(RemoveSegment(5), settings=lecture(99, 1))
    with pytest.raises(WrongInputError, match="all 99 are used, counting removed segments"):
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


@pytest.mark.slow
@given(st.data(), lectures())
def test_an_edit_never_changes_the_settings_it_starts_from(data: st.DataObject, settings: Settings) -> None:
    document = settings.to_json()
    after = apply_edits(settings, [data.draw(edits(settings))], MOMENT)
    assert settings.to_json() == document
    assert sorted(set(after.order)) == sorted(after.order)
    assert set(after.order) <= set(after.slots)
    assert build(after).made


def moment(seen: Json = "The model's.", made: Json = "The model's.") -> Moment:
    """One at which every node held `seen` when a person looked, and would hold `made` now; None: nobody knows."""
    before: Base = {"value": seen, "fingerprint": f"of {seen}"}
    now: Base | None = None if made is None else {"value": made, "fingerprint": f"of {made}"}
    return Moment(7, lambda node: f"the words of {node}", lambda _: before, lambda _: now, lambda _, number: f"take {number}")


def after(*changes: Edit, at: Moment, settings: Settings | None = None) -> NodeSettings:
    return apply_edits(settings or lecture(), changes, at).of_node(NARRATION)


def test_a_persons_words_remember_what_they_were_written_against() -> None:
    own = after(SetText(NARRATION, "Mine."), at=moment())
    assert (own.pinned, own.take, own.base) == ("Mine.", 0, {"value": "The model's.", "fingerprint": "of The model's."})


def test_what_is_pinned_is_stored_with_all_that_is_known_of_it() -> None:
    settings = apply_edits(lecture(), [SetText(NARRATION, "Mine."), ChooseTake(TITLE, 2)], moment())
    assert Settings.from_json(settings.to_json()) == settings


def test_a_chosen_take_is_pinned_as_that_take_and_words_of_ones_own_are_none() -> None:
    chosen = after(ChooseTake(NARRATION, 2), at=moment())
    assert (chosen.pinned, chosen.take) == ("take 2", 2)
    assert after(ChooseTake(NARRATION, 2), SetText(NARRATION, "Mine."), at=moment()).take == 0
    assert after(ChooseTake(NARRATION, 2), Unpin(NARRATION), at=moment()) == NodeSettings()


def test_to_choose_another_take_of_the_same_value_is_to_choose_anew() -> None:
    same = Moment(7, str, take=lambda _node, _number: "the same")
    one, two = (apply_edits(lecture(), [ChooseTake(NARRATION, number)], same) for number in (1, 2))
    assert set(newly_pinned(one, two)) == {NARRATION}
    assert newly_pinned(one, one) == {}


def test_a_medium_of_ones_own_is_pinned() -> None:
    value: Json = {"sha256": "ab"}
    settings = edited(SetMedia(IMAGE, value))
    assert settings.of_node(IMAGE).pinned == value
    assert edited(ChooseTake(IMAGE, 1)).of_node(IMAGE).take == 1


def test_keep_leaves_the_words_and_takes_todays_as_what_they_were_written_against() -> None:
    own = after(SetText(NARRATION, "Mine."), Keep(NARRATION), at=moment(made="The model's, again."))
    assert (own.pinned, own.base) == ("Mine.", {"value": "The model's, again.", "fingerprint": "of The model's, again."})


def test_merge_puts_both_changes_in_one_text() -> None:
    at = moment("Bees dance at noon.", "Bees dance at noon, and at dusk.")
    own = after(SetText(NARRATION, "All bees dance at noon."), Merge(NARRATION), at=at)
    assert own.pinned == "All bees dance at noon, and at dusk."
    assert (own.base or {})["value"] == "Bees dance at noon, and at dusk."


@pytest.mark.parametrize(
    ("change", "at", "phrase"),
    [
        (Merge(NARRATION), moment("Bees dance.", "Bees hum."), "changes by you and the model to the same words"),
        (Merge(NARRATION), moment(None, "Bees hum."), "a pinned text that replaced a model's text"),
        (Merge(NARRATION), moment("Bees dance.", None), "new value from the model is not known yet"),
        (Keep(NARRATION), moment("Bees dance.", None), "new value from the model is not known yet"),
    ],
)
def test_a_conflict_that_cannot_be_settled_so_is_told(change: Edit, at: Moment, phrase: str) -> None:
    with pytest.raises(WrongInputError, match=phrase):
        after(SetText(NARRATION, "Wasps dance."), change, at=at)


@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        (SetMedia(NARRATION, {"sha256": "ab"}), "a node that holds media: asset:image"),
        (ChooseTake("content:script:segment[0]", 1), "a node that a model makes"),
        (Keep(NARRATION), "a pinned node"),
    ],
)
def test_what_a_node_cannot_have_is_refused(change: Edit, phrase: str) -> None:
    with pytest.raises(WrongInputError, match=phrase):
        edited(change)


def test_a_segment_is_added_beside_the_words_of_the_same_revision() -> None:
    settings = edited(SetText(NARRATION, "Just said."), AddSegment(1))
    assert settings.of_node("llm:segment-script:segment[3]").place == {
        "previous": "Just said.",
        "next": "the words of content:narration-text:segment[2]",
    }


def test_a_slot_that_was_added_since_is_never_given_to_another_segment() -> None:
    before = lecture()
    now = edited(AddSegment(0), settings=before)
    back = restored(before, now)
    assert (back.order, back.added) == (before.order, (3,))
    again = edited(AddSegment(0), settings=back)
    assert again.order == (0, 4, 1, 2)
    assert again.of_node(node_id("llm:segment-script", 3)) == now.of_node(node_id("llm:segment-script", 3))


@pytest.mark.slow
@given(st.data(), lectures())
def test_settings_restored_are_in_effect_those_of_then(data: st.DataObject, before: Settings) -> None:
    now = before
    for _ in range(3):
        now = edited(data.draw(edits(now)), settings=now)
    back = restored(before, now)
    assert set(build(back).nodes) == set(build(before).nodes)
    assert all(back.of_node(node) == before.of_node(node) for node in build(before).nodes)
    assert (back.inputs, back.order) == (before.inputs, before.order)


def test_an_edit_of_a_length_asks_for_it() -> None:
    plain = replace(lecture(), asked=frozenset())
    assert edited(SetInput("duration", 40), SetInput("voice", "teacher"), settings=plain).asked == frozenset({"duration"})
    assert edited(SetInput("duration", 40)).asked is None
