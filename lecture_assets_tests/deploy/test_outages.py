"""The services of the compose file while their database goes away, S3 answers with errors and the code server is restarted.

For five minutes, lectures are edited, and Dagster's sensor starts the runs. At the end everything is made, nothing was bought
twice, no edit is lost, and store, Dagster and ledger agree.
"""

import json
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from lecture_assets_tests.processes import run_command
from lecture_assets_tests.servers.compose import Deployment, deployment
from lecture_assets_tests.servers.postgres import PostgresServer, stoppable_postgres_server
from lecture_assets_tests.servers.s3 import s3_server
from lecture_assets_tests.store.s3_faults import BURSTS, OK, FaultyProxy, faulty_proxy

pytestmark = [pytest.mark.slow, pytest.mark.thorough("ten minutes of work and outages")]
BRIEF = "prompt: Explain the {id}\nduration: 6\nsegment_length: 3\naspect_ratio: '1:1'\n"
LECTURES = ("rain", "snow", "hail")
WORK_S, AWAY_S, BETWEEN_S, FINISH_S = 300.0, 2.0, (5.0, 40.0), 300.0


@dataclass
class Outages:
    """What goes wrong meanwhile, until `over`."""

    postgres: PostgresServer
    deployed: Deployment
    over: threading.Event = field(default_factory=threading.Event)
    counts: Counter[str] = field(default_factory=Counter)

    def happen(self) -> None:
        dice = random.Random(1)  # noqa: S311 - a test's dice
        while not self.over.wait(dice.uniform(*BETWEEN_S)):
            self.counts["database"] += 1
            self.postgres.stop(dice.choice([signal.SIGINT, signal.SIGQUIT]))
            time.sleep(AWAY_S)
            self.postgres.start()
            if self.counts["database"] % 4 == 0:
                self.counts["code server"] += 1
                self.deployed.services["code"].end()
                self.deployed.services["code"].start()


@dataclass(frozen=True)
class Site:
    """The services, what goes wrong, and the books of the vendor that they share."""

    deployed: Deployment
    outages: Outages
    proxy: FaultyProxy
    journal: Path

    def command(self, *words: str) -> Any:
        """The document of a command with the environment of the services."""
        done = run_command(*words, "--json", environ=self.deployed.environ, cwd=self.deployed.folder)
        assert done.returncode == 0, f"{words}: {done.stderr}"
        return json.loads(done.stdout)

    def bought(self) -> list[str]:
        """The keys of the calls that the vendor accepted."""
        return [entry["key"] for entry in self._bill()]

    def billed(self) -> int:
        """What they cost, in micro-dollars."""
        return sum(entry["cost_usd_micros"] for entry in self._bill())

    def _bill(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.journal.read_text().splitlines()]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with ExitStack() as running:
        postgres, s3 = running.enter_context(stoppable_postgres_server()), running.enter_context(s3_server())
        url, proxy = running.enter_context(faulty_proxy(s3["AWS_ENDPOINT_URL_S3"], (OK,) * 60 + BURSTS))
        journal = "/var/lib/lectures/journal.jsonl"  # it becomes a file of the test
        given = {"LECTURES_PROVIDERS": "simulated", "LECTURES_SIM_JOURNAL": journal, "AWS_ENDPOINT_URL_S3": url}
        deployed = running.enter_context(deployment(tmp_path, postgres.url, {**s3, **given}, **given))
        deployed.start()
        yield Site(deployed, Outages(postgres, deployed), proxy, Path(deployed.environ["LECTURES_SIM_JOURNAL"]))


def test_everything_finishes_and_nothing_is_bought_twice_or_lost(site: Site) -> None:
    for lecture in LECTURES:
        (site.deployed.folder / f"{lecture}.yaml").write_text(BRIEF.format(id=lecture))
        site.command("create", f"{lecture}.yaml", "--id", lecture)
    weather = threading.Thread(target=site.outages.happen)
    weather.start()
    dice, edits, ends = random.Random(2), Counter[str](), time.monotonic() + WORK_S  # noqa: S311 - a test's dice
    try:
        while time.monotonic() < ends:
            lecture = dice.choice(LECTURES)
            edits[lecture] += 1
            site.command("edit", lecture, f"text content:narration-text:segment[{edits[lecture] % 2}]=Drops, {edits[lecture]}.")
            time.sleep(dice.uniform(0, 10))
    finally:
        site.outages.over.set()
        weather.join()
    deadline = time.monotonic() + FINISH_S
    while not all(is_made(site, lecture) for lecture in LECTURES):
        assert time.monotonic() < deadline, {lecture: site.command("status", lecture) for lecture in LECTURES}
        time.sleep(2)
    while not (agreed := site.command("doctor"))["ok"]:
        assert time.monotonic() < deadline, agreed
        time.sleep(5)
    bought, spent = Counter(site.bought()), site.command("costs")["spent_usd_micros"]
    print(f"{edits.total()} edits, {len(bought)} calls, {spent} micro-dollars, {dict(site.outages.counts)}, {site.proxy.faults}")  # noqa: T201 - the figures that are quoted
    assert bought.most_common(1)[0][1] == 1
    assert spent == site.billed()
    for lecture in LECTURES:
        assert site.command("status", lecture)["version"] == 1 + edits[lecture]


def is_made(site: Site, lecture: str) -> bool:
    return {node["status"] for node in site.command("status", lecture)["nodes"]} <= {"fresh", "idle"}
