"""An orderly end is no crash: at the first interrupt what was sent comes in, also where its vendor could not be asked for it.

Speech and pictures are a stand-in's for OpenAI, which answers slowly and only once; it keeps the bill.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from lecture_assets.defs.doctor import examine
from lecture_assets.runner.calls.settling import left_calls, settle_left_calls
from lecture_assets.runner.lectures import Lectures
from lecture_assets.store import ledger_queries
from lecture_assets.store.schema import calls, charges
from lecture_assets_tests.defs.dagster_home import brief, environment, open_dagster_home
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.providers.openai_stand_in import OpenAIStandIn
from lecture_assets_tests.providers.replicate_stand_in import ReplicateStandIn
from lecture_assets_tests.scenarios.vendor_stand_ins import Vendors
from lecture_assets_tests.servers.homes import copy_home, instance_environ

LECTURE = "rain"
SEEDS = range(100 if THOROUGH else 1)
HOWS = ("INT", "TERM", "cancel")
IMAGES = "openai:gpt-image-1-mini"


@dataclass
class Shop:
    """Vendors that take their time, a prepared home to copy, and a program that interrupts runs."""

    folder: Path
    vendors: Vendors
    program: "subprocess.Popen[str]"
    sold: Counter[str]
    spent: int
    seconds: float
    words: list[str] = field(default_factory=list)

    def environ(self, home: Path) -> dict[str, str]:
        fast = {"LECTURES_CATALOGUE": str(self.folder / "fast.toml"), "LECTURES_AMBIGUOUS_WAIT": "0"}
        return {**os.environ, **self.vendors.environ(home), **instance_environ(home), **fast}

    def home(self, name: str) -> Path:
        copy_home(self.folder / "home", self.folder / name)
        return self.folder / name

    def run(self, home: Path, how: str, after: float = 1e6, again: float | None = None) -> dict[str, Any]:
        asked = {"home": str(home), "how": how, "after": after, "again": again, "environ": self.environ(home)}
        assert self.program.stdin
        assert self.program.stdout
        self.program.stdin.write(json.dumps(asked) + "\n")
        self.program.stdin.flush()
        answer: dict[str, Any] = json.loads(self.program.stdout.readline())
        return answer


@contextmanager
def fast_catalogue(folder: Path) -> Iterator[None]:
    """The vendor's pictures, as many a minute as one likes."""
    listing = files("lecture_assets.providers").joinpath("models.toml").read_text("utf-8")
    entry = next(part for part in listing.split("[[model]]") if f'"{IMAGES}"' in part)
    (folder / "fast.toml").write_text(f"[[model]]{entry.replace('requests_per_minute = 5 ', 'requests_per_minute = 5000 ')}")
    yield


def books(environ: dict[str, str]) -> list[Any]:
    with Lectures.open(environ) as lectures, lectures.context.database.read() as connection:
        return list(ledger_queries.entries(connection))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("shop")
    command = [sys.executable, "-m", "lecture_assets_tests.scenarios.interrupts"]
    with (
        OpenAIStandIn() as openai,
        ReplicateStandIn(polls=1) as replicate,
        fast_catalogue(folder),
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program,
    ):
        vendors = Vendors(openai, replicate)
        openai.takes_s = 0.25
        shop = Shop(folder, vendors, program, Counter(), 0, 0.0)
        written = brief(2, 1, models={"image": IMAGES})
        with open_dagster_home(folder / "home", written, shop.environ(folder / "home")):
            pass
        whole = shop.run(home := shop.home("whole"), "INT")
        assert whole["code"] == 0, whole["words"]
        shop.sold, shop.seconds = vendors.sold(), whole["took"]
        shop.spent = sum(row["cost_usd_micros"] for row in books(shop.environ(home)))
        yield shop
        assert program.stdin
        program.stdin.close()


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_out_at_an_interrupt_comes_in_and_nothing_is_bought_twice(shop: Shop, seed: int) -> None:
    """Whatever the moment: one interrupt, then the same command again. The ledger is the vendors' bill."""
    dice = random.Random(seed)  # noqa: S311 - a test's dice
    how, home, before = HOWS[seed % len(HOWS)], shop.home(f"home-{seed}"), shop.vendors.sold()
    stopped_before = shop.vendors.stopped()
    ended = shop.run(home, how, dice.uniform(0.1, 1.1) * shop.seconds + (1.0 if how == "cancel" else 0.0))
    assert ended["code"] in {"INT": {130, 0}, "TERM": {143, 0}, "cancel": {0}}[how], ended["words"]
    shop.words.append(ended["words"])
    assert "nothing is bought twice" not in ended["words"]
    assert "Traceback" not in ended["words"] or how == "cancel"
    again = shop.run(home, "INT")
    assert again["code"] == 0, again["words"]
    rows = books(shop.environ(home))
    stopped = shop.vendors.stopped() - stopped_before
    assert not stopped or how == "cancel"
    assert shop.vendors.sold() - before == shop.sold + stopped
    assert {(row["state"], row["uncertain"]) for row in rows} == {("done", 0)}
    assert sum(row["attempts"] for row in rows) == len(rows) + stopped.total()
    assert sum(row["cost_usd_micros"] for row in rows) == shop.spent


