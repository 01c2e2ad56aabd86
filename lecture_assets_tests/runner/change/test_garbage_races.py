"""Collectors and writers at the same time, both killed at random: no medium that something refers to is ever lost.

A writer is a process that does as a worker does: it stores bytes, then the row that refers to them. A third of the bytes is never
referred to; some are stored by two writers, some again after they were garbage. Collectors sweep all the time, with a grace
that is longer than any writer takes from the bytes to the row. In the end every medium that is referred to is there and
whole, and all others are gone after the grace and two more sweeps.
"""

import hashlib
import os
import random
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
from sqlalchemy import Connection, make_url, select

from lecture_assets.runner.change import garbage
from lecture_assets.runner.change.garbage import GarbageDocument
from lecture_assets.runner.setup.context import Context, open_context
from lecture_assets.store.artifact_folder import nothing
from lecture_assets.store.artifacts import Condition
from lecture_assets.store.database import insert
from lecture_assets.store.schema import lectures, takes
from lecture_assets_tests.processes import start
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.servers.homes import AWS, POSTGRES, has_servers
from lecture_assets_tests.servers.postgres import execute, postgres_server
from lecture_assets_tests.servers.s3 import BUCKET
from lecture_assets_tests.store.s3_media import s3_environ

OBJECTS, WRITERS, COLLECTORS, KILLS = (10_000, 8, 2, 60) if THOROUGH else (90, 3, 1, 4)
GRACE_S = 30.0 if THOROUGH else 6.0
_LECTURE = "races"
_PATIENCE_S = 3600.0


