"""What a product backend does while it moves over from another system: asks the rule, imports, compares, promotes."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from lecture_assets.runner.change.background_import import BackgroundImporter
from lecture_assets.runner.change.rollout import MOST_KEYS, set_rollout
from lecture_assets_tests.api.serving import BRIEF, LOUD, ServedApi
from lecture_assets_tests.api.test_access import token
from lecture_assets_tests.api.test_edits import upload

pytestmark = pytest.mark.slow
CREATE = f"""mutation($brief: LectureBriefInput!, $id: ID, $rollout: String, $key: String) {{
  createLecture(brief: $brief, id: $id, rolloutKey: $rollout, clientKey: $key) {{ __typename
    ... on LectureCreated {{ system created lecture {{ id }} }}
    ... on LectureLeftToLegacy {{ system rolloutKey }} {LOUD} }} }}"""
SET = f"""mutation($percent: Int, $allow: [String!], $deny: [String!], $forget: [String!]) {{
  setRollout(percent: $percent, allow: $allow, deny: $deny, forget: $forget) {{ __typename
    ... on RolloutSet {{ rule {{ percent keys(first: 2) {{ items {{ key system }} pageInfo {{ hasNextPage endCursor }} }} }} }}
    ... on InvalidEdit {{ faults {{ where found }} }} {LOUD} }} }}"""
IMPORT = f"""mutation($lectures: [LectureImportItemInput!]!, $key: String) {{
  importLectures(lectures: $lectures, clientKey: $key) {{ __typename
    ... on LectureImportQueued {{ import {{ id total waiting failed }} }} {LOUD} }} }}"""
JOB = """query($id: ID!, $after: String) { lectureImport(id: $id) { total waiting imported failed canceled
  items(first: 2, after: $after) {
    items { number state wantedId lectureId shadow created adopted missing faults { where } endedAt }
    pageInfo { hasNextPage endCursor } } } }"""
WORDS = {"title": "Rain", "segments": [{"narration": "Rain falls."}]}
SHADOW = {"lecture": WORDS, "id": "old", "shadow": True}


def create(served: ServedApi, rollout: str | None = None, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = served.data(CREATE, brief={**BRIEF, "title": "Hail"}, rollout=rollout, **more)["createLecture"]
    return found


def set_rule(served: ServedApi, **rule: Any) -> dict[str, Any]:
    found: dict[str, Any] = served.execute(SET, **rule)["setRollout"]
    return found


def work(served: ServedApi) -> None:
    importer = BackgroundImporter(served.lectures.context)
    while importer.import_one():
        pass


def test_new_lectures_belong_to_a_system_by_the_rule_and_clients_that_do_not_know_it_see_a_problem(
    served_by_either: ServedApi,
) -> None:
    served = served_by_either
    assert create(served, "customer")["system"] == "GRAPH"
    assert served.execute("{ rolloutRule { percent } }")["rolloutRule"] is None
    assert set_rule(served, percent=0, allow=["friend"], deny=["foe"])["rule"]["percent"] == 0
    left = create(served, "customer")
    assert (left["__typename"], left["system"], left["rolloutKey"]) == ("LectureLeftToLegacy", "LEGACY", "customer")
    assert (left["code"], "legacy" in left["message"]) == ("LECTURE_LEFT_TO_LEGACY", True)
    assert create(served, "friend")["system"] == "GRAPH"
    assert len(served.lectures.all()) == 2
    set_rule(served, percent=100)
    assert (create(served, "customer")["system"], create(served, "foe")["system"]) == ("GRAPH", "LEGACY")
    asked = served.execute('{ a: rollout(key: "foe") { key system because } b: rollout(key: "x") { system because } }')
    assert asked["a"] == {"key": "foe", "system": "LEGACY", "because": "DENIED"}
    assert asked["b"] == {"system": "GRAPH", "because": "PERCENTAGE"}


def test_a_request_keeps_its_answer_when_the_percentage_changes_and_a_lecture_that_is_there_is_of_this_system(
    served_by_either: ServedApi,
) -> None:
    served = served_by_either
    set_rollout(served.lectures.context, 0)
    with ThreadPoolExecutor(8) as threads:
        racers = Counter(str(one) for one in threads.map(lambda _: create(served, key="first"), range(8)))
    assert len(racers) == 1
    set_rollout(served.lectures.context, 100)
    assert create(served, key="first")["system"] == "LEGACY"
    there = create(served, key="second", id="hail")
    set_rollout(served.lectures.context, 0)
    assert create(served, key="second", id="hail") == there
    assert create(served, id="hail") == {**there, "created": False}
    assert create(served, id="snow")["rolloutKey"] == "snow"
    assert create(served)["__typename"] == "LectureLeftToLegacy"
    assert len(served.lectures.all()) == 1


def test_a_rule_that_is_wrong_is_told_and_changes_nothing(served: ServedApi) -> None:
    for rule in ({}, {"percent": 101}, {"percent": -1}, {"allow": [""]}, {"deny": ["x" * 201]}, {"allow": ["a"], "deny": ["a"]}):
        assert set_rule(served, **rule)["code"] == "INVALID_EDIT", rule
    assert set_rule(served, allow=[f"key-{number}" for number in range(MOST_KEYS + 1)])["code"] == "INVALID_EDIT"
    assert served.execute("{ rolloutRule { percent } }")["rolloutRule"] is None
    assert served.errors('{ rollout(key: "") { system } }')[0]["extensions"]["code"] == "INVALID_ARGUMENT"


def test_keys_come_in_pages_and_are_forgotten(served: ServedApi) -> None:
    first = set_rule(served, percent=5, allow=["a\nb", "c"], deny=["d"])["rule"]["keys"]
    assert [one["key"] for one in first["items"]] == ["a\nb", "c"]
    page = "keys(first: 2, after: $after) { items { key system } pageInfo { hasNextPage } }"
    text = f"query($after: String) {{ rolloutRule {{ {page} }} }}"
    rest = served.execute(text, after=first["pageInfo"]["endCursor"])["rolloutRule"]["keys"]
    assert rest == {"items": [{"key": "d", "system": "LEGACY"}], "pageInfo": {"hasNextPage": False}}
    assert set_rule(served, forget=["a\nb", "c", "d"])["rule"]["keys"]["items"] == []
    assert served.errors(text, after="nonsense")[0]["extensions"]["code"] == "INVALID_ARGUMENT"


def test_many_lectures_are_imported_in_the_background_and_the_wrong_ones_told(served_by_either: ServedApi) -> None:
    served = served_by_either
    picture = upload(served)["sha256"]
    drawn = {"title": "Hail", "segments": [{"narration": "It hails.", "images": [{"upload": picture}]}]}
    stranger = {"title": "Snow", "segments": [{"narration": "It snows.", "images": [{"upload": "0" * 64}]}]}
    wrong = {"title": "Fog", "segments": [{"narration": " "}]}
    given = [SHADOW, {"lecture": drawn}, {"lecture": stranger}, {"lecture": wrong, "id": "fog"}, {"lecture": WORDS, "id": "NO"}]
    queued = served.execute(IMPORT, lectures=given, key="k")["importLectures"]["import"]
    assert (queued["total"], queued["waiting"], queued["failed"]) == (5, 3, 2)
    assert served.execute(IMPORT, lectures=given, key="k")["importLectures"]["import"]["id"] == queued["id"]
    assert served.execute(IMPORT, lectures=given[:1], key="k")["importLectures"]["code"] == "KEY_REUSED"
    work(served)
    first = served.execute(JOB, id=queued["id"])["lectureImport"]
    assert [first[name] for name in ("waiting", "imported", "failed", "canceled")] == [0, 2, 3, 0]
    old, hail = first["items"]["items"]
    assert (old["state"], old["lectureId"], old["shadow"], old["created"]) == ("IMPORTED", "old", True, True)
    assert (hail["state"], hail["missing"] > 0, hail["faults"]) == ("IMPORTED", True, [])
    second = served.execute(JOB, id=queued["id"], after=first["items"]["pageInfo"]["endCursor"])["lectureImport"]["items"]
    assert [(one["number"], one["state"], bool(one["faults"])) for one in second["items"]] == [
        (2, "FAILED", True),
        (3, "FAILED", True),
    ]
    jobs = served.execute("{ lectureImports(first: 5) { items { id total } pageInfo { hasNextPage } } }")["lectureImports"]
    assert jobs == {"items": [{"id": queued["id"], "total": 5}], "pageInfo": {"hasNextPage": False}}
    assert served.lectures.costs()["calls"] == []


def test_a_job_is_canceled_and_one_of_nobody_is_not_found(served: ServedApi) -> None:
    job = served.execute(IMPORT, lectures=[{"lecture": WORDS}, {"lecture": WORDS}])["importLectures"]["import"]["id"]
    cancel = f"""mutation($id: ID!) {{ cancelLectureImport(id: $id) {{ __typename
      ... on LectureImportCanceled {{ left import {{ waiting canceled }} }} {LOUD} }} }}"""
    canceled = served.execute(cancel, id=job)["cancelLectureImport"]
    assert (canceled["left"], canceled["import"]) == (2, {"waiting": 0, "canceled": 2})
    work(served)
    assert served.lectures.all() == []
    assert served.execute(cancel, id="none")["cancelLectureImport"]["code"] == "LECTURE_IMPORT_NOT_FOUND"
    assert served.execute(JOB, id="none") == {"lectureImport": None}
    assert served.execute(IMPORT, lectures=[])["importLectures"]["code"] == "INVALID_EDIT"


def test_a_workspace_has_a_rule_and_jobs_of_its_own(served: ServedApi) -> None:
    job = served.execute(IMPORT, lectures=[{"lecture": WORDS}])["importLectures"]["import"]["id"]
    set_rule(served, percent=0)
    bearer = {"Authorization": f"Bearer {token(served, 'admin', 'other')}"}

    def theirs(text: str) -> Any:
        return json.loads(served.post({"query": text}, **bearer).body)["data"]

    assert theirs(f'{{ lectureImport(id: "{job}") {{ id }} }}') == {"lectureImport": None}
    assert theirs("{ lectureImports(first: 5) { items { id } } }") == {"lectureImports": {"items": []}}
    assert theirs("{ rolloutRule { percent } }") == {"rolloutRule": None}
    cancel = theirs(f'mutation {{ cancelLectureImport(id: "{job}") {{ __typename }} }}')
    assert cancel == {"cancelLectureImport": {"__typename": "LectureImportNotFound"}}
    assert create(served, "")["code"] == "INVALID_EDIT"
    assert create(served, id="x" * 300)["__typename"] == "LectureLeftToLegacy"
    assert BackgroundImporter(replace(served.lectures.context, workspace="another")).import_one()
    assert [row["lecture"][:4] for row in served.lectures.all()] == ["rain"], "in the workspace of the job"


def test_a_shadow_is_edited_compared_and_promoted_and_until_then_nothing_is_queued(served: ServedApi) -> None:
    text = f"""mutation($lecture: ImportedLectureInput!) {{
      importLecture(lecture: $lecture, id: "old", shadow: true) {{ __typename
      ... on LectureImported {{ created lecture {{ isShadow }} }} {LOUD} }} }}"""
    assert served.execute(text, lecture=WORDS)["importLecture"]["lecture"] == {"isShadow": True}
    price_of = "shadow { nodes calls { role count } lowUsdMicros highUsdMicros estimatedSeconds }"
    edit = f"""mutation {{ editLecture(id: "old", edits: [{{set: {{imageStyle: "ink"}}}}]) {{ __typename
      ... on LectureEdited {{ {price_of} }} {LOUD} }} }}"""
    edited = served.execute(edit)["editLecture"]
    price = edited["shadow"]
    assert price["calls"] == [{"role": "TEXT", "count": 1}, {"role": "IMAGE", "count": 1}]
    assert 0 < price["lowUsdMicros"] <= price["highUsdMicros"]
    regenerate = (
        f'mutation {{ regenerateLecture(id: "old") {{ __typename ... on RegenerationQueued {{ regeneration }} {LOUD} }} }}'
    )
    assert served.execute(regenerate)["regenerateLecture"]["code"] == "LECTURE_IS_SHADOW"
    state = '{ lecture(id: "old") { progress { regeneration } } lectures(first: 1) { items { isShadow regeneration } } }'
    assert served.execute(state)["lectures"]["items"] == [{"isShadow": True, "regeneration": "NONE"}]
    paid = f"""mutation($version: Int!) {{ recordLegacyCost(id: "old", version: $version, costUsdMicros: 900000) {{ __typename
      ... on LegacyCostRecorded {{ shadow {{ highUsdMicros }} }} {LOUD} }} }}"""
    assert served.execute(paid, version=2)["recordLegacyCost"]["shadow"] == {"highUsdMicros": price["highUsdMicros"]}
    assert served.execute(paid, version=7)["recordLegacyCost"]["code"] == "INVALID_EDIT"
    report = """{ shadowReport { total { edits calls highUsdMicros comparedEdits legacyUsdMicros }
      lectures(first: 5) { total items { lecture sum { edits } } } days(first: 5) { items { day sum { edits } } } } }"""
    found = served.execute(report)["shadowReport"]
    total = {"edits": 1, "calls": 2, "highUsdMicros": price["highUsdMicros"], "comparedEdits": 1, "legacyUsdMicros": 900_000}
    assert found["total"] == total
    assert found["lectures"] == {"total": 1, "items": [{"lecture": "old", "sum": {"edits": 1}}]}
    promote = f"""mutation {{ promoteLecture(id: "old") {{ __typename
      ... on LecturePromoted {{ promoted lecture {{ isShadow }} }} {LOUD} }} }}"""
    promoted = served.execute(promote)["promoteLecture"]
    assert (promoted["promoted"], promoted["lecture"]) == (True, {"isShadow": False})
    assert served.execute(promote)["promoteLecture"]["promoted"] is False
    assert served.execute(regenerate)["regenerateLecture"] == {"__typename": "RegenerationQueued", "regeneration": "QUEUED"}
    assert served.execute(edit)["editLecture"]["shadow"] is None
