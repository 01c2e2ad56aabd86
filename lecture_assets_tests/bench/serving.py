"""What a product's page asks of `lectures serve`, by one client and by twenty, of 10,000 lectures in PostgreSQL; a long timeline.

There is a copy of the server for each core. Each client asks about lectures chosen at random, in two ways:

- as pages do that look again: it is answered, waits for half a second to one and a half, and asks again. What it waits for an
  answer then says how long the service takes beside others
- without a pause: twenty clients then keep all cores busy, so that each waits for the nineteen others, divided by the number of
  cores. That says how much the machine can do, and the ratio would be ten on two cores however quick the service was

`LECTURES_BENCH_LECTURES` replaces the 10,000.
"""

import http.client
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from rich.table import Table
from sqlalchemy import URL

from lecture_assets.runner.lectures import Lectures
from lecture_assets_tests.bench.lectures import brief
from lecture_assets_tests.bench.many_lectures import make_first, multiply, opened
from lecture_assets_tests.servers.postgres import execute, free_port, postgres_server

_MANY = int(os.environ.get("LECTURES_BENCH_LECTURES", "10000"))
_SIZE = (9, 3)
"""Segments, and images of each: 152 nodes, of which a page asks for 100."""
_CLIENTS, _ALONE, _EACH = 20, 100, 30
_PAUSE_S = (0.5, 1.5)
_LONG, _LONGEST = "l0", (99, 4)
_PATIENCE_S = 60.0
_LECTURE = """query Page($id: ID!) { lecture(id: $id) {
  id version title createdAt
  nodes(first: 100) { total items { id kind status segment image role pinned take version madeBy madeAt costUsdMicros } }
  timeline { fps width height durationInFrames title { text startFrame durationInFrames }
    segments { slot position startFrame durationInFrames effect
      layers { type startFrame durationInFrames media { sha256 mediaType }
        motion { from { scalePermille xPermille yPermille } to { scalePermille xPermille yPermille } } }
      narration { type startFrame durationInFrames media { sha256 mediaType } } captions { text startMs endMs } }
    music { type durationInFrames media { sha256 } } }
  costs { spentUsdMicros estimatedUsdMicros savedUsdMicros } } }"""
_TIMELINE = f"/api/lectures/{_LONG}/timeline"
_LECTURES = "query List { lectures(first: 50) { items { id title version createdAt } pageInfo { hasNextPage endCursor } } }"
ACTS: Mapping[str, str] = {"a lecture's page": _LECTURE, "a page of 50 lectures": _LECTURES}


def table() -> Table:
    """Milliseconds of each act, of one client and of twenty: the median, the 95th percentile, its ratio to the median of one."""
    copies = os.cpu_count() or 1
    title = f"{_CLIENTS} clients, {_MANY:,} lectures in PostgreSQL, {copies} copies of the server: milliseconds"
    report = Table("act", "clients", "median", "95 of 100", "95 of 100 / alone", "kB", title=title)
    with (
        postgres_server(in_memory=False, shared_buffers="2GB", max_wal_size="8GB") as server,
        tempfile.TemporaryDirectory() as folder,
    ):
        execute(server, "CREATE DATABASE many")
        url = server.set(database="many")
        with opened(url, folder) as lectures:
            make_first(lectures, *_SIZE)
        multiply(url, 1, _MANY)
        with serving_copies(Path(folder) / "home", copies, url) as ports:
            for act, text in ACTS.items():
                _ask(ports[0], text, 20, 0)
                alone, size = _ask(ports[0], text, _ALONE, 1)
                report.add_row(act, "1", *_figures(alone, alone), f"{size / 1000:.0f}")
                for how, pause_s in {"that look again": _PAUSE_S, "without a pause": None}.items():
                    with ThreadPoolExecutor(_CLIENTS) as clients:
                        ask = partial(_ask, text=text, times=_EACH, pause_s=pause_s)
                        asked = [clients.submit(ask, ports[n % copies], seed=n) for n in range(_CLIENTS)]
                    beside = [seconds for one in asked for seconds in one.result()[0]]
                    report.add_row("", f"{_CLIENTS} {how}", *_figures(beside, alone), "")
    return report


