"""What there is to read, by a stranger's client, and how many questions the database is asked for it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from graphql import build_schema, execute_sync, parse
from sqlalchemy import event

from lecture_assets.api.plain_fields import PlainFieldExecution, reading, type_of
from lecture_assets.api.request import serving_request
from lecture_assets.api.schema import api_schema
from lecture_assets.briefs.brief import Brief
from lecture_assets_tests.api.serving import ServedApi, open_lectures
from lecture_assets_tests.counts import A_SEGMENT, AN_IMAGE, RAIN

pytestmark = pytest.mark.slow
EVERYTHING = """
query Everything($id: ID!) {
  lecture(id: $id) {
    id version publishedVersion createdAt title warnings
    settings { prompt notes audience language duration segmentLength numSegments imagesPerSegment imageStyle aspectRatio
      useVideo assemblyStrategy voice lexicon { show say } systemPrompt musicPromptMod musicVolume titleDisplay
      models { text speech image video music } }
    segments { slot position added }
    nodes(first: 100) {
      total
      items { id kind category segment image role status pinned take version fingerprint madeBy madeAt costUsdMicros reads
        value { ...value } reasons { kind input text } error { kind message retryable providerCode tries requestId chain }
        conflict { node merged base { ...value } mine { ...value } theirs { ...value } } }
      pageInfo { hasNextPage endCursor } }
    plan { ... on LecturePlan { lecture version token nodeCount idle calls { role count } lowUsdMicros highUsdMicros
      estimatedSeconds affectedSegments warnings
      nodes(first: 100) { items { id status layer restored reasons { kind text }
        calls { provider model role highUsdMicros } } } } }
    history(first: 100) { items { version edits clientKey createdAt } pageInfo { hasNextPage } }
    conflicts(first: 100) { total items { node } }
    timeline { schema fps width height durationInFrames assemblyStrategy
      title { type startFrame text display fadeInFrames fadeOutFrames colour }
      segments { slot position startFrame durationInFrames effect backgroundMusic
        layers { type startFrame durationInFrames fadeInFrames fadeOutFrames media { sha256 mediaType } fit
          motion { from { scalePermille xPermille yPermille } to { scalePermille } } reason }
        narration { type startMs durationMs gainMillibel media { sha256 } }
        captions { text startMs endMs words { text startMs endMs } } }
      music { type media { sha256 mediaType } sourceDurationMs afterEnd gainMillibel
        parts { startFrame durationInFrames sourceStartMs fadeInFrames fadeOutFrames } envelope { frame gainPermille } } }
    costs { estimatedUsdMicros spentUsdMicros spentByEstimateUsdMicros savedUsdMicros
      providers { provider calls spentUsdMicros savedUsdMicros } models { model role calls }
      calls(first: 100) { total items { node lecture role model state attempts spentUsdMicros spentIsEstimated } } }
    ceilings { ceiling allowedUsdMicros committedUsdMicros leftUsdMicros }
    progress { regeneration nodes statuses { status count } spentUsdMicros }
  }
}
fragment value on LectureNodeValue {
  __typename
  ... on LectureText { text } ... on LectureScript { title language segments { narration visual backgroundMusic effect } }
  ... on LecturePicture { sha256 mediaType width height } ... on LectureSpeech { sha256 durationMs words { text startMs endMs } }
  ... on LectureMusic { sha256 durationMs } ... on LectureSegmentTimeline { slot durationMs }
  ... on LectureTimelineValue { timeline { fps } }
}
"""


@contextmanager
def counted(served: ServedApi) -> Iterator[list[str]]:
    """The statements that are executed meanwhile."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    engine = served.lectures.context.database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def test_all_there_is_to_read_of_a_lecture_comes_in_one_request(made: ServedApi) -> None:
    lecture = made.execute(EVERYTHING, id="rain")["lecture"]
    nodes = {node["id"]: node for node in lecture["nodes"]["items"]}
    assert (len(nodes), lecture["nodes"]["total"]) == (RAIN.nodes, RAIN.nodes)
    assert {node["status"] for node in nodes.values()} == {"FRESH"}
    assert nodes["content:video-title"]["value"]["text"] == lecture["title"]
    assert nodes["asset:image:segment[1]:image[0]"]["value"]["__typename"] == "LecturePicture"
    assert nodes["assembler:timeline"]["value"] == {"__typename": "LectureTimelineValue", "timeline": {"fps": 30}}
    assert [segment["slot"] for segment in lecture["timeline"]["segments"]] == ["s00", "s01"]
    assert {layer["type"] for segment in lecture["timeline"]["segments"] for layer in segment["layers"]} == {"IMAGE"}
    assert lecture["plan"]["nodeCount"] == 0
    assert lecture["costs"]["calls"]["total"] == sum(RAIN.calls.values())
    assert lecture["costs"]["spentUsdMicros"] == lecture["progress"]["spentUsdMicros"]
    assert [ceiling["ceiling"] for ceiling in lecture["ceilings"]] == ["LECTURE", "MONTH"]
    assert lecture["settings"]["models"]["speech"].startswith("simulated:")
    assert (lecture["publishedVersion"], lecture["progress"]["regeneration"]) == (1, "NONE")


