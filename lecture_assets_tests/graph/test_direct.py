"""What is stale by its own inputs as they stand: one hop, while `find_stale` looks through all of them."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from lecture_assets.graph.apply_edits import apply_edits
from lecture_assets.graph.build import build
from lecture_assets.graph.direct import direct_reasons, input_versions
from lecture_assets.graph.edits import Reroll, SetInput
from lecture_assets.graph.fingerprint import digest
from lecture_assets.graph.settings import Settings
from lecture_assets.graph.staleness import Reason, ReasonKind, Status
from lecture_assets_tests.graph.edit_strategies import edits, lectures
from lecture_assets_tests.graph.lectures import MOMENT, lecture
from lecture_assets_tests.graph.simulated_world import SimulatedWorld

IMAGE, NARRATION = "asset:image:segment[0]:image[1]", "asset:narration:segment[1]"


def made(settings: Settings) -> SimulatedWorld:
    world = SimulatedWorld()
    world.make(settings)
    return world


def stale(world: SimulatedWorld, settings: Settings) -> dict[str, tuple[Reason, ...]]:
    return {node: found for node, found in direct_reasons(build(settings), world.facts).items() if found}


def test_what_reads_a_stale_node_is_not_stale_itself_before_that_is_made_again() -> None:
    before = lecture()
    world, after = made(before), apply_edits(before, [SetInput("voice", "de"), Reroll(IMAGE)], MOMENT)
    assert stale(world, after) == {
        **{f"asset:narration:segment[{slot}]": (Reason(ReasonKind.INPUT_CHANGED, "config:voice"),) for slot in (0, 1, 2)},
        IMAGE: (Reason(ReasonKind.SETTING_CHANGED, "reroll"),),
    }
    assert "assembler:timeline" in world.not_fresh(after)


def test_a_node_whose_bytes_are_lost_is_stale_though_nothing_of_it_changed() -> None:
    settings = lecture()
    world = made(settings)
    world.records[IMAGE] = replace(world.records[IMAGE], lost="0" * 64)
    assert stale(world, settings) == {IMAGE: (Reason(ReasonKind.LOST, "0" * 64),)}


def test_every_input_has_the_version_of_its_value() -> None:
    versions = input_versions(build(lecture(voice="de")))
    assert versions["config:voice"] == digest("de")
    assert set(versions) == {node.id for node in build(lecture()).nodes.values() if node.kind.is_input}


@given(st.data(), lectures(max_edits=2))
def test_where_nothing_is_directly_stale_nothing_is_stale_and_the_other_way_round(data: st.DataObject, before: Settings) -> None:
    world, after = made(before), apply_edits(before, [data.draw(edits(before))], MOMENT)
    recorded = {node for node, found in world.find(after).items() if node in world.records and found.status is Status.STALE}
    direct = stale(world, after)
    assert set(direct) <= recorded
    missing = {node.id for node in build(after).made} - set(world.records)
    assert bool(direct) == bool(recorded) or missing
