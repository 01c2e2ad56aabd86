"""A request that has a name is done once, however many send it at once, and whoever dies meanwhile."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from lecture_assets.store import client_requests
from lecture_assets.store.client_requests import KEPT_S, LEASE_S, ClientRequest, Standing
from lecture_assets.store.database import Database
from lecture_assets_tests.api.serving import BRIEF, ServedApi
from lecture_assets_tests.store.engines import ENGINES, migrated_database

pytestmark = pytest.mark.slow
RACERS = 50
CREATE = """mutation($brief: LectureBriefInput!, $key: String) { createLecture(brief: $brief, clientKey: $key) { __typename
  ... on LectureCreated { created lecture { id } } ... on KeyReused { clientKey } ... on Problem { code } } }"""
EDIT = """mutation($text: String!, $key: String) {
  editLecture(id: "rain", edits: [{set: {audience: $text}}], clientKey: $key) { __typename
  ... on LectureEdited { version edits } ... on KeyReused { clientKey } ... on Problem { code } } }"""
UNDO = """mutation($key: String) { undoLectureEdit(id: "rain", clientKey: $key) { __typename
  ... on LectureEdited { version edits } ... on Problem { code } } }"""
MINE = ClientRequest("default", "editLecture", "key", "asked", "me")


def raced(served: ServedApi, text: str, /, **variables: Any) -> Counter[str]:
    """The answers to racers, and how often each came."""
    with ThreadPoolExecutor(RACERS) as threads:
        found = threads.map(lambda _: str(served.data(text, **variables)), range(RACERS))
    return Counter(found)


def test_fifty_racers_have_one_effect_and_one_answer(served_by_either: ServedApi) -> None:
    served = served_by_either
    served.create()
    assert raced(served, EDIT, text="children", key="k") == {
        str({"editLecture": {"__typename": "LectureEdited", "version": 2, "edits": ["set audience=children"]}}): RACERS
    }
    assert len(raced(served, CREATE, brief={**BRIEF, "title": "Hail"}, key="k")) == 1
    assert len(raced(served, UNDO, key="k")) == 1
    assert [row["version"] for row in served.lectures.history("rain")] == [1, 2, 3]
    assert len(served.lectures.all()) == 2


def test_without_a_name_each_is_done(served: ServedApi) -> None:
    served.create()
    for version in (2, 3):
        assert served.execute(EDIT, text="children")["editLecture"]["version"] == version


def test_the_same_name_for_another_input_is_a_problem_and_of_another_mutation_is_not(served: ServedApi) -> None:
    served.create()
    assert served.execute(EDIT, text="children", key="k")["editLecture"]["version"] == 2
    reused = {"__typename": "KeyReused", "clientKey": "k", "code": "KEY_REUSED"}
    assert served.execute(EDIT, text="adults", key="k")["editLecture"] == reused
    assert served.execute(UNDO, key="k")["undoLectureEdit"] == {"__typename": "LectureEdited", "version": 3, "edits": ["undo"]}
    assert served.execute(EDIT, text="children", key="k")["editLecture"]["version"] == 2, "the answer is the first one"
    assert len(served.lectures.history("rain")) == 3


def test_a_name_of_the_command_line_is_known_here_too(served: ServedApi) -> None:
    served.create()
    served.lectures.edit("rain", ["set audience=children"], client_key="k")
    assert served.execute(EDIT, text="children", key="k")["editLecture"]["version"] == 2
    served.lectures.edit("rain", ["set audience=experts"], client_key="other")
    assert served.execute(EDIT, text="adults", key="other")["editLecture"]["__typename"] == "KeyReused"


def test_a_problem_is_not_kept_so_that_a_better_request_may_have_the_name(served: ServedApi) -> None:
    served.create()
    assert served.execute(EDIT, text=" ", key="k")["editLecture"]["code"] == "INVALID_EDIT"
    assert served.execute(EDIT, text="children", key="k")["editLecture"]["version"] == 2


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_name_has_one_to_two_hundred_characters(served: ServedApi, key: str) -> None:
    served.create()
    assert served.execute(EDIT, text="children", key=key)["editLecture"]["code"] == "INVALID_EDIT"


@pytest.mark.parametrize("engine", ENGINES)
def test_whoever_dies_is_followed_by_one_and_answers_are_kept_for_a_day(engine: str, tmp_path: Any) -> None:
    with migrated_database(engine, tmp_path) as database:
        other = replace(MINE, owner="other")
        assert _begin(database, MINE, 0.0) is Standing.MINE
        assert _begin(database, other, LEASE_S) is Standing.UNDER_WAY
        assert _begin(database, replace(other, asked="else"), LEASE_S) is Standing.REUSED
        assert _begin(database, other, LEASE_S + 1) is Standing.MINE
        database.writing(lambda c: client_requests.finish(c, MINE, {"late": True}, LEASE_S + 2))
        assert _begin(database, replace(MINE, owner="third"), LEASE_S + 3) is Standing.UNDER_WAY
        database.writing(lambda c: client_requests.finish(c, other, {"done": True}, LEASE_S + 4))
        begun = database.writing(lambda c: client_requests.begin(c, MINE, 24 * 3600.0))
        assert (begun.standing, begun.answer) == (Standing.ANSWERED, {"done": True})
        assert database.writing(lambda c: client_requests.prune(c, KEPT_S)) == 0
        assert database.writing(lambda c: client_requests.prune(c, LEASE_S + 5 + KEPT_S)) == 1
        assert _begin(database, replace(MINE, asked="else"), KEPT_S) is Standing.MINE


def _begin(database: Database, request: ClientRequest, now: float) -> Standing:
    return database.writing(lambda c: client_requests.begin(c, request, now).standing)


def test_fifty_racers_of_each_mutation_have_one_effect(served_by_either: ServedApi) -> None:
    served = served_by_either
    served.create()
    for text in (
        'mutation { copyLecture(id: "rain", newId: "hail", clientKey: "k") { __typename ... on LectureCopied { created } } }',
        'mutation { regenerateLecture(id: "hail", clientKey: "k") { __typename ... on RegenerationQueued { regeneration } } }',
        'mutation { cancelRegeneration(id: "hail", clientKey: "k") { __typename ... on RegenerationCanceled { was } } }',
        'mutation { renameLecture(id: "hail", newId: "snow", clientKey: "k") { __typename ... on LectureRenamed { was } } }',
        'mutation { deleteLecture(id: "snow", clientKey: "k") { __typename ... on LectureDeleted { id } } }',
    ):
        answers = raced(served, text)
        assert len(answers) == 1, answers
        (answer,) = answers
        assert "Lecture" in answer or "Regeneration" in answer
        assert "code" not in answer


@pytest.mark.parametrize("engine", ENGINES)
def test_a_transaction_that_began_before_the_owners_takes_nothing_over(engine: str, tmp_path: Any) -> None:
    with migrated_database(engine, tmp_path) as database:
        assert _begin(database, MINE, 10.0) is Standing.MINE
        assert _begin(database, replace(MINE, owner="other"), 9.5) is Standing.UNDER_WAY
        assert _begin(database, replace(MINE, owner="other"), 10.0 - 2 * LEASE_S) is Standing.MINE, "the owner's clock was wrong"
