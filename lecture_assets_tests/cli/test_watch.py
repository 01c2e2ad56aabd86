"""`lectures watch` prints each event once, from any number on, and ends with the run."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator

from lecture_assets.cli.entry import run
from lecture_assets_tests.cli.test_process import COMMAND, environ
from lecture_assets_tests.schemas import FOLDER

BRIEF = "prompt: Why bees dance.\nnotes: Bees dance.\nnum_segments: 1\nduration: 3\nsegment_length: 3\n"
SENTENCE = "text content:narration-text:segment[0]=Bees sing."


class Answer(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def events(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Lectures = Callable[..., Answer]


@pytest.fixture
def lectures(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Lectures:
    """The command line in a folder with a brief, whose lecture is created."""
    monkeypatch.chdir(tmp_path)
    for name in ("LECTURES_HOME", "LECTURES_DATABASE_URL", "LECTURES_ARTIFACTS", "LECTURES_PROVIDERS", "LECTURES_SIM_FAULTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LECTURES_SIM_LATENCY", "0")
    Path("bees.yaml").write_text(BRIEF, encoding="utf-8")

    def call(*arguments: str) -> Answer:
        code = run(arguments)
        return Answer(code, *capfd.readouterr())

    assert call("create", "bees.yaml").code == 0
    return call


def numbers(events: list[Any]) -> list[int]:
    return [event["number"] for event in events]


def test_without_anything_to_wait_for_it_prints_what_was_and_ends(lectures: Lectures) -> None:
    answer = lectures("watch", "bees", "--after", "0", "--until-done", "--json")
    assert (answer.code, answer.err) == (0, "")
    assert [event["kind"] for event in answer.events] == ["revision"]
    assert lectures("watch", "bees", "--until-done", "--json").out == ""
    assert lectures("watch", "bees", "--after", "1", "--until-done", "--json").out == ""


@pytest.mark.slow
def test_a_run_that_is_over_is_printed_from_any_number_on(lectures: Lectures) -> None:
    lectures("regenerate", "bees")
    lectures("edit", "bees", SENTENCE)
    lectures("regenerate", "bees")
    events = lectures("watch", "bees", "--after", "0", "--until-done", "--json").events
    assert numbers(events) == list(range(1, len(events) + 1))
    assert [event["kind"] for event in events].count("run-ended") == 2
    assert events[-1]["kind"] == "run-ended"
    for number in (1, 7, len(events) - 1):
        assert lectures("watch", "bees", "--after", str(number), "--until-done", "--json").events == events[number:]
    schema = Draft202012Validator(json.loads((FOLDER / "watch.json").read_text(encoding="utf-8")))
    for event in events:
        assert schema.is_valid(event)
        assert not schema.is_valid({**event, "surprise": 1})
        assert [key for key in event if schema.is_valid({name: one for name, one in event.items() if name != key})] == []


def test_a_number_of_another_log_gives_a_reset(lectures: Lectures) -> None:
    assert [event["kind"] for event in lectures("watch", "bees", "--after", "99", "--until-done", "--json").events] == ["reset"]


@pytest.mark.slow
def test_people_get_a_sentence_for_each_event(lectures: Lectures, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LECTURES_SIM_FAULTS", "image:503*1,music:moderation")
    lectures("regenerate", "bees")
    monkeypatch.delenv("LECTURES_SIM_FAULTS")
    lectures("regenerate", "bees")
    lectures("edit", "bees", SENTENCE)
    lectures("regenerate", "bees")
    lines = lectures("watch", "bees", "--after", "0", "--until-done").out.splitlines()
    said = [line.split("  ", 2)[2] for line in lines]
    assert said[0] == "version 1: created"
    assert said[1] == "run 1 started with version 1"
    assert said[2].startswith("run 1 makes 18 nodes of version 1, ")
    assert any(line.startswith("made asset:narration:segment[0], $0.") for line in said)
    assert any("(retry in " in line for line in said)
    assert any(line.startswith("failed asset:music: simulated could not make asset:music") for line in said)
    assert any(line.startswith("run 1 failed: ") and " 1 failed" in line for line in said)
    assert "timeline of version 1 published" in said
    assert f"version 2: {SENTENCE}" in said
    assert "timeline of version 2 published, " in " ".join(said)
    assert said[-1].startswith("run 3 done: 3 made, $0.0")


def test_what_does_not_exist_and_wrong_numbers_are_wrong_requests(lectures: Lectures) -> None:
    unknown = lectures("watch", "wasps")
    assert (unknown.code, unknown.out) == (2, "")
    assert "wasps" in unknown.err
    assert lectures("watch", "bees", "--after", "-1").code == 2


@pytest.mark.thorough("two processes take seven seconds of CPU; the tests of `runner/watching` follow runs")
@pytest.mark.slow
def test_it_follows_a_run_of_another_process_to_its_end(tmp_path: Path) -> None:
    home = environ(tmp_path / "home", LECTURES_SIM_LATENCY="0.2")
    (tmp_path / "bees.yaml").write_text(BRIEF, encoding="utf-8")
    subprocess.run([*COMMAND, "create", str(tmp_path / "bees.yaml")], env=home, check=True, capture_output=True)
    subprocess.run([*COMMAND, "edit", "bees", "set voice=teacher"], env=home, check=True, capture_output=True)
    watch = [*COMMAND, "watch", "bees", "--after", "0", "--until-done", "--json"]
    with subprocess.Popen(watch, env=home, stdout=subprocess.PIPE, text=True) as watching:
        assert watching.stdout is not None
        first = [json.loads(watching.stdout.readline()) for _ in range(2)]
        subprocess.run([*COMMAND, "regenerate", "bees"], env=home, check=True, capture_output=True)
        events = first + [json.loads(line) for line in watching.stdout]
        assert watching.wait(30) == 0
    assert numbers(events) == list(range(1, len(events) + 1))
    assert events[-1]["kind"] == "run-ended"


@pytest.mark.thorough("test_process.py has Ctrl-C")
@pytest.mark.slow
def test_ctrl_c_ends_it(tmp_path: Path) -> None:
    home = environ(tmp_path / "home")
    (tmp_path / "bees.yaml").write_text(BRIEF, encoding="utf-8")
    subprocess.run([*COMMAND, "create", str(tmp_path / "bees.yaml")], env=home, check=True, capture_output=True)
    heard = "import signal, os, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
    command = [sys.executable, "-c", heard, *COMMAND, "watch", "bees", "--after", "0"]
    with subprocess.Popen(command, env=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as watching:
        assert watching.stdout is not None
        assert "created" in watching.stdout.readline()
        watching.send_signal(signal.SIGINT)
        assert watching.wait(30) == 130
