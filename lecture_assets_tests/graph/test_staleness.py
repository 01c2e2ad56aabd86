"""Statuses and reasons: each rule with its sentence."""

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_assets.graph.apply_edits import apply_edits
from lecture_assets.graph.build import build
from lecture_assets.graph.edits import AddSegment, Edit, Reroll, SetInput, SetModel, SetText, Unpin
from lecture_assets.graph.recipe import StepFacts
from lecture_assets.graph.settings import Settings
from lecture_assets.graph.staleness import Finding, Reason, ReasonKind, Status, World, find_stale, reasons
from lecture_assets_tests.graph.edit_strategies import edits, lectures
from lecture_assets_tests.graph.lectures import MOMENT, lecture
from lecture_assets_tests.graph.simulated_world import SimulatedWorld

IMAGE, PROMPT = "asset:image:segment[0]:image[1]", "content:image-prompt:segment[0]:image[1]"
NARRATION, TEXT = "asset:narration:segment[1]", "content:narration-text:segment[1]"
ASSEMBLY, TIMELINE = "assembler:segment-timeline:segment[1]", "assembler:timeline"


def made(settings: Settings) -> SimulatedWorld:
    world = SimulatedWorld()
    world.make(settings)
    return world


def why(world: SimulatedWorld, settings: Settings, node: str) -> Sequence[Reason]:
    return reasons(world.find(settings)[node], world.records.get(node))


K = ReasonKind
RULES: list[tuple[list[Edit], str, list[Reason], str]] = [
    ([SetInput("voice", "de")], NARRATION, [Reason(K.INPUT_CHANGED, "config:voice")], "the input config:voice changed"),
    (
        [SetInput("speech-model", "x")],
        NARRATION,
        [Reason(K.MODEL_CHANGED, "config:speech-model")],
        "its model changed: config:speech-model",
    ),
    ([SetInput("voice", "de")], ASSEMBLY, [Reason(K.UPSTREAM, NARRATION)], f"{NARRATION} will be made again"),
    ([SetText(PROMPT, "A bee.")], IMAGE, [Reason(K.READ_CHANGED, PROMPT)], f"{PROMPT} changed"),
    ([SetText(PROMPT, "A bee.")], PROMPT, [Reason(K.PINNED)], "a person's value replaced the made one, or was withdrawn"),
    ([Reroll(IMAGE)], IMAGE, [Reason(K.SETTING_CHANGED, "reroll")], "its own setting reroll changed"),
    ([SetModel(IMAGE, "x")], IMAGE, [Reason(K.MODEL_CHANGED, "config:image-model")], "its model changed: config:image-model"),
    (
        [SetInput("assembly-strategy", "fixed-length")],
        ASSEMBLY,
        [Reason(K.READS_CHANGED, "config:segment-length"), Reason(K.INPUT_CHANGED, "config:assembly-strategy")],
        "it reads other nodes than before: config:segment-length",
    ),
    (
        [SetInput("images-per-segment", 1)],
        ASSEMBLY,
        [Reason(K.READS_CHANGED, "asset:image"), Reason(K.READS_CHANGED, "content:image-prompt")],
        "it reads other nodes than before: asset:image",
    ),
    (
        [SetInput("use-video", value=True)],
        ASSEMBLY,
        [
            Reason(K.READS_CHANGED, kind)
            for kind in ("asset:image", "asset:video", "content:image-prompt", "content:starting-image-prompt")
        ],
        "it reads other nodes than before: asset:image",
    ),
    ([AddSegment()], "asset:narration:segment[3]", [Reason(K.NEVER_MADE)], "it was never made"),
    (
        [AddSegment()],
        TIMELINE,
        [
            Reason(K.READS_CHANGED, "assembler:segment-timeline"),
            Reason(K.UPSTREAM, "assembler:segment-timeline:segment[3]"),
            Reason(K.INPUT_CHANGED, "config:segment-order"),
        ],
        "it reads other nodes than before: assembler:segment-timeline",
    ),
    ([SetInput("voice", "de")], IMAGE, [], ""),
]


@pytest.mark.parametrize(("changes", "node", "expected", "sentence"), RULES, ids=[f"{row[0]} {row[1]}" for row in RULES])
def test_a_node_is_stale_for_the_nearest_causes(changes: list[Edit], node: str, expected: list[Reason], sentence: str) -> None:
    before = lecture()
    found = why(made(before), apply_edits(before, changes, MOMENT), node)
    assert list(found) == expected
    assert "".join(reason.text for reason in found[:1]) == sentence


def test_a_value_taken_back_is_the_reason() -> None:
    pinned = apply_edits(lecture(), [SetText(TEXT, "Hum.")], MOMENT)
    world = made(pinned)
    assert why(world, apply_edits(pinned, [Unpin(TEXT)], MOMENT), TEXT) == (Reason(K.PINNED),)


