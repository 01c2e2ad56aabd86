"""The film is made when it is asked for, from clips that are kept: an edit renders the clips that it changes, no others."""

import json
from typing import Any

import av
import pytest

from lecture_assets.graph.lecture import FILM
from lecture_assets.runner.change.garbage import collect_garbage
from lecture_assets.runner.regenerate.scope import Scope
from lecture_assets.runner.setup.events import Event, Exporting, NodeFinished
from lecture_assets.store.records import load_takes
from lecture_assets_tests.counts import film_nodes
from lecture_assets_tests.runner.conftest import LECTURE, NODES, SmallLecture

SHORT = ("text content:narration-text:segment[0]=Rain.", "text content:narration-text:segment[1]=Snow.")
"""A film of some seconds."""
CLIPS = {"asset:clip:segment[0]", "asset:clip:segment[1]"}


def rendered(lecture: SmallLecture) -> set[str]:
    """Make the film; returns the nodes that were made."""
    return {*lecture.regenerate(Scope(only=(FILM,)))["made"]}


def takes(lecture: SmallLecture) -> dict[str, Any]:
    return {name: (node["status"], node["take"]) for name, node in lecture.nodes().items() if name in {*CLIPS, FILM}}


@pytest.mark.slow
def test_a_run_makes_no_film_and_a_film_is_rendered_once_and_then_only_what_changed(made_lecture: SmallLecture) -> None:
    made_lecture.edit(*SHORT)
    made_lecture.regenerate()
    assert made_lecture.lectures.plan(LECTURE)["nodes"] == []
    assert len(made_lecture.nodes()) == NODES, "what was never asked for is not shown"
    bought = len(made_lecture.journal())
    out, seen = made_lecture.home.parent / "out", list[Event]()
    made_lecture.lectures.export(LECTURE, out, seen.append)
    assert len(made_lecture.nodes()) == NODES + film_nodes(2)
    shares = [event.fraction for event in seen if isinstance(event, Exporting)]
    assert (shares[0], shares[-1], shares) == (0.0, 1.0, sorted(shares))

    film, again = out / "lecture.mp4", list[Event]()
    before, bytes_before = film.stat(), film.read_bytes()
    made_lecture.lectures.export(LECTURE, out, again.append)
    assert again == [Exporting(1.0)], "nothing was rendered"
    assert (film.stat().st_ino, film.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns), "nothing was written"

    made_lecture.edit("text content:narration-text:segment[1]=Hail.")
    assert not CLIPS & {*made_lecture.regenerate()["made"]}, "an edit's run makes no film"
    assert made_lecture.lectures.plan(LECTURE)["nodes"] == []
    assert takes(made_lecture)[FILM] == ("stale", 1)
    finished = list[Event]()
    report = made_lecture.lectures.regenerate(LECTURE, Scope(only=(FILM,)), finished.append)
    assert CLIPS & {*report["made"]} == {"asset:clip:segment[1]"}
    assert {event.node for event in finished if isinstance(event, NodeFinished)} >= CLIPS
    made_lecture.lectures.export(LECTURE, out)
    assert film.read_bytes() != bytes_before
    timeline = json.loads((out / "timeline.json").read_text())
    with av.open(str(film)) as container:
        assert container.streams.video[0].frames == timeline["duration_in_frames"]
    assert len(made_lecture.journal()) == bought + 1, "nothing was bought but the new narration"

    made_lecture.lectures.undo(LECTURE)
    made_lecture.regenerate()
    assert not CLIPS & rendered(made_lecture), "the clip of before counts again"

    context = made_lecture.lectures.context
    with context.database.read() as connection:
        clips = load_takes(connection, context.key_of(connection, LECTURE), "asset:clip:segment[1]")
    assert {take.counts for take in clips} == {True, False}
    collect_garbage(context, 0.0)
    assert {take.counts: context.artifacts.has(str(take.artifact)) for take in clips} == {True: True, False: False}


@pytest.mark.slow
@pytest.mark.thorough("a film of its own")
def test_an_unfinished_lecture_is_written_without_keeping_a_film_and_buys_nothing(made_lecture: SmallLecture) -> None:
    made_lecture.edit("text content:narration-text:segment[0]=Rain.")
    bought = len(made_lecture.journal())
    out = made_lecture.home.parent / "out"
    made_lecture.lectures.export(LECTURE, out)
    assert (out / "lecture.mp4").stat().st_size > 0
    assert len(made_lecture.journal()) == bought
    assert len(made_lecture.nodes()) == NODES


def test_a_segment_is_regenerated_without_its_clip(made_lecture: SmallLecture) -> None:
    assert made_lecture.lectures.plan(LECTURE, (), Scope(segment=0))["nodes"] == []
    planned = made_lecture.lectures.plan(LECTURE, (), Scope(only=("asset:clip:segment[1]",)))
    assert [node["id"] for node in planned["nodes"]] == ["assembler:segment-frames:segment[1]", "asset:clip:segment[1]"]
