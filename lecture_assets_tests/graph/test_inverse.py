"""An edit followed by its inverse leaves nothing stale that was fresh before, for every sort of edit, on random lectures."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lecture_assets.graph.apply_edits import apply_edits
from lecture_assets.graph.edits import AddSegment, Edit, MoveSegment, RemoveSegment, SetInput, SetText, Unpin
from lecture_assets.graph.settings import Settings
from lecture_assets.graph.staleness import Status
from lecture_assets_tests.graph.edit_strategies import edits, lectures
from lecture_assets_tests.graph.lectures import MOMENT, lecture
from lecture_assets_tests.graph.simulated_world import SimulatedWorld


def inverse(before: Settings, edit: Edit, after: Settings) -> Sequence[Edit] | None:
    """Edits that take an edit back; None where only the earlier revision itself does (another result, another model)."""
    match edit:
        case SetInput(name):
            return _reordered([SetInput(name, before.inputs[name])], before, after)
        case SetText(node) | Unpin(node):
            pinned = before.of_node(node).pinned
            return [Unpin(node) if pinned is None else SetText(node, str(pinned))]
        case AddSegment():
            return [RemoveSegment(slot) for slot in after.order if slot not in before.order]
        case MoveSegment(slot):
            return [MoveSegment(slot, before.order.index(slot))]
        case RemoveSegment():
            return _reordered([SetInput("num-segments", len(before.order))], before, after)
        case _:
            return None


def _reordered(back: list[Edit], before: Settings, after: Settings) -> Sequence[Edit] | None:
    """Segments that come back come at the end, lowest slot first; then each moves to where it was."""
    there = apply_edits(after, back, MOMENT).order
    if sorted(there) != sorted(before.order):
        return None
    return (
        [*back, *(MoveSegment(slot, position) for position, slot in enumerate(before.order))] if there != before.order else back
    )


def fresh(world: SimulatedWorld, settings: Settings) -> set[str]:
    return {node for node, finding in world.find(settings).items() if finding.status is Status.FRESH}


def partly_made(settings: Settings, seed: int) -> SimulatedWorld:
    """A world in which a tenth of the nodes failed."""
    world, chance = SimulatedWorld(), random.Random(seed)  # noqa: S311 - a seeded choice, no secret
    world.make(settings, failing={node for node in world.find(settings) if chance.random() < 0.1})
    return world


@pytest.mark.slow
@given(st.data(), lectures(), st.integers(0, 99))
def test_an_edit_and_the_edit_that_takes_it_back_leave_all_fresh_that_was(
    data: st.DataObject, before: Settings, seed: int
) -> None:
    world = partly_made(before, seed)
    edit = data.draw(edits(before))
    after = apply_edits(before, [edit], MOMENT)
    back = inverse(before, edit, after)
    assume(back is not None)
    assert fresh(world, apply_edits(after, back or (), MOMENT)) == fresh(world, before)


@pytest.mark.slow
@given(st.data(), lectures(), st.integers(0, 99))
def test_what_was_fresh_comes_back_for_nothing_though_the_edit_was_carried_out(
    data: st.DataObject, before: Settings, seed: int
) -> None:
    world = partly_made(before, seed)
    was_fresh, held = fresh(world, before), {node: record.version for node, record in world.records.items()}
    world.make(apply_edits(before, [data.draw(edits(before))], MOMENT))
    findings = world.find(before)
    assert all(findings[node].status is Status.FRESH or findings[node].restored for node in was_fresh)
    making = world.make(before)
    assert not making.made & was_fresh
    assert {node: world.records[node].version for node in was_fresh} == {node: held[node] for node in was_fresh}
    assert not world.not_fresh(before) & was_fresh


@pytest.mark.parametrize(
    "edit",
    [
        SetInput("duration", 20),
        SetInput("num-segments", 1),
        SetInput("num-segments", 6),
        SetInput("images-per-segment", 4),
        SetInput("use-video", value=True),
        SetText("content:visual:segment[1]", "A hive."),
        AddSegment(0),
        RemoveSegment(1),
        MoveSegment(2, 0),
    ],
    ids=str,
)
def test_each_sort_of_edit_has_its_inverse(edit: Edit) -> None:
    before, world = lecture(), SimulatedWorld()
    world.make(before)
    after = apply_edits(before, [edit], MOMENT)
    back = inverse(before, edit, after)
    assert back is not None
    assert world.not_fresh(after)
    assert not world.not_fresh(apply_edits(after, back, MOMENT))
