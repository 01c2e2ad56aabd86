"""Code is part of what makes a node: a step that makes something else has another version, so that stored lectures are stale."""

from pathlib import Path

import pytest

from lecture_assets.steps import STEPS
from lecture_assets_tests.changed_tree import changed_tree, run_in
from lecture_assets_tests.steps.golden import known, outcome

UPDATE = "python -m lecture_assets_tests.steps.golden"


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(STEPS))
def test_a_step_makes_what_its_version_made(name: str) -> None:
    version, made = STEPS[name].version, outcome(name)
    versions = known().get(name, {})
    assert version in versions, f"{name} has the new version {version}: `{UPDATE}` writes down what it makes"
    assert made == versions[version], (
        f"{name} makes something else than its version {version} did, and lectures that hold the old result look fresh: raise "
        f"the version of this step in steps/, then run `{UPDATE}`; or mend the change, if it was to make the same"
    )


def test_the_file_has_no_kind_that_there_is_not() -> None:
    assert set(known()) == set(STEPS)


NUMBERS = (
    ("timeline/caption.py", "LINE_LANDSCAPE = 42"),
    ("timeline/assemble.py", "CLOSING_MS = 1750"),
    ("timeline/motion.py", "_SMALLEST, _LARGEST = 24, 44"),
    ("timeline/music.py", "BRIDGE_FRAMES = 60"),
    ("timeline/caption.py", "LINE_UPRIGHT = 28"),
    ("timeline/caption.py", "PAUSE_MS = 600"),
    ("timeline/caption.py", "LINGER_MS = 700"),
    ("timeline/caption.py", "_CLAUSE_BONUS = 120"),
    ("timeline/assemble.py", "TITLE_FRAMES = 96"),
    ("timeline/clock.py", "FPS = 30"),
    ("timeline/motion.py", "_PERMILLE_A_SECOND = 9"),
    ("timeline/motion.py", "_CUT_ALLOWED_PERMILLE = 250"),
    ("timeline/music.py", "OPEN_PERMILLE = 400"),
    ("timeline/music.py", "DUCKED_PERMILLE = 125"),
    ("timeline/music.py", "ATTACK_FRAMES = 9"),
    ("timeline/music.py", "RELEASE_FRAMES = 24"),
    ("timeline/music.py", "FADE_IN_FRAMES = 8"),
    ("timeline/music.py", "FADE_OUT_FRAMES = 60"),
    ("timeline/music.py", "SHORTEST_FADE_FRAMES = 24"),
    ("timeline/gain.py", "MUSIC_SWELL_MILLIBEL = 300"),
    ("timeline/gain.py", "MOST_FOR_PAUSES_MILLIBEL = 200"),
    ("timeline/repeats.py", "CROSS_FADE_FRAMES = 30"),
    ("timeline/assemble.py", "FADE_OUT_FRAMES = 30"),
    ("timeline/segment.py", "LEAD_MS = 200"),
    ("timeline/segment.py", "TAIL_MS = 250"),
    ("timeline/segment.py", "FADE_MS = 400"),
    ("timeline/segment.py", "SLOW_FADE_MS = 1000"),
)
"""Numbers that decide what is made: each is seen in the samples when it grows by half."""
MAKE = """
import json
from lecture_assets_tests.steps.golden import known, outcome
from lecture_assets.steps import STEPS
print(json.dumps([name for name, step in STEPS.items() if known()[name][step.version] != outcome(name)]))
"""


@pytest.mark.thorough("a copy of the package for each number")
@pytest.mark.slow
@pytest.mark.parametrize(("file", "line"), NUMBERS)
def test_another_number_is_seen_by_the_samples(tmp_path: Path, file: str, line: str) -> None:
    words, _, number = line.rpartition(" ")
    tree = changed_tree(tmp_path / "tree", {file: [(f"\n{line}\n", f"\n{words} {int(number) * 3 // 2}\n")]})
    assert run_in(tree, MAKE) != []


@pytest.mark.thorough("a copy of the package")
@pytest.mark.slow
def test_renaming_and_moving_change_no_version(tmp_path: Path) -> None:
    """The file of the captions under another name, with another name in it."""
    tree = changed_tree(tmp_path / "tree", {})
    package = tree / "lecture_assets"
    (package / "timeline" / "caption.py").rename(package / "timeline" / "subtitle.py")
    for file in package.rglob("*.py"):
        text = file.read_text()
        file.write_text(text.replace("timeline.caption", "timeline.subtitle").replace("LINE_LANDSCAPE", "WIDEST_LINE"))
    assert run_in(tree, MAKE) == []
