"""Every kind that a run makes has a step; its request says all that the node reads, and nothing else decides it."""

import hashlib
import json
from dataclasses import replace
from importlib.resources import files
from string import Template
from typing import Any

import pytest

from lecture_assets.graph.kind import Role
from lecture_assets.graph.lecture import KINDS
from lecture_assets.ports import REQUESTS, ImageRequest, MusicRequest, SpeechRequest, TextRequest, VideoRequest, request_to_json
from lecture_assets.steps import STEPS, facts_of
from lecture_assets.steps.step import Free, Inputs, Missing, Paid, Rendered
from lecture_assets.steps.writing import WRITING
from lecture_assets_tests.steps.samples import ANSWERS, DIGEST, SCRIPT, SEGMENT, inputs_of, with_reroll
from lecture_assets_tests.timeline.samples import music, segment

MADE = {name for name, kind in KINDS.items() if not kind.is_input}
PAID = sorted(name for name in MADE if KINDS[name].role)
PROMPTS = files("lecture_assets.steps").joinpath("prompts")


def request_of(inputs: Inputs) -> Any:
    step = STEPS[inputs.node.kind.name]
    assert isinstance(step, Paid)
    return step.request(inputs)


def made(name: str, **changes: Any) -> Any:
    step = STEPS[name]
    assert isinstance(step, Free)
    return step.make(inputs_of(name, **changes))


def test_every_kind_that_a_run_makes_has_a_step_and_no_other() -> None:
    assert set(STEPS) == MADE


@pytest.mark.parametrize("name", sorted(MADE))
def test_a_step_is_paid_exactly_where_a_role_makes_the_kind(name: str) -> None:
    assert isinstance(STEPS[name], Paid if KINDS[name].role else Free | Rendered)


@pytest.mark.parametrize("name", PAID)
def test_a_request_is_of_the_role_and_a_function_of_the_inputs_that_json_can_carry(name: str) -> None:
    request = request_of(inputs_of(name))
    assert isinstance(request, REQUESTS[Role(str(KINDS[name].role))])
    assert request == request_of(inputs_of(name))
    document = request_to_json(request)
    assert json.loads(json.dumps(document)) == json.loads(json.dumps(document, allow_nan=False))


@pytest.mark.parametrize(
    ("name", "read"),
    [(name, read.kind) for name in PAID for read in KINDS[name].reads if read.kind != KINDS[name].model_input],
)
def test_whatever_a_paid_node_reads_reaches_its_request(name: str, read: str) -> None:
    before = inputs_of(name)
    other = _other(before.read[read])
    assert request_of(replace(before, read={**before.read, read: other})) != request_of(before)


def _other(value: Any) -> Any:
    match value:
        case dict() if not value:
            return {"words": "werds"}
        case dict():
            return {name: _other(part) for name, part in value.items()}
        case list():
            return [_other(part) for part in value]
        case int():
            return value + 1
        case "16:9":
            return "1:1"
        case _:
            return f"{value} or other"


@pytest.mark.parametrize("name", PAID)
def test_the_model_is_no_part_of_the_request(name: str) -> None:
    inputs = inputs_of(name)
    model = str(KINDS[name].model_input)
    assert request_of(replace(inputs, read={**inputs.read, model: "simulated:other/model"})) == request_of(inputs)


@pytest.mark.parametrize("name", sorted(WRITING))
def test_a_re_roll_asks_another_question_of_a_writer(name: str) -> None:
    inputs = inputs_of(name)
    assert request_of(with_reroll(inputs, 4)).facts["reroll"] == 4
    assert request_of(with_reroll(inputs, 4)) != request_of(with_reroll(inputs, 5))


@pytest.mark.parametrize("name", sorted(WRITING))
def test_a_prompt_s_text_is_part_of_the_step_s_version(name: str) -> None:
    text = PROMPTS.joinpath(f"{name.partition(':')[2]}.md").read_bytes()
    assert STEPS[name].version == f"1.{hashlib.sha256(text).hexdigest()[:12]}"
    assert facts_of(KINDS[name]).version == STEPS[name].version


