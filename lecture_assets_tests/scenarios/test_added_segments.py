"""What a plan says at most is not passed, whatever is edited: nor where a segment is added to short notes, long ones, or none."""

import random
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.briefs.brief import Brief
from lecture_assets.runner.lectures import Lectures
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.scenarios.quick_vendor import Mood, open_quick_lectures
from lecture_assets_tests.scenarios.random_edits import make_files, revision

_LONG = " ".join(f"In part {n} the traveller met person number {n}, who told a tale of rain and of rivers." for n in range(40))
BRIEFS: dict[str, dict[str, Any]] = {
    "short notes": {"notes": "It rains.\n\nIt pours.", "num_segments": 2},
    "a word": {"notes": "Rain", "num_segments": 1, "segment_length": 3},
    "long notes": {"notes": _LONG, "num_segments": 2},
    "one long clause": {"notes": "rain " * 60, "num_segments": 2},
    "no notes": {"prompt": "Explain why it rains more in the mountains than by the sea", "num_segments": 3, "segment_length": 3},
    "German": {"notes": "Es regnet.\n\nDer Regen fällt auf die Berge.", "num_segments": 2, "language": "de"},
    "a language without phrases": {"notes": "Mae hi'n bwrw.\n\nMae'r haul yn tywynnu.", "num_segments": 2, "language": "cy"},
}
_EDITS = [["segments add"], ["segments add", "segments add:0"], ["reroll llm:segment-script:segment[{}]"]]


def spent(lectures: Lectures) -> int:
    document: Any = lectures.costs("rain")
    return int(document["spent_usd_micros"])


def check(lectures: Lectures) -> None:
    """Plan and make: what it cost lies between what was said at least, where nothing was bought before, and at most."""
    plan: Any = lectures.plan("rain")
    before = spent(lectures)
    lectures.regenerate("rain")
    assert spent(lectures) - before <= plan["estimate_usd_micros"]["high"]


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name == "short notes" else pytest.mark.thorough("six more briefs")) for name in BRIEFS],
)
def test_an_added_segment_costs_no_more_than_was_said(name: str, tmp_path: Path) -> None:
    with open_quick_lectures(tmp_path / "home", Mood()) as lectures:
        lectures.create(Brief.model_validate(BRIEFS[name]), "rain")
        check(lectures)
        first_added = len(lectures.draft("rain")["segments"])
        for edits in _EDITS:
            lectures.edit("rain", [edit.format(first_added) for edit in edits])
            check(lectures)


@pytest.mark.parametrize("name", [*BRIEFS] if THOROUGH else ["no notes"])
@pytest.mark.slow
def test_no_random_edit_costs_more_than_was_said(name: str, tmp_path: Path) -> None:
    """At least 100 edits of every sort in the thorough run, adding segments among them."""
    chance = random.Random(name)  # noqa: S311 - a seeded choice, no secret
    files = make_files(tmp_path)
    with open_quick_lectures(tmp_path / "home", Mood()) as lectures:
        lectures.create(Brief.model_validate(BRIEFS[name]), "rain")
        check(lectures)
        for _ in range(100 if THOROUGH else 8):
            with lectures.context.database.read() as connection:
                from lecture_assets.store.lectures import head  # noqa: PLC0415 - beside its only use

                settings = head(connection, "rain").settings
            nodes: Any = lectures.status("rain")["nodes"]
            takes = {node["id"]: node["take"] for node in nodes if node["take"]}
            lectures.edit("rain", revision(chance, settings, takes, files))
            check(lectures)
