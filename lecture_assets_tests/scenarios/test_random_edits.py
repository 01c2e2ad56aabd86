"""Whatever people do, in whatever order: exactly what has to be made is made, exactly what has to be bought is bought.

Seeded sequences of edits, regenerations, failures, undos and redos, each step compared with a brute-force model.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.briefs.brief import Brief
from lecture_assets.graph.errors import RefusedError
from lecture_assets.graph.fingerprint import Json, digest
from lecture_assets.graph.settings import Settings
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.reading.ledger_check import compare_ledger
from lecture_assets.runner.reading.proof import HeldDocument
from lecture_assets.store import lectures as stored
from lecture_assets.store import records
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.runner.conftest import BRIEF
from lecture_assets_tests.scenarios.quick_vendor import Mood, open_quick_lectures
from lecture_assets_tests.scenarios.random_edits import VALUES, make_files, revision
from lecture_assets_tests.scenarios.reference_model import Expected, ReferenceModel
from lecture_assets_tests.servers.homes import copy_home

LECTURE = "rain"
SEQUENCES, BATCH = (200, 6) if THOROUGH else (3, 3)


@dataclass
class Story:
    """One lecture, what people do to it, and the reference model."""

    lectures: Lectures
    mood: Mood
    chance: random.Random
    files: Path
    reference: ReferenceModel = field(default_factory=ReferenceModel)
    told: list[str] = field(default_factory=list)

    def settings(self) -> Settings:
        with self.lectures.context.database.read() as connection:
            return stored.head(connection, LECTURE).settings

    def held(self, node: str) -> Json:
        with self.lectures.context.database.read() as connection:
            return records.load_values(connection, LECTURE, [node])[node]

    def edit_somehow(self) -> None:
        """A revision of any sort."""
        with self.lectures.context.database.read() as connection:
            takes = records.count_takes(connection, LECTURE)
        self.edit(*revision(self.chance, self.settings(), takes, self.files))

    def edit(self, *edits: str) -> None:
        """A revision; before it is saved its plan is asked for, and is the plan afterwards."""
        before = self.settings()
        self.told.append(f"edit {edits}")
        asked = self.lectures.plan(LECTURE, edits)
        self.lectures.edit(LECTURE, edits)
        self.note_pins(before)
        assert self.lectures.plan(LECTURE)["token"] == asked["token"]

    def note_pins(self, before: Settings) -> None:
        """Apply what a person pinned to the reference model."""
        for node, own in self.settings().nodes.items():
            then = before.of_node(node)
            if own.pinned is None or (own.take, digest(own.pinned)) == (then.take, digest(then.pinned)):
                continue
            if own.take:
                self.reference.choose(node, own.take)
            else:
                self.reference.supply(node, own.pinned)

    def travel(self) -> None:
        """Back or forth, where there is a way."""
        before, way = self.settings(), self.chance.choice([self.lectures.undo, self.lectures.undo, self.lectures.redo])
        self.told.append(way.__name__)
        try:
            way(LECTURE)
        except RefusedError:
            assert self.settings() == before
        self.note_pins(before)

    def regenerate(self, refused_of: int = 0) -> None:
        """Run with the vendor in a mood, then compare the result with the reference model's."""
        self.told.append(f"regenerate, of {refused_of}")
        self.mood.of, self.mood.number = refused_of, self.chance.randrange(10**6)
        settings, before = self.settings(), self.lectures.holdings(LECTURE)
        plan: Any = self.lectures.plan(LECTURE)
        report: Any = self.lectures.regenerate(LECTURE)
        failed = {node["id"] for node in report["failed"]}
        expected = self.reference.regenerate(settings, self.held, failed)
        assert set(report["made"]) == expected.made
        assert set(report["restored"]) == expected.restored
        assert failed == expected.failed
        assert set(report["blocked"]) == expected.blocked
        assert report["calls"] == dict(Counter(expected.purchases))
        self.check_plan(plan, report, expected)
        self.check_untouched(before, report)
        self.check_pins(settings)

    def check_plan(self, plan: Any, report: Any, expected: Expected) -> None:
        """What was said before is what came of it; early cutoff and equal work may only make it less."""
        outcome = expected.made | expected.restored | expected.failed | expected.blocked
        planned = {node["id"] for node in plan["nodes"]}
        assert outcome <= planned
        if not expected.failed:
            after = self.lectures.holdings(LECTURE)
            assert planned - outcome <= after.keys()
            assert all(report["calls"].get(role, 0) <= count for role, count in plan["calls"].items())
            if not any(node.startswith("llm:segment-script") for node in planned):  # whose length nobody knows beforehand
                assert report["cost_usd_micros"] <= plan["estimate_usd_micros"]["high"] * 1.05
            if report["calls"] == plan["calls"]:
                assert report["cost_usd_micros"] >= plan["estimate_usd_micros"]["low"] * 0.95

    def check_untouched(self, before: Mapping[str, HeldDocument], report: Any) -> None:
        """Whatever is in no list holds what it held, and its bytes on disk are what they were."""
        after = self.lectures.holdings(LECTURE)
        changed = {*report["made"], *report["restored"]}
        assert {node: held for node, held in after.items() if node not in changed} == {
            node: held for node, held in before.items() if node not in changed
        }

    def check_pins(self, settings: Settings) -> None:
        """A run never replaces what a person put in."""
        for node in {node["id"] for node in self.nodes()} & settings.nodes.keys():
            pinned = settings.of_node(node).pinned
            if pinned is not None:
                assert self.held(node) == pinned

    def nodes(self) -> Any:
        return self.lectures.status(LECTURE)["nodes"]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_files(tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with its tables, to be copied: making the tables takes longer than a whole story."""
    home = tmp_path_factory.mktemp("empty") / "home"
    with open_quick_lectures(home, Mood()):
        pass
    return home


def brief(chance: random.Random) -> Brief:
    """One to three segments, one or two pictures each, or clips."""
    return Brief(
        prompt="Explain rain.",
        notes=VALUES["notes"][0],
        duration=10,
        segment_length=5,
        num_segments=chance.randint(1, 3),
        images_per_segment=chance.randint(1, 2),
        use_video=chance.random() < 0.3,
        title=chance.choice([None, "Rain"]),
    )


def open_story(seed: int, empty: Path, files: Path, folder: Path, written: Brief | None = None) -> Iterator[Story]:
    copy_home(empty, folder / "home")
    chance, mood = random.Random(seed), Mood()  # noqa: S311 - a seed, no secret
    with open_quick_lectures(folder / "home", mood) as lectures:
        lectures.create(written or brief(chance), LECTURE)
        story = Story(lectures, mood, chance, files)
        for node, own in story.settings().nodes.items():
            if own.pinned is not None:
                story.reference.memory.takes.setdefault(node, [])
        yield story


IMAGE, SAID = "asset:image:segment[0]:image[0]", "content:narration-text:segment[0]"
EACH = [
    *(f"set {key}={value}" for key, values in VALUES.items() for value in values[-1:]),
    f"text {SAID}=Rain falls.",
    "text content:video-summary=About rain.",
    "text content:visual:segment[1]=A red umbrella.",
    "text content:effect:segment[0]=fade",
    "text content:image-prompt:segment[0]:image[0]=A red umbrella.",
    "text content:music-prompt=Calm strings.",
    f"model {IMAGE}=simulated:replicate/own",
    "model llm:script-generation=simulated:openai/own",
    "reroll llm:script-generation",
    "reroll asset:music",
    f"take {IMAGE}=1",
    "take llm:script-generation=1",
    f"media {IMAGE}=@one.png",
    "media asset:narration:segment[1]=@one.wav",
    "media asset:music=@two.wav",
    "segments add",
    "segments add:0",
    "segments remove:1",
    "segments move:0:1",
]


@pytest.fixture(scope="module")
def made(empty: Path, files: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ReferenceModel]:
    """A home with the lecture made, to be copied, and its reference model."""
    folder = tmp_path_factory.mktemp("made")
    for story in open_story(0, empty, files, folder, BRIEF):
        story.regenerate()
        reference = story.reference
    return folder / "home", reference


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4 if THOROUGH else 1))
def test_each_edit_alone_and_the_way_back(
    part: int, made: tuple[Path, ReferenceModel], files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(files)
    for number, edit in enumerate(EACH[part::4]):
        home, mood = tmp_path / str(number), Mood()
        copy_home(made[0], home)
        with open_quick_lectures(home, mood) as lectures:
            story = Story(lectures, mood, random.Random(number), files, deepcopy(made[1]))  # noqa: S311 - a seed, no secret
            story.edit(edit)
            story.regenerate()
            before = story.settings()
            story.lectures.undo(LECTURE)
            story.note_pins(before)
            bought = len(story.mood.bought)
            story.regenerate()
            assert len(story.mood.bought) == bought, edit


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(SEQUENCES // BATCH))
def test_any_sequence_makes_and_buys_exactly_what_it_has_to(batch: int, empty: Path, files: Path, tmp_path: Path) -> None:
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        folder = tmp_path / str(seed)
        folder.mkdir()
        for story in open_story(seed, empty, files, folder):
            try:
                tell(story)
            except BaseException as error:
                error.add_note(f"seed {seed}: " + "\n".join(story.told))
                raise


def tell(story: Story) -> None:
    """A first run that may fail in parts; one to eight edits among runs, failures and ways back; a last run that makes all."""
    story.regenerate(story.chance.choice([0, 0, 5]))
    for _ in range(story.chance.randint(1, 8)):
        story.edit_somehow()
        if story.chance.random() < 0.3:
            story.travel()
        if story.chance.random() < 0.5:
            story.regenerate(story.chance.choice([0, 0, 4]))
    story.regenerate()
    plan: Any = story.lectures.plan(LECTURE)
    assert {node["status"] for node in story.nodes() if node["id"] not in plan["idle"]} == {"fresh"}
    with story.lectures.context.database.read() as connection:
        assert compare_ledger(connection, LECTURE).faults == []
