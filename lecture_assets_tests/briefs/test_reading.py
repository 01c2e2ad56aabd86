"""Claims about files: each fault with its line, all of them at once, and nothing but a Brief or WrongInputError ever."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from lecture_assets.briefs.brief import Brief
from lecture_assets.briefs.reading import MAX_BYTES, brief_from_prompt, example_names, read_brief, read_example
from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.kind import Role
from lecture_assets.graph.lecture import DEFAULTS
from lecture_assets.runner.setup.names import environment_names

REST = "\nprompt: Bees\n"


def faults_of(path: Path | str, content: str | bytes | None = None) -> list[Fault]:
    if content is not None:
        Path(path).write_bytes(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
    with pytest.raises(WrongInputError) as caught:
        read_brief(path)
    assert all(fault.file == str(path) for fault in caught.value.faults)
    return list(caught.value.faults)


@pytest.mark.parametrize(
    ("text", "line", "where", "phrases"),
    [
        ("duration: soon" + REST, 1, "duration", ("'soon'", "a whole number of seconds from 3 to 7200")),
        ('duration: "30"' + REST, 1, "duration", ("'30'", "without quotes")),
        ("duration: 30.0" + REST, 1, "duration", ("30.0", "a whole number")),
        ("duration: true" + REST, 1, "duration", ("true", "a whole number")),
        ("duration: 1:30" + REST, 1, "duration", ("1:30, which YAML reads as 90", "a whole number")),
        ("duration: 017" + REST, 1, "duration", ("017, which YAML reads as 15", "a whole number")),
        ("duration: -5" + REST, 1, "duration", ("-5", "from 3 to 7200")),
        ("duration: .inf" + REST, 1, "duration", (".inf", "a whole number")),
        ("duration: !!int abc" + REST, 1, "duration", ("abc", "a whole number")),
        (f"duration: {'9' * 5000}" + REST, 1, "duration", ("999…", "a whole number")),
        (f"duration: 0x{'f' * 5000}" + REST, 1, "duration", ("fff…", "a whole number")),
        ("duration:" + REST, 1, "duration", ("nothing", "or leave the line out")),
        ("duration:\n  - 30" + REST, 2, "duration", ("a list", "a whole number")),
        ("duration: {of: 30}" + REST, 1, "duration", ("a mapping", "a whole number")),
        ("segment_length: 2" + REST, 1, "segment_length", ("2", "from 3 to 120")),
        ("num_segments: 1000" + REST, 1, "num_segments", ("1000", "from 1 to 99")),
        ("duration: 3000\nsegment_length: 3" + REST, 2, "segment_length", ("1000 segments", "a segment_length of 31 or more")),
        ("duration: 3000" + REST, 1, "duration", ("300 segments", "a duration of 990 or less")),
        ("images_per_segment: 5" + REST, 1, "images_per_segment", ("5", "from 1 to 4")),
        ("use_video: 1" + REST, 1, "use_video", ("1", "true or false")),
        ('use_video: "yes"' + REST, 1, "use_video", ("'yes'", "true or false; write it without quotes")),
        ("language: no" + REST, 1, "language", ("no, which YAML reads as false", "in quotes so that it is read as text")),
        ("language: english" + REST, 1, "language", ("'english'", "like en, de or pt-BR")),
        ("title_display: null" + REST, 1, "title_display", ("nothing", "one of over, card, none; or leave the line out")),
        ('num_segments: "3"' + REST, 1, "num_segments", ("'3'", "decides); write it without quotes")),
        ("title: 1984" + REST, 1, "title", ("1984", "in quotes so that it is read as text")),
        (
            "title: 2026-01-01" + REST,
            1,
            "title",
            ("2026-01-01, which YAML reads as a date", "in quotes so that it is read as text"),
        ),
        ("title: " + "x" * 201 + REST, 1, "title", ("201 characters", "at most 200 characters")),
        ('title: "a\\x07b"' + REST, 1, "title", ("a control character (U+0007, character 2 of the text)", "a title")),
        ('title: "\\ud800"' + REST, 1, "title", ("invalid Unicode", "a title")),
        ('title: "\\u200b"' + REST, 1, "title", ("nothing to show", "a title")),
        ("title: 🎉🎉" + REST, 1, "title", ("a title with nothing to show but emoji or markup", "a title")),
        ("title: '![](bee.png)'" + REST, 1, "title", ("a title with nothing to show but emoji or markup", "a title")),
        ('title: "\\u3164"' + REST, 1, "title", ("nothing to show", "a title")),
        ('prompt: "\\u2800\\ufe0f"', 1, "prompt", ("nothing to show", "what the lecture is about")),
        ("title: !!python/object/apply:os.getcwd []" + REST, 1, "title", ("a list", "a title")),
        ("title: !!python/name:os.system x" + REST, 1, "title", ("a value with the tag", "a title")),
        ("aspect_ratio: 16:10" + REST, 1, "aspect_ratio", ("'16:10'", "one of 16:9, 9:16, 1:1, 4:3, 4:5")),
        ("assembly_strategy: slow" + REST, 1, "assembly_strategy", ("'slow'", "narration-led or fixed-length")),
        ("voice: |\n  two\n  lines" + REST, 1, "voice", ("'two\\nlines\\n'", "on one line")),
        ('prompt: "   "', 1, "prompt", ("an empty text", "what the lecture is about")),
        ("notes: ''" + REST, 1, "notes", ("an empty text", "source notes")),
        ("prompt: " + "x" * 20_001, 1, "prompt", ("20,001 characters", "at most 20,000 characters")),
        ("title: Bees", None, "prompt", ("neither prompt nor notes", "a prompt")),
        ("imagestyle: x" + REST, 1, "imagestyle", ("an unknown key", "did you mean image_style?")),
        ("size-aspect-ratio: x" + REST, 1, "size-aspect-ratio", ("an unknown key", "did you mean aspect_ratio?")),
        ("text_model: x" + REST, 1, "text_model", ("an unknown key", "did you mean text under models?")),
        ("zzz: x" + REST, 1, "zzz", ("an unknown key", "one of prompt, notes, title")),
        ("<<: {title: x}" + REST, 1, "<<", ("an unknown key", "one of prompt")),
        ('"\\e[31m": x' + REST, 1, "'\\x1b[31m'", ("an unknown key", "one of prompt")),
        ("? [a]\n: x" + REST, 1, "a list", ("an unknown key", "one of prompt")),
        ("title: a\ntitle: b" + REST, 2, "title", ("a repeated key (first on line 1)", "each key once")),
        ("models: fast" + REST, 1, "models", ("'fast'", "a mapping with any of text, speech")),
        ("models:\n  text: gpt" + REST, 2, "models.text", ("'gpt'", "provider:model")),
        ("models:\n  txt: a:b" + REST, 2, "models.txt", ("an unknown key", "did you mean models.text?")),
        ("models:\n  text: a:b\n  text: a:c" + REST, 3, "models.text", ("a repeated key", "each key once")),
        ("models: &m\n  text: *m" + REST, 1, "models.text", ("a mapping", "provider:model")),
        ("", None, "brief", ("an empty file", "prompt: Explain photosynthesis")),
        ("# nothing\n", None, "brief", ("an empty file", "prompt: Explain photosynthesis")),
        ("hello", 1, "brief", ("'hello'", "a mapping")),
        ("- a", 1, "brief", ("a list", "a mapping")),
        ("prompt: a\n---\nprompt: b", 2, "YAML", ("a second document", "one brief per file")),
        ("prompt: a\n\tnotes: b", 2, "YAML", ("a tab", "spaces")),
        ("prompt: a\n  notes: b", 2, "YAML", ("indented", "in the first column")),
        ("prompt: Explain: it", 1, "YAML", ("a second colon", "in quotes")),
        ("prompt: *bold* move", 1, "YAML", ("begins with *", "in quotes")),
        ("prompt: & more", 1, "YAML", ("begins with &", "in quotes")),
        ("prompt: @home", 1, "YAML", ("begins with @", "in quotes")),
        ("title: x\nprompt: 'Bees\nduration: 3\n", 2, "YAML", ("unclosed", "a closing quote")),
        ("title: x\nvoice: [a, b\nprompt: 3", 3, "YAML", ("an unclosed bracket", "in quotes")),
        ("title: x\nduration 30\nprompt: x", 2, "YAML", ("without a colon", "key: value")),
        ("prompt: a\x07b", 1, "YAML", ("the control character U+0007", "without control characters")),
        ("[" * 500_000, None, "YAML", ("nested too deeply", "a flat list of keys")),
        ("a: 1\n" * 190_000, 500, "YAML", ("more than 1,000 keys and values", "key: value")),
        (b"prompt: Bees\ntitle: \xff", 2, "brief", ("the byte 0xff, which is not UTF-8", "UTF-8")),
        (b"\x89PNG\r\n\x00\x00", None, "brief", ("a binary file", "text file")),
        ("prompt: Bees".encode("utf-16"), None, "brief", ("UTF-16", "UTF-8")),
        (b"x" * (MAX_BYTES + 1), None, "brief", ("more than 1,000,000 bytes", "text file")),
    ],
)
def test_one_fault_is_named_with_its_line(
    tmp_path: Path,
    text: str | bytes,
    line: int | None,
    where: str,
    phrases: tuple[str, str],
) -> None:
    (fault,) = faults_of(tmp_path / "brief.yaml", text)
    assert (fault.line, fault.where) == (line, where)
    assert phrases[0] in fault.found
    assert phrases[1] in fault.allowed
    assert len(fault.found) < 120


def test_all_faults_of_a_file_come_at_once_in_the_order_of_its_lines(tmp_path: Path) -> None:
    text = "prompt: 3\nduration: soon\nimagestyle: x\nmodels:\n  text: gpt\n  sound: a:b\nuse_video: maybe\nlanguage: no\n"
    assert [(fault.line, fault.where) for fault in faults_of(tmp_path / "brief.yaml", text)] == [
        (1, "prompt"),
        (2, "duration"),
        (3, "imagestyle"),
        (5, "models.text"),
        (6, "models.sound"),
        (7, "use_video"),
        (8, "language"),
    ]


def test_a_fault_prints_file_line_key_found_and_allowed(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path / "bees.yaml", "prompt: Bees\nuse_video: 1\n")
    assert str(fault) == f"{tmp_path / 'bees.yaml'}:2: use_video: found 1; allowed: true or false"


def test_what_is_no_file_is_a_fault(tmp_path: Path) -> None:
    assert [fault.found for fault in faults_of(tmp_path)] == ["a folder"]
    assert [fault.found for fault in faults_of(tmp_path / "none.yaml")] == ["no such file"]
    assert [fault.found for fault in faults_of("nul\0byte.yaml")] == ["embedded null byte"]


def test_aliases_that_would_expand_to_a_billion_are_never_expanded(tmp_path: Path) -> None:
    lines = ["a: &a [x, x]", *(f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 9)}]" for i in range(20))]
    found = faults_of(tmp_path / "brief.yaml", "\n".join(lines) + REST)
    assert {fault.found for fault in found} == {"an unknown key"}


def test_a_ratio_counts_without_quotes_too(tmp_path: Path) -> None:
    path = tmp_path / "brief.yaml"
    for ratio in ("16:9", "9:16", "1:1", "4:3", "4:5"):
        path.write_text(f"prompt: Bees\naspect_ratio: {ratio}\n")
        assert read_brief(path).aspect_ratio == ratio


def test_json_is_read_with_tabs_escapes_and_pairs_of_surrogates(tmp_path: Path) -> None:
    path = tmp_path / "brief.json"
    wanted = {"prompt": "a/b 🌱\nend", "duration": 30, "use_video": True, "models": {"text": "openai:x"}}
    path.write_text(json.dumps(wanted, indent="\t").replace("/", "\\/"))
    assert read_brief(path).model_dump(exclude_unset=True, exclude_none=True) == wanted


def test_faults_of_json_have_lines_as_well(tmp_path: Path) -> None:
    path = tmp_path / "brief.json"
    assert [(f.line, f.where) for f in faults_of(path, '{\n\t"prompt": "x",\n\t"duration": "30"\n}')] == [(3, "duration")]
    assert [(f.line, f.where) for f in faults_of(path, '{"prompt": "x",\n "duration": }')] == [(2, "JSON")]
    assert [(f.line, f.where) for f in faults_of(path, "[" * 100_000)] == [(None, "JSON")]
    assert [(f.line, f.where) for f in faults_of(path, '{"prompt": "x",\n "prompt": "y"}')] == [(2, "prompt")]


def test_a_windows_file_reads_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "brief.yaml"
    path.write_bytes(b"\xef\xbb\xbfprompt: |\r\n  Bees\r\n  dance\r\nduration: 30\r\n")
    assert (read_brief(path).prompt, read_brief(path).duration) == ("Bees\ndance", 30)


def test_an_unknown_voice_and_an_unknown_model_are_faults_with_lines(tmp_path: Path) -> None:
    path = tmp_path / "brief.yaml"
    path.write_text("prompt: Bees\nvoice: nobody\nmodels:\n  text: openai:none\n")
    with pytest.raises(WrongInputError) as caught:
        read_brief(path, environment_names())
    assert [(f.line, f.where) for f in caught.value.faults] == [(2, "voice"), (4, "models.text")]
    assert caught.value.faults[0].allowed.startswith("one of narrator, ")
    assert caught.value.faults[1].allowed.startswith("a model in the catalogue (openai:")


def test_every_example_that_ships_is_right() -> None:
    assert example_names() == ("photosynthesis", "tcp-handshake", "water-cycle-video")
    assert [read_example(name).use_video for name in example_names()] == [False, False, True]


@pytest.mark.parametrize("name", ["photosyntesis", "../briefs", "", "photosynthesis.yaml"])
def test_an_unknown_example_names_those_there_are(name: str) -> None:
    with pytest.raises(WrongInputError, match="photosynthesis, tcp-handshake, water-cycle-video"):
        read_example(name)


@pytest.mark.parametrize("prompt", ["", " \n", "\u200b", "a\x00", "x" * 20_001])
def test_a_prompt_that_says_nothing_or_too_much_is_refused(prompt: str) -> None:
    with pytest.raises(WrongInputError, match="prompt: found"):
        brief_from_prompt(prompt)


def answer(path: Path) -> Brief | WrongInputError:
    try:
        return read_brief(path)
    except WrongInputError as error:
        return error


def assert_answered(path: Path) -> None:
    told = answer(path)
    assert isinstance(told, Brief) or all(str(fault).isprintable() for fault in told.faults)


SCALAR = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.binary(max_size=5)
TREE = st.recursive(SCALAR, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3))
KEY = st.sampled_from([*Brief.model_fields, "models.text", "<<", "image-style"]) | st.text(max_size=8)


@pytest.mark.slow
@settings(max_examples=50)
@given(document=st.dictionaries(KEY, TREE, max_size=6))
def test_any_yaml_is_a_brief_or_a_list_of_faults(tmp_path_factory: pytest.TempPathFactory, document: dict[str, Any]) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.yaml"
    path.write_bytes(yaml.safe_dump(document).encode("utf-8", "surrogatepass"))
    assert_answered(path)


@settings(max_examples=50)
@given(content=st.binary(max_size=80) | st.text(alphabet="prompt: &*!<>|-[]{}#\"'\n\t%@,?\\x", max_size=60).map(str.encode))
def test_any_bytes_are_a_brief_or_a_list_of_faults(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.yaml"
    path.write_bytes(content)
    assert_answered(path)


@settings(max_examples=50)
@given(prompt=st.text(), duration=st.integers(), use_video=st.booleans() | st.integers())
def test_a_brief_that_is_read_holds_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, prompt: str, duration: int, use_video: object
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.json"
    path.write_text(json.dumps({"prompt": prompt, "duration": duration, "use_video": use_video, "num_segments": 3}))
    brief = answer(path)
    if isinstance(brief, Brief):
        assert (brief.prompt, brief.duration, brief.use_video) == (prompt.strip(), duration, use_video)
    else:
        assert len(brief.faults) <= 3


def test_an_input_has_the_same_default_in_a_new_brief_and_in_lectures_from_before_there_was_that_input() -> None:
    of_briefs = Brief(prompt="Bees").inputs(dict.fromkeys(Role, "simulated:openai/any"))
    assert {name: of_briefs[name] for name in DEFAULTS} == DEFAULTS
