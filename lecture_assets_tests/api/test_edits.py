"""Lectures are created, edited, restored, copied, renamed, deleted and imported; whatever is wrong comes back as data."""

import base64
import io
from typing import Any

import pytest
from PIL import Image

from lecture_assets.graph.errors import UnknownLectureError
from lecture_assets.runner.change.renaming import rename_lecture
from lecture_assets_tests.api.serving import BRIEF, LOUD, ServedApi

pytestmark = pytest.mark.slow
EDIT = """mutation($edits: [LectureEditInput!]!, $if: Int, $key: String, $id: ID = "rain") {
  editLecture(id: $id, edits: $edits, ifVersion: $if, clientKey: $key) { __typename
    ... on LectureEdited { version edits stale conflicts warnings lecture { id version } }
    ... on LectureConflict { expectedVersion actualVersion since { version edits } }
    ... on InvalidEdit { faults { where found allowed } }
    ... on Problem { code message } } }"""
IMAGE = "asset:image:segment[0]:image[0]"
TEXT = "content:narration-text:segment[0]"


def edit(served: ServedApi, *edits: dict[str, Any], **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = served.execute(EDIT, edits=list(edits), **more)["editLecture"]
    return found


def picture() -> str:
    file = io.BytesIO()
    Image.new("RGB", (320, 180), "navy").save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


UPLOAD = """mutation($sort: MediumSort!, $base64: String!) { uploadMedium(sort: $sort, base64: $base64) { __typename
  ... on MediumUploaded { sha256 medium { ... on LecturePicture { width height mediaType } } }
  ... on InvalidEdit { faults { where found } } ... on Problem { code } } }"""


def upload(served: ServedApi, sort: str = "PICTURE", content: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = served.execute(UPLOAD, sort=sort, base64=picture() if content is None else content)["uploadMedium"]
    return found


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"set": {"imageStyle": "ink = black\non white"}}, "set image-style=ink = black\non white"),
        ({"set": {"numSegments": 3}}, "set num-segments=3"),
        ({"set": {"numSegments": None}}, "set num-segments=auto"),
        ({"set": {"useVideo": True}}, "set use-video=true"),
        ({"set": {"title": "Rain"}}, "text content:video-title=Rain"),
        ({"set": {"models": {"image": "simulated:openai/gpt-image-1"}}}, "set image-model=simulated:openai/gpt-image-1"),
        ({"text": {"node": TEXT, "text": "@/etc/hostname"}}, f"text {TEXT}=@@/etc/hostname"),
        ({"text": {"node": TEXT, "text": "@@twice"}}, f"text {TEXT}=@@@twice"),
        ({"text": {"node": TEXT, "text": "a=b\nreroll c"}}, f"text {TEXT}=a=b\nreroll c"),
        ({"text": {"node": "content:effect:segment[1]", "text": "fade"}}, "text content:effect:segment[1]=fade"),
        ({"reroll": IMAGE}, f"reroll {IMAGE}"),
        ({"chooseTake": {"node": IMAGE, "take": 1}}, f"take {IMAGE}=1"),
        ({"addSegment": {}}, "segments add"),
        ({"addSegment": {"after": 0}}, "segments add:0"),
        ({"removeSegment": 1}, "segments remove:1"),
        ({"moveSegment": {"slot": 0, "position": 1}}, "segments move:0:1"),
    ],
)
def test_each_typed_edit_is_the_one_that_the_command_line_writes(edited: ServedApi, given: dict[str, Any], text: str) -> None:
    answer = edit(edited, given)
    assert (answer.get("faults"), answer.get("edits")) == (None, [text])
    undone = edited.execute(f'mutation {{ undoLectureEdit(id: "rain") {{ __typename {LOUD} }} }}')
    assert undone == {"undoLectureEdit": {"__typename": "LectureEdited"}}


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({}, "edits[0]: edit"),
        ({"reroll": None}, "edits[0]: edit"),
        ({"reroll": IMAGE, "keep": IMAGE}, "edits[0]: edit"),
        ({"reroll": IMAGE, "keep": None}, "edits[0]: edit"),
        ({"set": {}}, "edits[0]: set"),
        ({"set": {"voice": None}}, "edits[0]: set voice"),
        ({"set": {"voice": "nobody"}}, "set voice"),
        ({"set": {"duration": 1}}, "set duration"),
        ({"set": {"aspectRatio": "17:3"}}, "set aspect_ratio"),
        ({"text": {"node": "asset:image", "text": "x"}}, "edits[0]: node"),
        ({"text": {"node": f"{TEXT}=x", "text": "x"}}, "edits[0]: node"),
        ({"text": {"node": TEXT, "text": " "}}, f"text {TEXT}"),
        ({"text": {"node": TEXT, "text": "x" * 20_001}}, f"text {TEXT}"),
        ({"text": {"node": "content:effect:segment[0]", "text": "boom"}}, "text content:effect:segment[0]"),
        ({"text": {"node": "content:narration-text:segment[7]", "text": "x"}}, "node"),
        ({"medium": {"node": IMAGE, "upload": "0" * 64}}, "edits[0]: upload"),
        ({"medium": {"node": IMAGE, "upload": "@/etc/hostname"}}, "edits[0]: upload"),
        ({"model": {"node": IMAGE, "model": "nobody:none"}}, f"model {IMAGE}"),
        ({"model": {"node": IMAGE, "model": "a\nb"}}, "edits[0]: model"),
        ({"chooseTake": {"node": IMAGE, "take": 0}}, "edits[0]: take"),
        ({"chooseTake": {"node": IMAGE, "take": 99}}, f"take {IMAGE}"),
        ({"unpin": IMAGE}, "unpin"),
        ({"merge": TEXT}, "merge"),
        ({"merge": "config:voice"}, "merge"),
        ({"keep": TEXT}, "keep"),
        ({"removeSegment": 9}, "segments"),
        ({"removeSegment": -1}, "edits[0]: slot"),
        ({"moveSegment": {"slot": 0, "position": 99}}, "edits[0]: position"),
    ],
)
def test_an_edit_that_is_wrong_is_told_by_its_place_and_changes_nothing(
    edited: ServedApi, given: dict[str, Any], where: str
) -> None:
    before = edited.lectures.status("rain")["version"]
    answer = edit(edited, given)
    assert (answer["__typename"], answer["code"]) == ("InvalidEdit", "INVALID_EDIT")
    assert where in [fault["where"] for fault in answer["faults"]] or answer["faults"][0]["where"].startswith(where)
    assert edited.lectures.status("rain")["version"] == before
    assert str(edited.lectures.context.home) not in str(answer)


