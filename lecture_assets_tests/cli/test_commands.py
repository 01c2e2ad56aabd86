"""Commands run as a whole against a real store: exit codes, one document on stdout, and wrong input leaves nothing behind."""

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import av
import pytest

from lecture_assets.cli.entry import run
from lecture_assets_tests.counts import EXAMPLES, film_nodes
from lecture_assets_tests.intake import samples

SIZE = EXAMPLES["photosynthesis"]


class Answer(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Lectures = Callable[..., Answer]


@pytest.fixture
def lectures(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Lectures:
    """The command line in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("LECTURES_HOME", "LECTURES_DATABASE_URL", "LECTURES_ARTIFACTS", "LECTURES_PROVIDERS", "LECTURES_SIM_FAULTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LECTURES_SIM_LATENCY", "0")

    def call(*arguments: str) -> Answer:
        code = run(arguments)
        return Answer(code, *capfd.readouterr())

    return call


def brief(text: str) -> str:
    Path("brief.yaml").write_text(text, encoding="utf-8")
    return "brief.yaml"


TINY = "prompt: Why bees dance.\nnotes: Bees dance to show the way. A longer dance means farther flowers.\nnum_segments: 1\n"
SHORT = "prompt: Why bees dance.\nnotes: Bees dance.\nnum_segments: 1\nduration: 3\nsegment_length: 3\n"


@pytest.mark.parametrize("command", ["make", "create"])
@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            "prompt: Bees\nimagestyle: x\n",
            "brief.yaml:2: imagestyle: found an unknown key; allowed: a known key; did you mean",
        ),
        ("prompt: Bees\nduration: '30'\n", "brief.yaml:2: duration: found '30'; allowed: a whole number of seconds"),
        ("prompt: Bees\nnum_segments: 1000\n", "brief.yaml:2: num_segments: found 1000; allowed: a whole number from 1 to 99"),
        ("prompt: Bees\nduration: 3000\nsegment_length: 3\n", "brief.yaml:3: segment_length: found 1000 segments"),
        ("prompt: '  '\n", "brief.yaml:1: prompt: found an empty text"),
        ("prompt: Bees\nvoice: bob\n", "brief.yaml:2: voice: found 'bob'; allowed: one of narrator"),
        ("prompt: Bees\nmodels: {text: 'nobody:x'}\n", "brief.yaml:2: models.text: found 'nobody:x'"),
        ("prompt: Bees\nlanguage: xx\n", "brief.yaml:2: language: found 'xx'"),
    ],
)
def test_a_wrong_brief_is_one_error_with_its_line_and_leaves_nothing(
    lectures: Lectures, command: str, text: str, error: str
) -> None:
    answer = lectures(command, brief(text), "--json")
    assert (answer.code, answer.out, answer.err.count("error:")) == (2, "", 1)
    assert answer.err.startswith(f"error: {error}")
    assert [path.name for path in Path().iterdir()] == ["brief.yaml"]


def test_every_fault_of_a_brief_is_an_error_of_its_own(lectures: Lectures) -> None:
    answer = lectures("make", brief("prompt: ''\nvoice: bob\nduration: soon\nfoo: 1\n"))
    assert (answer.code, answer.err.count("error: brief.yaml:")) == (2, 4)


@pytest.mark.parametrize("name", ["../x", "", "a" * 300, "a b", "bäume", "-x", "a/b", ".."])
@pytest.mark.parametrize("command", [("create", "--example", "photosynthesis", "--id"), ("regenerate", "--"), ("status", "--")])
def test_a_hostile_id_is_refused_and_leaves_nothing(
    lectures: Lectures, tmp_path: Path, command: tuple[str, ...], name: str
) -> None:
    answer = lectures(*command, name)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("error: id: found ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["make"], "error: BRIEF: found none;"),
        (["make", "a.yaml", "--prompt", "x"], "error: BRIEF: found more than one"),
        (["make", "none.yaml"], "error: none.yaml: brief: found no such file"),
        (["make", "."], "error: .: brief: found a folder"),
        (["make", "--example", "photosyntesis"], "did you mean photosynthesis?"),
        (["make", "--prompt", " "], "error: prompt: found an empty text"),
        (["make", "--example", "photosynthesis", "--max-cost", "much"], "'much' is not an amount"),
        (["make", "--example", "photosynthesis", "--max-cost", "nan"], "not an amount from 0"),
        (["make", "--example", "photosynthesis", "--max-cost", "-1"], "not an amount from 0"),
        (
            ["make", "--example", "photosynthesis", "--out", "/dev/null/x"],
            "--out: found '/dev/null/x', below '/dev/null', which is no",
        ),
        (["regenerate", "bees", "--segment", "two"], "'two' is not a segment"),
        (["edit", "bees"], "error: EDIT: found none"),
        (["status"], "Missing argument 'ID'"),
        (["stats"], "No such command 'stats'"),
        (["export", "bees", "--format", "avi"], "'avi' is not one of"),
        (["export", "bees", "--out", ""], "an empty path; write the name of a file or folder"),
        (["make", "--prompt", "Bees", "--out", ""], "an empty path; write the name of a file or folder"),
        (["regenerate", "bees", "--proof", ""], "an empty path; write the name of a file or folder"),
    ],
)
def test_a_wrong_command_is_exit_2_and_one_message(lectures: Lectures, arguments: list[str], error: str) -> None:
    answer = lectures(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert error in answer.err
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize("command", ["status", "plan", "history", "graph", "costs", "regenerate", "export"])
def test_an_unknown_lecture_is_named_with_those_that_exist(lectures: Lectures, command: str) -> None:
    lectures("create", "--example", "photosynthesis")
    answer = lectures(command, "nobody")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "error: lecture: found 'nobody'; allowed: one of photosynthesis\n"


def test_created_lectures_are_listed_by_the_name_of_their_brief(lectures: Lectures) -> None:
    assert lectures("create", "--example", "tcp-handshake", "--json").json == {
        "lecture": "tcp-handshake",
        "version": 1,
        "created": True,
        "warnings": [],
        "understood": None,
    }
    assert lectures("create", "--example", "tcp-handshake", "--json").json["created"] is False
    lectures("create", "--prompt", "Warum ist der Himmel über uns blau?")
    assert {row["lecture"] for row in lectures("list", "--json").json} == {"tcp-handshake", "warum-ist-der-himmel-uber-uns"}


def test_another_brief_under_the_same_id_is_refused(lectures: Lectures) -> None:
    lectures("create", "--example", "photosynthesis", "--id", "one")
    answer = lectures("create", "--example", "tcp-handshake", "--id", "one")
    assert (answer.code, answer.out) == (3, "")
    assert "was made from another brief" in answer.err


@pytest.mark.slow
def test_a_plan_with_edits_saves_nothing(lectures: Lectures) -> None:
    lectures("create", "--example", "photosynthesis")
    before = lectures("plan", "photosynthesis", "--json").json
    what_if = lectures("plan", "photosynthesis", "set images_per_segment=1", "-e", "set num_segments=2", "--json").json
    assert (before["calls"], len(before["nodes"])) == (SIZE.calls, SIZE.nodes)
    assert what_if["calls"]["image"] == 2
    assert lectures("plan", "photosynthesis", "--json").json == before


def test_edits_are_one_revision_or_none(lectures: Lectures) -> None:
    lectures("create", "--example", "photosynthesis")
    wrong = lectures("edit", "photosynthesis", "set voice=teacher", "set duration=x", "text content:nothing=y")
    assert (wrong.code, wrong.out, wrong.err.count("error:")) == (2, "", 2)
    right = lectures("edit", "photosynthesis", "set voice=teacher", "-e", "set image_style=ink", "--json").json
    assert (right["version"], right["edits"]) == (2, ["set image-style=ink", "set voice=teacher"])
    assert [row["edits"] for row in lectures("history", "photosynthesis", "--json").json] == [[], right["edits"]]


def test_a_lost_race_is_exit_3_and_names_both_versions(lectures: Lectures) -> None:
    lectures("create", "--example", "photosynthesis")
    lectures("edit", "photosynthesis", "set voice=teacher")
    answer = lectures("edit", "photosynthesis", "set voice=student", "--if-version", "1")
    assert answer.code == 3
    assert re.search(r"at version 2, .* version 1", answer.err)


def test_the_same_client_key_is_one_edit(lectures: Lectures) -> None:
    lectures("create", "--example", "photosynthesis")
    first = lectures("edit", "photosynthesis", "set voice=teacher", "--client-key", "k", "--json").json
    second = lectures("edit", "photosynthesis", "set voice=teacher", "--client-key", "k", "--json").json
    assert first["version"] == second["version"] == 2


@pytest.mark.parametrize("key", ["", "k" * 60_000], ids=["empty", "long"])
def test_a_client_key_is_of_1_to_200_characters(lectures: Lectures, key: str) -> None:
    lectures("create", "--example", "photosynthesis")
    for words in (["edit", "photosynthesis", "set voice=teacher"], ["undo", "photosynthesis"]):
        answer = lectures(*words, "--client-key", key)
        assert (answer.code, answer.err) == (2, f"error: client key: found {len(key)} characters; allowed: 1 to 200\n")


def test_a_ceiling_below_the_price_and_another_plan_are_refused(lectures: Lectures) -> None:
    lectures("create", "--example", "photosynthesis")
    ceiling = lectures("regenerate", "photosynthesis", "--max-cost", "$0.01", "--json")
    token = lectures("regenerate", "photosynthesis", "--plan", "abc", "--json")
    assert (ceiling.code, ceiling.out, token.code, token.out) == (3, "", 3, "")
    assert "a higher maximum cost" in ceiling.err
    assert "nothing was made" in token.err


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("list", "one"),
        ("voices", "narrator"),
        ("costs", "all lectures of workspace default: spent $0.00"),
        ("status one", f"one, version 1: {SIZE.nodes} nodes, {SIZE.nodes} pending"),
        ("plan one", f"one, version 1: {SIZE.nodes} nodes, {SIZE.all_calls} calls"),
        ("history one", "created"),
        ("graph one", f"one, version 1: {SIZE.nodes + SIZE.inputs + film_nodes(3)} nodes"),
    ],
)
def test_reports_are_for_people_and_for_programs(lectures: Lectures, command: str, says: str) -> None:
    lectures("create", "--example", "photosynthesis", "--id", "one")
    words = lectures(*command.split())
    assert (words.code, words.err) == (0, "")
    assert says in words.out
    assert lectures(*command.split(), "--json").json


@pytest.mark.slow
def test_a_lecture_is_made_edited_and_made_again(lectures: Lectures) -> None:
    created = lectures("create", brief(TINY), "--id", "bees", "--json")
    assert created.json["created"]
    made = lectures("regenerate", "bees", "--json")
    assert (made.code, made.json["failed"], made.json["kept"]) == (0, [], 0)
    assert re.search(r"^version 1: \d+ nodes to make", made.err)
    edited = lectures("edit", "bees", "-e", "text content:narration-text:segment[0]=Bees dance.", "--json").json
    assert edited["stale"] == ["asset:narration:segment[0]", "assembler:segment-timeline:segment[0]", "assembler:timeline"]
    explained = lectures("explain", "bees", "asset:narration:segment[0]", "--json").json
    assert [reason["kind"] for reason in explained["reasons"]] == ["read-changed"]
    for form in ("vtt", "otio"):
        old = lectures("export", "bees", "--format", form)
        assert old.err == "note: the export has older versions of s00: `lectures regenerate bees` makes them again\n"
    again = lectures("regenerate", "bees", "--segment", "s00", "--json").json
    assert (sorted(again["made"]), again["calls"]) == (sorted(edited["stale"][:2]), {"speech": 1})
    only = lectures("regenerate", "bees", "--only", "assembler:timeline")
    assert "made      1 node, 0 calls" in only.out
    exported = lectures("export", "bees", "--format", "srt", "--out", "bees.srt", "--json")
    captions, said = exported.json, exported.err
    assert said == ""
    assert captions == {"lecture": "bees", "format": "srt", "path": "bees.srt", "warnings": []}
    assert "Bees dance." in Path("bees.srt").read_text(encoding="utf-8")
    props = json.loads(
        Path(lectures("export", "bees", "--format", "remotion", "--json").json["path"]).read_text(encoding="utf-8")
    )
    assert {"fps", "width", "height", "durationInFrames"} <= props.keys()


@pytest.mark.slow
def test_a_node_that_fails_is_exit_1_and_named(lectures: Lectures, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LECTURES_SIM_FAULTS", "music:400")
    lectures("create", brief(TINY), "--id", "bees")
    answer = lectures("regenerate", "bees")
    assert answer.code == 1
    assert "failed: simulated could not make asset:music of lecture bees: HTTP 400: " in answer.out
    assert "failed   asset:music" in re.sub(" +", " ", lectures("status", "bees").out).replace("failed ", "failed   ")


@pytest.mark.slow
def test_a_half_failed_make_is_exit_1_and_a_video_that_plays_and_says_what_is_missing(
    lectures: Lectures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LECTURES_SIM_FAULTS", "image:400*99,music:moderation")
    answer = lectures("make", brief(SHORT), "--id", "bees", "--out", "out", "--json")
    assert answer.code == 1
    assert {failure["id"] for failure in answer.json["failed"]} == {"asset:image:segment[0]:image[0]", "asset:music"}
    assert all("an injected failure" in failure["message"] for failure in answer.json["failed"])
    assert answer.json["timeline"] == "out/timeline.json"
    timeline = json.loads(Path("out/timeline.json").read_text(encoding="utf-8"))
    (layer,) = timeline["segments"][0]["layers"]
    assert (layer["type"], "HTTP 400" in layer["reason"]) == ("missing", True)
    assert timeline["segments"][0]["narration"]["type"] == "audio"
    with av.open("out/lecture.mp4") as video:
        frames = sum(1 for _ in video.decode(video=0))
    assert frames == timeline["duration_in_frames"]
    monkeypatch.delenv("LECTURES_SIM_FAULTS")
    again = lectures("regenerate", "bees", "--json")
    assert (again.code, again.json["calls"]) == (0, {"image": 1, "music": 1})


@pytest.mark.slow
def test_what_makes_prints_one_document_on_stdout_and_its_progress_on_stderr(lectures: Lectures) -> None:
    lectures("create", brief(SHORT), "--id", "bees")
    answer = lectures("regenerate", "bees", "--json")
    assert answer.out == json.dumps(answer.json, indent=2, ensure_ascii=False) + "\n"
    assert answer.err.startswith("version 1: ")
    assert lectures("regenerate", "bees", "--json").json["made"] == []


def test_an_internal_error_is_an_apology_with_a_log(lectures: Lectures, monkeypatch: pytest.MonkeyPatch) -> None:
    lectures("create", "--example", "photosynthesis")

    def break_down(*_: object, **__: object) -> str:
        message = "out of\x1b[31m order"
        raise RuntimeError(message)

    monkeypatch.setattr(json, "dumps", break_down)  # a fault of something that nobody expects to fail
    answer = lectures("status", "photosynthesis", "--json")
    assert (answer.code, answer.out, answer.err.count("\n")) == (70, "", 1)
    assert "Traceback" not in answer.err
    assert "\x1b" not in answer.err
    assert "details are in .lectures/log/lectures.log" in answer.err
    assert "Traceback" in Path(".lectures/log/lectures.log").read_text(encoding="utf-8")


def test_a_database_without_a_table_is_reported_as_damaged(lectures: Lectures) -> None:
    lectures("create", "--example", "photosynthesis")
    with closing(sqlite3.connect(".lectures/lectures.db")) as database:
        database.execute("DROP TABLE revisions")
    answer = lectures("status", "photosynthesis", "--json")
    assert (answer.code, answer.out) == (2, "")
    assert "Traceback" not in answer.err


@pytest.mark.slow
def test_people_change_things_by_command(lectures: Lectures) -> None:
    assert lectures("create", brief(TINY), "--id", "bees").code == 0
    assert lectures("regenerate", "bees").code == 0
    samples.picture(Path("mine.png"))
    image = "asset:image:segment[0]:image[0]"
    assert lectures("edit", "bees", f"media {image}=@mine.png", "--json").json["conflicts"] == []
    assert lectures("regenerate", "bees", "--proof", "proof.json", "--json").json["calls"] == {}
    proof = json.loads(Path("proof.json").read_text())
    assert set(proof["changed"]) == set(proof["made"])
    assert "mine" not in lectures("takes", "bees", image).out
    assert lectures("takes", "bees", "config:voice").code == 2
    takes = lectures("takes", "bees", image, "--json").json["takes"]
    assert [take["made_by"] for take in takes][1] == "person"
    assert lectures("undo", "bees", "--json").json["version"] == 3
    assert lectures("redo", "bees", "--json").json["version"] == 4
    refused = lectures("redo", "bees")
    assert (refused.code, refused.out) == (3, "")
    assert refused.err.startswith("error: lecture bees has had no undo since")
    assert lectures("copy", "bees", "square", "set aspect_ratio=1:1", "--json").json["created"] is True
    assert "square is a copy of bees." not in lectures("copy", "bees", "square", "set aspect_ratio=1:1").out
    assert lectures("copy", "bees", "square", "set aspect_ratio=4:5").code == 3
    said = lectures("explain", "square", image).out
    assert "It is in conflict" in said
    assert f"keep {image}" in said
    assert "not known yet" in said
    assert "pinned, in conflict" in lectures("status", "square").out


@pytest.mark.slow
def test_a_token_holds_a_partial_run_to_its_plan(lectures: Lectures) -> None:
    lectures("create", brief(TINY), "--id", "bees")
    part = ("--only", "content:video-summary")
    token = lectures("plan", "bees", *part, "--json").json["token"]
    assert lectures("regenerate", "bees", "--plan", token).code == 3
    assert lectures("regenerate", "bees", *part, "--plan", token, "--json").json["calls"] == {"text": 2}


@pytest.mark.slow
def test_a_lecture_is_imported_by_command(lectures: Lectures) -> None:
    samples.tone(Path("said.wav"))
    samples.picture(Path("a.png"))
    segment = {"narration": "Bees dance.", "recording": "said.wav", "images": [{"file": "a.png"}]}
    document = {"schema": "lecture-import/1", "title": "Bees", "segments": [segment]}
    Path("old.json").write_text(json.dumps(document))
    assert "nothing bought.\nMissing from the file: 2 nodes" in lectures("import", "old.json").out
    assert lectures("import", "old.json", "--id", "other", "--json").json["missing"] == ["asset:music", "assembler:timeline"]
    assert lectures("import", "none.json").code == 2


@pytest.mark.parametrize("proof", ["folder", "none/proof.json"])
def test_a_proof_that_cannot_be_written_is_reported_before_anything_is_bought(lectures: Lectures, proof: str) -> None:
    Path("folder").mkdir()
    lectures("create", brief(TINY), "--id", "bees")
    answer = lectures("regenerate", "bees", "--proof", proof)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"error: --proof: found '{proof}', ")
    assert lectures("costs", "bees", "--json").json["calls"] == []


@pytest.mark.slow
def test_a_ceiling_that_lets_nothing_be_bought_is_a_refusal_and_one_that_lets_some_is_not(
    lectures: Lectures, monkeypatch: pytest.MonkeyPatch
) -> None:
    lectures("create", brief(SHORT))
    for dollars, code in (("0", 3), ("0.002", 1), ("1", 0)):
        monkeypatch.setenv("LECTURES_CEILINGS", f'{{"lecture": {dollars}}}')
        answer = lectures("regenerate", "brief")
        assert answer.code == code
        assert ("short (raise `lecture` in LECTURES_CEILINGS" in answer.err + answer.out) is (code != 0)
