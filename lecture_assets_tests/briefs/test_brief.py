"""Claims about briefs that are right: defaults, inputs, single nodes."""

from typing import Any

import pytest
from pydantic import ValidationError

from lecture_assets.briefs.brief import INPUT_OF, KEY_OF, SPELLINGS, Brief, Models
from lecture_assets.graph.kind import Role
from lecture_assets.graph.lecture import KINDS
from lecture_assets.graph.settings import new_settings

MODELS = {role.value: f"simulated:{role}" for role in Role}


def test_inputs_are_exactly_the_inputs_of_the_table_but_the_order() -> None:
    names = {kind.name.removeprefix("config:") for kind in KINDS.values() if kind.is_input}
    assert Brief(prompt="Bees").inputs(MODELS).keys() == names - {"segment-order"}


def test_a_prompt_alone_makes_six_segments_of_a_minute() -> None:
    settings = new_settings(Brief(prompt="Bees").inputs(MODELS))
    assert (settings.order, settings.images, settings.inputs["num-segments"]) == (tuple(range(6)), 1, None)


def test_an_explicit_number_of_segments_wins_over_the_duration() -> None:
    brief = Brief(prompt="Bees", num_segments=4, duration=7200, segment_length=3)
    assert new_settings(brief.inputs(MODELS)).order == (0, 1, 2, 3)


def test_a_model_of_the_brief_wins_over_the_default_of_its_role_only() -> None:
    inputs = Brief(prompt="Bees", models=Models(image="replicate:owner/name")).inputs(MODELS)
    assert (inputs["image-model"], inputs["text-model"]) == ("replicate:owner/name", "simulated:text")


def test_a_title_is_a_pinned_node_and_no_title_is_none() -> None:
    assert Brief(prompt="Bees", title=" Bees! ").nodes()["content:video-title"].pinned == "Bees!"
    assert Brief(prompt="Bees").nodes() == {}


def test_spaces_around_a_text_do_not_change_the_inputs() -> None:
    assert Brief(prompt="  Bees\n").inputs(MODELS) == Brief(prompt="Bees").inputs(MODELS)


@pytest.mark.parametrize("prompt", ["میخواهم", "Qu'est-ce que c'est\u00a0?", "👩‍🚀 und 🌱", "עברית", "a\n\tb"])
def test_every_script_and_what_joins_its_letters_may_be_written(prompt: str) -> None:
    assert Brief(prompt=prompt).prompt == prompt


def test_a_brief_cannot_be_changed_or_made_impossible_by_hand() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        setattr(Brief(prompt="Bees"), "prompt", "Wasps")  # noqa: B010 - an assignment would not pass the type checker
    with pytest.raises(ValidationError, match="300 segments"):
        Brief(prompt="Bees", duration=3000)
    with pytest.raises(ValidationError, match="neither prompt nor notes"):
        Brief()


def test_keys_and_input_names_translate_both_ways() -> None:
    assert {key: KEY_OF[name] for key, name in INPUT_OF.items() if name != "user-prompt"} == {key: key for key in KEY_OF.values()}
    assert [SPELLINGS[word] for word in ("size-aspect-ratio", "text_model", "text-model", "models.text", "image-style")] == [
        "aspect_ratio",
        "models.text",
        "models.text",
        "models.text",
        "image_style",
    ]


@pytest.mark.parametrize(
    ("values", "asked"),
    [
        ({}, set()),
        ({"duration": 60}, {"duration"}),
        ({"num_segments": 2, "segment_length": 10}, {"num-segments", "segment-length"}),
        ({"images_per_segment": 2, "num_segments": None}, set()),
    ],
)
def test_what_was_written_of_the_length_was_asked_for_also_if_it_is_the_default(values: dict[str, Any], asked: set[str]) -> None:
    assert Brief.model_validate({"prompt": "Bees", **values}).asked() == asked
