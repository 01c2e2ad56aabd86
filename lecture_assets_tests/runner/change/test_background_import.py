"""Imports in the background: each lecture once, whoever is killed meanwhile; a wrong one stops no other; canceled is canceled."""

import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import update

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.graph.kind import Holds
from lecture_assets.runner.change import background_import
from lecture_assets.runner.change.background_import import BackgroundImporter
from lecture_assets.runner.change.garbage import collect_garbage
from lecture_assets.runner.change.import_queue import queue_import
from lecture_assets.runner.change.uploads import UploadStaging
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import import_jobs
from lecture_assets.store.import_jobs import MOST_TRIES, ItemState, NewItem
from lecture_assets.store.schema import import_items
from lecture_assets_tests.processes import start
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.runner.shadow_lectures import DOCUMENT
from lecture_assets_tests.servers.homes import home_environ
from lecture_assets_tests.store.engines import ENGINES, new_database

pytestmark = pytest.mark.slow
JOB = "a job"
KILLS = 20 if THOROUGH else 2


@dataclass
class Importing:
    """A home with lectures to import."""

    lectures: Lectures
    environ: dict[str, str]

    @property
    def context(self) -> Context:
        return self.lectures.context

    def queue(self, *items: NewItem, job: str = JOB) -> None:
        queue_import(self.context, items, job)

    def work(self) -> None:
        """Import all that waits, in this thread."""
        importer = BackgroundImporter(self.context)
        while importer.import_one():
            pass

    def items(self, job: str = JOB) -> list[dict[str, Any]]:
        with self.context.database.read() as connection:
            return [dict(row) for row in import_jobs.items(connection, job, 200)]

    def states(self) -> list[str]:
        return [item["state"] for item in self.items()]

    def names(self) -> list[str]:
        return sorted(row["lecture"] for row in self.lectures.all())

    def forget_claims(self) -> None:
        """As if the time of a dead importer's claim were over."""
        with self.context.database.write() as connection:
            connection.execute(update(import_items).values(claimed_until=0.0))


def item(name: str, **keys: Any) -> NewItem:
    return NewItem(name, {**DOCUMENT, "id": name, **keys})


@pytest.fixture(params=ENGINES)
def importing(request: Any, tmp_path: Path) -> Iterator[Importing]:
    environ = home_environ(tmp_path / "home")
    if request.param == "postgresql":
        environ["LECTURES_DATABASE_URL"] = new_database("postgresql", tmp_path).render_as_string(hide_password=False)
    with Lectures.open(environ) as lectures:
        yield Importing(lectures, environ)


def test_each_is_imported_and_one_that_is_wrong_stops_no_other(importing: Importing) -> None:
    importing.lectures.adopt(_adopted(importing, "taken"), "taken")
    wrong = item("wrong", segments=[{"narration": ""}])
    other = item("taken", title="Another lecture")
    shadow = replace(item("third"), is_shadow=True)
    importing.queue(item("first"), wrong, NewItem("early", None, outcome={"faults": []}), other, shadow)
    importing.queue(item("first"), job=JOB)  # the same request again
    importing.work()
    assert importing.states() == ["imported", "failed", "failed", "failed", "imported"]
    found = importing.items()
    assert found[1]["outcome"]["faults"][0]["where"].startswith("segments.0.narration")
    assert found[3]["outcome"]["faults"][0]["where"] == "id"
    assert (found[0]["now_called"], found[0]["outcome"]["created"]) == ("first", True)
    assert [(row["lecture"], row["shadow"]) for row in importing.lectures.all() if row["shadow"]] == [("third", True)]
    assert importing.names() == ["first", "taken", "third"]
    assert importing.lectures.costs()["calls"] == []


def _adopted(importing: Importing, name: str) -> Any:
    folder = importing.context.artifacts.workspace()
    try:
        from lecture_assets.runner.change.import_queue import read_queued  # noqa: PLC0415

        return read_queued(importing.context, {**DOCUMENT, "id": name}, folder)
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("number", [0, 101])
def test_a_job_has_one_to_a_hundred_lectures_of_different_ids(importing: Importing, number: int) -> None:
    with pytest.raises(WrongInputError, match="1 to 100"):
        importing.queue(*(item(f"rain-{one}") for one in range(number)))
    with pytest.raises(WrongInputError, match="more than once"):
        importing.queue(item("rain"), item("rain"))


