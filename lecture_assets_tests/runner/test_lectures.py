"""Lectures as commands and other programs meet them: created once, edited by many, never half."""

import threading
from collections import Counter
from typing import Any

import pytest

from lecture_assets.graph.errors import ConflictError, RefusedError, WrongInputError
from lecture_assets.runner.lectures import Lectures
from lecture_assets_tests.runner.conftest import BRIEF, LECTURE, SmallLecture
from lecture_assets_tests.servers.homes import home_environ


def test_the_same_brief_again_is_the_same_lecture_and_another_is_refused(small_lecture: SmallLecture) -> None:
    assert small_lecture.lectures.create(BRIEF, LECTURE).new is False
    with pytest.raises(RefusedError, match="was made from another brief"):
        small_lecture.lectures.create(BRIEF.model_copy(update={"duration": 20}), LECTURE)


def test_a_what_if_saves_nothing_and_its_plan_is_the_plan_after_the_edit(made_lecture: SmallLecture) -> None:
    before = made_lecture.lectures.status(LECTURE)
    asked = made_lecture.lectures.plan(LECTURE, ["set voice=teacher"])
    assert made_lecture.lectures.status(LECTURE) == before
    made_lecture.edit("set voice=teacher")
    told = made_lecture.lectures.plan(LECTURE)
    assert asked["token"] == told["token"]
    assert asked["nodes"] == told["nodes"]


def test_all_edits_of_a_list_are_made_or_none(small_lecture: SmallLecture) -> None:
    with pytest.raises(WrongInputError) as wrong:
        small_lecture.edit("set voice=teacher", "reroll content:script:segment[0]", "set duration=soon")
    assert len(wrong.value.faults) == 2
    assert small_lecture.lectures.status(LECTURE)["version"] == 1
    assert len(small_lecture.lectures.history(LECTURE)) == 1


def test_an_edit_for_another_version_is_refused_with_both(small_lecture: SmallLecture) -> None:
    small_lecture.edit("set voice=teacher")
    with pytest.raises(ConflictError, match="is at version 2, but this request was for version 1"):
        small_lecture.lectures.edit(LECTURE, ["set voice=student"], if_version=1)


def test_a_client_key_sent_twice_is_one_edit(small_lecture: SmallLecture) -> None:
    first = small_lecture.lectures.edit(LECTURE, ["set voice=teacher"], client_key="k1")
    again = small_lecture.lectures.edit(LECTURE, ["set voice=teacher"], client_key="k1", if_version=1)
    assert first["version"] == again["version"] == 2
    assert len(small_lecture.lectures.history(LECTURE)) == 2
    assert first["edits"] == again["edits"]


def test_a_client_key_with_other_edits_is_refused_and_not_answered_as_done(small_lecture: SmallLecture) -> None:
    small_lecture.lectures.edit(LECTURE, ["set voice=teacher"], client_key="k1")
    with pytest.raises(RefusedError, match="with other edits"):
        small_lecture.lectures.edit(LECTURE, ["set voice=student"], client_key="k1")
    assert len(small_lecture.lectures.history(LECTURE)) == 2


def test_an_id_that_would_leave_its_folder_is_no_id(small_lecture: SmallLecture) -> None:
    with pytest.raises(WrongInputError):
        small_lecture.lectures.create(BRIEF, "../../evil")


@pytest.mark.slow
def test_editors_at_once_lose_no_edit_and_make_none_twice(small_lecture: SmallLecture) -> None:
    """Four threads with connections of their own; every second edit is sent twice at the same moment under one key."""
    versions: list[int] = []
    barrier = threading.Barrier(4)

    def edit(editor: int) -> None:
        with Lectures.open(home_environ(small_lecture.home)) as lectures:
            barrier.wait(20)
            for number in range(5):
                key = f"{editor // 2}-{number}" if number % 2 else f"{editor}-{number}"
                words = f"text content:narration-text:segment[0]=Words {key}."
                document: Any = lectures.edit(LECTURE, [words], client_key=key)
                versions.append(document["version"])

    threads = [threading.Thread(target=edit, args=(editor,)) for editor in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    history: Any = small_lecture.lectures.history(LECTURE)
    keys = Counter(row["client_key"] for row in history if row["client_key"])
    assert set(keys.values()) == {1}
    assert len(keys) == 4 * 3 + 2 * 2
    assert len(versions) == 20
    assert {row["version"] for row in history if row["client_key"]} == set(versions)
