"""A first generation makes each node once, by exactly the calls of the table; a second makes nothing."""

from collections import Counter

import pytest

from lecture_assets.briefs.reading import example_names, read_example
from lecture_assets_tests.counts import EXAMPLES
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.scenarios.conftest import LECTURE, Shell, open_lectures


def test_every_example_is_expected_here() -> None:
    assert set(example_names()) == set(EXAMPLES)


@pytest.mark.both_engines
@pytest.mark.slow
@pytest.mark.thorough("two minutes of video; `test_vendors` makes each example without one")
@pytest.mark.parametrize("name", [name for name in EXAMPLES if name != LECTURE])  # that one is the next test's
def test_make_makes_each_node_once_by_the_tables_calls(name: str, empty_shell: Shell) -> None:
    nodes, calls = EXAMPLES[name].nodes, EXAMPLES[name].calls
    out = empty_shell.home.parent / "out"
    report = empty_shell.json("make", "--example", name, "--out", str(out))
    assert len(report["made"]) == len(set(report["made"])) == nodes
    assert report["calls"] == calls
    assert (report["restored"], report["kept"], report["failed"], report["blocked"]) == ([], 0, [], [])
    assert Counter(line["role"] for line in empty_shell.journal()) == calls
    assert report["cost_usd_micros"] == sum(line["cost_usd_micros"] for line in empty_shell.journal())
    assert {path.name for path in out.iterdir()} >= {"timeline.json", "captions.vtt", "media", "lecture.mp4"}
    assert report["timeline"] == str(out / "timeline.json")


@pytest.mark.slow
def test_the_shared_lecture_was_made_by_the_tables_calls(shell: Shell) -> None:
    nodes, calls = EXAMPLES[LECTURE].nodes, EXAMPLES[LECTURE].calls
    assert Counter(line["role"] for line in shell.journal()) == calls
    assert shell.json("regenerate", LECTURE)["kept"] == nodes


@pytest.mark.slow
def test_a_second_regenerate_makes_nothing_and_calls_nobody(shell: Shell) -> None:
    before = shell.journal()
    report = shell.json("regenerate", LECTURE)
    assert (report["made"], report["restored"], report["calls"], report["kept"]) == ([], [], {}, EXAMPLES[LECTURE].nodes)
    assert report["cost_usd_micros"] == 0
    assert shell.journal() == before


@pytest.mark.slow
def test_the_same_brief_in_the_same_home_is_bought_once(shell: Shell) -> None:
    shell.json("create", "--example", LECTURE, "--id", "again")
    shell.json("edit", "again", "set segment_length=4", "set duration=12")  # as `made_home` was made
    report = shell.json("regenerate", "again")
    assert len(report["made"]) == EXAMPLES[LECTURE].nodes
    assert report["calls"] == {}
    assert report["cost_usd_micros"] == 0
    assert report["saved_usd_micros"] > 0


@pytest.mark.slow
def test_make_again_goes_on_with_the_same_lecture_and_refuses_another_brief(shell: Shell) -> None:
    if THOROUGH:  # it writes the video anew, as `test_kills` sees with a shorter one
        report = shell.json("make", "--example", LECTURE, "--out", str(shell.home / "out"))
        assert (report["made"], report["kept"]) == ([], 47)
    refused = shell.run("make", "--example", "tcp-handshake", "--id", LECTURE, code=3)
    assert "was made from another brief" in refused.stderr


@pytest.mark.both_engines
@pytest.mark.slow
def test_first_playable_comes_before_the_end(empty_shell: Shell) -> None:
    with open_lectures(empty_shell.home) as lectures:
        lectures.create(read_example("tcp-handshake"), "tcp")
        report = lectures.regenerate("tcp")
    first, whole = report["first_playable_seconds"], report["seconds"]
    assert isinstance(first, float)
    assert isinstance(whole, float)
    assert 0 < first < whole
