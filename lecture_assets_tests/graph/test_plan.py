"""The plan: order, layers, what is idle, which calls are paid, for how much and how long."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_assets.graph.apply_edits import apply_edits
from lecture_assets.graph.build import build
from lecture_assets.graph.edits import Edit, Reroll, SetInput, SetText
from lecture_assets.graph.fingerprint import digest
from lecture_assets.graph.kind import Category
from lecture_assets.graph.plan import MAX_EDIT_CALLS, Plan, Question, Quote, demanded, is_edit, make_plan
from lecture_assets.graph.settings import NodeSettings, Settings
from lecture_assets.graph.staleness import Finding, Status
from lecture_assets_tests.graph.edit_strategies import edits, lectures
from lecture_assets_tests.graph.lectures import MOMENT, lecture
from lecture_assets_tests.graph.simulated_world import LIMITS, SimulatedWorld, quote

IMAGE, PROMPT = "asset:image:segment[0]:image[1]", "content:image-prompt:segment[0]:image[1]"
DIME, MOST = 100_000, 150_000


def ids(plan: Plan) -> list[str]:
    return [planned.node.id for planned in plan.nodes]


def made(settings: Settings) -> SimulatedWorld:
    world = SimulatedWorld()
    world.make(settings)
    return world


@pytest.mark.slow
@given(st.data(), lectures(), st.sampled_from([made, lambda _: SimulatedWorld()]))
def test_no_node_is_planned_before_what_it_reads_nor_in_a_layer_below(
    data: st.DataObject, before: Settings, start: Callable[[Settings], SimulatedWorld]
) -> None:
    world = start(before)
    after = apply_edits(before, [data.draw(edits(before))], MOMENT)
    plan, findings = world.plan(after), world.find(after)
    layers: dict[str, int] = {}
    for planned in plan.nodes:
        above = [source for source in planned.node.read_ids if source in findings and findings[source].status is not Status.FRESH]
        pinned = after.of_node(planned.node.id).pinned is not None
        assert pinned or layers.keys() >= set(above)
        assert all(layers[source] <= planned.layer for source in above if source in layers)
        layers[planned.node.id] = planned.layer


@pytest.mark.slow
@given(st.data(), lectures())
def test_a_plan_and_its_idle_nodes_are_all_that_is_not_fresh(data: st.DataObject, before: Settings) -> None:
    after = apply_edits(before, [data.draw(edits(before))], MOMENT)
    world = made(before)
    plan = world.plan(after)
    assert {*ids(plan), *plan.idle} == world.not_fresh(after)
    assert len(ids(plan)) + len(plan.idle) == len(world.not_fresh(after))


def test_the_layers_of_a_first_generation_count_the_calls_and_assemblies_above() -> None:
    layers = {planned.node.id: planned.layer for planned in SimulatedWorld().plan(lecture(1, 1)).nodes}
    assert layers == {
        "llm:script-generation": 0,
        "content:video-title": 0,
        "content:script:segment[0]": 0,
        "content:narration-text:segment[0]": 0,
        "content:visual:segment[0]": 0,
        "content:background-music:segment[0]": 0,
        "content:effect:segment[0]": 0,
        "llm:video-summary": 1,
        "content:video-summary": 1,
        "llm:image-prompt:segment[0]:image[0]": 1,
        "content:image-prompt:segment[0]:image[0]": 1,
        "asset:narration:segment[0]": 1,
        "asset:image:segment[0]:image[0]": 2,
        "llm:music-prompt": 2,
        "content:music-prompt": 2,
        "asset:music": 3,
        "assembler:segment-timeline:segment[0]": 3,
        "assembler:timeline": 4,
    }


def test_a_plan_of_nothing_is_a_plan() -> None:
    plan = made(lecture()).plan(lecture())
    assert (plan.nodes, plan.idle, plan.calls, plan.price_usd_micros, plan.seconds, plan.affected_segments) == (
        (),
        (),
        {},
        (0, 0),
        0,
        (),
    )


PROMPTS = [f"content:image-prompt:segment[{slot}]:image[{image}]" for slot in range(3) for image in range(2)]


@pytest.mark.parametrize(
    ("changes", "idle"),
    [
        ([SetText(PROMPT, "A bee.")], ["llm:image-prompt:segment[0]:image[1]"]),
        ([SetText(node, "A bee.") for node in PROMPTS], [node.replace("content", "llm") for node in PROMPTS]),
        ([SetText("content:music-prompt", "Calm.")], ["llm:music-prompt"]),
        ([SetText("content:video-summary", "Bees.")], ["llm:video-summary"]),
        ([SetText("content:video-title", "Bees.")], []),
        ([SetText(f"content:visual:segment[{slot}]", "A hive.") for slot in range(3)], []),
    ],
    ids=["one prompt", "every prompt", "music", "summary", "a title: the script is read by others", "visuals"],
)
def test_a_model_that_only_pinned_nodes_would_read_is_not_asked(changes: list[Edit], idle: list[str]) -> None:
    plan = SimulatedWorld().plan(apply_edits(lecture(), changes, MOMENT))
    assert sorted(plan.idle) == sorted(idle)
    assert not set(plan.idle) & set(ids(plan))


def test_video_prompts_are_idle_when_both_of_their_texts_are_pinned() -> None:
    start, motion = (f"content:{kind}:segment[0]" for kind in ("starting-image-prompt", "movie-direction-prompt"))
    settings = apply_edits(lecture(video=True), [SetText(start, "A hive.")], MOMENT)
    assert SimulatedWorld().plan(settings).idle == ()
    settings = apply_edits(settings, [SetText(motion, "Zoom.")], MOMENT)
    assert SimulatedWorld().plan(settings).idle == ("llm:video-prompts:segment[0]",)


def test_an_edit_above_a_pinned_node_asks_nobody_for_what_it_hides() -> None:
    settings = apply_edits(lecture(), [SetText(PROMPT, "A bee.")], MOMENT)
    world = made(settings)
    plan = world.plan(apply_edits(settings, [SetInput("image-style", "oil")], MOMENT))
    assert plan.calls == {"text": 5, "image": 5}
    assert IMAGE not in ids(plan)


def test_targets_are_made_with_what_they_need_and_nothing_else() -> None:
    world = SimulatedWorld()
    plan = world.plan(lecture(), frozenset({IMAGE}))
    assert sorted(ids(plan)) == sorted(
        [
            "llm:script-generation",
            "content:script:segment[0]",
            "content:visual:segment[0]",
            "llm:image-prompt:segment[0]:image[1]",
            PROMPT,
            IMAGE,
        ]
    )
    assert plan.idle == ()


def test_a_target_that_is_fresh_is_no_work() -> None:
    assert made(lecture()).plan(lecture(), frozenset({IMAGE})).nodes == ()


def test_a_pinned_target_needs_nothing_above_it() -> None:
    settings = apply_edits(lecture(), [SetText(PROMPT, "A bee.")], MOMENT)
    assert ids(SimulatedWorld().plan(settings, frozenset({IMAGE}))) == [PROMPT, IMAGE]


@given(lectures())
def test_what_counts_is_the_timeline_and_all_content(settings: Settings) -> None:
    graph = build(settings)
    wanted = demanded(graph)
    assert wanted == demanded(
        graph, [node.id for node in graph.made if node.kind.category is Category.CONTENT] + ["assembler:timeline"]
    )
    assert {n.kind.category for n in graph.made if n.id not in wanted and not n.kind.on_demand} <= {Category.LLM}


def planned_with(settings: Settings, quotes: Mapping[str, Quote], *, world: SimulatedWorld | None = None) -> Plan:
    """A plan where some nodes have a quote of their own."""
    world = world or SimulatedWorld()

    def ask(finding: Finding) -> Quote | None:
        return quotes.get(finding.node.id, quote(finding))

    return make_plan(build(settings), world.find(settings), world.records, Question("bees", 1, ask, LIMITS))


def test_calls_and_price_of_a_first_generation() -> None:
    plan = SimulatedWorld().plan(lecture())
    assert plan.calls == {"text": 9, "speech": 3, "image": 6, "music": 1}
    assert not plan.is_edit
    assert plan.price_usd_micros == (19 * DIME, 19 * MOST)
    assert plan.affected_segments == (0, 1, 2)


def test_equal_work_is_one_purchase_and_work_in_the_ledger_none() -> None:
    same: list[Edit] = [SetText(f"content:narration-text:segment[{slot}]", "Hum.") for slot in range(3)]
    settings, world = apply_edits(lecture(), same, MOMENT), made(lecture())
    narrations = {f"asset:narration:segment[{slot}]" for slot in range(3)}
    plan = world.plan(settings)
    assert plan.calls == {"speech": 1}
    assert plan.is_edit
    assert {planned.node.id for planned in plan.nodes if planned.quote} == narrations
    owned = {node: replace(quote(world.find(settings)[node]) or pytest.fail("no quote"), owned=True) for node in narrations}
    plan = planned_with(settings, owned, world=world)
    assert (plan.calls, plan.price_usd_micros, plan.seconds) == ({}, (0, 0), 0)


def test_a_pinned_or_restored_node_is_no_call() -> None:
    settings = lecture().with_node("asset:music", NodeSettings(pinned={"sha256": "0" * 64}))
    assert "music" not in SimulatedWorld().plan(settings).calls
    world = made(lecture())
    world.make(apply_edits(lecture(), [SetInput("voice", "de")], MOMENT))
    plan = world.plan(lecture())
    assert (plan.calls, plan.price_usd_micros, plan.seconds) == ({}, (0, 0), 0)
    assert plan.affected_segments == (0, 1, 2)


def seconds_of(plan: Plan, free: Collection[str]) -> float:
    return replace(plan, nodes=tuple(replace(p, quote=None) if p.node.id in free else p for p in plan.nodes)).seconds


def test_the_seconds_are_those_of_the_longest_path_where_limits_allow() -> None:
    world = SimulatedWorld()
    plan = replace(world.plan(lecture()), limits={"openai": 99, "replicate": 99})
    assert plan.seconds == 4.0, "script, summary, music prompt, music"
    assert seconds_of(plan, ["llm:video-summary", "llm:music-prompt"]) == 3.0, "script, image prompt, image"
    assert replace(plan, limits={"openai": 1, "replicate": 1}).seconds >= 12.0, "twelve calls for one slot"


def test_a_call_that_is_owned_takes_no_time() -> None:
    free = Quote("openai", "openai", "openai:text", "text", DIME, MOST, 60.0, "key", owned=True)
    first = planned_with(lecture(1, 1), {})
    assert planned_with(lecture(1, 1), {"llm:script-generation": free}).seconds == first.seconds - 1


def test_a_token_names_what_is_made_from_what_for_how_much() -> None:
    world = made(lecture())
    rerolled = apply_edits(lecture(), [Reroll(IMAGE)], MOMENT)
    plan = world.plan(rerolled)
    assert plan.token == world.plan(rerolled).token
    assert len(plan.token) == 32
    dearer = replace(quote(world.find(rerolled)[IMAGE]) or pytest.fail("no quote"), high_usd_micros=MOST + 1)
    others = [
        world.plan(apply_edits(lecture(), [Reroll("asset:image:segment[0]:image[0]")], MOMENT)),
        world.plan(apply_edits(rerolled, [Reroll(PROMPT.replace("content", "llm"))], MOMENT)),
        planned_with(rerolled, {IMAGE: dearer}, world=world),
        replace(plan, lecture="ants"),
        replace(plan, idle=("llm:music-prompt",)),
        SimulatedWorld().plan(rerolled),
    ]
    assert len({plan.token, *(other.token for other in others)}) == 1 + len(others)


def test_a_token_outlives_an_edit_that_changes_nothing_planned() -> None:
    plan = SimulatedWorld().plan(lecture())
    assert replace(plan, version=plan.version + 1).token == plan.token
    assert plan.token != digest("")[:32]


@pytest.mark.parametrize(("calls", "small"), [(0, True), (MAX_EDIT_CALLS, True), (MAX_EDIT_CALLS + 1, False), (None, False)])
def test_a_plan_of_few_calls_is_an_edit_and_one_of_unknown_size_is_not(calls: int | None, small: bool) -> None:  # noqa: FBT001 - a table
    assert is_edit(calls) == small
