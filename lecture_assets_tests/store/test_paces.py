"""How fast vendors are called: moments are given out once, 429 slows all down, a vendor that is gone is left alone."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lecture_assets.store import paces
from lecture_assets.store.database import Database
from lecture_assets.store.paces import BREAKS_AFTER, BURST_S, Claim
from lecture_assets_tests.project import ROOT, THOROUGH
from lecture_assets_tests.providers.openai_stand_in import KEY, OpenAIStandIn

SECONDS = 60.0 if THOROUGH else 8.0
PER_SECOND = 20.0
CALLER = """
import json, sys, time, urllib.error, urllib.request
from lecture_assets.store import paces
from lecture_assets.store.database import Database

database, url, key, until = Database(sys.argv[1]), sys.argv[2], sys.argv[3], float(sys.argv[4])
claims = [paces.Claim("openai request", int(sys.argv[5]), 1)]
body = json.dumps({"model": "m", "input": "x", "voice": "v"}).encode()
while time.time() < until:
    with database.write() as connection:
        start = paces.claim(connection, claims, time.time())
    time.sleep(max(0.0, start - time.time()))
    request = urllib.request.Request(url, body, {"Authorization": f"Bearer {key}", "Content-Type": "application/json"})
    try:
        urllib.request.urlopen(request).read()
    except urllib.error.HTTPError as error:
        with database.write() as connection:
            paces.slow_down(connection, claims, time.time(), float(error.headers["Retry-After"]))
"""


def starts(database: Database, number: int, claim: Claim, now: float) -> list[float]:
    found = []
    for _ in range(number):
        with database.write() as connection:
            found.append(paces.claim(connection, [claim], now))
    return found


def test_moments_are_given_out_evenly_after_what_was_saved(database: Database) -> None:
    found = starts(database, 10, Claim("a request", 60, 1), 1000.0)
    assert found == [1000.0] * 4 + [1001.0, 1002.0, 1003.0, 1004.0, 1005.0, 1006.0]
    assert BURST_S == 3.0


def test_a_large_request_takes_as_many_moments_as_it_needs(database: Database) -> None:
    assert starts(database, 3, Claim("a token", 600, 100), 1000.0) == [1000.0, 1007.0, 1017.0]


def test_of_several_limits_the_latest_moment_counts(database: Database) -> None:
    starts(database, 9, Claim("a request", 60, 1), 1000.0)
    with database.write() as connection:
        start = paces.claim(connection, [Claim("a request", 60, 1), Claim("a token", 60_000, 1)], 1000.0)
    assert start == 1006.0


def test_a_refusal_slows_all_down_once_and_a_quiet_hour_forgives(database: Database) -> None:
    claim = Claim("a request", 60, 1)
    starts(database, 1, claim, 1000.0)
    for _ in range(5):
        with database.write() as connection:
            paces.slow_down(connection, [claim], 1000.0, 10.0)
    first, second, third = starts(database, 3, claim, 1000.0)
    assert first == 1010.0
    assert [second - first, third - second] == pytest.approx([60 / 45] * 2)
    later = starts(database, 6, claim, 5000.0)
    assert later[-1] - later[-2] == pytest.approx(1.0)


def test_a_vendor_that_is_gone_is_left_alone_and_one_looks_whether_it_is_back(database: Database) -> None:
    def opens(now: float) -> float:
        with database.write() as connection:
            return paces.opens_at(connection, "openai", now)

    def note(now: float, *, answered: bool) -> None:
        with database.write() as connection:
            paces.note(connection, "openai", now, answered=answered)

    for number in range(BREAKS_AFTER):
        assert opens(1000.0 + number) == 1000.0 + number
        note(1000.0 + number, answered=False)
    assert 1004.5 < opens(1004.0) < 1006.0
    assert opens(1010.0) == 1010.0  # the one that looks
    assert opens(1010.0) == 1015.0  # the others
    note(1011.0, answered=False)
    assert 1012.0 < opens(1011.0) < 1014.0
    note(1020.0, answered=True)
    assert opens(1020.0) == opens(1020.0) == 1020.0


@pytest.mark.slow
@pytest.mark.parametrize("told", [1.0, 2.0], ids=["the vendor's rate", "twice the vendor's rate"])
def test_four_processes_use_what_is_allowed_and_are_hardly_ever_refused(database: Database, tmp_path: Path, told: float) -> None:
    """Where they are told of twice what the vendor allows, they come down by its refusals."""
    with OpenAIStandIn() as vendor:
        vendor.per_second["speech"] = PER_SECOND
        until = time.time() + SECONDS
        url = database.engine.url.render_as_string(hide_password=False)
        arguments = [url, f"{vendor.url}/v1/audio/speech", KEY, str(until), str(round(PER_SECOND * 60 * told))]
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        running = [subprocess.Popen([sys.executable, "-c", CALLER, *arguments], env=environ, cwd=tmp_path) for _ in range(4)]
        assert [process.wait() for process in running] == [0] * 4
        answered = [(at, status) for at, status in vendor.answered if status in {200, 429}]
    served = sum(status == 200 for _, status in answered)
    elapsed = answered[-1][0] - answered[0][0]
    if told == 1.0:
        assert served == len(answered)
        assert served >= 0.95 * PER_SECOND * elapsed
    else:
        assert served >= 0.5 * PER_SECOND * elapsed
        assert len(answered) - served < 0.2 * len(answered)
