"""An entry of the lexicon makes again the narrations that contain its word, and nothing else; captions keep the written word."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.briefs.brief import Brief
from lecture_assets.ports import SpeechRequest
from lecture_assets.runner.lectures import Lectures
from lecture_assets_tests.defs.dagster_home import LECTURE, open_dagster_home
from lecture_assets_tests.scenarios.quick_vendor import Mood, open_quick_lectures

NOTES = "Euler lived in New York, said SQL.\n\nSQL and the cache of Euler.\n\nCaches forget.\n\nRain falls."
WRITTEN = Brief(notes=NOTES, num_segments=4)


def narrations(*slots: int) -> set[str]:
    """What is made again where the narrations of these slots are."""
    of_slots = {f"{kind}:segment[{slot}]" for slot in slots for kind in ("asset:narration", "assembler:segment-timeline")}
    return of_slots | ({"assembler:timeline"} if slots else set())


@dataclass(frozen=True)
class Made:
    """A lecture that is made, for one test."""

    lectures: Lectures
    mood: Mood
    name: str

    def edit(self, *edits: str) -> None:
        self.lectures.edit(self.name, edits)

    def regenerate(self) -> Any:
        self.mood.bought.clear()
        return self.lectures.regenerate(self.name)

    def plan(self, *edits: str) -> Any:
        return self.lectures.plan(self.name, edits)

    def to_make(self, *edits: str) -> set[str]:
        return {node["id"] for node in self.plan(*edits)["nodes"]}

    def explain(self, node: str) -> Any:
        return self.lectures.explain(self.name, node)


@pytest.fixture(name="once", scope="module")
def _once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Lectures, Mood]]:
    mood = Mood()
    with open_quick_lectures(tmp_path_factory.mktemp("lexicon") / "home", mood) as lectures:
        lectures.create(WRITTEN, "bees")
        assert not lectures.regenerate("bees")["failed"]
        yield lectures, mood


@pytest.fixture(name="made")
def _made(once: tuple[Lectures, Mood], request: pytest.FixtureRequest) -> Made:
    lectures, mood = once
    name = request.node.name.removeprefix("test_").replace("_", "-")[:40].strip("-")
    lectures.copy("bees", name)
    return Made(lectures, mood, name)


@pytest.mark.slow
def test_an_entry_makes_again_what_contains_its_word_and_no_more(made: Made) -> None:
    assert made.to_make("set lexicon.SQL=sequel") == narrations(0, 1)
    assert made.to_make("set lexicon.cache=cash") == narrations(1)
    assert made.to_make("set lexicon.York=jork") == narrations(0)
    assert made.to_make("set lexicon.York=jork", "set lexicon.nowhere=now here") == narrations(0)
    assert made.to_make("set lexicon.nowhere=now here") == set()
    made.edit("set lexicon.SQL=sequel")
    report: Any = made.regenerate()
    assert (set(report["made"]), report["calls"]) == (narrations(0, 1), {"speech": 2})
    requests = [call.request for call in made.mood.bought if isinstance(call.request, SpeechRequest)]
    assert {one.text for one in requests} == {"Euler lived in New York, said sequel.", "sequel and the cache of Euler."}
    assert made.to_make("set lexicon.cache=cash") == narrations(1), "an entry beside it concerns its own words alone"
    assert made.to_make("set lexicon.SQL=ess cue ell") == narrations(0, 1)
    assert made.to_make("text content:narration-text:segment[3]=No rain.") == narrations(3)
    made.edit("set lexicon={}")
    back: Any = made.regenerate()
    assert (back["calls"], back["cost_usd_micros"]) == ({}, 0), "what was said before is used again"
    assert set(back["restored"]) >= {"asset:narration:segment[0]", "asset:narration:segment[1]"}


def test_captions_show_what_is_written_with_the_times_of_what_is_said(made: Made) -> None:
    made.edit('set lexicon={"New York": "the big one", "SQL": "ess cue ell", "caches": "cash is"}')
    made.regenerate()
    value: Any = made.explain("asset:narration:segment[0]")["value"]
    times = [(word["text"], word["start_ms"], word["end_ms"]) for word in value["words"]]
    assert [text for text, _, _ in times] == ["Euler", "lived", "in", "New", "York,", "said", "SQL."]
    assert times[3:] == [("New", 300, 408), ("York,", 408, 590), ("said", 600, 690), ("SQL.", 700, 990)]
    captions: Any = made.lectures.draft(made.name)["segments"]
    assert [caption["text"] for caption in captions[2]["captions"]] == ["Caches forget."]


@pytest.mark.slow
def test_explain_says_from_what_to_what_for_the_entry(made: Made) -> None:
    made.edit("set lexicon.SQL=sequel", "set lexicon.Euler=oiler")
    made.regenerate()
    made.edit("set lexicon.SQL=ess cue ell", "set lexicon.cache=cash")

    def reason(slot: int) -> list[tuple[str, Any, Any]]:
        found: Any = made.explain(f"asset:narration:segment[{slot}]")["reasons"]
        return [(one["input"], one["from"], one["to"]) for one in found]

    assert reason(0) == [("config:lexicon", {"SQL": "sequel"}, {"SQL": "ess cue ell"})]
    assert reason(1) == [("config:lexicon", {"SQL": "sequel", "cache": None}, {"SQL": "ess cue ell", "cache": "cash"})]
    assert reason(2) == []


def test_the_plan_knows_the_length_of_what_is_said(made: Made) -> None:
    short: Any = made.plan("set lexicon.SQL=a")
    long: Any = made.plan(f"set lexicon.SQL={'very ' * 30}long")
    assert long["estimate_usd_micros"]["high"] > short["estimate_usd_micros"]["high"]
    made.edit(f"set lexicon.SQL={'very ' * 30}long")
    report: Any = made.regenerate()
    assert report["cost_usd_micros"] <= long["estimate_usd_micros"]["high"]


@pytest.mark.slow
@pytest.mark.thorough("random edits are compared with Dagster in defs/test_dagster_check.py")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_dagster_calls_stale_what_we_call_stale_and_says_why(tmp_path: Path) -> None:
    with open_dagster_home(tmp_path, Brief(notes=NOTES, num_segments=4)) as home:
        home.run()
        for edit in ("set lexicon.SQL=sequel", "set lexicon.cache=cash", "set lexicon.nowhere=now here", "set lexicon={}"):
            home.edit(edit)
            home.publish()
            assert home.disagreements() == [], edit
        home.edit("set lexicon.SQL=sequel", "set lexicon.Euler=oiler")
        home.run()
        assert home.disagreements() == []
        home.edit("set lexicon.SQL=sequels")
        home.lectures.regenerate(LECTURE)
        home.publish()
        assert home.disagreements() == []
        assert home.publish() == 0