def test_another_model_of_its_own_hides_the_model_of_the_lecture() -> None:
    own = apply_edits(lecture(), [SetModel(IMAGE, "simulated:own")], MOMENT)
    world = made(own)
    findings = world.find(apply_edits(own, [SetInput("image-model", "simulated:other")], MOMENT))
    assert findings[IMAGE].status is Status.FRESH
    assert findings["asset:image:segment[0]:image[0]"].status is Status.STALE


def test_lost_bytes_are_the_reason() -> None:
    world = made(lecture())
    world.lose(IMAGE)
    assert [reason.text for reason in why(world, lecture(), IMAGE)] == ["its bytes are missing: sha256 of nothing on disk"]
    assert why(world, lecture(), TIMELINE) == (Reason(K.UPSTREAM, "assembler:segment-timeline:segment[0]"),)


@pytest.mark.parametrize(
    ("step", "stale"),
    [
        (StepFacts("1", {"quality": "high"}), False),
        (StepFacts("2", {"quality": "high"}), True),
        (StepFacts("1", {"quality": "low"}), True),
        (StepFacts("1", {"quality": "high", "temperature": 0.7}), True),
        (StepFacts("1"), True),
    ],
    ids=str,
)
def test_another_step_or_another_parameter_of_its_model_makes_a_node_stale(step: StepFacts, stale: bool) -> None:  # noqa: FBT001 - a table's column
    world = made(lecture())
    facts = World(world.records, world.takes, lambda kind: step if kind.role == "music" else world.facts.steps(kind))
    finding = find_stale(build(lecture()), facts)["asset:music"]
    assert list(reasons(finding, world.records["asset:music"])) == ([Reason(K.STEP_CHANGED)] if stale else [])


def test_a_parameter_with_a_point_in_it_is_no_change_when_it_is_the_same() -> None:
    world, step = made(lecture()), StepFacts("1", {"temperature": 0.7})
    facts = World(world.records, world.takes, lambda _: step)
    finding = find_stale(build(lecture()), facts)["llm:music-prompt"]
    record = replace(
        world.records["llm:music-prompt"], recipe=json.dumps({**finding.recipe, "parameters": {"temperature": {"$float": "0.7"}}})
    )
    assert K.STEP_CHANGED not in {reason.kind for reason in reasons(finding, record)}


def test_an_earlier_take_counts_again_and_its_readers_know_its_version() -> None:
    before = lecture()
    world = made(before)
    world.make(apply_edits(before, [SetInput("voice", "de")], MOMENT))
    findings = world.find(before)
    assert findings[NARRATION].restored
    assert findings[NARRATION].version == world.takes[NARRATION, str(findings[NARRATION].fingerprint)]
    assert findings[ASSEMBLY].restored
    assert is_direct(findings[TIMELINE])


def is_direct(finding: Finding) -> bool:
    """Stale or pending by its own inputs, not only because of what will be made above it."""
    return finding.status is not Status.FRESH and not finding.changed


def test_a_finding_is_direct_where_nothing_above_is_made_again() -> None:
    findings = made(lecture()).find(apply_edits(lecture(), [SetInput("voice", "de")], MOMENT))
    assert is_direct(findings[NARRATION])
    assert (is_direct(findings[ASSEMBLY]), findings[ASSEMBLY].changed) == (False, (NARRATION,))
    assert not is_direct(findings[IMAGE])


def test_equal_work_has_one_fingerprint_in_two_segments_but_not_where_the_index_counts() -> None:
    same: list[Edit] = [
        SetText(f"content:{kind}:segment[{slot}]", "Hum.") for kind in ("narration-text", "visual") for slot in (0, 1)
    ]
    findings = made(settings := apply_edits(lecture(), same, MOMENT)).find(settings)
    assert findings["asset:narration:segment[0]"].fingerprint == findings[NARRATION].fingerprint
    prompts = [findings[f"llm:image-prompt:segment[{slot}]:image[{image}]"].fingerprint for slot in (0, 1) for image in (0, 1)]
    assert prompts[0] == prompts[2] != prompts[1] == prompts[3]
    cuts = {findings[f"content:script:segment[{slot}]"].fingerprint for slot in range(3)}
    assert len(cuts) == 3


@pytest.mark.slow
@given(st.data(), lectures())
def test_every_stale_or_pending_node_has_a_reason_and_no_fresh_one(data: st.DataObject, before: Settings) -> None:
    world = made(before)
    for node, finding in world.find(apply_edits(before, [data.draw(edits(before))], MOMENT)).items():
        found = reasons(finding, world.records.get(node))
        assert bool(found) == (finding.status is not Status.FRESH)
        assert all(reason.text and "{}" not in reason.text for reason in found)
        assert len(set(found)) == len(found)
