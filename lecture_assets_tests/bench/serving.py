"""What a product's page asks of `lectures serve`, by one client and by twenty at once, of 10,000 lectures in PostgreSQL.

There is a copy of the server for each core. A client asks again as soon as it is answered, about a lecture chosen at random.
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
from pathlib import Path

from rich.table import Table
from sqlalchemy import URL

from lecture_assets_tests.bench.many_lectures import make_first, multiply, opened
from lecture_assets_tests.servers.postgres import execute, free_port, postgres_server

_MANY = int(os.environ.get("LECTURES_BENCH_LECTURES", "10000"))
_SIZE = (9, 3)
"""Segments, and images of each: 152 nodes, of which a page asks for 100."""
_CLIENTS, _ALONE, _EACH = 20, 100, 30
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
_LECTURES = "query List { lectures(first: 50) { items { id title version createdAt } pageInfo { hasNextPage endCursor } } }"
ACTS: Mapping[str, str] = {"a lecture's page": _LECTURE, "a page of 50 lectures": _LECTURES}


def table() -> Table:
    """Milliseconds of each act: the median alone, the 95th percentile of twenty clients, and their ratio."""
    copies = os.cpu_count() or 1
    title = f"{_CLIENTS} clients, {_MANY:,} lectures in PostgreSQL, {copies} copies of the server"
    report = Table("act", "alone: median ms", f"{_CLIENTS} clients: median", "95 of 100", "ratio", "kB", title=title)
    with (
        postgres_server(in_memory=False, shared_buffers="2GB", max_wal_size="8GB") as server,
        tempfile.TemporaryDirectory() as folder,
    ):
        execute(server, "CREATE DATABASE many")
        url = server.set(database="many")
        with opened(url, folder) as lectures:
            make_first(lectures, *_SIZE)
        multiply(url, 1, _MANY)
        with _copies(url, Path(folder) / "home", copies) as ports:
            for act, text in ACTS.items():
                _ask(ports[0], text, 20, 0)
                alone, size = _ask(ports[0], text, _ALONE, 1)
                with ThreadPoolExecutor(_CLIENTS) as clients:
                    asked = [clients.submit(_ask, ports[place % copies], text, _EACH, place) for place in range(_CLIENTS)]
                beside = [seconds for one in asked for seconds in one.result()[0]]
                most = statistics.quantiles(beside, n=20)[-1]
                median = statistics.median(alone)
                figures = [median * 1000, statistics.median(beside) * 1000, most * 1000]
                report.add_row(act, *(f"{figure:.1f}" for figure in figures), f"{most / median:.1f}", f"{size / 1000:.0f}")
    return report


@contextmanager
def _copies(url: URL, home: Path, number: int) -> Iterator[Sequence[int]]:
    """Copies of the server; their ports."""
    environ = {
        **os.environ,
        "LECTURES_HOME": str(home),
        "LECTURES_DATABASE_URL": url.render_as_string(hide_password=False),
    }
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


def _ask(port: int, text: str, times: int, seed: int) -> tuple[list[float], int]:
    """Ask so many times, one after the other; how long each took, in seconds, and the bytes of the last answer."""
    dice = random.Random(seed)  # noqa: S311 - a benchmark's dice
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)
    found: list[float] = []
    body = b""
    for _ in range(times):
        variables = {"id": f"l{dice.randrange(_MANY)}"} if "$id" in text else {}
        start = time.perf_counter()
        asked = json.dumps({"query": text, "variables": variables})
        connection.request("POST", "/graphql", asked, {"Content-Type": "application/json"})
        body = connection.getresponse().read()
        found.append(time.perf_counter() - start)
        assert b'"errors"' not in body, body[:500]
        assert body[:30].count(b"null") == 0, body[:500]
    return found, len(body)
