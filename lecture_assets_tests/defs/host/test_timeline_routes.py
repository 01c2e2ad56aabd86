"""Films, contact sheets and JSON of timelines are served as browsers request them, rendered once, whatever is lost."""

import io
import json
import os
import shutil
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import pytest
import uvicorn
from PIL import Image
from starlette.applications import Starlette

from lecture_assets.defs.host.timeline_routes import TimelineRoutes
from lecture_assets.runner.lectures import Lectures
from lecture_assets_tests.defs.dev_server import until
from lecture_assets_tests.defs.host.http_request import HttpAnswer, ask
from lecture_assets_tests.render.samples import BLUE, RED, SIZE, Shelf
from lecture_assets_tests.runner.conftest import BRIEF
from lecture_assets_tests.servers.homes import home_environ
from lecture_assets_tests.store.media_folder import folder_of
from lecture_assets_tests.stored_timelines import SEGMENT, TIMELINE, TimelineStore, damage

pytestmark = pytest.mark.slow
LECTURE = "rain"


@dataclass(frozen=True, slots=True)
class Timelines:
    """A server of a home with a lecture whose timelines a test stores."""

    store: TimelineStore
    port: int

    def get(self, path: str, method: str = "GET", **headers: str) -> HttpAnswer:
        return ask(self.port, method, f"/lectures/timeline/{path}", headers)

    def add(self, **changes: Any) -> str:
        """Store a timeline of a red picture and a second of speech; returns the start of its path."""
        shelf = self.store.shelf
        segment = shelf.segment(
            seconds=1.0, pictures=[shelf.picture(RED)], narration=shelf.tone(1.0, 500, words="Leaves catch it.")
        )
        return f"{LECTURE}/{self.store.store(TIMELINE, shelf.lecture(segment, **changes))[:16]}"

    def rendered(self) -> Mapping[str, int]:
        """The files that are kept, with their inodes."""
        folder = self.store.lectures.context.home / "rendered"
        return {path.name: path.stat().st_ino for path in folder.glob("*")}


@contextmanager
def serving(home: Path, patience_s: float | None = None) -> Iterator[Timelines]:
    with Lectures.open(home_environ(home)) as lectures, socket.create_server(("127.0.0.1", 0)) as listener:
        lectures.create(BRIEF, LECTURE)
        app = Starlette(routes=TimelineRoutes(lectures.context, patience_s).routes())
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield Timelines(TimelineStore(lectures, LECTURE, Shelf(home / "shelf")), listener.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def timelines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Timelines]:
    with serving(tmp_path_factory.mktemp("home")) as timelines:
        yield timelines


def etag(answer: HttpAnswer) -> str:
    return str(answer.headers["etag"]).strip('"')


def probed(film: bytes) -> tuple[str, tuple[int, int], int, str]:
    with av.open(io.BytesIO(film)) as container:
        video: Any = container.streams.video[0]
        return video.codec_context.name, (video.width, video.height), video.frames, container.metadata["title"]


def test_the_film_of_each_version_is_rendered_once_and_a_player_can_seek_in_it(timelines: Timelines) -> None:
    first, second = (timelines.add(title=title) for title in ("First", "Second"))
    film = timelines.get(f"{first}/film.mp4")
    assert (film.status, film.headers["content-type"]) == (200, "video/mp4")
    assert film.headers["content-disposition"] == 'inline; filename="rain.mp4"'
    assert film.headers["x-content-type-options"] == "nosniff"
    assert probed(film.body) == ("h264", SIZE, 98, "First")
    assert probed(timelines.get(f"{second}/film.mp4").body)[-1] == "Second"
    kept = timelines.rendered()
    part = timelines.get(f"{first}/film.mp4", Range="bytes=1000-1999")
    assert (part.status, part.body) == (206, film.body[1000:2000])
    assert timelines.get(f"{first}/film.mp4", Range=f"bytes={len(film.body)}-").status == 416
    head = timelines.get(f"{first}/film.mp4", "HEAD")
    assert (head.status, head.body, int(head.headers["content-length"])) == (200, b"", len(film.body))
    assert timelines.get(f"{first}/film.mp4", If_None_Match=film.headers["etag"]).status == 304
    assert timelines.get(f"{first}/film.mp4", If_None_Match='"another"').status == 200
    assert timelines.rendered() == kept


