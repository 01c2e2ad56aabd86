"""The documents about a lecture: reasons with old and new values, totals from the ledger, plans whose prices add up."""

from typing import Any

import pytest

from lecture_assets.languages import seconds_to_say
from lecture_assets.runner.regenerate.scope import Scope
from lecture_assets.timeline.assemble import CLOSING_MS
from lecture_assets.timeline.clock import frames_between
from lecture_assets_tests.runner.conftest import CALLS, LECTURE, SmallLecture
from lecture_assets_tests.store.media_folder import folder_of

IMAGE = "asset:image:segment[0]:image[0]"
SPEECH = "asset:narration:segment[1]"
TEXT = "content:narration-text:segment[1]"


def explain(small_lecture: SmallLecture, node: str) -> Any:
    return small_lecture.lectures.explain(LECTURE, node)


@pytest.mark.slow
def test_a_changed_input_is_reported_with_its_old_and_new_value(made_lecture: SmallLecture) -> None:
    made_lecture.edit("set voice=teacher")
    (reason,) = explain(made_lecture, SPEECH)["reasons"]
    assert (reason["kind"], reason["input"]) == ("input-changed", "config:voice")
    assert (reason["from"], reason["to"]) == ("narrator", "teacher")


@pytest.mark.slow
def test_the_old_value_of_a_change_is_the_one_the_node_was_made_from_and_not_the_latest(made_lecture: SmallLecture) -> None:
    made_lecture.edit("set voice=teacher")
    made_lecture.edit("set voice=student")
    (reason,) = explain(made_lecture, SPEECH)["reasons"]
    assert (reason["from"], reason["to"]) == ("narrator", "student")


@pytest.mark.slow
def test_a_changed_text_is_reported_in_full(made_lecture: SmallLecture) -> None:
    before = explain(made_lecture, TEXT)["value"]
    made_lecture.edit(f"text {TEXT}=High up it turns to snow.")
    (reason,) = explain(made_lecture, SPEECH)["reasons"]
    assert (reason["kind"], reason["input"]) == ("read-changed", TEXT)
    assert (reason["from"], reason["to"]) == (before, "High up it turns to snow.")


@pytest.mark.slow
def test_only_the_changed_part_of_a_prompt_with_notes_is_reported(made_lecture: SmallLecture) -> None:
    made_lecture.edit("set prompt=Explain rain to a fish.")
    (reason,) = explain(made_lecture, "llm:script-generation")["reasons"]
    assert (reason["from"], reason["to"]) == ({"prompt": "Explain rain."}, {"prompt": "Explain rain to a fish."})


@pytest.mark.slow
def test_the_chain_leads_from_a_picture_to_the_input_that_changed(made_lecture: SmallLecture) -> None:
    made_lecture.edit("set image_style=ink drawing")
    chain = explain(made_lecture, IMAGE)["chain"]
    assert [link["id"] for link in chain] == [
        "content:image-prompt:segment[0]:image[0]",
        "llm:image-prompt:segment[0]:image[0]",
    ]
    assert chain[-1]["reasons"][0]["to"] == "ink drawing"


@pytest.mark.slow
def test_a_node_with_another_model_gives_that_as_its_reason(made_lecture: SmallLecture) -> None:
    made_lecture.edit(f"model {IMAGE}=simulated:replicate/other/model")
    (reason,) = explain(made_lecture, IMAGE)["reasons"]
    assert (reason["kind"], reason["input"]) == ("model-changed", "config:image-model")
    assert (reason["from"], reason["to"]) == (
        made_lecture.lectures.context.default_models["image"],
        "simulated:replicate/other/model",
    )


@pytest.mark.slow
def test_a_model_set_to_what_it_was_changes_nothing_and_set_back_costs_nothing(made_lecture: SmallLecture) -> None:
    usual = made_lecture.lectures.context.default_models["image"]
    made_lecture.edit(f"model {IMAGE}={usual}")
    assert made_lecture.lectures.plan(LECTURE)["nodes"] == []
    made_lecture.edit(f"model {IMAGE}=simulated:replicate/other/model")
    assert made_lecture.regenerate()["calls"] == {"image": 1}
    made_lecture.edit(f"model {IMAGE}={usual}")
    back = made_lecture.regenerate()
    assert (back["calls"], IMAGE in back["restored"]) == ({}, True)


def test_a_plan_token_also_depends_on_inputs_of_nodes_behind_those_to_be_made_first(small_lecture: SmallLecture) -> None:
    tokens = [
        small_lecture.lectures.plan(LECTURE, edits)["token"] for edits in ([], ["set voice=teacher"], ["set image_style=ink"])
    ]
    assert len(set(tokens)) == 3


@pytest.mark.slow
def test_a_plan_does_not_treat_a_call_as_free_whose_bytes_are_lost(made_lecture: SmallLecture) -> None:
    folder_of(made_lecture.lectures.context.artifacts).path(explain(made_lecture, IMAGE)["value"]["sha256"]).unlink()
    plan: Any = made_lecture.lectures.plan(LECTURE)
    assert plan["calls"] == {"image": 1}
    assert plan["estimate_usd_micros"]["high"] == made_lecture.regenerate()["cost_usd_micros"] > 0


