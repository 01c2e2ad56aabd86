"""docs/schemas: what the types say, what commands print, what people may write; and that a schema refuses what is none of it."""

import io
import json
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from lecture_assets.briefs.adopted import read_adopted
from lecture_assets.briefs.reading import example_names, read_brief, read_example
from lecture_assets.cli.entry import run
from lecture_assets.graph.errors import WrongInputError
from lecture_assets_tests.cli.all_commands import all_commands
from lecture_assets_tests.project import ROOT
from lecture_assets_tests.schemas import ANSWERS, FOLDER, schemas, written

Asked = tuple[str, ...]
BRIEF = "prompt: Why bees dance.\nnotes: Bees dance to show the way.\nnum_segments: 1\nduration: 3\nsegment_length: 3\n"
OLD = {"schema": "lecture-import/1", "title": "Rain", "segments": [{"narration": "The sun warms the sea."}]}
SAID, PICTURE = "content:narration-text:segment[0]", "asset:image:segment[0]:image[0]"
ASKED: tuple[Asked, ...] = (
    ("voices",),
    ("gc", "--dry-run"),
    ("create", "bees.yaml"),
    ("create", "--prompt", "Why the sky is blue, for kids, 30 seconds, vertical"),
    ("list",),
    ("status", "bees"),
    ("graph", "bees"),
    ("plan", "bees"),
    ("explain", "bees", PICTURE),
    ("explain", "bees", "config:voice"),
    ("edit", "bees", f"text {SAID}=Bees sing.", "set voice=teacher"),
    ("undo", "bees"),
    ("redo", "bees"),
    ("history", "bees"),
    ("copy", "bees", "wasps", "set aspect_ratio=1:1"),
    ("rename", "wasps", "hornets"),
    ("delete", "hornets", "--yes"),
    ("takes", "bees", SAID),
    ("import", "rain.json"),
    ("plan", "rain", "set image_style=ink"),
    ("import", "old", "--shadow"),
    ("edit", "snow", "set image_style=ink"),
    ("shadow", "paid", "snow", "2", "0.10"),
    ("shadow", "report"),
    ("promote", "snow"),
    ("rollout", "show"),
    ("rollout", "set", "--percent", "10", "--allow", "us", "--deny", "them"),
    ("rollout", "ask", "them"),
    ("costs",),
    ("token", "create", "--role", "edit"),
    ("token", "list"),
    ("webhook", "create", "https://example.com/hooks", "--type", "lecture.finished"),
    ("webhook", "list"),
    ("db", "upgrade"),
    ("db", "check"),
)
"""Commands that make nothing."""
MADE: tuple[Asked, ...] = (
    ("make", "bees.yaml"),
    ("status", "bees"),
    ("plan", "bees"),
    ("edit", "bees", f"text {SAID}=Bees sing.", "set image_style=ink", "model asset:music=simulated:replicate/meta/musicgen"),
    ("plan", "bees"),
    ("explain", "bees", PICTURE),
    ("explain", "bees", "asset:narration:segment[0]"),
    ("explain", "bees", "asset:music"),
    ("status", "bees"),
    ("regenerate", "bees", "--proof", "proof.json"),
    ("takes", "bees", PICTURE),
    ("edit", "bees", "reroll llm:script-generation"),
    ("regenerate", "bees"),
    ("status", "bees"),
    ("explain", "bees", SAID),
    ("graph", "bees"),
    ("costs", "bees"),
    ("export", "bees", "--format", "remotion"),
    ("gc",),
    ("doctor",),
)
"""Commands around what is made: stale, remade, in conflict."""
GROUPS = frozenset({"db", "token", "webhook", "shadow", "rollout"})
FREE = frozenset({"value", "from", "to", "base", "mine", "theirs", "understood", "calls", "models", "before", "after"})
"""Keys that hold any JSON, or a mapping of whatever names there are."""


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))