@pytest.mark.parametrize(
    "text",
    [
        EVERYTHING,
        "query($id: ID!) { b: __typename lecture(id: $id) { z: version a: id z: version __typename } }",
        "query($id: ID!) { lecture(id: $id) { id version @skip(if: true) title @include(if: false) } }",
        'query($id: ID!) { lecture(id: $id) { id node(id: "asset:music:none") { id } explain(node: "nothing") { __typename } } }',
    ],
)
def test_plain_fields_are_executed_as_graphql_core_executes_them(made: ServedApi, text: str) -> None:
    document, variables = parse(text), {"id": "rain"}
    with serving_request(made.lectures):
        quick = execute_sync(api_schema(), document, variable_values=variables, execution_context_class=PlainFieldExecution)
    with serving_request(made.lectures):
        slow = execute_sync(api_schema(), document, variable_values=variables)
    assert json.dumps(quick.formatted) == json.dumps(slow.formatted)


def test_plain_fields_fail_as_graphql_core_lets_them_fail() -> None:
    schema = build_schema("type Query { a: A, b: A } type A { name: String! size: Int kind: K! } enum K { X }")
    for name, found in schema.type_map["A"].fields.items():  # type: ignore[attr-defined]
        found.resolve = reading(name)
    root = {"a": {"name": None, "size": 1, "kind": "X"}, "b": {"name": "b", "size": "many", "kind": "X"}}
    quick, slow = (
        execute_sync(schema, parse("{ b { kind size name } a { kind size name } }"), root, execution_context_class=context)
        for context in (PlainFieldExecution, None)
    )
    assert quick.formatted == slow.formatted
    assert [error.path for error in quick.errors or ()] == [["b", "size"], ["a", "name"]]


NESTED = """
type Query { a: A! some: [A] all: [A!]! deep: [[Int!]] one: One ones: [One!] }
type A { name: String! size: Int within: A slow: Int }
union One = A | B
type B { size: Int! }
"""
FINE: dict[str, Any] = {"name": "fine", "size": 1, "within": {"name": "deep", "size": 2}, "slow": 3, "__typename": "A"}
NO_NAME = {**FINE, "name": None}
NO_SIZE = {**FINE, "size": "many"}