@pytest.fixture(params=["folder", pytest.param("bucket", marks=pytest.mark.thorough("kills beside a server of S3"))])
def environ(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """A home: SQLite and a folder, or PostgreSQL and S3."""
    home = {"LECTURES_HOME": str(tmp_path / "home")}
    if request.param == "folder":
        yield home
        return
    with ExitStack() as stack:
        stack.enter_context(s3_environ())
        server = make_url(os.environ[POSTGRES]) if has_servers() else stack.enter_context(postgres_server())
        execute(server, f"CREATE DATABASE {(name := f'races_{os.getpid()}')}")
        url = server.set(database=name).render_as_string(hide_password=False)
        s3 = {name: os.environ[name] for name in AWS}
        yield {**home, **s3, "LECTURES_DATABASE_URL": url, "LECTURES_ARTIFACTS": f"s3://{BUCKET}/races-{os.getpid()}"}


def content_of(number: int) -> bytes:
    return b"object %d" % number * 20


def is_referred_to(number: int) -> bool:
    return number % 3 != 0


def digest_of(number: int) -> str:
    return hashlib.sha256(content_of(number)).hexdigest()


def shares(writer: int) -> list[int]:
    """What a writer stores, in its own order: its share, every fifth of the next writer's, some twice."""
    own = [number for number in range(OBJECTS) if number % WRITERS == writer]
    numbers = own + [number for number in range(0, OBJECTS, 5) if (number + 1) % WRITERS == writer]
    numbers += [number for number in numbers if number % 7 == 0]
    random.Random(writer).shuffle(numbers)  # noqa: S311 - a test's order
    return numbers


def write(environ: Mapping[str, str], writer: int, notes: Path) -> None:
    """Store a share, from where the last process of this writer was killed."""
    os.environ.update(environ)
    context, numbers = open_context(environ), shares(writer)
    context.artifacts.before_new = nothing  # generations are about backups, and cost two requests a second
    done = len(notes.read_bytes()) if notes.exists() else 0
    with notes.open("ab", buffering=0) as note:
        for number in numbers[done:]:
            while not stored(context, number):
                pass
            note.write(b".")


def stored(context: Context, number: int) -> bool:
    """Store bytes and the row that refers to them. False if that took so long that a worker would have lost its lease."""
    source, began = context.artifacts.workspace() / "source", time.monotonic()
    source.write_bytes(content_of(number))
    sha256 = context.artifacts.adopt(source)
    source.parent.rmdir()
    if time.monotonic() - began > GRACE_S / 3:
        return False
    if is_referred_to(number):
        with context.database.write() as connection:
            refer(connection, number, sha256)
    return time.monotonic() - began < GRACE_S / 2


def refer(connection: Connection, number: int, sha256: str) -> None:
    row = {"lecture": _LECTURE, "node": f"node-{number}", "number": 1, "version": "v", "fingerprint": "f", "recipe": "{}"}
    made = {"value": {}, "artifact": sha256, "made_by": "test", "made_at": 0.0, "cost_usd_micros": 0}
    connection.execute(insert(connection.dialect.name, takes).values({**row, **made}).on_conflict_do_nothing())


def collect(environ: Mapping[str, str]) -> None:
    """Sweep until this process is killed."""
    os.environ.update(environ)
    context = open_context(environ)
    while True:
        sweep(context)


def sweep(context: Context) -> GarbageDocument:
    """Collect beside the others, as with a grace of an hour or more."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(garbage, "LEAST_GRACE_S", 0.0)
        return garbage.collect_garbage(context, GRACE_S)


@pytest.mark.slow
def test_no_live_object_is_lost_and_all_garbage_goes(environ: dict[str, str], tmp_path: Path) -> None:
    with open_context(environ).database.write() as connection:
        named = {"id": _LECTURE, "workspace": "default", "head": 1, "published": 0, "brief_digest": "", "created_at": 0.0}
        connection.execute(lectures.insert(), named)
    kills = race(environ, tmp_path)
    context = open_context(environ)
    time.sleep(GRACE_S + 3)
    sweeps = [sweep(context) for _ in range(2)]
    wanted = {digest_of(number) for number in range(OBJECTS) if is_referred_to(number)}
    with context.database.read() as connection:
        assert set(connection.execute(select(takes.c.artifact)).scalars()) == wanted
    conditions = context.artifacts.conditions(wanted)
    assert {sha256 for sha256, condition in conditions.items() if condition is not Condition.WHOLE} == set()
    assert context.artifacts.sizes(wanted).keys() == wanted
    assert [one for one in context.artifacts.listing() if one.sha256 not in wanted or one.is_spare] == []
    report(kills, sweeps)
    context.close()


def race(environ: Mapping[str, str], folder: Path) -> int:
    """Let writers and collectors run, killing and replacing one after the other, until all is written. Returns the kills."""
    chance, kills = random.Random(4711), 0  # noqa: S311 - a test's order
    writers = {number: start(write, environ, number, folder / f"writer-{number}") for number in range(WRITERS)}
    collectors = [start(collect, environ) for _ in range(COLLECTORS)]
    until = time.monotonic() + _PATIENCE_S
    try:
        while any(writer.exitcode != 0 for writer in writers.values()):
            assert time.monotonic() < until
            time.sleep(chance.uniform(0.2, 1.5))
            assert all(writer.exitcode in {None, 0, -signal.SIGKILL} for writer in writers.values())
            assert all(collector.exitcode is None for collector in collectors)
            running = [number for number, writer in writers.items() if writer.exitcode is None]
            if kills < KILLS and running:
                kills += 1
                if kills % 3 == 0:
                    collectors[0] = replaced(collectors[0], collect, environ)
                else:
                    number = chance.choice(running)
                    writers[number] = replaced(writers[number], write, environ, number, folder / f"writer-{number}")
    finally:
        for process in (*writers.values(), *collectors):
            process.kill()
            process.join()
    return kills


def replaced(victim: ForkServerProcess, function: Callable[..., None], *arguments: object) -> ForkServerProcess:
    """Kill a process, and start its successor once it is dead."""
    victim.kill()
    victim.join()
    return start(function, *arguments)


def report(kills: int, sweeps: list[GarbageDocument]) -> None:
    """Print the figures that are quoted."""
    removed = [sweep["removed"] for sweep in sweeps]
    print(f"{OBJECTS} objects, {WRITERS} writers, {COLLECTORS} collectors, {kills} kills; last two sweeps: {removed}")  # noqa: T201
