"""Media that the place of the media lost or damaged, which only reading shows: the run that finds out makes them again."""

import json
import os
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.regenerate.report import ReportDocument
from lecture_assets.runner.regenerate.scope import Scope
from lecture_assets.runner.setup.events import NodeFinished, Replanned
from lecture_assets.store.artifacts import Artifacts
from lecture_assets.store.reachable import named_media
from lecture_assets_tests.intake import samples
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.runner.conftest import LECTURE, SmallLecture, open_small_lecture
from lecture_assets_tests.servers.homes import AWS, home_environ
from lecture_assets_tests.servers.s3 import BUCKET
from lecture_assets_tests.store.s3_media import new_bucket, s3_environ
from lecture_assets_tests.store.stored_media import lose, overwrite

NARRATION, IMAGE = "asset:narration:segment[0]", "asset:image:segment[1]:image[0]"
TITLE = "text content:video-title=Another title"


@pytest.fixture
def lecture(tmp_path: Path) -> Iterator[SmallLecture]:
    """The small lecture, generated, with its media on S3."""
    with s3_environ():
        environ = {name: os.environ[name] for name in AWS}
        environ["LECTURES_ARTIFACTS"] = f"s3://{BUCKET}/{new_bucket().place.prefix}"
        with open_small_lecture(tmp_path / "home", **environ) as small_lecture:
            small_lecture.regenerate()
            yield small_lecture


def medium(lecture: SmallLecture, node: str) -> str:
    with lecture.lectures.context.database.read() as connection:
        return next(sha256 for sha256, names in named_media(connection).items() if f"{LECTURE} {node}" in names)


def roles(lecture: SmallLecture) -> Counter[str]:
    """What was bought: calls by their role."""
    return Counter(call["role"] for call in lecture.journal())


def truncate(artifacts: Artifacts, sha256: str) -> None:
    overwrite(artifacts, sha256, b"half of it")


def written(report: ReportDocument) -> Any:
    return json.loads(Path(report["timeline"]).read_text(encoding="utf-8"))


@pytest.mark.parametrize("damage", [lose, truncate] if THOROUGH else [lose])
def test_what_is_lost_is_made_again_by_the_run_that_finds_out(
    lecture: SmallLecture, damage: Callable[[Artifacts, str], None]
) -> None:
    bought, seen = roles(lecture), list[object]()
    for node in (NARRATION, IMAGE):
        damage(lecture.lectures.context.artifacts, medium(lecture, node))
    lecture.edit(TITLE)
    report = lecture.regenerate(Scope(), seen.append)
    assert {NARRATION, IMAGE} <= {*report["made"], *report["restored"]}
    assert not report["failed"]
    assert [event for event in seen if isinstance(event, Replanned)] == [Replanned(2, lost=2)]
    assert set(lecture.statuses().values()) == {"fresh"}
    assert "missing" not in {layer["type"] for segment in written(report)["segments"] for layer in segment["layers"]}
    again = roles(lecture) - bought
    assert (again["speech"], again["image"]) == (1, 1)  # what reads the title is text and music


def test_a_run_for_other_nodes_writes_a_timeline_that_names_what_is_lost(lecture: SmallLecture) -> None:
    lose(lecture.lectures.context.artifacts, medium(lecture, IMAGE))
    lecture.edit("reroll asset:music")
    report = lecture.regenerate(Scope(only=("asset:music",)))
    assert not report["failed"]
    assert [layer["type"] for layer in written(report)["segments"][1]["layers"]] == ["missing"]
    assert lecture.statuses()[IMAGE] == "stale"
    assert IMAGE in {*(again := lecture.regenerate())["made"], *again["restored"]}


def test_what_a_person_supplied_is_missing_once_and_the_run_ends(lecture: SmallLecture, tmp_path: Path) -> None:
    lecture.edit(f"media {IMAGE}=@{samples.picture(tmp_path / 'mine.png')}")
    lecture.regenerate()
    lose(lecture.lectures.context.artifacts, medium(lecture, IMAGE))
    lecture.edit(TITLE)
    report = lecture.regenerate()
    assert [layer["type"] for layer in written(report)["segments"][1]["layers"]] == ["missing"]
    assert lecture.statuses()[IMAGE] != "fresh"


def test_a_place_that_loses_again_what_was_made_again_is_left_to_the_next_run(lecture: SmallLecture) -> None:
    bought, replanned = roles(lecture), list[object]()
    artifacts = lecture.lectures.context.artifacts
    lose(artifacts, medium(lecture, IMAGE))

    def watch(event: object) -> None:
        if isinstance(event, Replanned):
            replanned.append(event)
        if isinstance(event, NodeFinished) and event.node == IMAGE:
            lose(artifacts, medium(lecture, IMAGE))

    lecture.edit(TITLE)
    report = lecture.regenerate(Scope(), watch)
    assert replanned == [Replanned(2, lost=1)]
    assert (roles(lecture) - bought)["image"] == 1
    assert [layer["type"] for layer in written(report)["segments"][1]["layers"]] == ["missing"]


def test_what_needs_no_medium_is_read_without_a_word_to_s3(lecture: SmallLecture, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.0)
        endpoint = f"http://127.0.0.1:{listener.getsockname()[1]}"
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", endpoint)
        place = lecture.lectures.context.artifacts.place
        environ = home_environ(lecture.home, LECTURES_ARTIFACTS=place, AWS_ENDPOINT_URL_S3=endpoint)
        with Lectures.open(environ, reads=True) as away:
            assert {node["status"] for node in away.status(LECTURE)["nodes"]} == {"fresh"}
            assert away.plan(LECTURE)["nodes"] == []
            assert len(away.all()) == 1
            assert away.costs(LECTURE)["calls"]
        with pytest.raises(BlockingIOError):
            listener.accept()
