"""How fast vendors are called: one turn after the other, fair between workspaces; refusals slow all down; a dead vendor rests."""

import heapq
import itertools
import json
import sys
import time
import urllib.error
import urllib.request
from multiprocessing.context import ForkServerProcess

import pytest

from lecture_assets.providers.rate_headers import allowances
from lecture_assets.store import rate_limits
from lecture_assets.store.database import Database
from lecture_assets.store.fair_queue import QueueTicket
from lecture_assets.store.rate_limits import BREAKS_AFTER, BURST_S, LOOK_S, BucketUse, Remaining, SendDecision
from lecture_assets_tests.processes import start
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.providers.openai_stand_in import KEY, OpenAIStandIn

SECONDS = 60.0 if THOROUGH else 8.0
CALLS = 20 if THOROUGH else 8
PER_SECOND = 20.0


def call_away(worker: str, database_url: str, url: str, until: float, per_minute: int) -> None:
    """A process that calls as fast as it may."""
    database, claims = Database(database_url), [BucketUse("openai request", per_minute, 1)]
    body = json.dumps({"model": "m", "input": "x", "voice": "v"}).encode()
    while time.time() < until:
        with database.write() as connection:
            turn = rate_limits.request_permit(
                connection, "openai", claims, QueueTicket(worker, worker, interactive=False), time.time()
            )
        if not turn.is_now:
            time.sleep(max(0.0, turn.at - time.time()))
            continue
        request = urllib.request.Request(url, body, {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"})  # noqa: S310 - loopback
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310 - the same
                said = answer.headers
        except urllib.error.HTTPError as error:
            said = error.headers
            with database.write() as connection:
                rate_limits.slow_down(connection, claims, time.time(), float(said["Retry-After"]))
        left = [Remaining("openai request", s.per_minute, s.left, s.next_s) for s in allowances(said) if s.unit == "request"]
        with database.write() as connection:
            rate_limits.apply_vendor_limits(connection, left, time.time())


def ask(database: Database, claims: list[BucketUse], now: float, who: str | QueueTicket = "w") -> SendDecision:
    standing = who if isinstance(who, QueueTicket) else QueueTicket(who, who, interactive=False)
    with database.write() as connection:
        return rate_limits.request_permit(connection, "openai", claims, standing, now)


def sent(database: Database, number: int, claims: list[BucketUse], now: float) -> list[float]:
    """When so many calls of one worker are sent that come one after the other, each when it was told to."""
    found = list[float]()
    while len(found) < number:
        turn = ask(database, claims, now)
        if turn.is_now:
            found.append(now)
        assert turn.at <= now + LOOK_S
        now = turn.at
    return found


def test_turns_are_given_out_evenly_after_what_was_saved(database: Database) -> None:
    found = sent(database, 10, [BucketUse("a request", 60, 1)], 1000.0)
    assert found == [1000.0] * 4 + [1001.0, 1002.0, 1003.0, 1004.0, 1005.0, 1006.0]
    assert BURST_S == 3.0


def test_a_large_request_takes_as_much_time_as_it_needs(database: Database) -> None:
    assert sent(database, 3, [BucketUse("a token", 600, 100)], 1000.0) == [1000.0, 1007.0, 1017.0]


def test_of_several_limits_the_latest_counts(database: Database) -> None:
    claims = [BucketUse("a request", 60, 1), BucketUse("a token", 60_000, 1)]
    assert sent(database, 6, claims, 1000.0)[-1] == 1002.0


@pytest.mark.slow
def test_what_a_call_took_instead_is_made_up_for(database: Database) -> None:
    claim = BucketUse("a token", 600, 10)
    assert sent(database, 4, [claim], 1000.0) == [1000.0] * 4
    with database.write() as connection:
        rate_limits.reconcile_usage(connection, claim, 110, 1000.0)
    assert sent(database, 1, [claim], 1000.0) == [1011.0]


def test_what_the_vendor_says_counts_where_it_is_less(database: Database) -> None:
    claim = BucketUse("a request", 60, 1)
    sent(database, 4, [claim], 1000.0)
    for said in (Remaining("a request", 30, 12, 1.0), Remaining("a request", 600, 12, 1.0), Remaining("a request", None, 0, 9.0)):
        with database.write() as connection:
            rate_limits.apply_vendor_limits(connection, [said], 1000.0)
        first, second = sent(database, 2, [claim], 1000.0)
        assert (second - first, first) == {
            30: (2.0, 1001.0),
            600: (1.0, 1005.0),
            None: (1.0, 1009.0),
        }[said.per_minute]


def test_a_refusal_slows_all_down_once_and_a_quiet_hour_forgives(database: Database) -> None:
    claim = BucketUse("a request", 60, 1)
    sent(database, 1, [claim], 1000.0)
    for _ in range(5):
        with database.write() as connection:
            rate_limits.slow_down(connection, [claim], 1000.0, 10.0)
    first, second, third = sent(database, 3, [claim], 1000.0)
    assert first == 1010.0
    assert [second - first, third - second] == pytest.approx([60 / 45] * 2, rel=0.02)
    later = sent(database, 6, [claim], 5000.0)
    assert later[-1] - later[-2] == pytest.approx(1.0)


@pytest.mark.slow
def test_a_pace_that_was_slowed_down_far_is_no_debt_for_hours(database: Database) -> None:
    claim = BucketUse("a token", 50_000, 100)
    for number in range(30):
        now = 1000.0 + 2 * number
        sent(database, 1, [claim], now)
        with database.write() as connection:
            rate_limits.slow_down(connection, [claim], now, 1.0)
    started = sent(database, 1, [BucketUse("a token", 50_000, 5_000)], 2000.0)[0]
    assert sent(database, 1, [claim], started)[0] - started <= 120.0


@pytest.mark.slow
def test_a_limit_below_the_size_of_one_call_is_a_limit_all_the_same(database: Database) -> None:
    claim = BucketUse("a token", 100, 1_000)
    first = sent(database, 1, [claim], 1000.0)[0]
    with database.write() as connection:
        rate_limits.reconcile_usage(connection, claim, 300, first)
    assert sent(database, 1, [claim], first)[0] - first == pytest.approx(180.0 - BURST_S)


def test_a_pause_that_the_vendor_asked_for_is_not_shortened_by_what_a_call_did_not_take(database: Database) -> None:
    claim = BucketUse("a token", 60_000, 1_000)
    sent(database, 1, [claim], 1000.0)
    with database.write() as connection:
        rate_limits.slow_down(connection, [claim], 1000.0, 20.0)
        rate_limits.reconcile_usage(connection, claim, 0, 1000.0)
    assert sent(database, 1, [claim], 1001.0) == [1020.0]


def test_a_worker_that_does_not_come_again_loses_its_turn(database: Database) -> None:
    claims = [BucketUse("a request", 60, 1)]
    sent(database, 4, claims, 1000.0)
    assert ask(database, claims, 1000.0, "dead").at == 1001.0
    assert ask(database, claims, 1000.0, "next").at == 1002.0
    assert ask(database, claims, 1002.0, "next").at > 1002.0
    assert ask(database, claims, 1002.1, "next").at == 1002.1


def test_who_leaves_makes_room_at_once(database: Database) -> None:
    claims = [BucketUse("a request", 60, 1)]
    sent(database, 4, claims, 1000.0)
    ask(database, claims, 1000.0, "leaves")
    assert ask(database, claims, 1000.0, "next").at == 1002.0
    with database.write() as connection:
        rate_limits.stop_waiting(connection, "leaves")
    assert ask(database, claims, 1001.0, "next").at == 1001.0


@pytest.mark.thorough("thousands of tickets; the test after it has a few")
@pytest.mark.parametrize("url", ["sqlite", "postgres"] if THOROUGH else ["postgres"], indirect=True)
@pytest.mark.slow
def test_a_flood_of_edits_leaves_the_bulk_work_of_others_a_quarter(database: Database) -> None:
    claims = [BucketUse("a request", 600, 1)]
    waiting = [QueueTicket(f"edit {n}", "A", interactive=True) for n in range(5)]
    waiting += [QueueTicket(f"bulk {n}", "A", interactive=False) for n in range(5)]
    waiting += [QueueTicket("other", "B", interactive=False)]
    served, now = list[str](), 1000.0
    while len(served) < 100:
        now += 0.05
        served += [who.worker.split()[0] for who in waiting if ask(database, claims, now, who).is_now]
    assert [served[20:].count(who) for who in ("edit", "bulk", "other")] == pytest.approx([40, 20, 20], abs=3)


def test_edits_go_before_bulk_work_and_workspaces_take_turns(database: Database) -> None:
    claims = [BucketUse("a request", 60, 1)]
    sent(database, 4, claims, 1000.0)
    waiting = [QueueTicket(f"bulk {number}", "A", interactive=False) for number in (1, 2, 3)]
    waiting += [QueueTicket("other", "B", interactive=False), QueueTicket("edit", "A", interactive=True)]
    for who in waiting:
        ask(database, claims, 1000.0, who)
    order, now = list[str](), 1000.5
    while len(order) < len(waiting):
        now += 0.5
        for who in waiting:
            if who.worker not in order and ask(database, claims, now, who).is_now:
                order.append(who.worker)
    assert order == ["edit", "bulk 1", "other", "bulk 2", "bulk 3"]


@pytest.mark.thorough("ten thousand tickets; the test before has a few")
@pytest.mark.parametrize("url", ["sqlite", "postgres"] if THOROUGH else ["postgres"], indirect=True)
@pytest.mark.slow
@pytest.mark.parametrize(
    "who", [QueueTicket("b", "B", interactive=False), *([QueueTicket("b", "A", interactive=True)] if THOROUGH else [])]
)
def test_ten_thousand_queued_calls_of_a_workspace_do_not_make_another_wait(database: Database, who: QueueTicket) -> None:
    """On a clock of its own: 40 workers with 250 calls each, and one whose calls come every three seconds or so. 20 a second."""
    claims = [BucketUse("a request", 1200, 1)]

    def waits(others: int, start: float) -> tuple[list[float], int]:
        events = [(start, number, QueueTicket(f"a{number}", "A", interactive=False), 0.0) for number in range(others)]
        ticket = itertools.count(len(events))
        events += [(start + 2.9 * number, next(ticket), who, start + 2.9 * number) for number in range(CALLS)]
        heapq.heapify(events)
        left, waited, looks = dict.fromkeys((standing.worker for *_, standing, _ in events), 250), list[float](), 0
        while len(waited) < CALLS:
            now, _, standing, since = heapq.heappop(events)
            turn, looks = ask(database, claims, now, standing), looks + 1
            if not turn.is_now:
                heapq.heappush(events, (turn.at, next(ticket), standing, since))
            elif standing == who:
                waited.append(now - since)
            elif left[standing.worker]:
                left[standing.worker] -= 1
                heapq.heappush(events, (now, next(ticket), standing, now))
        return waited, looks

    alone, _ = waits(0, 1000.0)
    together, looks = waits(40, 2000.0)
    assert max(alone) == 0.0
    assert sorted(together)[CALLS * 18 // 20] <= 2 / 20  # two turns; a call alone takes longer than that
    assert looks < 3 * CALLS * 20 * 4


def test_a_vendor_that_is_gone_is_left_alone_and_one_looks_whether_it_is_back(database: Database) -> None:
    claims = [BucketUse("a request", 6000, 1)]

    def note(now: float, *, answered: bool, began: float | None = None) -> int:
        with database.write() as connection:
            return rate_limits.record_health(connection, "openai", now, began=now if began is None else began, answered=answered)

    for number in range(BREAKS_AFTER):
        assert ask(database, claims, 1000.0 + number).at == 1000.0 + number
        assert note(1000.0 + number, answered=False) == number + 1
    left_alone = ask(database, claims, 1002.0)
    assert 1002.7 < left_alone.at < 1003.3
    assert left_alone.failures == BREAKS_AFTER
    assert ask(database, claims, 1010.0, "probe").at == 1010.0
    assert ask(database, claims, 1010.0, "other").at == 1015.0
    assert ask(database, claims, 1010.0, "other").is_probed
    note(1011.0, answered=False)
    assert note(1030.0, began=1001.0, answered=False) == BREAKS_AFTER + 1  # it was out before that
    assert not ask(database, claims, 1011.0).is_probed
    assert 1012.0 < ask(database, claims, 1011.0).at < 1014.0
    note(1040.0, answered=False)
    assert note(5000.0, answered=False) == BREAKS_AFTER  # the others are an old story
    note(5020.0, answered=True)
    assert ask(database, claims, 5020.0, "probe").is_now
    assert ask(database, claims, 5020.0, "other").is_now


def note(measured: str) -> None:
    """For whoever runs this with -s."""
    sys.stdout.write(f"{measured}\n")


def callers(vendor: OpenAIStandIn, database: Database, seconds: float, told: float) -> list[ForkServerProcess]:
    """Four processes that call as fast as they may, told of so many times the vendor's rate."""
    mine, theirs = database.engine.url.render_as_string(hide_password=False), f"{vendor.url}/v1/audio/speech"
    until, per_minute = time.time() + seconds, round(PER_SECOND * 60 * told)
    return [start(call_away, f"worker {number}", mine, theirs, until, per_minute) for number in range(4)]


def exit_codes(running: list[ForkServerProcess]) -> list[int | None]:
    for process in running:
        process.join()
    return [process.exitcode for process in running]


@pytest.mark.parametrize("url", ["sqlite", "postgres"] if THOROUGH else ["postgres"], indirect=True)
@pytest.mark.slow
@pytest.mark.parametrize("told", [1.0, *([2.0] if THOROUGH else [])])
def test_four_processes_use_what_is_allowed_and_are_hardly_ever_refused(database: Database, told: float) -> None:
    """Where they are told of twice what the vendor allows, they come down by its refusals: this one says nothing else."""
    with OpenAIStandIn() as vendor:
        vendor.per_second["speech"], vendor.says_limits = PER_SECOND, False
        running = callers(vendor, database, SECONDS, told)
        assert exit_codes(running) == [0] * 4
        answered = [(at, status) for _, at, status in vendor.answered if status in {200, 429}]
    served = sum(status == 200 for _, status in answered)
    elapsed = answered[-1][0] - answered[0][0]
    note(f"{served} served of {len(answered)} in {elapsed:.1f} s: {served / elapsed / PER_SECOND:.1%} of the rate")
    if told == 1.0:
        assert len(answered) - served <= 0.001 * len(answered)
        assert served >= (0.95 if THOROUGH else 0.5) * PER_SECOND * elapsed  # beside other tests the machine is late itself
    else:
        assert served >= 0.5 * PER_SECOND * elapsed
        assert len(answered) - served < 0.2 * len(answered)


@pytest.mark.thorough("eleven seconds of four processes")
@pytest.mark.parametrize("url", ["sqlite", "postgres"] if THOROUGH else ["postgres"], indirect=True)
@pytest.mark.slow
@pytest.mark.parametrize("how", ["says so", *(["only refuses"] if THOROUGH else [])])
def test_a_limit_that_the_server_halves_is_kept_to_within_five_seconds(database: Database, how: str) -> None:
    says = how == "says so"
    lasts = 24.0 if THOROUGH else 11.0
    with OpenAIStandIn() as vendor:
        vendor.per_second["speech"], vendor.says_limits = PER_SECOND, says
        running = callers(vendor, database, lasts, 1.0)
        time.sleep(4.0)
        halved_at = time.monotonic()
        vendor.per_second["speech"] = PER_SECOND / 2
        vendor.allowance["speech"] = (0.0, halved_at)
        assert exit_codes(running) == [0] * 4
        late = [status for _, at, status in vendor.answered if at > halved_at + 5.0 and status in {200, 429}]
        last = vendor.answered[-1][1]
    rate = late.count(200) / (last - halved_at - 5.0)
    note(f"{late.count(429)} refused of {len(late)}; {rate:.1f} a second of {PER_SECOND / 2}")
    assert late.count(429) <= 0.05 * len(late)
    assert rate >= (0.9 if says and THOROUGH else 0.6) * PER_SECOND / 2


@pytest.mark.thorough("eight seconds of four processes")
@pytest.mark.parametrize("url", ["sqlite", "postgres"] if THOROUGH else ["postgres"], indirect=True)
@pytest.mark.slow
def test_a_killed_processs_share_is_back_within_ten_seconds(database: Database) -> None:
    with OpenAIStandIn() as vendor:
        vendor.per_second["speech"] = PER_SECOND
        running = callers(vendor, database, SECONDS + 3.0, 1.0)
        time.sleep(2.0)
        for process in running[:2]:
            process.kill()
        killed_at = time.monotonic()
        assert exit_codes(running) == [-9, -9, 0, 0]
        times = [at for _, at, status in vendor.answered if status == 200]
    gaps = [(later - earlier, earlier) for earlier, later in itertools.pairwise(times) if later > killed_at]
    after = [at for at in times if at > killed_at + 4.0]
    rate = (len(after) - 1) / (after[-1] - after[0])
    note(f"the longest gap {max(gaps)[0]:.2f} s; {rate / PER_SECOND:.1%} of the rate from 4 s after the kill")
    assert max(gaps)[0] < 3.0
    assert rate >= (0.95 if THOROUGH else 0.5) * PER_SECOND
