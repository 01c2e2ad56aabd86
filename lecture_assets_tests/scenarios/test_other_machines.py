"""A reply that comes only once outlives its machine: the next machine has the database and S3, and none of the other's files."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Connection, select, update

from lecture_assets.briefs.brief import Models
from lecture_assets.ports import FailureKind, NoLookupError, ProviderError
from lecture_assets.providers.catalogue import read_catalogue
from lecture_assets.providers.openai.adapter import OpenAIProvider
from lecture_assets.providers.reply_cache import ReplyCache
from lecture_assets.runner.lectures import Lectures
from lecture_assets.runner.setup.kept_replies import KeptReplies
from lecture_assets.store import ledger_queries
from lecture_assets.store.database import Database
from lecture_assets.store.reachable import reachable
from lecture_assets.store.schema import calls, requests
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.providers.openai_stand_in import OpenAIStandIn
from lecture_assets_tests.providers.replicate_stand_in import ReplicateStandIn
from lecture_assets_tests.providers.test_reply_cache import CALL, parts
from lecture_assets_tests.runner.conftest import BRIEF, LECTURE
from lecture_assets_tests.scenarios.vendor_stand_ins import Vendors
from lecture_assets_tests.servers.postgres import free_port
from lecture_assets_tests.store.engines import new_database
from lecture_assets_tests.store.s3_media import media_in, new_bucket, s3_environ

pytestmark = pytest.mark.slow
KILLED = """
import os, signal, sys
from lecture_assets.providers.openai.adapter import OpenAIProvider
from lecture_assets.runner.lectures import Lectures

role, submit = sys.argv[2], OpenAIProvider.submit

async def submit_and_die(self, call):
    await submit(self, call)
    if call.role == role:
        os.kill(os.getpid(), signal.SIGKILL)

OpenAIProvider.submit = submit_and_die
with Lectures.open(os.environ) as lectures:
    lectures.regenerate(sys.argv[1])
"""
MODELS = Models(image="openai:gpt-image-1-mini")
SOLD = {"text": 5, "speech": 2, "image": 2, "music": 1}


@dataclass
class Machines:
    """Machines with folders of their own, on one database and one place of S3."""

    folder: Path
    vendors: Vendors
    database: URL
    media: str

    def environ(self, name: str) -> dict[str, str]:
        """The environment of a machine."""
        return {
            **os.environ,
            **self.vendors.environ(self.folder / name),
            "LECTURES_DATABASE_URL": self.database.render_as_string(hide_password=False),
            "LECTURES_ARTIFACTS": self.media,
            "LECTURES_AMBIGUOUS_WAIT": "1",
            "LECTURES_LIMITS": '{"openai": 1, "replicate": 1}',  # calls whose replies have not come yet die with their machine
        }

    def die(self, role: str) -> None:
        """Make the lecture on the first machine, which dies with the first reply of this role in its hands."""
        command = [sys.executable, "-c", KILLED, LECTURE, role]
        done = subprocess.run(command, env=self.environ("first"), capture_output=True, text=True, check=False)
        assert done.returncode == -signal.SIGKILL, done.stderr
        with Lectures.open(self.environ("second")) as lectures, lectures.context.database.write() as connection:
            connection.execute(update(requests).values(lease_until=0.0))  # as if the dead one's lease had ended

    def finish(self) -> list[dict[str, Any]]:
        """Make it on the second machine; the ledger's rows."""
        with Lectures.open(self.environ("second")) as lectures:
            report: Any = lectures.regenerate(LECTURE)
            assert report["failed"] == []
            with lectures.context.database.read() as connection:
                return [dict(row) for row in ledger_queries.entries(connection)]


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    with s3_environ(), OpenAIStandIn(stores=False) as openai, ReplicateStandIn(polls=0) as replicate:
        place = str(new_bucket().place)
        machines = Machines(tmp_path, Vendors(openai, replicate), new_database("postgresql", tmp_path), place)
        with Lectures.open(machines.environ("first")) as lectures:
            lectures.create(BRIEF.model_copy(update={"models": MODELS}), LECTURE)
        yield machines


@pytest.mark.parametrize("role", ["text", "speech", "image"] if THOROUGH else ["speech"])
def test_a_reply_that_a_dead_machine_received_is_used_by_the_next_one(machines: Machines, role: str) -> None:
    machines.die(role)
    rows = machines.finish()
    assert dict(machines.vendors.sold()) == SOLD
    assert {(row["state"], row["attempts"], row["uncertain"]) for row in rows} == {("done", 1, 0)}


@pytest.mark.thorough("two more machines")
def test_a_kept_reply_is_no_garbage_until_its_call_is_settled(machines: Machines) -> None:
    machines.die("speech")

    def kept(connection: Connection) -> set[str]:
        return {found["sha256"] for found in connection.execute(select(calls.c.kept_reply)).scalars() if found}

    with Lectures.open(machines.environ("third")) as lectures, lectures.context.database.read() as connection:
        assert kept(connection)
        assert kept(connection) <= reachable(connection)
    machines.finish()
    with Lectures.open(machines.environ("third")) as lectures, lectures.context.database.read() as connection:
        assert kept(connection) == set()


def test_a_reply_that_s3_does_not_take_is_used_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{free_port()}")
    database = Database(new_database("sqlite", tmp_path))
    media = media_in(new_bucket(patience_s=0.1), tmp_path, database=database)
    cache = ReplyCache(tmp_path / "inbox", KeptReplies(database, media))
    call = replace(CALL, delayed=lambda _seconds, why: told.append(why))
    assert asyncio.run(cache.keep(call, parts(1000), {"id": "x"})).path.stat().st_size == 1000
    assert told[0].startswith("only this machine has the reply: ")
    found = asyncio.run(cache.find(call))
    assert found
    assert found.about["id"] == "x"


@pytest.mark.parametrize("ask", ["find", "collect"])
def test_a_call_whose_reply_cannot_be_looked_for_just_now_is_neither_lost_nor_paid_for(tmp_path: Path, ask: str) -> None:
    database = Database(f"postgresql://somebody@127.0.0.1:{free_port()}/db", busy_s=0.0)
    media = media_in(new_bucket(patience_s=0.1), tmp_path, database=Database(new_database("sqlite", tmp_path)))

    async def asked() -> None:
        vendor = OpenAIProvider(tmp_path, read_catalogue({}), "sk-standin", replies=KeptReplies(database, media))
        call = replace(CALL, model="gpt-4o-mini-tts")
        try:
            await (vendor.find(call) if ask == "find" else vendor.collect("req_1", call))
        finally:
            await vendor.close()

    with pytest.raises(ProviderError, match="cannot be read now") as raised:
        asyncio.run(asked())
    assert not isinstance(raised.value, NoLookupError)
    assert (raised.value.kind, raised.value.sent, raised.value.cost_usd_micros) == (FailureKind.RETRYABLE, False, 0)
