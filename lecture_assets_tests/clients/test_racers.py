"""Racers at the same lecture through two copies of `lectures serve` on one PostgreSQL, while a worker makes what is queued."""

import itertools
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.reading.progress import events_after
from lecture_assets_tests.api.serving import BRIEF
from lecture_assets_tests.api.test_once import EDIT, RACERS
from lecture_assets_tests.clients.serving import ServeProcess, home_of, serve_process, working
from lecture_assets_tests.defs.dev_server import until
from lecture_assets_tests.project import THOROUGH

pytestmark = pytest.mark.slow
MANY = 200 if THOROUGH else 60
CREATE = """mutation($brief: LectureBriefInput!, $id: ID) { createLecture(brief: $brief, id: $id) { __typename } }"""
REGENERATE = """mutation($id: ID!, $key: String) { regenerateLecture(id: $id, clientKey: $key) { __typename
  ... on RegenerationQueued { regeneration } ... on Problem { code message } } }"""
LAST = 'mutation($id: ID!) { editLecture(id: $id, edits: [{set: {audience: "sailors"}}]) { ... on LectureEdited { version } } }'
NAMES = itertools.count()


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Lectures, list[ServeProcess]]]:
    """Two copies of the server on one home, and its lectures."""
    folder: Path = tmp_path_factory.mktemp("racers")
    with home_of(folder, "postgresql") as (lectures, environ), serve_process(environ) as one, serve_process(environ) as other:
        yield lectures, [one, other]


@pytest.fixture
def lecture(copies: tuple[Lectures, list[ServeProcess]]) -> str:
    """A new lecture."""
    name = f"rain-{next(NAMES)}"
    assert copies[1][0].answer(CREATE, brief=BRIEF, id=name) == {"createLecture": {"__typename": "LectureCreated"}}
    return name


def raced(servers: list[ServeProcess], text: str, racers: int, /, **variables: Any) -> Counter[str]:
    """The answers to racers through all servers, and how often each came."""
    with ThreadPoolExecutor(racers) as threads:
        return Counter(threads.map(lambda n: str(servers[n % len(servers)].answer(text, **variables)), range(racers)))


def events(lectures: Lectures, name: str) -> list[Any]:
    """The whole log of a lecture."""
    with lectures.context.database.read() as connection:
        return list(events_after(connection, lectures.context.key_of(connection, name), 0, 10_000))


def test_many_who_regenerate_at_once_get_one_run_at_a_time_and_the_last_edit(
    copies: tuple[Lectures, list[ServeProcess]], lecture: str
) -> None:
    lectures, servers = copies
    with working(lectures), ThreadPoolExecutor(1) as editor:
        edited = editor.submit(lambda: servers[1].answer(LAST, id=lecture))
        answers = raced(servers, REGENERATE, MANY, id=lecture)
        assert edited.result() == {"editLecture": {"version": 2}}
        until(lambda: {row["lecture"]: row["request"] for row in lectures.all()}[lecture] == "none")
    assert all("RegenerationQueued" in answer for answer in answers), answers
    kinds = [event["kind"] for event in events(lectures, lecture) if event["kind"] in {"run-started", "run-ended"}]
    assert kinds == ["run-started", "run-ended"] * (len(kinds) // 2), "one runs at a time"
    assert len(kinds) // 2 <= 3, "one for all who asked before it, one for all who asked meanwhile, one for the edit"
    assert {node["status"] for node in lectures.status(lecture)["nodes"]} == {"fresh"}
    (row,) = [row for row in lectures.all() if row["lecture"] == lecture]
    assert (row["version"], row["published"]) == (2, 2), "the last edit is built"
    assert {call["attempts"] for call in lectures.costs(lecture)["calls"]} == {1}, "nothing was bought twice"


def test_racers_with_one_name_have_one_effect_through_any_copy(copies: tuple[Lectures, list[ServeProcess]], lecture: str) -> None:
    lectures, servers = copies
    edit = EDIT.replace('"rain"', f'"{lecture}"')
    edited = {"editLecture": {"__typename": "LectureEdited", "version": 2, "edits": ["set audience=children"]}}
    assert raced(servers, edit, RACERS, text="children", key=lecture) == {str(edited): RACERS}
    queued = {"regenerateLecture": {"__typename": "RegenerationQueued", "regeneration": "QUEUED"}}
    assert raced(servers, REGENERATE, RACERS, id=lecture, key=lecture) == {str(queued): RACERS}
    assert [row["version"] for row in lectures.history(lecture)] == [1, 2]
    assert [event["kind"] for event in events(lectures, lecture)] == ["revision", "revision"]