def answered(asked: Asked) -> tuple[int, Any]:
    """The exit code of a command with --json, and its document."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        code = run([*asked, "--json"])
    return code, json.loads(out.getvalue())


def tampered(document: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """The document, each time with one wrong thing: a key more or a key less, wherever keys are told."""
    if isinstance(document, list):
        yield from ((where, [changed]) for part in document[:1] for where, changed in tampered(part, f"{place}[0]"))
    if not isinstance(document, dict):
        return
    yield f"{place}: one more", {**document, "surprise": 1}
    for key, value in document.items():
        yield f"{place}.{key}: gone", {name: one for name, one in document.items() if name != key}
        if key not in FREE:
            yield from ((where, {**document, key: changed}) for where, changed in tampered(value, f"{place}.{key}"))


def check(asked: Asked) -> None:
    code, document = answered(asked)
    assert code == 0, asked
    schema = validator("-".join(asked[:2]) if asked[0] in GROUPS else asked[0])
    assert [error.message for error in schema.iter_errors(document)] == [], asked
    assert [where for where, wrong in tampered(document) if schema.is_valid(wrong) and not where.endswith(OPTIONAL)] == [], asked


OPTIONAL = (".from: gone", ".to: gone", ".parts: gone")
"""Keys of a reason that only a change of a value has."""


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LECTURES_HOME", raising=False)
    (tmp_path / "bees.yaml").write_text(BRIEF, encoding="utf-8")
    (tmp_path / "rain.json").write_text(json.dumps(OLD), encoding="utf-8")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "snow.json").write_text(json.dumps(OLD), encoding="utf-8")
    return tmp_path


def test_the_schemas_are_those_of_the_types() -> None:
    files = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
    assert files == {name: written(schema) for name, schema in schemas().items()}, "python -m lecture_assets_tests.schemas"


@pytest.mark.slow
def test_every_schema_is_one() -> None:
    for schema in schemas().values():
        Draft202012Validator.check_schema(schema)


def test_every_command_with_a_json_option_has_a_schema() -> None:
    having = {name for name, command in all_commands().items() if any(option.name == "as_json" for option in command.params)}
    assert having == ANSWERS.keys()


@pytest.mark.slow
@pytest.mark.usefixtures("folder")
def test_what_commands_print_that_make_nothing_is_what_their_schemas_say() -> None:
    for asked in ASKED:
        check(asked)


@pytest.mark.slow
def test_what_commands_print_around_a_made_lecture_is_what_their_schemas_say(folder: Path) -> None:
    for asked in MADE:
        check(asked)
    _, status = answered(("status", "bees"))
    assert any(node["conflict"] for node in status["nodes"])
    proof = json.loads((folder / "proof.json").read_text(encoding="utf-8"))
    validator("proof").validate(proof)
    assert [where for where, wrong in tampered(proof) if validator("proof").is_valid(wrong)] == []
    validator("timeline").validate(json.loads((folder / "bees" / "timeline.json").read_text(encoding="utf-8")))


@pytest.mark.slow
@pytest.mark.usefixtures("folder")
def test_what_is_printed_of_failed_nodes_and_of_a_ceiling_is_what_the_schemas_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LECTURES_SIM_FAULTS", "image:moderation")
    code, made = answered(("make", "bees.yaml"))
    assert (code, len(made["failed"])) == (1, 1)
    validator("make").validate(made)
    check(("status", "bees"))
    check(("explain", "bees", "assembler:timeline"))
    monkeypatch.setenv("LECTURES_CEILINGS", '{"lecture": 0.013}')
    monkeypatch.setenv("LECTURES_SIM_FAULTS", "")
    code, stopped = answered(("regenerate", "bees"))
    assert (code, len(stopped["stopped"]), stopped["calls"]) == (3, 1, {})
    validator("regenerate").validate(stopped)
    check(("costs", "bees"))


@pytest.mark.parametrize("name", example_names())
def test_the_examples_are_briefs_by_the_schema(name: str) -> None:
    text = (ROOT / "lecture_assets" / "examples" / f"{name}.yaml").read_text(encoding="utf-8")
    assert validator("brief").is_valid(yaml.safe_load(text))
    assert read_example(name)


WRONG_BRIEFS: tuple[dict[str, Any], ...] = (
    {},
    {"title": "Bees"},
    {"prompt": ""},
    {"prompt": "Bees", "title": None},
    {"prompt": "Bees", "imagestyle": "ink"},
    {"prompt": "Bees", "duration": 2},
    {"prompt": "Bees", "duration": "30"},
    {"prompt": "Bees", "num_segments": 100},
    {"prompt": "Bees", "images_per_segment": 5},
    {"prompt": "Bees", "aspect_ratio": "2:1"},
    {"prompt": "Bees", "assembly_strategy": "fast"},
    {"prompt": "Bees", "use_video": "yes"},
    {"prompt": "Bees", "language": "English please"},
    {"prompt": "Bees", "models": {"text": "gpt"}},
    {"prompt": "Bees", "models": {"sound": "openai:gpt-5"}},
)


@pytest.mark.parametrize("brief", WRONG_BRIEFS, ids=json.dumps)
def test_what_the_schema_refuses_of_a_brief_the_reader_refuses_too(brief: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "brief.json").write_text(json.dumps(brief), encoding="utf-8")
    assert not validator("brief").is_valid(brief)
    with pytest.raises(WrongInputError):
        read_brief(str(tmp_path / "brief.json"))


@pytest.mark.parametrize("place", [(), ("segments", 0), ("music",), ("brief",)], ids=str)
def test_an_unknown_key_in_an_import_file_is_refused_by_schema_and_reader(place: tuple[Any, ...], tmp_path: Path) -> None:
    document: Any = deepcopy({**OLD, "music": {"prompt": "calm"}, "brief": {"voice": "teacher"}})
    file = tmp_path / "rain.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    assert validator("import-file").is_valid(document)
    assert read_adopted(file).title == "Rain"
    part = document
    for step in place:
        part = part[step]
    part["surprise"] = 1
    file.write_text(json.dumps(document), encoding="utf-8")
    assert not validator("import-file").is_valid(document)
    with pytest.raises(WrongInputError):
        read_adopted(file)