def test_every_prompt_file_belongs_to_a_step() -> None:
    assert {file.name for file in PROMPTS.iterdir()} == {f"{name.partition(':')[2]}.md" for name in WRITING}


@pytest.mark.parametrize("name", sorted(WRITING))
def test_every_name_in_a_prompt_is_filled_in_with_what_was_read(name: str) -> None:
    request: TextRequest = request_of(inputs_of(name))
    text = PROMPTS.joinpath(f"{request.task}.md").read_text("utf-8")
    assert request.task == name.partition(":")[2]
    for used in Template(text).get_identifiers():
        value = request.facts[used.replace("_", "-")]
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
        assert shown in request.system + request.prompt
    assert request.system
    assert request.prompt
    assert "$" not in request.system + request.prompt
    assert "null" not in request.prompt


def test_a_dollar_sign_of_a_person_is_left_as_it_is() -> None:
    inputs = inputs_of("llm:script-generation", **{"config:user-prompt": {"prompt": "Why $5 and $audience?", "notes": None}})
    assert "Why $5 and $audience?" in request_of(inputs).prompt


def test_the_script_s_request_names_the_number_of_segments_and_only_what_was_said() -> None:
    inputs = inputs_of("llm:script-generation", **{"config:user-prompt": {"prompt": "Bees", "notes": None}})
    request = request_of(inputs)
    assert "exactly 3" in request.prompt
    assert request.facts["num-segments"] == 3
    assert 'notes"' not in request.prompt


def test_the_request_of_an_added_segment_carries_the_place_it_was_added_at() -> None:
    request = request_of(inputs_of("llm:segment-script"))
    assert request.facts["segment"] == 3
    assert request.facts["place"] == {"previous": "the words of content:narration-text:segment[1]", **_next()}


def _next() -> dict[str, str]:
    return {"next": "the words of content:narration-text:segment[2]"}


def test_two_pictures_of_a_segment_are_asked_for_apart() -> None:
    second = inputs_of("llm:image-prompt")
    first = replace(second, node=replace(second.node, cell=replace(second.node.cell, image=0)))
    assert (request_of(first).facts["image"], request_of(second).facts["image"]) == (0, 1)
    assert request_of(first).prompt != request_of(second).prompt


def test_media_are_asked_for_in_the_words_and_size_of_what_is_read() -> None:
    words = "the words of content:"
    assert request_of(inputs_of("asset:narration")) == SpeechRequest(f"{words}narration-text", "en", "en")
    assert request_of(inputs_of("asset:image")) == ImageRequest(f"{words}image-prompt", 1280, 720)
    assert request_of(inputs_of("asset:starting-image")) == ImageRequest(f"{words}starting-image-prompt", 1280, 720)
    assert request_of(inputs_of("asset:video")) == VideoRequest(DIGEST, f"{words}movie-direction-prompt", 10, 1280, 720)
    assert request_of(inputs_of("asset:music")) == MusicRequest(f"{words}music-prompt", 30)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("content:video-title", "Bees"),
        ("content:narration-text", SEGMENT["narration"]),
        ("content:visual", SEGMENT["visual"]),
        ("content:background-music", SEGMENT["background_music"]),
        ("content:effect", "zoom-in"),
        ("content:script", SEGMENT),
        ("content:video-summary", "About bees."),
        ("content:image-prompt", "A bee, woodcut."),
        ("content:starting-image-prompt", "A bee."),
        ("content:movie-direction-prompt", "It flies."),
        ("content:music-prompt", "Calm piano."),
    ],
)
def test_a_content_node_holds_its_part_of_what_the_model_said(name: str, value: Any) -> None:
    assert made(name) == value