@pytest.mark.slow
@pytest.mark.thorough("three moments may all fall beside a call")
def test_many_of_the_interrupts_came_while_calls_were_out(shop: Shop) -> None:
    assert sum("stopping: no new calls" in words for words in shop.words) >= len(SEEDS) // 5


@pytest.mark.slow
def test_a_second_interrupt_gives_up_what_is_out_and_says_so(shop: Shop) -> None:
    home = shop.home("given-up")
    shop.vendors.openai.takes_s = 3.0
    ended = shop.run(home, "INT", shop.seconds * 0.5, again=0.5)
    shop.vendors.openai.takes_s = 0.0
    assert ended["code"] == 130
    assert "stopping: no new calls; waiting up to" in ended["words"]
    assert "s for 1 call in flight (1 at openai); press Ctrl-C or cancel again to abandon it" in ended["words"]
    assert "abandoned 1 call in flight (1 at openai), which may still be charged" in ended["words"]
    assert shop.run(home, "INT")["code"] == 0


@pytest.mark.thorough("a shop of processes takes five seconds of CPU; `test_kills.py` kills at each step")
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_what_a_kill_left_behind_is_booked_by_whoever_comes_next_though_nobody_wants_it(shop: Shop, seed: int) -> None:
    """Killed while calls are out, then other words; next comes another lecture's run, that of the edited one, or a doctor."""
    dice = random.Random(1000 + seed)  # noqa: S311 - a test's dice
    home, before, texts_before = shop.home(f"killed-{seed}"), shop.vendors.sold(), shop.vendors.texts_usd_micros()
    assert shop.run(home, "KILL", dice.uniform(0.4, 0.9) * shop.seconds)["code"] in {-9, 0}
    environ = shop.environ(home)
    with environment(**environ), Lectures.open(environ) as lectures:
        lectures.edit(LECTURE, ["set language=de", "set image_style=ink drawing", "set audience=children"])
        if seed % 3 == 2:
            examine(lectures.context, environ, print, repairs=True)
        elif seed % 3:
            lectures.create(brief(1, 1, models={"image": IMAGES}).model_copy(update={"prompt": "Explain snow."}), "snow")
            lectures.regenerate("snow")
        else:
            lectures.regenerate(LECTURE)
        deadline = time.monotonic() + 60
        while left_calls(lectures.context) and time.monotonic() < deadline:
            settle_left_calls(lectures.context)  # a vendor has some seconds to know a call that was just sent
        with lectures.context.database.read() as connection:
            rows = list(ledger_queries.entries(connection))
            paid = select(calls.c.role).join(charges, on_call()).where(charges.c.cost_usd_micros > 0)
            charged = Counter(connection.execute(paid).scalars())
    assert {row["state"] for row in rows} <= {"done", "failed"}
    uncertain, sold = [row for row in rows if row["uncertain"]], shop.vendors.sold() - before
    assert charged - Counter(row["role"] for row in uncertain) <= sold <= charged  # an uncertain one may never have left
    assert sum(row["cost_usd_micros"] for row in rows if row["role"] == "text") == shop.vendors.texts_usd_micros() - texts_before
    assert all(row["cost_usd_micros"] == row["reserved_usd_micros"] for row in uncertain)


def on_call() -> Any:
    return (calls.c.workspace == charges.c.workspace) & (calls.c.call_key == charges.c.call_key)
