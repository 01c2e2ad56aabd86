"""A part of an input enters a recipe instead of the whole: what is not of the part makes nothing stale."""

import pytest

from lecture_assets.graph.apply_edits import apply_edits
from lecture_assets.graph.build import build
from lecture_assets.graph.edits import SetInput, SetText
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Holds, Kind, Per, Read
from lecture_assets.graph.lecture import KINDS
from lecture_assets.graph.settings import Settings
from lecture_assets.graph.staleness import Reason, ReasonKind, World, find_stale, reasons
from lecture_assets_tests.graph.lectures import MOMENT, lecture
from lecture_assets_tests.graph.simulated_world import SimulatedWorld, steps

SPOKEN = ["content:narration-text:segment[0]", "content:narration-text:segment[1]"]
NARRATIONS = ["asset:narration:segment[0]", "asset:narration:segment[1]"]


def with_lexicon(settings: Settings, **lexicon: Json) -> Settings:
    return apply_edits(settings, [SetInput("lexicon", lexicon)], MOMENT)


@pytest.fixture(name="before")
def _before() -> Settings:
    return apply_edits(lecture(2), [SetText(SPOKEN[0], "Bees dance."), SetText(SPOKEN[1], "Bees hum.")], MOMENT)


def test_only_what_uses_the_changed_part_is_stale(before: Settings) -> None:
    world = SimulatedWorld()
    world.make(before)
    assert NARRATIONS[1] not in world.not_fresh(with_lexicon(before, dance="dahnce"))
    assert NARRATIONS[0] in world.not_fresh(with_lexicon(before, dance="dahnce"))
    assert world.not_fresh(with_lexicon(before, ants="aunts")) == frozenset()
    world.make(with_lexicon(before, dance="dahnce", Bees="beez"))
    assert NARRATIONS[0] not in world.not_fresh(with_lexicon(before, dance="dahnce", Bees="beez", ants="aunts"))
    back = world.make(before)
    assert set(NARRATIONS) <= back.restored


def test_a_reason_holds_the_parts_themselves(before: Settings) -> None:
    world, after = SimulatedWorld(), with_lexicon(before, dance="dahnce", hum="hmm")
    world.make(before)
    (reason,) = reasons(world.find(after)[NARRATIONS[0]], world.records[NARRATIONS[0]])
    assert reason == Reason(ReasonKind.INPUT_CHANGED, "config:lexicon")
    assert (reason.before, reason.after, reason.in_full) == ({}, {"dance": "dahnce"}, True)
    world.make(after)
    (reason,) = reasons(world.find(before)[NARRATIONS[1]], world.records[NARRATIONS[1]])
    assert (reason.before, reason.after) == ({"hum": "hmm"}, {})


def test_a_part_for_a_text_that_will_be_made_again_is_no_reason_of_its_own() -> None:
    world, settings = SimulatedWorld(), with_lexicon(lecture(2), dance="dahnce")
    world.make(lecture(2))
    rewritten = apply_edits(settings, [SetInput("audience", "adults")], MOMENT)
    found = world.find(rewritten)[NARRATIONS[0]]
    assert found.recipe["parts"] == {"config:lexicon": None}
    assert [reason.kind for reason in reasons(found, world.records[NARRATIONS[0]])] == [ReasonKind.UPSTREAM]


def test_where_the_deciding_value_is_not_known_all_of_the_input_counts(before: Settings) -> None:
    world, after = SimulatedWorld(), with_lexicon(before, dance="dahnce", ants="aunts")
    world.make(before)
    world.find(after)
    blind = World(
        world.records, world.takes, steps, lambda node, version: world.values.get(version) if node == "config:lexicon" else None
    )
    assert find_stale(build(after), blind)[NARRATIONS[1]].recipe["parts"] == {
        "config:lexicon": {"dance": "dahnce", "ants": "aunts"}
    }
    nothing = World(world.records, world.takes, steps)
    (whole,) = [find_stale(build(after), nothing)[NARRATIONS[1]].recipe["parts"]]
    assert isinstance(whole, dict)
    assert isinstance(whole["config:lexicon"], str), "its version stands for it"


def test_a_row_that_reads_a_part_says_for_which_read_and_is_not_projected() -> None:
    for reads in (
        (Read("config:lexicon", part_for="content:effect", projected=False),),
        (Read("config:voice"), Read("config:lexicon", part_for="config:voice")),
    ):
        with pytest.raises(ValueError, match="a part of config:lexicon"):
            Kind("content:new", Per.LECTURE, Holds.TEXT, reads)
    assert [kind.name for kind in KINDS.values() if kind.partial] == ["asset:narration"]