def test_many_importers_share_what_waits_and_import_each_once(importing: Importing) -> None:
    importing.queue(*(item(f"rain-{number}") for number in range(12)))
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: importing.work(), range(4)))
    assert importing.states() == ["imported"] * 12
    assert all(one["outcome"]["created"] for one in importing.items())
    assert len(importing.names()) == 12


def serve(environ: dict[str, str], folder: str) -> None:
    """Import until killed. folder: gets a file for each lecture that is begun."""
    with Lectures.open(environ) as lectures:
        importer = BackgroundImporter(lectures.context)
        number = 0
        while True:
            (Path(folder) / str(number)).touch()
            number += 1
            if not importer.import_one():
                time.sleep(0.01)


def test_a_killed_importer_is_followed_by_another_and_each_lecture_is_imported_once(importing: Importing, tmp_path: Path) -> None:
    importing.queue(*(item(f"rain-{number}") for number in range(KILLS * 3)))
    for kill in range(KILLS):
        folder = tmp_path / f"begun-{kill}"
        folder.mkdir()
        process = start(serve, importing.environ, str(folder))
        while not (folder / "1").exists() and process.is_alive():
            time.sleep(0.001 * (kill + 1))
        process.kill()
        process.join()
        for name in importing.names()[:1]:  # what is done with a lecture meanwhile lets no second one come
            importing.lectures.rename(name, f"renamed-{kill}-{name}"[:60])
        importing.forget_claims()
    importing.work()
    assert importing.states() == ["imported"] * (KILLS * 3)
    assert len(importing.names()) == KILLS * 3
    assert sorted(one["now_called"] for one in importing.items()) == importing.names()
    assert all(one["outcome"]["created"] for one in importing.items())


def test_what_is_canceled_is_not_imported_even_if_somebody_has_it_in_hand(importing: Importing) -> None:
    importing.queue(item("first"), item("second"))
    importer, context = BackgroundImporter(importing.context), importing.context
    claimed = context.database.writing(lambda c: import_jobs.claim(c, context.store_time(c), context.store_time(c) + 60))
    assert claimed is not None
    assert context.database.writing(lambda c: import_jobs.cancel(c, "another", JOB, 1.0)) is None
    assert context.database.writing(lambda c: import_jobs.cancel(c, context.workspace, JOB, 1.0)) == 2
    importer._import(context, claimed, context.artifacts.workspace())
    importing.work()
    assert (importing.states(), importing.names()) == (["canceled", "canceled"], [])
    assert context.database.writing(lambda c: import_jobs.cancel(c, context.workspace, JOB, 1.0)) == 0


def test_one_that_ends_each_process_fails_in_the_end(importing: Importing) -> None:
    importing.queue(item("first"))
    context = importing.context
    for _ in range(MOST_TRIES):
        context.database.writing(lambda c: import_jobs.claim(c, context.store_time(c), 0.0))
    importing.work()
    (found,) = importing.items()
    assert (found["state"], importing.names()) == (ItemState.FAILED, [])
    assert f"{MOST_TRIES} times" in found["outcome"]["faults"][0]["found"]


def test_an_upload_that_waits_to_be_imported_is_no_garbage_however_old(importing: Importing, tmp_path: Path) -> None:
    importing.lectures.adopt(_adopted(importing, "there"), "there")
    picture = tmp_path / "picture.png"
    Image.new("RGB", (320, 180), "navy").save(picture)
    with UploadStaging(importing.context) as staging:
        sha256 = str(staging.inspect(picture, Holds.PICTURE)["sha256"])
        staging.keep()
    segments = [{"narration": "Rain falls.", "images": [{"file": f"sha256:{sha256}"}]}]
    importing.queue(item("first", segments=segments))
    garbage = collect_garbage(importing.context, 0.0)
    assert (garbage["removed"], importing.context.artifacts.has(sha256)) == (0, True)
    importing.work()
    assert importing.states() == ["imported"]
    (drawn,) = [one for one in importing.lectures.status("first")["nodes"] if one["id"] == "asset:image:segment[0]:image[0]"]
    assert (drawn["status"], drawn["made_by"]) == ("fresh", "import")


def test_a_thread_imports_what_comes_and_keeps_what_it_has_in_hand(importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background_import, "_LOOK_S", 0.02)
    imported = threading.Event()
    with BackgroundImporter(importing.context):
        importing.queue(item("first"))
        for _ in range(3_000):
            if importing.states() == ["imported"]:
                imported.set()
                break
            time.sleep(0.01)
    assert imported.is_set()