@pytest.fixture(scope="module")
def edited(made: ServedApi) -> ServedApi:
    """The lecture that was made, of which each test takes back what it edits."""
    return made


def test_all_faults_of_all_edits_come_at_once(edited: ServedApi) -> None:
    wrong = {"set": {"voice": "nobody", "duration": 1}}
    answer = edit(edited, wrong, {"reroll": "nothing"}, {"removeSegment": 77})
    assert [fault["where"] for fault in answer["faults"]] == ["edits[1]: node"]
    answer = edit(edited, wrong, {"removeSegment": 77})
    assert sorted(fault["where"] for fault in answer["faults"])[:2] == ["segments", "set duration"] or len(answer["faults"]) == 3


def test_a_lost_race_shows_both_versions_and_what_was_edited_since(served: ServedApi) -> None:
    served.create()
    assert edit(served, {"set": {"audience": "children"}}, **{"if": 1})["version"] == 2
    lost = edit(served, {"set": {"audience": "adults"}}, **{"if": 1})
    assert (lost["__typename"], lost["expectedVersion"], lost["actualVersion"]) == ("LectureConflict", 1, 2)
    assert lost["since"] == [{"version": 2, "edits": ["set audience=children"]}]
    assert edit(served, {"set": {"audience": "adults"}}, **{"if": 2})["lecture"] == {"id": "rain", "version": 3}


def test_undo_and_redo_walk_through_the_versions_and_end(served_by_either: ServedApi) -> None:
    served = served_by_either
    served.create()
    edit(served, {"set": {"audience": "children"}})

    def walk(which: str) -> tuple[str, Any]:
        now = "... on LectureEdited { lecture { settings { audience } } }"
        text = f'mutation {{ {which}LectureEdit(id: "rain") {{ __typename {now} {LOUD} }} }}'
        answer = served.execute(text)[f"{which}LectureEdit"]
        return answer["__typename"], answer.get("lecture", {}).get("settings", {}).get("audience")

    assert walk("redo") == ("NothingToRestore", None)
    assert walk("undo") == ("LectureEdited", "a general audience")
    assert walk("undo") == ("NothingToRestore", None)
    assert walk("redo") == ("LectureEdited", "children")