def test_a_segment_has_a_sheet_and_a_json_of_its_own(timelines: Timelines) -> None:
    shelf = timelines.store.shelf
    value = shelf.segment(3, pictures=[shelf.picture(BLUE)])
    path = f"{LECTURE}/s03/{timelines.store.store(SEGMENT.format(3), value)}"
    sheet = timelines.get(f"{path}/sheet.jpg")
    assert (sheet.status, sheet.headers["content-type"]) == (200, "image/jpeg")
    with Image.open(io.BytesIO(sheet.body)) as picture:
        assert picture.format == "JPEG"
    file = timelines.store.lectures.context.home / "rendered" / f"{etag(sheet)}.jpg"
    os.utime(file, (0, 0))
    assert timelines.get(f"{path}/sheet.jpg").body == sheet.body
    assert file.stat().st_mtime > 0, "it counts as used, so that it is kept for another day"
    told = json.loads(timelines.get(f"{path}/timeline.json").body)
    sha256 = value["narration"]["media"]["sha256"]
    assert told["narration"] == {**value["narration"], "src": f"/lectures/media/{sha256}"}


def test_lost_and_damaged_media_are_placeholders_and_the_file_is_another_one(timelines: Timelines) -> None:
    path = timelines.add(title="Lost")
    artifacts = timelines.store.lectures.context.artifacts
    picture = folder_of(artifacts).path(timelines.store.shelf.picture(RED)["sha256"])
    shutil.copyfile(picture, picture.with_name("spare"))
    whole = timelines.get(f"{path}/sheet.jpg")
    picture.unlink()
    lost = timelines.get(f"{path}/sheet.jpg", If_None_Match=whole.headers["etag"])
    assert (whole.status, lost.status) == (200, 200)
    assert lost.body != whole.body
    picture.with_name("spare").replace(picture)
    assert timelines.get(f"{path}/sheet.jpg").body == whole.body
    (folder_of(artifacts).root.parent / "rendered" / f"{etag(whole)}.jpg").unlink()
    damage(picture)
    assert timelines.get(f"{path}/sheet.jpg").body == lost.body
    assert not picture.exists(), "as after an export, the next run makes it again"


def test_a_medium_that_nothing_can_read_is_one_sentence(timelines: Timelines) -> None:
    shelf = timelines.store.shelf
    broken = shelf.segment(pictures=[shelf.picture(RED) | {"sha256": shelf.bytes(b"no picture")}])
    path = f"{LECTURE}/{timelines.store.store(TIMELINE, shelf.lecture(broken))}"
    answer = timelines.get(f"{path}/sheet.jpg")
    assert answer.status == 500
    assert answer.body.count(b"\n") == 1
    assert answer.body.startswith(b"the sheet of rain cannot be rendered: ")
    assert b"a picture that cannot be read" in answer.body


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("nobody/0123456789abcdef/film.mp4", "nobody"),
        ("rain/0123456789abcdef/film.mp4", "rain never had the version '0123456789abcdef' of assembler:timeline"),
        ("rain/0123456789abcdef/timeline.json", "rain never had the version"),
        ("rain/0/sheet.jpg", "rain never had the version '0'"),
        ("rain/s77/0123456789abcdef/film.mp4", "of assembler:segment-timeline:segment[77]"),
        ("rain/77/0123456789abcdef/film.mp4", "'77' is no segment; they are called s00, s01, …"),
        ("rain/s%D9%A1%D9%A1/0123456789abcdef/film.mp4", "is no segment"),
        ("rain/..%2F..%2Flectures.db/film.mp4", "no such page of a timeline"),
        ("rain/%00/film.mp4", "rain never had"),
        ("rain/film.mp4", "allowed: /lectures/timeline/LECTURE/VERSION/film.mp4, and for a segment"),
        ("", "no such page of a timeline"),
    ],
)
def test_what_is_not_there_is_a_sentence(timelines: Timelines, path: str, said: str) -> None:
    answer = timelines.get(path)
    assert answer.status == 404
    assert said in answer.body.decode()
    assert answer.body.count(b"\n") == 1


def test_who_would_wait_long_is_told_how_far_it_is_and_others_are_answered_meanwhile(tmp_path: Path) -> None:
    with serving(tmp_path, patience_s=0.0) as timelines:
        path = timelines.add()
        answer = timelines.get(f"{path}/film.mp4")
        assert (answer.status, answer.headers["retry-after"], answer.headers["refresh"]) == (503, "2", "2")
        assert answer.body.startswith(b"the film of rain is being rendered: ")
        assert answer.body.endswith(b"; this page reloads by itself\n")
        assert timelines.get(f"{path}/timeline.json").status == 200
        until(lambda: timelines.get(f"{path}/film.mp4").status == 200, every=0.2)
        assert len(timelines.rendered()) == 1