@pytest.mark.parametrize(
    "root",
    list[dict[str, Any]](
        [
            {
                "a": FINE,
                "some": [FINE, None],
                "all": (FINE, FINE),
                "deep": [[1], None, []],
                "one": {"__typename": "B", "size": 1},
            },
            {"a": NO_NAME, "all": []},
            {"a": {**FINE, "within": NO_NAME}, "some": [NO_NAME, FINE, NO_SIZE], "all": [FINE]},
            {"a": NO_SIZE, "all": [FINE, None]},
            {"a": FINE, "all": [NO_NAME, NO_SIZE]},
            {"a": FINE, "all": 7, "deep": [[None]], "one": {"__typename": "B", "size": None}},
            {"a": FINE, "all": {"name": "no list"}, "some": "text", "one": {"__typename": "C"}, "ones": [FINE, {"size": 1}]},
            {"a": 7, "all": [FINE], "ones": [FINE, {"__typename": "B", "size": 1}]},
            {},
        ]
    ),
)
@pytest.mark.parametrize("asked", ["name size", "slow name", "size ...f within { ...f n: name __typename slow }"])
def test_objects_and_lists_are_completed_as_graphql_core_completes_them(root: dict[str, Any], asked: str) -> None:
    schema = build_schema(NESTED)
    for kind in ("Query", "A", "B"):
        for name, found in schema.type_map[kind].fields.items():  # type: ignore[attr-defined]
            found.resolve = reading(name) if name != "slow" else None
    schema.type_map["One"].resolve_type = type_of  # type: ignore[attr-defined]
    one = f"{{ __typename ... on A {{ {asked} }} ... on B {{ n: size }} }}"
    text = f"{{ a {{ {asked} }} some {{ {asked} }} all {{ {asked} }} deep one {one} ones {one} }} fragment f on A {{ name }}"
    quick, slow = (
        execute_sync(schema, parse(text), root, execution_context_class=context) for context in (PlainFieldExecution, None)
    )
    assert json.dumps(quick.formatted) == json.dumps(slow.formatted)


def test_what_a_lecture_is_the_documents_of_the_command_line_say_too(made: ServedApi) -> None:
    lecture = made.execute(EVERYTHING, id="rain")["lecture"]
    status = made.lectures.status("rain")
    by_id = {node["id"]: node for node in lecture["nodes"]["items"]}
    assert list(by_id) == [node["id"] for node in status["nodes"]]
    for node in status["nodes"]:
        same = by_id[node["id"]]
        assert same["status"].lower() == node["status"]
        assert [same[key] for key in ("take", "version", "fingerprint", "madeBy", "madeAt", "costUsdMicros")] == [
            node["take"],
            node["version"],
            node["fingerprint"],
            node["made_by"],
            node["made_at"],
            node["cost_usd_micros"],
        ]


def test_nodes_are_found_by_status_kind_and_segment_and_come_in_pages(made: ServedApi) -> None:
    text = """query($first: Int!, $after: String, $kinds: [String!], $segment: Int, $statuses: [LectureNodeStatus!]) {
      lecture(id: "rain") { nodes(first: $first, after: $after, kinds: $kinds, segment: $segment, statuses: $statuses) {
        total items { id } pageInfo { hasNextPage endCursor } } } }"""

    def nodes(**variables: Any) -> dict[str, Any]:
        found: dict[str, Any] = made.execute(text, **variables)["lecture"]["nodes"]
        return found

    assert [node["id"] for node in nodes(first=5, kinds=["asset:image"])["items"]] == [
        "asset:image:segment[0]:image[0]",
        "asset:image:segment[1]:image[0]",
    ]
    assert nodes(first=5, statuses=["STALE", "PENDING"])["total"] == 0
    assert nodes(first=1, segment=1)["total"] == A_SEGMENT + AN_IMAGE
    seen: list[str] = []
    after = None
    while True:
        found = nodes(first=7, after=after)
        seen += [node["id"] for node in found["items"]]
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break
    assert seen == [node["id"] for node in made.lectures.status("rain")["nodes"]]


