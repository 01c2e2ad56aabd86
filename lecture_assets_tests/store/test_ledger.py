"""The call ledger, move by move. What any order of moves may lead to is in `test_ledger_machine.py`."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection

from lecture_assets.graph.fingerprint import Json
from lecture_assets.store import lectures, ledger, ledger_queries, requests
from lecture_assets.store.database import Database
from lecture_assets.store.lectures import Revision
from lecture_assets.store.ledger import Decision, Intent, State
from lecture_assets.store.requests import Claim, Lease
from lecture_assets_tests.store.conftest import LECTURE, SETTINGS, new_head

ERROR: dict[str, Json] = {"kind": "retryable", "code": "503", "message": "busy"}


def claim(connection: Connection, now: float = 100.0, lecture: str = LECTURE) -> Lease:
    lease = requests.claim(connection, lecture, Claim("worker", now, now + 15, "nobody's/"))
    assert isinstance(lease, Lease)
    return lease


def intent_of(lease: Lease, attempt: str = "a1", call_key: str = "f1") -> Intent:
    return Intent("default", call_key, attempt, "asset:music", "music", "simulated:x/y", {"prompt": "p"}, 500, lease)


def row(connection: Connection) -> Any:
    [found] = ledger_queries.entries(connection, with_documents=True)
    return found


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.write() as connection:
        lectures.create(connection, new_head("wasps"), now=2.0)
        yield connection


@pytest.fixture
def intent(connection: Connection) -> Intent:
    """An intent that is in the ledger, under a live lease."""
    intent = intent_of(claim(connection))
    assert ledger.intend(connection, intent, 100.0).decision is Decision.BUY
    return intent


@pytest.fixture
def bought(connection: Connection, intent: Intent) -> Intent:
    """A call that is done."""
    ledger.sent(connection, intent, "id1")
    ledger.done(connection, intent, {"sha256": "x"}, 400, 101.0)
    return intent


def test_what_is_new_is_to_be_bought_and_its_money_is_reserved(connection: Connection, intent: Intent) -> None:
    found = row(connection)
    assert (found["state"], found["reserved_usd_micros"], found["cost_usd_micros"]) == (State.INTENT, 500, 0)
    assert found["request"] == intent.request
    assert ledger.authorize_send(connection, intent, 1, 100.0)


def test_what_is_bought_is_a_hit_for_every_lecture_of_the_workspace(connection: Connection, bought: Intent) -> None:
    other = intent_of(claim(connection, lecture="wasps"), "a2")
    entry = ledger.intend(connection, other, 102.0)
    assert (entry.decision, entry.reply, entry.cost_usd_micros) == (Decision.HIT, {"sha256": "x"}, 400)
    assert not ledger.authorize_send(connection, bought, 1, 102.0)
    assert not ledger.authorize_send(connection, other, 1, 102.0)


def test_another_workspace_buys_for_itself(connection: Connection, bought: Intent) -> None:
    theirs = replace(intent_of(bought.lease, "a2"), workspace="theirs")
    assert ledger.intend(connection, theirs, 102.0).decision is Decision.BUY
    assert {entry["workspace"] for entry in ledger_queries.entries(connection)} == {"default", "theirs"}
    assert len(ledger_queries.entries(connection, workspace="theirs")) == 1


def test_what_somebody_alive_is_buying_is_waited_for(connection: Connection, intent: Intent) -> None:
    other = intent_of(claim(connection, lecture="wasps"), "a2")
    assert ledger.intend(connection, other, 114.0).decision is Decision.WAIT
    assert ledger.authorize_send(connection, intent, 1, 114.0)
    assert not ledger.authorize_send(connection, other, 1, 114.0)


def test_an_intent_left_behind_is_looked_up_and_an_accepted_call_collected(connection: Connection, intent: Intent) -> None:
    heir = intent_of(claim(connection, 200.0), "a2")
    entry = ledger.intend(connection, heir, 200.0)
    assert (entry.decision, entry.attempt) == (Decision.FIND, intent.attempt)
    ledger.sent(connection, replace(heir, attempt=entry.attempt), "id1")
    last = intent_of(claim(connection, 300.0), "a3")
    entry = ledger.intend(connection, last, 300.0)
    assert (entry.decision, entry.attempt, entry.provider_id) == (Decision.COLLECT, intent.attempt, "id1")


@pytest.mark.parametrize("change", ["head", "lease", "fence", "attempt", "taken over", "sent", "failed", "withdrawn"])
def test_nothing_is_sent_once_the_last_look_finds_a_change(connection: Connection, intent: Intent, change: str) -> None:
    asked, now = intent, 101.0
    match change:
        case "head":
            lectures.append(connection, LECTURE, Revision(2, SETTINGS, ()), now=1.0, queued_at=1.0)
        case "lease":
            now = 115.0
        case "fence":
            claim(connection, 115.0)
            now = 116.0
        case "attempt":
            asked = replace(intent, attempt="a2")
        case "taken over":
            ledger.intend(connection, intent_of(claim(connection, 200.0), "a2"), 200.0)
            now = 201.0
        case "sent":
            ledger.sent(connection, intent, "id1")
        case "failed":
            ledger.fail(connection, intent, ERROR, 0, 101.0)
        case _:
            ledger.withdraw(connection, intent)
    assert not ledger.authorize_send(connection, asked, 1, now)


def test_a_lecture_that_wakes_up_does_not_send_what_another_with_an_equal_fence_took_over(
    connection: Connection, intent: Intent
) -> None:
    other = intent_of(claim(connection, 120.0, lecture="wasps"), "a2")
    entry = ledger.intend(connection, other, 120.0)
    assert (entry.decision, other.lease.fence) == (Decision.FIND, intent.lease.fence)
    assert requests.renew(connection, intent.lease, 150.0)
    assert ledger.authorize_send(connection, replace(other, attempt=entry.attempt), 1, 121.0)
    assert not ledger.authorize_send(connection, intent, 1, 121.0)


def test_a_withdrawn_intent_leaves_no_trace_and_may_be_bought_by_another(connection: Connection, intent: Intent) -> None:
    ledger.withdraw(connection, intent)
    assert ledger_queries.entries(connection) == []
    assert ledger.intend(connection, replace(intent, attempt="a2"), 102.0).decision is Decision.BUY


def test_an_intent_that_another_took_over_or_that_was_sent_is_not_withdrawn(connection: Connection, intent: Intent) -> None:
    heir = intent_of(claim(connection, 200.0))
    ledger.intend(connection, heir, 200.0)
    ledger.withdraw(connection, intent)
    assert row(connection)["state"] == State.INTENT
    ledger.sent(connection, heir, "id1")
    ledger.withdraw(connection, heir)
    assert row(connection)["state"] == State.SUBMITTED


def test_an_attempt_withdrawn_after_an_earlier_one_was_paid_keeps_what_that_one_cost(
    connection: Connection, bought: Intent
) -> None:
    ledger.forget_reply(connection, "default", "f1", bought.attempt)
    again = replace(bought, attempt="a2")
    assert ledger.intend(connection, again, 102.0).decision is Decision.BUY
    ledger.withdraw(connection, again)
    found = row(connection)
    assert (found["state"], found["attempts"], found["cost_usd_micros"]) == (State.FAILED, 1, 400)


def test_a_late_sent_of_the_same_fact_changes_nothing(connection: Connection, bought: Intent) -> None:
    before = dict(row(connection))
    ledger.sent(connection, bought, "id1")
    ledger.sent(connection, bought, "id2")
    assert dict(row(connection)) == before


def test_a_late_sent_does_not_undo_what_is_done(connection: Connection, intent: Intent) -> None:
    ledger.done(connection, intent, {"sha256": "x"}, 400, 101.0)
    ledger.sent(connection, intent, "id1")
    assert row(connection)["state"] == State.DONE


def test_sent_of_an_attempt_that_another_replaced_says_nothing(connection: Connection, intent: Intent) -> None:
    ledger.fail(connection, intent, ERROR, 0, 101.0)
    ledger.intend(connection, replace(intent, attempt="a2"), 102.0)
    ledger.sent(connection, intent, "id1")
    assert row(connection)["provider_id"] is None


def test_what_is_done_stays_as_it_is(connection: Connection, bought: Intent) -> None:
    before = dict(row(connection))
    ledger.done(connection, bought, {"sha256": "y"}, 999, 200.0)
    ledger.done(connection, replace(bought, attempt="a2"), {"sha256": "y"}, 999, 200.0)
    ledger.fail(connection, bought, ERROR, 999, 200.0)
    ledger.withdraw(connection, bought)
    assert dict(row(connection)) == before


def test_a_failed_call_is_tried_again_and_what_it_cost_is_added_up(connection: Connection, intent: Intent) -> None:
    ledger.fail(connection, intent, ERROR, 30, 101.0)
    assert row(connection)["error"] == ERROR
    again = replace(intent, attempt="a2")
    entry = ledger.intend(connection, again, 102.0)
    assert (entry.decision, entry.attempts) == (Decision.BUY, 2)
    ledger.sent(connection, again, "id2")
    ledger.done(connection, again, "words", 400, 103.0)
    found = row(connection)
    assert (found["cost_usd_micros"], found["error"], found["reply"]) == (430, None, "words")
    assert ledger.intend(connection, replace(intent, attempt="a3"), 104.0).cost_usd_micros == 400
    assert ledger.reuse(connection, "default", "f1") == 400


def test_the_failure_of_an_attempt_that_another_took_over_says_nothing(connection: Connection, intent: Intent) -> None:
    ledger.intend(connection, intent_of(claim(connection, 200.0), "a2"), 200.0)
    ledger.fail(connection, intent, ERROR, 0, 201.0)
    assert row(connection)["state"] == State.INTENT


def test_a_reply_that_arrives_after_its_attempt_was_taken_over_is_kept(connection: Connection, intent: Intent) -> None:
    ledger.sent(connection, intent, "id1")
    ledger.intend(connection, intent_of(claim(connection, 200.0), "a2"), 200.0)
    ledger.done(connection, intent, "words", 400, 201.0)
    assert (row(connection)["state"], row(connection)["reply"]) == (State.DONE, "words")


def test_bytes_that_are_gone_may_be_bought_again_and_both_purchases_are_in_the_books(
    connection: Connection, bought: Intent
) -> None:
    ledger.forget_reply(connection, "default", "f1", "another attempt")
    assert row(connection)["state"] == State.DONE
    ledger.forget_reply(connection, "default", "f1", bought.attempt)
    assert ledger_queries.owned(connection, "default", ["f1"]) == {}
    again = replace(bought, attempt="a2")
    assert ledger.intend(connection, again, 102.0).decision is Decision.BUY
    ledger.sent(connection, again, "id2")
    ledger.done(connection, again, {"sha256": "x"}, 500, 103.0)
    assert row(connection)["cost_usd_micros"] == 900


def test_each_reuse_of_a_call_adds_what_it_saved(connection: Connection, bought: Intent) -> None:
    assert [ledger.reuse(connection, "default", bought.call_key) for _ in range(3)] == [400] * 3
    assert row(connection)["saved_usd_micros"] == 1200
    assert ledger.reuse(connection, "default", "unknown") == 0


def test_only_whole_calls_of_the_workspace_are_owned(connection: Connection, bought: Intent) -> None:
    ledger.intend(connection, intent_of(bought.lease, "a2", "f2"), 102.0)
    assert ledger_queries.owned(connection, "default", ["f1", "f2", "f3"]).keys() == {"f1"}
    assert ledger_queries.owned(connection, "theirs", ["f1"]) == ledger_queries.owned(connection, "default", []) == {}


def test_nodes_with_a_call_out_are_those_of_live_workers(connection: Connection, intent: Intent) -> None:
    assert ledger_queries.underway(connection, LECTURE, 101.0) == {"asset:music"}
    ledger.sent(connection, intent, "id1")
    assert ledger_queries.underway(connection, LECTURE, 101.0) == {"asset:music"}
    assert ledger_queries.underway(connection, "wasps", 101.0) == ledger_queries.underway(connection, LECTURE, 115.0) == set()
    ledger.done(connection, intent, "words", 1, 102.0)
    assert ledger_queries.underway(connection, LECTURE, 102.0) == set()


def test_the_calls_of_a_lecture_are_listed_the_oldest_first(connection: Connection, intent: Intent) -> None:
    ledger.intend(connection, intent_of(intent.lease, "a0", "f0"), 99.0)
    ledger.intend(connection, intent_of(claim(connection, lecture="wasps"), "a2", "f2"), 98.0)
    assert [entry["call_key"] for entry in ledger_queries.entries(connection, lecture=LECTURE)] == ["f0", "f1"]
    assert [entry["call_key"] for entry in ledger_queries.entries(connection)] == ["f2", "f0", "f1"]


def test_a_request_and_a_reply_are_kept_as_they_are_whatever_characters_they_hold(connection: Connection) -> None:
    strange: Json = {"prompt": "a null \0, half a pair \ud83d, a bee \N{HONEYBEE}"}
    intent = replace(intent_of(claim(connection)), request=strange)
    assert ledger.intend(connection, intent, 100.0).decision is Decision.BUY
    ledger.sent(connection, intent, "id \0")
    ledger.done(connection, intent, strange, 400, 101.0)
    found = row(connection)
    assert (found["request"], found["reply"], found["provider_id"]) == (strange, strange, "id \ufffd")


def test_all_that_is_read_of_a_lectures_ledger_is_json(connection: Connection, bought: Intent) -> None:
    [found] = ledger_queries.entries(connection, with_documents=True, lecture=LECTURE)
    assert json.loads(json.dumps(dict(found))) == {**found}
    assert found["cost_usd_micros"] == 400
    assert bought.attempt == found["attempt"]