def test_own_media_are_uploaded_inspected_and_used_once_they_are_in_an_edit(served: ServedApi) -> None:
    served.create()
    served.make()
    uploaded = upload(served)
    assert uploaded["medium"] == {"width": 320, "height": 180, "mediaType": "image/png"}
    answer = edit(served, {"medium": {"node": IMAGE, "upload": uploaded["sha256"]}})
    assert answer["edits"] == [f"media {IMAGE}=sha256:{uploaded['sha256']}"]
    found = served.execute(
        f'{{ lecture(id: "rain") {{ node(id: "{IMAGE}") {{ pinned madeBy value {{ ... on LecturePicture {{ sha256 }} }} }} }} }}'
    )
    assert found["lecture"]["node"] == {"pinned": True, "madeBy": "person", "value": {"sha256": uploaded["sha256"]}}


@pytest.mark.parametrize(
    ("sort", "content"),
    [("SPEECH", None), ("PICTURE", "bm90IGEgcGljdHVyZQ=="), ("PICTURE", "%%%"), ("PICTURE", ""), ("PICTURE", "A" * 1_400_000)],
)
def test_what_is_no_medium_is_not_kept(served: ServedApi, sort: str, content: str | None) -> None:
    answer = upload(served, sort, content)
    assert (answer["__typename"], [fault["where"] for fault in answer["faults"]]) == ("InvalidEdit", ["base64"])
    assert list(served.lectures.context.artifacts.listing()) == []


def test_bytes_that_the_workspace_has_but_did_not_upload_are_not_found_by_their_digest(served: ServedApi) -> None:
    served.create()
    served.make()
    (image,) = (held for node, held in served.lectures.holdings("rain").items() if node == IMAGE)
    answer = edit(served, {"medium": {"node": IMAGE, "upload": str(image["sha256"])}})
    assert answer["faults"][0]["where"] == "edits[0]: upload"


def test_a_lecture_is_copied_renamed_and_deleted(served_by_either: ServedApi) -> None:
    served = served_by_either
    served.create()
    served.make()
    copy = """mutation($id: ID!, $new: ID!) { copyLecture(id: $id, newId: $new, edits: [{set: {voice: "teacher"}}]) { __typename
      ... on LectureCopied { created copiedFrom stale lecture { id version } } ... on Problem { code } } }"""
    copied = served.execute(copy, id="rain", new="hail")["copyLecture"]
    assert (copied["created"], copied["copiedFrom"], copied["lecture"]) == (True, "rain", {"id": "hail", "version": 1})
    assert "asset:narration:segment[0]" in copied["stale"]
    assert served.execute(copy, id="rain", new="rain")["copyLecture"]["__typename"] == "InvalidEdit"
    assert served.execute(copy, id="snow", new="sleet")["copyLecture"]["__typename"] == "LectureNotFound"
    rename = """mutation($id: ID!, $new: ID!) { renameLecture(id: $id, newId: $new) { __typename
      ... on LectureRenamed { was lecture { id } } ... on Problem { code } } }"""
    assert served.execute(rename, id="hail", new="rain")["renameLecture"]["__typename"] == "LectureIdTaken"
    assert served.execute(rename, id="hail", new="Not an id")["renameLecture"]["__typename"] == "InvalidEdit"
    assert served.execute(rename, id="snow", new="sleet")["renameLecture"]["__typename"] == "LectureNotFound"
    renamed = served.execute(rename, id="hail", new="storm")["renameLecture"]
    assert renamed == {"__typename": "LectureRenamed", "was": "hail", "lecture": {"id": "storm"}}
    key = served.lectures.key_of("storm")
    with pytest.raises(UnknownLectureError):  # whoever had found it by its old id before
        rename_lecture(served.lectures.context, key, "hail", "gale")
    assert served.lectures.key_of("storm") == key
    delete = "mutation($id: ID!) { deleteLecture(id: $id) { __typename ... on LectureDeleted { id } ... on Problem { code } } }"
    assert served.execute(delete, id="storm") == {"deleteLecture": {"__typename": "LectureDeleted", "id": "storm"}}
    assert served.execute(delete, id="storm")["deleteLecture"]["__typename"] == "LectureNotFound"
    found = served.execute("{ lectures(first: 9) { items { id } } workspaceCosts { spentUsdMicros } }")
    assert found["lectures"]["items"] == [{"id": "rain"}]
    assert found["workspaceCosts"]["spentUsdMicros"] > 0


