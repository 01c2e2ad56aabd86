"""The first line of a run's log says which edits led to it, and what it is going to make, at which price."""

from pathlib import Path

import pytest

from lecture_assets.defs.run_log import keys_of, plan_sentence
from lecture_assets.runner.reading.shapes import RevisionDocument
from lecture_assets.runner.setup.events import Started
from lecture_assets_tests.defs.dagster_home import DagsterHome, brief, open_dagster_home

KEY = "sk-0123456789"
PLAN = "22 nodes, 12 calls (6 image, 6 text), at most $0.0300"


def started(since: int, version: int = 6, nodes: int = 22) -> Started:
    return Started(version, nodes, {"image": 6, "text": 6}, (10_000, 30_000), 8.0, since=since)


def revision(version: int, *edits: str, key: str | None = None) -> RevisionDocument:
    return {"version": version, "edits": list(edits), "client_key": key, "created_at": 1.0}


@pytest.mark.parametrize(
    ("since", "revisions", "cause"),
    [
        (0, [revision(1)], "its first run"),
        (6, [], "not edited since the run before"),
        (5, [revision(6, "set voice=teacher")], 'after "set voice=teacher" (version 6)'),
        (
            4,
            [revision(5, "undo"), revision(6, "a", "b", key="web-17")],
            'after "a", "b" (version 6, key web-17), "undo" (version 5)',
        ),
        (
            2,
            [revision(n, f"e{n}") for n in (3, 4, 5, 6)],
            'after "e6" (version 6), "e5" (version 5), "e4" (version 4) and 1 more',
        ),
        (5, [revision(6, *"abcde")], 'after "a", "b", "c" (version 6) and 2 more'),
        (5, [revision(6, "set voice=teacher"), revision(7, "undo")], 'after "set voice=teacher" (version 6)'),
        (5, [revision(6, "text content:narration-text:segment[0]=" + "x" * 99)], "x" * 41 + '…" (version 6)'),
        (5, [revision(6, "set system_prompt=one\n two\x1b[31m")], 'after "set system_prompt=one two" (version 6)'),
        (5, [revision(6, f"set user_prompt={KEY}", key=KEY)], 'after "set user_prompt=…" (version 6, key …)'),
    ],
)
def test_the_newest_edits_are_named_as_they_were_written(since: int, revisions: list[RevisionDocument], cause: str) -> None:
    said = plan_sentence("rain", started(since), revisions, keys_of({"OPENAI_API_KEY": KEY, "REPLICATE_API_TOKEN": ""}))
    assert said.startswith("rain, version 6, ")
    assert said.endswith(f"{cause}: {PLAN}")


def test_a_run_with_nothing_to_make_says_so() -> None:
    said = plan_sentence("rain", started(6, nodes=0), [])
    assert said == (
        "rain, version 6, not edited since the run before: all that was asked for is fresh; a re-roll gives another take"
    )


def first_line(dagster_home: DagsterHome) -> str:
    """The first line that is ours in the log of the newest run."""
    [run] = dagster_home.instance.get_runs(limit=1)
    return next(entry.user_message for entry in dagster_home.instance.all_logs(run.run_id) if not entry.dagster_event)


@pytest.mark.slow
def test_runs_name_what_led_to_them(tmp_path: Path) -> None:
    with open_dagster_home(tmp_path / "home", brief(1)) as dagster_home:
        dagster_home.run()
        assert first_line(dagster_home).startswith("rain, version 1, its first run: ")
        dagster_home.lectures.edit("rain", ["set voice=teacher"], client_key="web-17")
        dagster_home.lectures.regenerate("rain")  # a run of the command line is a run, too
        dagster_home.edit("set image_style=oil")
        dagster_home.run()
        assert first_line(dagster_home).startswith('rain, version 3, after "set image-style=oil" (version 3): ')
