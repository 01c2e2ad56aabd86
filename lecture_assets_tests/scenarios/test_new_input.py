"""Somebody adds an input with a default: lectures that were stored before can be read, and nothing of them is stale."""

from pathlib import Path

import pytest

from lecture_assets_tests.changed_tree import changed_tree, run_in
from lecture_assets_tests.project import ROOT
from lecture_assets_tests.store.releases import releases, unpack

TONE = {
    "graph/lecture.py": [
        ('    _input("audience"),\n', '    _input("audience"),\n    _input("tone", default="plain"),\n'),
        ('            "config:audience",\n', '            "config:audience",\n            "config:tone",\n'),
    ],
    "steps/prompts/script-generation.md": [("Audience: $audience\n", "Audience: $audience\nTone: $tone\n")],
    "briefs/brief.py": [
        ('"a general audience")\n', '"a general audience")\n    tone: _Phrase = _key(f"how it sounds: {_PHRASE}", "plain")\n'),
    ],
}
PROGRAM = """
import json, sys
from sqlalchemy import select
from lecture_assets.runner.lectures import Lectures
from lecture_assets.store.schema import calls
from lecture_assets_tests.servers.homes import home_environ
from lecture_assets_tests.store.releases import as_they_are, BRIEF

with Lectures.open(home_environ(sys.argv[1])) as lectures:
    then = as_they_are(lectures)
    again = lectures.create(BRIEF, "rain").new
    lectures.edit("clip", ["set tone=ironic"])
    edited = as_they_are(lectures)["clip"]["nodes"]
    reasons = lectures.explain("clip", "llm:script-generation")["reasons"]
    lectures.edit("clip", ["set tone=plain"])
    back = as_they_are(lectures)["clip"]["nodes"]
    lectures.edit("clip", ["set tone=ironic"])
    report = lectures.regenerate("clip")
    made = as_they_are(lectures)["clip"]["nodes"]
    with lectures.context.database.read() as connection:
        asked = list(connection.scalars(select(calls.c.request).where(calls.c.node == "llm:script-generation")))
said = [json.dumps(one).count("Tone:") for one in asked], sum("Tone: ironic" in json.dumps(one) for one in asked)
print(json.dumps([then, again, edited, reasons, back, [report["failed"], report["calls"]], made, said]))
"""

DAGSTER = """
import json, sys
from pathlib import Path
from lecture_assets.defs.dagster_check import disagreements
from lecture_assets.defs.sync.publisher import EventLogPublisher
from lecture_assets_tests.defs.dagster_home import open_dagster_home

with open_dagster_home(Path(sys.argv[1]), None) as dagster_home:
    found = [list(disagreements(dagster_home.lectures.context, dagster_home.instance, lecture)) for lecture in ("rain", "clip")]
    context, instance = dagster_home.lectures.context, dagster_home.instance
    specs = [EventLogPublisher(context, instance, lecture).publish_all() for lecture in ("rain", "clip")]
    after = [list(disagreements(dagster_home.lectures.context, dagster_home.instance, lecture)) for lecture in ("rain", "clip")]
print(json.dumps([specs, str(found), str(after)]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("release", releases())
def test_a_new_input_with_a_default_leaves_what_was_stored_readable_and_fresh(tmp_path: Path, release: str) -> None:
    then = unpack(release, tmp_path / "home")
    tree = changed_tree(tmp_path / "tree", TONE)
    found, is_new, edited, reasons, back, report, made, said = run_in(tree, PROGRAM, str(tmp_path / "home"))
    assert found == then
    assert not is_new  # the same brief is the same lecture
    assert edited["llm:script-generation"] == "stale"
    assert [(one["kind"], one["input"], one["from"], one["to"]) for one in reasons] == [
        ("input-changed", "config:tone", "plain", "ironic")
    ]
    assert back == then["clip"]["nodes"]
    failed, calls = report
    assert (failed, calls) == ([], {"text": 1})  # the simulated writer's script is the same
    assert (sum(said[0]), said[1]) == (1, 1)  # the prompt says it, and only where it was set
    assert set(made.values()) <= {"fresh", "pending"}


@pytest.mark.thorough("executes Dagster's code twice, in a changed tree")
@pytest.mark.slow
def test_dagster_learns_of_a_new_input_and_calls_nothing_stale(tmp_path: Path) -> None:
    unpack(releases()[-1], tmp_path / "home")
    run_in(ROOT, DAGSTER, str(tmp_path / "home"))
    specs, found, after = run_in(changed_tree(tmp_path / "tree", TONE), DAGSTER, str(tmp_path / "home"))
    assert after == "[[], []]", (specs, found)
