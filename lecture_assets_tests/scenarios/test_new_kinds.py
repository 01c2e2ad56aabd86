"""A row and a step, really: a kind more of every role is planned, priced, made, edited, drafted, exported, and Dagster agrees."""

from pathlib import Path
from typing import Any

import pytest

from lecture_assets_tests.changed_tree import changed_tree, run_in
from lecture_assets_tests.intake.samples import picture

ROWS = """
    Kind("llm:teaser", _LECTURE, Holds.TEXT, _reads(SCRIPT, "config:text-model"), Role.TEXT),
    Kind("content:teaser", _LECTURE, Holds.TEXT, _reads("llm:teaser"), editable=_TEXT),
    Kind("content:call", _LECTURE, Holds.TEXT, _reads("content:video-title", "content:teaser"), editable=_TEXT),
    Kind(
        "asset:call-speech",
        _LECTURE,
        Holds.SPEECH,
        _reads("content:call", "config:voice", "config:language", "config:speech-model"),
        Role.SPEECH,
        sized_by="content:call",
        editable=_MEDIA,
    ),
    Kind(
        "asset:jingle",
        _LECTURE,
        Holds.MUSIC,
        _reads("content:music-prompt", "config:segment-length", "config:music-model"),
        Role.MUSIC,
        sized_by="config:segment-length",
        editable=_MEDIA,
    ),
    Kind(
        "asset:thumbnail",
        _LECTURE,
        Holds.PICTURE,
        _reads("content:video-title", "config:size-aspect-ratio", "config:image-model"),
        Role.IMAGE,
        editable=_MEDIA,
    ),
    Kind(
        "asset:trailer",
        _LECTURE,
        Holds.CLIP,
        _reads("asset:thumbnail", "content:teaser", "config:segment-length", "config:video-model"),
        Role.VIDEO,
        sized_by="config:segment-length",
        editable=_MEDIA,
    ),
"""
STEPS = """
def _jingle(inputs: Inputs) -> MusicRequest:
    return MusicRequest(inputs["content:music-prompt"], inputs["config:segment-length"])


def _thumbnail(inputs: Inputs) -> ImageRequest:
    return ImageRequest(inputs["content:video-title"], *size_of(inputs["config:size-aspect-ratio"]))


def _call(inputs: Inputs) -> SpeechRequest:
    return SpeechRequest(inputs["content:call"], inputs["config:voice"], inputs["config:language"])


def _trailer(inputs: Inputs) -> VideoRequest:
    picture, seconds = inputs["asset:thumbnail"], inputs["config:segment-length"]
    return VideoRequest(picture["sha256"], inputs["content:teaser"], seconds, picture["width"], picture["height"])


MEDIA: Mapping[str, Paid] = {
    "asset:call-speech": Paid("1", _call, checked),
    "asset:jingle": Paid("1", _jingle, checked),
    "asset:thumbnail": Paid("1", _thumbnail, checked),
    "asset:trailer": Paid("1", _trailer, checked),
"""
TEXTS = """    "content:teaser": _same("llm:teaser"),
    "content:call": Free("1", lambda inputs: f"{inputs['content:video-title']}. {inputs['content:teaser']}"),
"""
ASSEMBLY = '    Kind(\n        "assembler:segment-timeline"'
CHANGES = {
    "graph/lecture.py": [(ASSEMBLY, f"{ROWS}{ASSEMBLY}")],
    "steps/media.py": [("MEDIA: Mapping[str, Paid] = {\n", STEPS)],
    "steps/unpacking.py": [
        ('    "content:video-summary":', f'{TEXTS}    "content:video-summary":'),
    ],
    "steps/writing.py": [
        ('    "llm:video-summary":', '    "llm:teaser": _paid("video-summary", _TEXT_SCHEMA, _text),\n    "llm:video-summary":'),
    ],
}
PROGRAM = """
import json, sys
from pathlib import Path
from lecture_assets.briefs.brief import Brief
from lecture_assets_tests.defs.dagster_home import open_dagster_home

folder = Path(sys.argv[1])


def statuses(lectures):
    return {node["id"]: node["status"] for node in lectures.status("rain")["nodes"]}


def stale(lectures):
    return sorted(node for node, status in statuses(lectures).items() if status != "fresh")


told = {}
with open_dagster_home(folder / "home", Brief(prompt="Rain", duration=6, segment_length=3)) as dagster_home:
    lectures = dagster_home.lectures
    told["draft"] = [layer["type"] for part in lectures.draft("rain")["segments"] for layer in part["layers"]]
    plan = lectures.plan("rain")
    report = lectures.regenerate("rain")
    told["price"] = [plan["estimate_usd_micros"], lectures.costs("rain")["spent_usd_micros"]]
    told["failed"], told["calls"], told["fresh"] = report["failed"], report["calls"], stale(lectures)
    dagster_home.publish()
    told["dagster"] = [str(one) for one in dagster_home.disagreements()]
    lectures.edit("rain", ["text content:teaser=Come and see."])
    told["after teaser"] = stale(lectures)
    told["again"] = lectures.plan("rain")["estimate_usd_micros"]
    told["known"] = lectures.plan("rain", ["text content:call=Come."])["estimate_usd_micros"]
    told["explained"] = lectures.explain("rain", "asset:call-speech")["reasons"][0]["input"]
    lectures.regenerate("rain")
    lectures.edit("rain", [f"media asset:thumbnail=@{sys.argv[2]}"])
    told["after own"] = stale(lectures)
    told["made after own"] = lectures.regenerate("rain")["calls"]
    lectures.undo("rain")
    told["undone"] = lectures.regenerate("rain")["calls"]
    lectures.copy("rain", "snow")
    told["copied"] = lectures.plan("snow")["calls"]
    dagster_home.publish()
    told["dagster at the end"] = [str(one) for one in dagster_home.disagreements()]
    out = lectures.export("rain", folder / "out", video=False)
    told["exported"] = sorted(path.name for path in (folder / "out" / "media").iterdir())
print(json.dumps(told, default=str))
"""


@pytest.mark.thorough("a copy of the package is changed and run")
@pytest.mark.slow
def test_a_kind_more_of_every_role_needs_a_row_and_a_step(tmp_path: Path) -> None:
    tree = changed_tree(tmp_path / "tree", CHANGES)
    own = tmp_path / "own.png"
    told: dict[str, Any] = run_in(tree, PROGRAM, str(tmp_path), str(picture(own)))
    assert told["failed"] == []
    assert told["fresh"] == []
    estimate, spent = told["price"]
    assert estimate["low"] <= spent <= estimate["high"]
    assert told["calls"] == {"text": 6, "image": 3, "speech": 3, "music": 2, "video": 1}
    assert told["dagster"] == told["dagster at the end"] == []
    assert told["after teaser"] == ["asset:call-speech", "asset:trailer", "content:call"]
    assert told["again"]["low"] < told["known"]["low"] == told["known"]["high"] < told["again"]["high"]
    assert told["explained"] == "content:call"
    assert told["after own"] == ["asset:trailer"]
    assert told["made after own"] == {"video": 1}
    assert told["undone"] == {}
    assert told["copied"] == {}
