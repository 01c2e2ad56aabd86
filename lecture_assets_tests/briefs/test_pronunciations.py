"""A lexicon in a brief, in an edit and in an import: what it may hold, and one fault for each entry that is wrong."""

from pathlib import Path

import pytest

from lecture_assets.briefs.brief import Brief
from lecture_assets.briefs.edit_syntax import parse_edit, parse_edits
from lecture_assets.briefs.pronunciations import MAX_ENTRIES, MAX_SAID, MAX_SHOWN
from lecture_assets.briefs.reading import brief_from_values, read_brief
from lecture_assets.graph.edits import SetInput
from lecture_assets.graph.errors import WrongInputError
from lecture_assets_tests.graph.lectures import lecture

CURRENT = lecture(lexicon={"SQL": "sequel"})


def faults(error: pytest.ExceptionInfo[WrongInputError]) -> list[str]:
    return str(error.value).splitlines()


def test_a_brief_has_words_and_phrases_of_any_script(tmp_path: Path) -> None:
    path = tmp_path / "brief.yaml"
    path.write_text(
        'prompt: Databases\nlexicon:\n  SQL: sequel\n  "New   York": noo  yawk\n  東京: とうきょう\n  NO: "no"\n', "utf-8"
    )
    assert read_brief(path).lexicon == {"SQL": "sequel", "New York": "noo yawk", "東京": "とうきょう", "NO": "no"}
    assert Brief(prompt="Databases").lexicon == {}


def test_every_wrong_entry_of_a_file_is_a_fault_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "brief.yaml"
    path.write_text(
        "prompt: x\nlexicon:\n  SQL: sequel\n  NO: no\n  5G: 5\n  Foo:\n  Bar: [1]\n  SQL: again\n  A:\n    b: c\n  Dots: ...\n",
        "utf-8",
    )
    with pytest.raises(WrongInputError) as error:
        read_brief(path)
    said = "allowed: what is said for it: words, at most 200 characters"
    quoted = f"{said}; write it in quotes so that it is read as text"
    assert faults(error) == [
        f"{path}:4: lexicon.NO: found no, which YAML reads as false; {quoted}",
        f"{path}:5: lexicon.5G: found 5; {quoted}",
        f"{path}:6: lexicon.Foo: found nothing; {said}",
        f"{path}:7: lexicon.Bar: found a list; {said}",
        f"{path}:8: lexicon.SQL: found a repeated entry (first on line 3); allowed: each word or phrase once",
        f"{path}:10: lexicon.A: found a mapping; {said}",
        f"{path}:11: lexicon.Dots: found '...', which has no letter to say; {said}",
    ]
    path.write_text("prompt: x\nlexicon: SQL\n", "utf-8")
    with pytest.raises(WrongInputError) as error:
        read_brief(path)
    assert faults(error)[0].startswith(f"{path}:2: lexicon: found 'SQL'; allowed: a mapping of words or phrases")


def test_limits_are_told_with_the_number_that_was_found() -> None:
    wrong = {
        "": "x",
        "a" * (MAX_SHOWN + 1): "x",
        "b": "y" * (MAX_SAID + 1),
        "c": "",
        "d\u0007": "x",
        "é": "e",
        "e\u0301": "e",
        "f": 3,
    }
    with pytest.raises(WrongInputError) as error:
        brief_from_values({"prompt": "x", "lexicon": wrong})  # type: ignore[dict-item]
    assert [fault.found for fault in error.value.faults] == [
        "an empty text",
        f"{MAX_SHOWN + 1} characters",
        f"{MAX_SAID + 1} characters",
        "an empty text",
        "control characters or invalid Unicode",
        "an entry that is the same as 'é'",
        "a number",
    ]
    assert all(fault.where.isprintable() for fault in error.value.faults)
    with pytest.raises(WrongInputError) as error:
        brief_from_values({"prompt": "x", "lexicon": {f"w{n}": "x" for n in range(MAX_ENTRIES + 1)}})
    assert faults(error) == [f"lexicon: found {MAX_ENTRIES + 1} entries; allowed: at most {MAX_ENTRIES} entries"]


def test_an_edit_sets_the_whole_or_one_entry() -> None:
    assert parse_edit('set lexicon={"NoSQL": "no sequel"}', CURRENT) == SetInput("lexicon", {"NoSQL": "no sequel"})
    assert parse_edit("set lexicon={}", CURRENT) == SetInput("lexicon", {})
    assert parse_edit("set lexicon.New  York=noo yawk", CURRENT) == SetInput("lexicon", {"SQL": "sequel", "New York": "noo yawk"})
    assert parse_edit("set lexicon.SQL=ess cue ell", CURRENT) == SetInput("lexicon", {"SQL": "ess cue ell"})
    assert parse_edit("set lexicon.SQL=", CURRENT) == SetInput("lexicon", {})
    assert parse_edits(["set lexicon.a=b", "set lexicon.c=d"], CURRENT)[-1] == SetInput(
        "lexicon", {"SQL": "sequel", "a": "b", "c": "d"}
    )


@pytest.mark.parametrize(
    ("edit", "fault"),
    [
        ("set lexicon=SQL", "set lexicon: found 'SQL'; allowed: JSON like"),
        ("set lexicon=[1]", "set lexicon: found '[1]'; allowed: JSON like"),
        ('set lexicon={"a": "b", "a": "c"}', "set lexicon.a: found a repeated entry; allowed: each word or phrase once"),
        ('set lexicon={"a": {"b": "c"}}', "set lexicon.a: found no text; allowed: what is said"),
        ("set lexicon.X=!", "set lexicon.X: found '!', which has no letter to say; allowed: what is said"),
    ],
)
def test_a_wrong_edit_is_a_fault(edit: str, fault: str) -> None:
    with pytest.raises(WrongInputError) as error:
        parse_edit(edit, CURRENT)
    (line,) = faults(error)
    assert line.startswith(fault)