def timeline() -> Table:
    """Milliseconds in which one client gets the timeline of the longest lecture, on either engine."""
    title = f"GET of the timeline of {_LONGEST[0]} × {_LONGEST[1]}: milliseconds"
    report = Table("database", "median", "95 of 100", "kB", title=title)
    with postgres_server() as server:
        execute(server, "CREATE DATABASE long")
        for name, url in {"SQLite": None, "PostgreSQL": server.set(database="long")}.items():
            with tempfile.TemporaryDirectory() as folder:
                home = Path(folder) / "home"
                with Lectures.open({**_environ(home, url), "LECTURES_SIM_LATENCY": "0"}) as lectures:
                    lectures.create(brief(*_LONGEST), _LONG)
                    assert not lectures.regenerate(_LONG)["failed"]
                with serving_copies(home, 1, url) as (port,):
                    _get(port, 5)
                    found, size = _get(port, _ALONE)
                report.add_row(name, *_figures(found, found)[:2], f"{size / 1000:.0f}")
    return report


def _figures(found: Sequence[float], alone: Sequence[float]) -> tuple[str, str, str]:
    most, median = statistics.quantiles(found, n=20)[-1], statistics.median(found)
    return f"{median * 1000:.1f}", f"{most * 1000:.1f}", f"{most / statistics.median(alone):.1f}"


def _environ(home: Path, url: URL | None) -> dict[str, str]:
    database = {"LECTURES_DATABASE_URL": url.render_as_string(hide_password=False)} if url else {}
    return {"LECTURES_HOME": str(home), **database}


@contextmanager
def serving_copies(home: Path, number: int, url: URL | None = None) -> Iterator[Sequence[int]]:
    """Copies of the server; their ports. url: of the database, if it is not the home's own."""
    environ = {**os.environ, **_environ(home, url)}
    ports = [free_port() for _ in range(number)]
    with ExitStack() as running:
        for port in ports:
            command = [sys.executable, "-m", "lecture_assets.cli", "serve", "--port", str(port)]
            process = running.enter_context(subprocess.Popen(command, env=environ))
            running.callback(process.terminate)
        for port in ports:
            _await(port)
        yield ports


def _await(port: int) -> None:
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            http.client.HTTPConnection("127.0.0.1", port).request("GET", "/lectures/ready")
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.1)
        else:
            return


def _ask(port: int, text: str, times: int, seed: int, pause_s: tuple[float, float] | None = None) -> tuple[list[float], int]:
    """Ask so many times; how long each took, in seconds, and the bytes of the last answer. pause_s: before each, from to."""
    dice = random.Random(seed)  # noqa: S311 - a benchmark's dice
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)
    found: list[float] = []
    body = b""
    for _ in range(times):
        if pause_s:
            time.sleep(dice.uniform(*pause_s))
        variables = {"id": f"l{dice.randrange(_MANY)}"} if "$id" in text else {}
        start = time.perf_counter()
        asked = json.dumps({"query": text, "variables": variables})
        connection.request("POST", "/graphql", asked, {"Content-Type": "application/json"})
        body = connection.getresponse().read()
        found.append(time.perf_counter() - start)
        assert b'"errors"' not in body, body[:500]
        assert body[:30].count(b"null") == 0, body[:500]
    return found, len(body)


def _get(port: int, times: int) -> tuple[list[float], int]:
    """Get the timeline so many times; as `_ask`."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)
    found: list[float] = []
    body = b""
    for _ in range(times):
        start = time.perf_counter()
        connection.request("GET", _TIMELINE)
        answer = connection.getresponse()
        body = answer.read()
        found.append(time.perf_counter() - start)
        assert answer.status == http.HTTPStatus.OK, body[:500]
    return found, len(body)