@pytest.mark.parametrize("slot", [0, 2])
def test_a_slot_that_came_with_the_script_holds_its_own_segment(slot: int) -> None:
    inputs = inputs_of("content:script")
    inputs = replace(
        inputs,
        node=replace(inputs.node, cell=replace(inputs.node.cell, segment=slot)),
        read={"llm:script-generation": SCRIPT},
    )
    step = STEPS["content:script"]
    assert isinstance(step, Free)
    assert step.make(inputs) == {**SEGMENT, "narration": f"Sentence {slot}."}


@pytest.mark.parametrize("name", PAID)
def test_an_answer_that_fits_is_held_and_fits_again(name: str) -> None:
    step = STEPS[name]
    assert isinstance(step, Paid)
    answer: Any = ANSWERS[name]
    expected = answer["text"] if set(answer) == {"text"} else answer
    assert step.accept(inputs_of(name), answer) == expected


MARKED = "# Rain\n\n**Drops** fall on [the hills](https://example.org/a/b)."


@pytest.mark.parametrize(
    ("name", "read", "field"),
    [
        ("asset:narration", "content:narration-text", "text"),
        ("asset:image", "content:image-prompt", "prompt"),
        ("asset:starting-image", "content:starting-image-prompt", "prompt"),
        ("asset:video", "content:movie-direction-prompt", "prompt"),
        ("asset:music", "content:music-prompt", "prompt"),
    ],
)
def test_a_vendor_gets_the_words_without_their_markup_and_plain_words_as_they_are(name: str, read: str, field: str) -> None:
    assert getattr(request_of(inputs_of(name, **{read: MARKED})), field) == "Rain. Drops fall on the hills."
    for plain in ("6×10^23 at 100 °C:  a < b,\nC#, 2*3.", "***"):
        assert getattr(request_of(inputs_of(name, **{read: plain})), field) == plain


def alts(inputs: Inputs) -> list[str | None]:
    step = STEPS["assembler:segment-timeline"]
    assert isinstance(step, Free)
    timeline: Any = step.make(inputs)
    return [layer.get("alt") for layer in timeline["layers"]]


def test_pictures_say_what_their_prompts_do_and_a_persons_own_what_is_to_be_seen() -> None:
    inputs = inputs_of("assembler:segment-timeline")
    prompts = {":image[0]": "**A bee** dances.", ":image[1]": Missing("not made yet")}
    assert alts(replace(inputs, read={**inputs.read, "content:image-prompt": prompts})) == ["A bee dances.", None]
    assert alts(replace(inputs, read={**inputs.read, "content:visual": "A hive."})) == ["A hive.", "A hive."]
    moving = {**inputs.read, "asset:image": {}, "asset:video": ANSWERS["asset:video"], "content:starting-image-prompt": "Rain."}
    assert alts(replace(inputs, read=moving)) == ["Rain."]


def test_a_missing_prompt_is_no_reason_for_a_picture_to_be_missing() -> None:
    inputs = inputs_of("assembler:segment-timeline")
    read = {
        "asset:image": {":image[0]": Missing("HTTP 503"), ":image[1]": ANSWERS["asset:image"]},
        "content:image-prompt": {":image[0]": "A bee.", ":image[1]": Missing("no prompt")},
    }
    assert replace(inputs, read=read).reasons("asset:image") == {"image[0]": "HTTP 503"}


def test_a_timeline_says_what_the_lecture_is_about() -> None:
    read = {"content:video-summary": "About *bees*.", "assembler:segment-timeline": segment(), "asset:music": music()}
    assert made("assembler:timeline", **read)["description"] == "About bees."


def test_a_title_is_shown_without_its_markup() -> None:
    read = {
        "content:video-title": "**C#** in *five* minutes",
        "assembler:segment-timeline": segment(),
        "asset:music": music(),
    }
    assert made("assembler:timeline", **read)["title"]["text"] == "C# in five minutes"