def test_a_list_asks_no_question_a_row(made: ServedApi) -> None:
    text = """query($first: Int!) { lecture(id: "rain") {
      nodes(first: $first) { items { id status value { __typename } reasons { text } conflict { node } error { message } } }
      takes(node: "content:video-title", first: $first) { items { value { __typename } } }
      costs { calls(first: $first) { items { node lecture } } } history(first: $first) { items { edits } } }
      lectures(first: $first) { items { id title regeneration } } }"""
    numbers = []
    for first in (1, 100):
        with counted(made) as statements:
            made.execute(text, first=first)
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] < 40


def test_lectures_come_newest_first_in_pages_and_only_those_of_the_workspace(served_by_either: ServedApi) -> None:
    served = served_by_either
    names = [f"rain-{number}" for number in range(5)]
    for name in names:
        served.create(name)
    url = served.lectures.context.database.url.render_as_string(hide_password=False)
    with open_lectures(served.lectures.context.home, "", LECTURES_WORKSPACE="theirs", LECTURES_DATABASE_URL=url) as others:
        others.create(Brief(prompt="Explain snow."), "rain-0")
        others.create(Brief(prompt="Explain snow."), "snow")
    text = "query($after: String) { lectures(first: 2, after: $after) { items { id } pageInfo { hasNextPage endCursor } } }"
    seen, after, pages = list[str](), None, 0
    while True:
        found = served.execute(text, after=after)["lectures"]
        seen += [lecture["id"] for lecture in found["items"]]
        after, pages = found["pageInfo"]["endCursor"], pages + 1
        if not found["pageInfo"]["hasNextPage"]:
            break
    assert served.execute('{ lecture(id: "snow") { id } }') == {"lecture": None}
    assert (seen, pages) == (names[::-1], 3)


@pytest.mark.parametrize("first", [0, -1, 101])
def test_a_page_has_one_to_a_hundred_rows(made: ServedApi, first: int) -> None:
    (error,) = made.errors("query($first: Int!) { lectures(first: $first) { items { id } } }", first=first)
    assert (error["message"], error["extensions"]["code"]) == (f"first: found {first}; allowed: 1 to 100", "INVALID_ARGUMENT")


@pytest.mark.parametrize("after", ["", "x", "AAAA", "4pi6", "eA==", "LTE", "MTAwMDAwMDAwMDAwMDAwMDAwMDAw", "bmFuCmE", "w6k"])
def test_a_cursor_that_is_none_is_told_as_such(made: ServedApi, after: str) -> None:
    for part in (
        "lectures(first: 1, after: $after) { items { id } }",
        'lecture(id: "rain") { nodes(first: 1, after: $after) { items { id } } }',
        'lecture(id: "rain") { history(first: 1, after: $after) { items { version } } }',
        "workspaceCosts { calls(first: 1, after: $after) { items { node } } }",
    ):
        for error in made.errors(f"query($after: String) {{ {part} }}", after=after):
            assert error["extensions"]["code"] == "INVALID_ARGUMENT"


@pytest.mark.parametrize("name", ["", "sun", "../rain", "Rain", "r\N{LATIN SMALL LETTER A WITH DIAERESIS}in", "x" * 5000])
def test_a_lecture_that_is_not_there_is_null(made: ServedApi, name: str) -> None:
    assert made.execute("query($id: ID!) { lecture(id: $id) { id } }", id=name) == {"lecture": None}