@pytest.mark.slow
def test_speech_of_an_unpinned_text_is_priced_by_the_text_it_will_speak(made_lecture: SmallLecture) -> None:
    made_lecture.edit(f"text {TEXT}=Hi.")
    made_lecture.regenerate()
    made_lecture.edit(f"unpin {TEXT}", "set voice=teacher")
    plan: Any = made_lecture.lectures.plan(LECTURE)
    assert made_lecture.regenerate()["cost_usd_micros"] == plan["estimate_usd_micros"]["high"]


@pytest.mark.slow
def test_a_damaged_medium_is_missing_in_an_export_and_made_again_by_the_next_run(made_lecture: SmallLecture) -> None:
    path = folder_of(made_lecture.lectures.context.artifacts).path(explain(made_lecture, IMAGE)["value"]["sha256"])
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    made_lecture.lectures.export(LECTURE, made_lecture.home.parent / "out", video=False)
    assert made_lecture.lectures.draft(LECTURE)["segments"][0]["layers"][0]["type"] == "missing"
    assert made_lecture.regenerate()["calls"] == {"image": 1}
    assert path.read_bytes() == whole


@pytest.mark.slow
def test_kept_counts_the_nodes_that_were_made_earlier_and_stay(small_lecture: SmallLecture) -> None:
    assert small_lecture.regenerate(Scope(only=(SPEECH,)))["kept"] == 0
    report = small_lecture.regenerate(Scope(only=(SPEECH, IMAGE)))
    assert report["kept"] == 4


def test_an_input_explains_itself(small_lecture: SmallLecture) -> None:
    document = explain(small_lecture, "config:voice")
    assert (document["value"], document["status"], document["reasons"]) == ("narrator", None, [])


def test_the_prices_of_a_plans_calls_add_up_to_the_plans(small_lecture: SmallLecture) -> None:
    plan: Any = small_lecture.lectures.plan(LECTURE)
    calls = [call for node in plan["nodes"] for call in node["calls"]]
    assert len(calls) == sum(CALLS.values())
    assert sum(call["estimate_usd_micros"] for call in calls) == plan["estimate_usd_micros"]["high"]
    assert sum(call["low_usd_micros"] for call in calls) == plan["estimate_usd_micros"]["low"]


@pytest.mark.slow
def test_the_cost_lies_within_the_range_of_the_plan(small_lecture: SmallLecture) -> None:
    estimate: Any = small_lecture.lectures.plan(LECTURE)["estimate_usd_micros"]
    assert estimate["low"] <= small_lecture.regenerate()["cost_usd_micros"] <= estimate["high"]


@pytest.mark.slow
def test_costs_are_summed_by_provider_and_by_model_and_each_call_is_listed_with_its_node(small_lecture: SmallLecture) -> None:
    cost = small_lecture.regenerate()["cost_usd_micros"]
    costs: Any = small_lecture.lectures.costs(LECTURE)
    assert costs["spent_usd_micros"] == cost == sum(call["spent_usd_micros"] for call in costs["calls"])
    assert [(row["provider"], row["calls"]) for row in costs["providers"]] == [("simulated", sum(CALLS.values()))]
    assert {row["role"]: row["calls"] for row in costs["models"]} == CALLS
    assert {call["node"] for call in costs["calls"]} >= {IMAGE, SPEECH}
    assert small_lecture.lectures.costs(workspace="another")["calls"] == []


@pytest.mark.slow
def test_a_medium_whose_bytes_are_lost_is_missing_in_the_draft_with_the_reason(made_lecture: SmallLecture) -> None:
    folder_of(made_lecture.lectures.context.artifacts).path(explain(made_lecture, SPEECH)["value"]["sha256"]).unlink()
    segment = made_lecture.lectures.draft(LECTURE)["segments"][1]
    assert segment["narration"]["type"] == "missing"
    assert f"the file of {SPEECH} is missing from the store" in segment["narration"]["reason"]


def test_a_text_that_was_not_spoken_is_shown_for_as_long_as_it_takes_to_say(small_lecture: SmallLecture) -> None:
    """Before its speech exists, and after its file was lost."""
    text = "Rain falls, runs to the sea, and rises again as vapour, which nobody sees until it is a cloud."
    small_lecture.edit(f"text {TEXT}={text}")
    untold, told = small_lecture.lectures.draft(LECTURE)["segments"]
    assert (untold["narration"]["duration_ms"], untold["captions"]) == (4_550, []), "no text yet: as long as segments are"
    assert " ".join(caption["text"] for caption in told["captions"]) == text
    assert told["narration"]["duration_ms"] == 1000 * seconds_to_say(text, "en") == 7_000
    assert told["duration_in_frames"] == frames_between(5_000, 5_000 + 7_500 + CLOSING_MS)


def test_a_model_whose_text_is_pinned_is_listed_as_idle(small_lecture: SmallLecture) -> None:
    small_lecture.edit("text content:video-summary=All about rain.")
    plan: Any = small_lecture.lectures.plan(LECTURE)
    assert plan["idle"] == ["llm:video-summary"]
    assert plan["calls"]["text"] == CALLS["text"] - 1