def test_another_brief_under_the_same_id_is_told_and_a_wrong_one_fault_by_fault(served: ServedApi) -> None:
    create = """mutation($brief: LectureBriefInput!, $id: ID) { createLecture(brief: $brief, id: $id) { __typename
      ... on LectureCreated { created lecture { id settings { prompt } } } ... on InvalidEdit { faults { where } }
      ... on Problem { code } } }"""
    served.create()
    assert served.execute(create, brief=BRIEF, id="rain")["createLecture"]["created"] is False
    assert served.execute(create, brief={"prompt": "Explain snow."}, id="rain")["createLecture"]["code"] == "LECTURE_ID_TAKEN"
    wrong = served.execute(create, brief={"duration": 1, "voice": "nobody", "models": {"text": "x"}})["createLecture"]
    assert {fault["where"] for fault in wrong["faults"]} == {"duration", "models.text"}
    assert served.execute(create, brief={"prompt": "x"}, id="Rain!")["createLecture"]["faults"] == [{"where": "id"}]
    named = served.execute(create, brief={"prompt": "Why is the sky blue?"})["createLecture"]["lecture"]
    assert named["id"].startswith("why-is-the-sky-blue-")


def test_a_lecture_from_elsewhere_keeps_what_it_has_and_buys_nothing(served_by_either: ServedApi) -> None:
    served = served_by_either
    upload_id = upload(served)["sha256"]
    lecture = {
        "title": "Rain",
        "brief": {"language": "en"},
        "segments": [
            {"narration": "Rain falls.", "images": [{"prompt": "a cloud", "upload": upload_id}]},
            {"narration": "Then it stops.", "effect": "fade"},
        ],
    }
    text = """mutation($lecture: ImportedLectureInput!) { importLecture(lecture: $lecture, id: "old", clientKey: "k") { __typename
      ... on LectureImported { created adopted missing lecture { id title nodes(first: 100, kinds: ["asset:image"]) {
        items { id status madeBy } } } } ... on InvalidEdit { faults { where found } } ... on Problem { code } } }"""
    imported = served.execute(text, lecture=lecture)["importLecture"]
    assert (imported.get("faults"), imported["created"]) == (None, True)
    assert [node["status"] for node in imported["lecture"]["nodes"]["items"]] == ["FRESH", "PENDING"]
    assert "asset:narration:segment[0]" in imported["missing"]
    assert served.lectures.costs()["calls"] == []
    assert served.execute(text, lecture=lecture)["importLecture"]["created"] is True, "the first answer"


@pytest.mark.parametrize(
    ("medium", "where"),
    [
        ({"upload": "/etc/hostname"}, "upload"),
        ({"upload": "0" * 64}, "upload"),
        ({"url": "file:///etc/hostname"}, "segments[0].images[0].url"),
        ({"url": "/etc/hostname"}, "segments[0].images[0].url"),
        ({"url": "https://127.0.0.1:1/x.png"}, "segments.0.images.0.file"),
        ({"url": "https://a.example/x", "upload": "0" * 64}, "segments[0].images[0]"),
    ],
)
def test_an_import_reads_no_file_of_the_server_and_nothing_private(served: ServedApi, medium: dict[str, str], where: str) -> None:
    text = """mutation($lecture: ImportedLectureInput!) { importLecture(lecture: $lecture) { __typename
      ... on InvalidEdit { message faults { where found allowed } } ... on Problem { code } } }"""
    lecture = {"title": "Rain", "segments": [{"narration": "Rain falls.", "images": [medium]}]}
    answer = served.execute(text, lecture=lecture)["importLecture"]
    assert answer["faults"][0]["where"] == where
    assert str(served.lectures.context.home) not in str(answer)
    assert served.execute("{ lectures(first: 1) { items { id } } }")["lectures"]["items"] == []
