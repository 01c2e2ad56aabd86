"""Regenerations are queued, held to plans and ceilings, narrowed, joined and withdrawn."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from lecture_assets.graph.errors import RefusedError
from lecture_assets.ports import Call
from lecture_assets.runner.regenerate.scope import Scope
from lecture_assets.store import requests
from lecture_assets.store.regeneration_scopes import AskedScope, scope_of
from lecture_assets.store.requests import Claim, Lease
from lecture_assets_tests.api.serving import ServedApi
from lecture_assets_tests.project import THOROUGH
from lecture_assets_tests.runner.conftest import SmallLecture, small_lecture  # noqa: F401 - a fixture

pytestmark = pytest.mark.slow
REGENERATE = """mutation($id: ID = "rain", $token: String, $scope: RegenerationScopeInput, $most: UsdMicros) {
  regenerateLecture(id: $id, planToken: $token, scope: $scope, maxCostUsdMicros: $most) { __typename
    ... on RegenerationQueued { regeneration plan { nodeCount token } lecture { progress { regeneration } } }
    ... on PlanChanged { known added removed changed highBeforeUsdMicros newPlan { token nodeCount } }
    ... on CeilingReached { ceiling allowedUsdMicros committedUsdMicros missingUsdMicros }
    ... on InvalidEdit { faults { where } } ... on Problem { code message } } }"""
PLAN = '{ lecture(id: "rain") { plan { ... on LecturePlan { token highUsdMicros lowUsdMicros nodeCount } } } }'
AS_QUEUED = Scope(as_queued=True)
IMAGE = "asset:image:segment[0]:image[0]"


MANY = 200 if THOROUGH else 30


def ask(served: ServedApi, **variables: Any) -> dict[str, Any]:
    found: dict[str, Any] = served.data(REGENERATE, **variables)["regenerateLecture"]
    return found


def plan(served: ServedApi) -> dict[str, Any]:
    found: dict[str, Any] = served.execute(PLAN)["lecture"]["plan"]
    return found


def asked(served: ServedApi, name: str = "rain") -> AskedScope:
    with served.lectures.context.database.read() as connection:
        return scope_of(connection, served.lectures.context.key_of(connection, name))


def test_what_is_queued_is_made_by_a_worker_and_then_there_is_nothing_to_do(served_by_either: ServedApi) -> None:
    served = served_by_either
    served.create()
    token = plan(served)["token"]
    queued = ask(served, token=token)
    assert (queued["regeneration"], queued["plan"]["token"]) == ("QUEUED", token)
    assert queued["lecture"]["progress"]["regeneration"] == "QUEUED"
    assert not served.lectures.regenerate("rain", AS_QUEUED)["failed"]
    done = ask(served)
    assert (done["regeneration"], done["plan"]["nodeCount"]) == ("NONE", 0)


def test_a_plan_that_is_no_longer_that_one_is_told_with_its_difference(served: ServedApi) -> None:
    served.create()
    before = plan(served)
    served.lectures.edit("rain", ["segments add"])
    changed = ask(served, token=before["token"])
    assert (changed["__typename"], changed["known"]) == ("PlanChanged", True)
    assert changed["highBeforeUsdMicros"] == before["highUsdMicros"]
    assert "llm:segment-script:segment[2]" in changed["added"]
    assert changed["newPlan"]["token"] == plan(served)["token"]
    unknown = ask(served, token="0" * 32)
    assert (unknown["known"], unknown["added"], unknown["highBeforeUsdMicros"]) == (False, [], None)


def test_a_price_above_what_is_allowed_names_the_sum_that_is_missing(tmp_path: Any) -> None:
    from lecture_assets_tests.api.serving import serving  # noqa: PLC0415 - another server than the fixture's

    with serving(tmp_path / "home", LECTURES_CEILINGS='{"lecture": 0.001}') as served:
        served.create()
        price = plan(served)
        refused = ask(served, most=price["highUsdMicros"] - 7)
        assert (refused["ceiling"], refused["missingUsdMicros"]) == ("REQUEST", 7)
        refused = ask(served)
        assert (refused["ceiling"], refused["allowedUsdMicros"], refused["committedUsdMicros"]) == ("LECTURE", 1000, 0)
        assert refused["missingUsdMicros"] == price["lowUsdMicros"] - 1000


@pytest.mark.parametrize("given", [{"scope": {}}, {"scope": {"nodes": []}}, {"scope": {"segment": None}}, {"most": -1}])
def test_an_empty_part_is_not_the_whole_lecture(served: ServedApi, given: dict[str, Any]) -> None:
    served.create()
    where = "scope" if "scope" in given else "maxCostUsdMicros"
    answer = ask(served, **given)
    assert (answer["__typename"], answer["faults"]) == ("InvalidEdit", [{"where": where}])
    assert served.lectures.all()[0]["request"] == "none"


@pytest.mark.parametrize("scope", [{"nodes": ["nothing"]}, {"segment": 9}, {"nodes": ["asset:video:segment[0]"]}])
def test_a_part_that_the_lecture_does_not_have_is_told(served: ServedApi, scope: dict[str, Any]) -> None:
    served.create()
    answer = ask(served, scope=scope)
    assert (answer["__typename"], answer["faults"]) == ("InvalidEdit", [{"where": "segment" if "segment" in scope else "only"}])


def test_a_part_is_made_alone_and_leaves_nothing_queued(served_by_either: ServedApi) -> None:
    served = served_by_either
    served.create()
    assert ask(served, scope={"nodes": [IMAGE]})["regeneration"] == "QUEUED"
    report = served.lectures.regenerate("rain", AS_QUEUED)
    assert IMAGE in report["made"]
    assert "asset:music" not in report["made"]
    assert served.lectures.all()[0]["request"] == "none"
    assert asked(served).is_whole


def test_an_edit_and_a_wider_request_make_everything_of_a_part_that_is_queued(served: ServedApi) -> None:
    served.create()
    ask(served, scope={"nodes": [IMAGE]}, most=10**9)
    assert asked(served) == AskedScope((IMAGE,), None, 10**9)
    ask(served, scope={"nodes": ["asset:music"]}, most=10**8)
    assert asked(served) == AskedScope((IMAGE, "asset:music"), None, 10**9)
    ask(served, scope={"segment": 1})
    assert asked(served) == AskedScope()
    served.execute('mutation { cancelRegeneration(id: "rain") { __typename } }')
    ask(served, scope={"segment": 1})
    served.lectures.edit("rain", ["set audience=children"])
    assert asked(served) == AskedScope()


def claimed(served: ServedApi, worker: str = "worker") -> Lease:
    context = served.lectures.context
    with context.database.write() as connection:
        now = context.store_time(connection)
        lease = requests.claim(connection, context.key_of(connection, "rain"), Claim(worker, now, now + 15, ""))
        assert isinstance(lease, Lease)
        return lease


def released(served: ServedApi, lease: Lease) -> str:
    with served.lectures.context.database.write() as connection:
        requests.release(connection, lease, "none")
    return served.lectures.all()[0]["request"]


def test_many_requests_while_one_runs_make_one_that_waits(served_by_either: ServedApi) -> None:
    served = served_by_either
    served.create()
    lease = claimed(served)
    with ThreadPoolExecutor(20) as threads:
        states = set(threads.map(lambda _: ask(served)["regeneration"], range(MANY)))
    assert states == {"RUNNING"}
    assert released(served, lease) == "queued", "one waits"
    assert released(served, claimed(served)) == "none", "and no other"


def test_a_part_that_waits_for_the_running_one_is_queued_after_it(served: ServedApi) -> None:
    served.create()
    lease = claimed(served)
    ask(served, scope={"nodes": [IMAGE]})
    assert released(served, lease) == "queued"
    assert asked(served) == AskedScope((IMAGE,))


def test_an_edit_while_a_part_is_made_is_made_after_it(served: ServedApi) -> None:
    served.create()
    ask(served, scope={"nodes": [IMAGE]})
    lease = claimed(served)
    served.lectures.edit("rain", ["set audience=children"])
    with served.lectures.context.database.write() as connection:
        requests.release(connection, lease)
    assert (served.lectures.all()[0]["request"], asked(served)) == ("queued", AskedScope())


def test_a_worker_that_is_interrupted_leaves_the_part_to_the_next_one(served: ServedApi) -> None:
    served.create()
    ask(served, scope={"nodes": [IMAGE]})
    lease = claimed(served)
    with served.lectures.context.database.write() as connection:
        requests.release(connection, lease)
    assert (served.lectures.all()[0]["request"], asked(served)) == ("queued", AskedScope((IMAGE,)))


def test_a_request_that_costs_too_much_by_now_is_refused_once_and_not_again(served: ServedApi) -> None:
    served.create()
    context = served.lectures.context
    with context.database.write() as connection:
        key = context.key_of(connection, "rain")
        requests.ask(connection, key, AskedScope(max_cost_usd_micros=1), context.store_time(connection))
    with pytest.raises(RefusedError, match="this may cost"):
        served.lectures.regenerate("rain", AS_QUEUED)
    assert served.lectures.all()[0]["request"] == "none"


def test_canceling_withdraws_what_is_queued_and_stops_what_runs(served_by_either: ServedApi) -> None:
    served = served_by_either
    served.create()
    text = """mutation { cancelRegeneration(id: "rain") { __typename ... on RegenerationCanceled { was stopped }
      ... on Problem { code } } }"""
    assert served.execute(text)["cancelRegeneration"] == {"__typename": "RegenerationCanceled", "was": "NONE", "stopped": []}
    ask(served)
    assert served.execute(text)["cancelRegeneration"]["was"] == "QUEUED"
    lease = claimed(served)
    assert served.execute(text)["cancelRegeneration"]["was"] == "RUNNING"
    with served.lectures.context.database.write() as connection:
        assert not requests.renew(connection, lease, 0.0), "its worker has lost it"
    assert served.lectures.all()[0]["request"] == "none"


def test_a_regeneration_that_is_canceled_while_it_runs_sends_no_further_call(small_lecture: SmallLecture) -> None:  # noqa: F811 - the fixture
    lectures = small_lecture.lectures

    def stop(_call: Call) -> None:
        with lectures.context.database.write() as connection:
            requests.stop(connection, lectures.context.key_of(connection, "rain"), 0.0)

    small_lecture.watch.after = stop
    with pytest.raises(RefusedError, match="was taken over"):
        small_lecture.regenerate()
    sent = len(small_lecture.watch.submitted)
    assert sent < 5
    assert lectures.all()[0]["request"] == "none"
    small_lecture.watch.after = None
    assert not small_lecture.regenerate()["failed"]
    calls = [call.key for call in small_lecture.watch.submitted] if hasattr(small_lecture.watch.submitted[0], "key") else []
    assert len(calls) == len(set(calls)), "what was sent before is not bought again"
