"""`lectures serve` in processes of their own, workers that carry out what is queued, and a proxy that cuts connections."""

import asyncio
import json
import os
import random
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from lecture_assets.cli.entry import main
from lecture_assets.graph.errors import LectureError
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.regenerate.scope import Scope
from lecture_assets_tests import processes
from lecture_assets_tests.api.serving import open_lectures
from lecture_assets_tests.defs.dev_server import until
from lecture_assets_tests.defs.host.http_request import ask
from lecture_assets_tests.servers.homes import home_environ
from lecture_assets_tests.servers.postgres import free_port

_LOOK_S = 0.02


@dataclass
class ServeProcess:
    """`lectures serve` on a port that stays the same however often it is killed and started again."""

    environ: Mapping[str, str]
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/graphql"

    def start(self) -> None:
        """Start it, and return once it is ready."""
        self._process = processes.start(_serve, {"PATH": "", **self.environ}, self.port)
        until(self._is_ready)

    def _is_ready(self) -> bool:
        assert self._process.exitcode is None, f"it ended with {self._process.exitcode}"
        with suppress(OSError):
            return ask(self.port, "GET", "/lectures/ready").status == 200
        return False

    def kill(self) -> None:
        """SIGKILL."""
        self._process.kill()
        self._process.join()

    def answer(self, query: str, /, **variables: object) -> dict[str, object]:
        """The data that an operation is answered with."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        found = json.loads(ask(self.port, "POST", "/graphql", {"Content-Type": "application/json"}, body).body)
        assert "errors" not in found, found
        return dict(found["data"])


def _serve(environ: Mapping[str, str], port: int) -> None:
    os.environ.clear()
    os.environ.update(environ)
    sys.argv = ["lectures", "serve", "--port", str(port)]
    main()


@contextmanager
def serve_process(environ: Mapping[str, str]) -> Iterator[ServeProcess]:
    """Run one. environ: names the home."""
    process = ServeProcess(environ)
    process.start()
    try:
        yield process
    finally:
        process.kill()


@contextmanager
def working(lectures: Lectures) -> Iterator[None]:
    """Carry out what is queued, as a worker does, in a thread of this process."""
    is_over = threading.Event()

    def work() -> None:
        while not is_over.wait(_LOOK_S):
            for row in lectures.all():
                if row["request"] == "queued":
                    with suppress(LectureError):  # it was deleted or taken over meanwhile
                        lectures.regenerate(row["lecture"], Scope(as_queued=True))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


@contextmanager
def home_of(folder: Path, engine: str) -> Iterator[tuple[Lectures, Mapping[str, str]]]:
    """Lectures of a new home whose vendor takes no time, and what names the home for other processes."""
    with open_lectures(folder / "home", engine) as lectures:
        url = lectures.context.database.url.render_as_string(hide_password=False)
        yield lectures, home_environ(folder / "home", LECTURES_DATABASE_URL=url)


class CuttingProxy:
    """Passes bytes on to a server, and cuts connections after a random number of bytes of answers.

    left: cuts that are still to be made; afterwards connections live as long as they like
    """

    def __init__(self, port: int, cuts: int, seed: int, most_bytes: int = 1500) -> None:
        """most_bytes: after how many of them a connection is cut at the latest."""
        self.left, self._port, self._most = cuts, port, most_bytes
        self._random = random.Random(seed)  # noqa: S311 - reproducible
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> str:
        """Listen; the URL of the endpoint."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/graphql"

    async def __aexit__(self, *_of_error: object) -> None:
        """Cut whatever is open."""
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with suppress(OSError):
                await self._pass_on(reader, writer)
        finally:
            writer.transport.abort()
            self._tasks.discard(task)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._port)
        asking = asyncio.create_task(_pipe(reader, there_writer))
        try:
            rest = self._random.randrange(1, self._most) if self.left > 0 else None
            while chunk := await there_reader.read(4096 if rest is None else min(rest, 4096)):
                writer.write(chunk)
                await writer.drain()
                if rest is not None:
                    rest -= len(chunk)
                    if not rest:
                        self.left -= 1
                        return
        finally:
            asking.cancel()
            there_writer.transport.abort()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await reader.read(4096):
            writer.write(chunk)
            await writer.drain()
