"""One revision of a lecture as a value."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from lecture_assets.graph import settings as graph_settings
from lecture_assets.graph.errors import NewerDocumentError, WrongInputError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import When
from lecture_assets.graph.lecture import DEFAULTS, is_default
from lecture_assets.graph.settings import UNSET, NodeSettings, Settings, check_size, new_settings
from lecture_assets_tests.graph.edit_strategies import lectures
from lecture_assets_tests.graph.lectures import INPUTS, lecture


@pytest.mark.slow
@given(lectures())
def test_settings_come_back_from_their_document_as_they_were(made: Settings) -> None:
    again = Settings.from_json(made.to_json())
    assert again == made
    assert again.digest() == made.digest()


@pytest.mark.parametrize(
    ("settings", "document"),
    [
        (UNSET, {}),
        (NodeSettings(pinned=""), {"pinned": ""}),
        (NodeSettings(reroll=3), {"reroll": 3}),
        (NodeSettings(model="replicate:a/b"), {"model": "replicate:a/b"}),
        (NodeSettings(place={"previous": None, "next": "Hum."}), {"place": {"previous": None, "next": "Hum."}}),
    ],
)
def test_a_document_says_only_what_a_person_set(settings: NodeSettings, document: dict[str, Json]) -> None:
    assert settings.to_json() == document


def test_a_setting_taken_back_leaves_no_trace() -> None:
    before, node = lecture(), "asset:music"
    after = before.with_node(node, NodeSettings(reroll=3)).with_node("llm:music-prompt", NodeSettings(model="x"))
    assert after.of_node(node).reroll == 3
    assert after.with_node(node, UNSET).with_node("llm:music-prompt", UNSET) == before
    assert before.of_node(node) is UNSET


@pytest.mark.parametrize(
    ("duration", "length", "explicit", "segments"),
    [(30, 10, None, 3), (31, 10, None, 4), (9, 10, None, 1), (30, 10, 7, 7), (990, 10, None, 99)],
)
def test_the_number_of_segments_is_the_explicit_one_or_enough_for_the_duration(
    duration: int, length: int, explicit: int | None, segments: int
) -> None:
    settings = lecture(duration=duration, segment_length=length, num_segments=explicit)
    assert settings.order == settings.slots == tuple(range(segments))
    assert (settings.written, settings.added) == (segments, ())


@pytest.mark.parametrize(
    ("segments", "images", "message"),
    [
        (0, 1, "num_segments: found 0 segments; allowed: 1 to 99 (a lecture has at least one)"),
        (100, 4, "num_segments: found 100 segments; allowed: 1 to 99 (use a longer segment_length or a shorter duration)"),
        (99, 5, "images_per_segment: found 5; allowed: 1 to 4"),
        (1, 0, "images_per_segment: found 0; allowed: 1 to 4"),
    ],
)
def test_a_size_that_cannot_be_is_refused_with_what_to_change(segments: int, images: int, message: str) -> None:
    with pytest.raises(WrongInputError) as refused:
        check_size(segments, images)
    assert str(refused.value) == message


def test_two_wrong_sizes_are_two_faults() -> None:
    with pytest.raises(WrongInputError) as refused:
        new_settings({**INPUTS, "duration": 10_000, "images-per-segment": 9, "use-video": False})
    assert [fault.where for fault in refused.value.faults] == ["num_segments", "images_per_segment"]


def test_a_new_lecture_keeps_what_its_brief_sets_on_nodes() -> None:
    title = NodeSettings(pinned="Bees")
    inputs: dict[str, Json] = {**INPUTS, "duration": 10, "images-per-segment": 1, "use-video": False}
    assert new_settings(inputs, {"content:video-title": title}).of_node("content:video-title") == title
    assert not new_settings(inputs).nodes


@pytest.mark.parametrize(("name", "value"), [("segment-order", [0, 1, 2]), ("num-segments", 3), ("voice", "en")])
def test_derived_inputs_have_values_too(name: str, value: Json) -> None:
    assert lecture().value(name) == value


def test_the_length_of_a_segment_is_its_input() -> None:
    assert lecture().segment_length_s == INPUTS["segment-length"]


@pytest.mark.parametrize("when", When)
def test_a_condition_and_its_opposite_are_never_both_true(when: When) -> None:
    opposite = {When.IMAGES: When.VIDEO, When.VIDEO: When.IMAGES, When.WRITTEN: When.ADDED, When.ADDED: When.WRITTEN}
    for settings in (lecture(), lecture(video=True), lecture(assembly_strategy="fixed-length")):
        if when in opposite:
            assert settings.holds(when, 1) is not settings.holds(opposite[when], 1)
    assert lecture().holds(When.ALWAYS, None)
    assert not lecture().holds(When.FIXED_LENGTH, 0)
    assert lecture(assembly_strategy="fixed-length").holds(When.FIXED_LENGTH, 0)
    assert (lecture().holds(When.MUSIC, None), lecture(music_volume=0).holds(When.MUSIC, None)) == (True, False)


def test_settings_of_an_older_schema_are_upgraded_one_step_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def note(step: str) -> Any:
        return lambda document: document | {"inputs": document["inputs"] | {"audience": document["inputs"]["audience"] + step}}

    document = lecture().to_json()
    of_before = {name: part for name, part in document.items() if name != "schema"}
    monkeypatch.setattr(graph_settings, "UPGRADES", (note(" one"), note(" two")))
    assert str(Settings.from_json(of_before).inputs["audience"]).endswith(" one two")
    assert str(Settings.from_json(document | {"schema": 2}).inputs["audience"]).endswith(" two")
    assert Settings.from_json(document | {"schema": 3}).inputs == document["inputs"]
    assert lecture().to_json()["schema"] == 3
    with pytest.raises(NewerDocumentError, match="of version 4, but this release of lectures only reads up to version 3"):
        Settings.from_json(document | {"schema": 4})


def test_a_new_input_has_its_default_in_settings_of_before_and_is_no_other_decision(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, of_before = lecture().to_json(), lecture().digest()
    monkeypatch.setitem(DEFAULTS, "tone", "plain")
    found = Settings.from_json(before)
    assert (found.value("tone"), found.digest()) == ("plain", of_before)
    assert replace(found, inputs={**found.inputs, "tone": "ironic"}).digest() != of_before
    assert not is_default("tone", 1)


def test_the_lengths_that_a_person_set_are_kept_and_change_no_digest() -> None:
    plain = lecture()
    asked = replace(plain, asked=frozenset({"duration"}))
    assert Settings.from_json(asked.to_json()).asked == frozenset({"duration"})
    assert (Settings.from_json(plain.to_json()).asked, "asked" in plain.to_json()) == (None, False)
    assert plain.digest() == asked.digest()