def test_a_node_says_where_it_comes_from_and_what_its_takes_were(served: ServedApi) -> None:
    served.create()
    served.make()
    node = "content:narration-text:segment[0]"
    edit = 'mutation($edits: [LectureEditInput!]!) { editLecture(id: "rain", edits: $edits) { __typename } }'
    assert served.execute(edit, edits=[{"text": {"node": node, "text": "Rain falls."}}])["editLecture"] == {
        "__typename": "LectureEdited"
    }
    text = """query($node: ID!, $audio: ID!) { lecture(id: "rain") {
      node(id: $audio) { status reasons { kind input text } }
      explain(node: $audio) { status value { __typename } madeFrom { id status version } unchanged chain { node }
        reasons { kind input text changes { part before after } words { before after } } }
      takes(node: $node, first: 10) { total items { number counts chosen madeBy available value { __typename } } }
      input: explain(node: "config:voice") { status value { ... on LectureInputValue { text } } }
      none: explain(node: "asset:video:segment[0]") { status } nothing: takes(node: "config:voice", first: 1) { total } } }"""
    lecture = served.execute(text, node=node, audio="asset:narration:segment[0]")["lecture"]
    assert lecture["node"]["status"] == lecture["explain"]["status"] == "STALE"
    assert [reason["input"] for reason in lecture["explain"]["reasons"]] == [node]
    (change,) = lecture["explain"]["reasons"][0]["changes"]
    assert change["after"] == "Rain falls."
    assert [(take["number"], take["counts"], take["madeBy"]) for take in lecture["takes"]["items"]] == [
        (1, False, "step"),
        (2, True, "person"),
    ]
    assert lecture["input"] == {"status": None, "value": {"text": "narrator"}}
    assert (lecture["none"], lecture["nothing"]) == (None, None)


def test_a_conflict_has_all_three_values_and_is_settled_by_an_edit(served: ServedApi) -> None:
    served.create()
    served.make()
    node = "content:narration-text:segment[0]"
    change = 'mutation($edits: [LectureEditInput!]!) { editLecture(id: "rain", edits: $edits) { __typename } }'
    text = """{ lecture(id: "rain") { conflicts(first: 5) { total items { node merged mine { ... on LectureText { text } }
      base { ... on LectureText { text } } theirs { ... on LectureText { text } } } } } }"""
    served.execute(change, edits=[{"text": {"node": node, "text": "My own words."}}])
    served.execute(change, edits=[{"set": {"notes": "Snow is frozen water.\n\nIt falls in winter."}}])
    served.make()
    (conflict,) = served.execute(text)["lecture"]["conflicts"]["items"]
    assert (conflict["node"], conflict["mine"]) == (node, {"text": "My own words."})
    assert "sun" in conflict["base"]["text"]
    assert "Snow" in conflict["theirs"]["text"]
    assert served.execute(change, edits=[{"keep": node}])["editLecture"]["__typename"] == "LectureEdited"
    assert served.execute(text)["lecture"]["conflicts"]["total"] == 0


def test_the_workspace_has_its_sums_and_all_calls_in_pages(made: ServedApi) -> None:
    text = """query($after: String) { workspaceCosts { spentUsdMicros savedUsdMicros providers { provider calls spentUsdMicros }
      models { model role calls spentUsdMicros } calls(first: 4, after: $after) { total items { node lecture state }
      pageInfo { hasNextPage endCursor } } } workspaceCeilings { ceiling leftUsdMicros } voices { voice note languages
      models { model voice wordTimes languages } } }"""
    found = made.execute(text)
    costs, known = found["workspaceCosts"], made.lectures.costs()
    assert costs["spentUsdMicros"] == known["spent_usd_micros"]
    assert [(sums["provider"], sums["calls"]) for sums in costs["providers"]] == [
        (sums["provider"], sums["calls"]) for sums in known["providers"]
    ]
    assert sum(sums["calls"] for sums in costs["models"]) == costs["calls"]["total"] == len(known["calls"])
    seen, after = list[str](), None
    while True:
        calls = made.execute(text, after=after)["workspaceCosts"]["calls"]
        seen += [call["node"] for call in calls["items"]]
        after = calls["pageInfo"]["endCursor"]
        if not calls["pageInfo"]["hasNextPage"]:
            break
    assert sorted(seen) == sorted(call["node"] for call in known["calls"])
    assert [ceiling["ceiling"] for ceiling in found["workspaceCeilings"]] == ["MONTH"]
    assert found["voices"][0]["voice"] == "narrator"
