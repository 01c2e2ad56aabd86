"""A model and a vendor that say control characters: none is in the store, in what a person is shown, or in an export."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from lecture_assets.timeline.export import to_srt, to_vtt
from lecture_assets_tests.prose.test_readable import OBEYED, shows_only_text
from lecture_assets_tests.providers.openai_stand_in import OpenAIStandIn
from lecture_assets_tests.providers.replicate_stand_in import ReplicateStandIn
from lecture_assets_tests.providers.stand_in import Answer, Asked
from lecture_assets_tests.runner.conftest import BRIEF
from lecture_assets_tests.scenarios.conftest import open_lectures
from lecture_assets_tests.scenarios.vendor_stand_ins import Vendors, open_decided
from lecture_assets_tests.store.rows import tables_of

LECTURE = "rain"
SAID = " ".join(OBEYED.values()).replace("\ud83d", "")
"""Half of a surrogate pair is no JSON that the stand-in could send as UTF-8: it is sent as an escape, below."""


class Obeyed(OpenAIStandIn):
    """Writes control characters into each text, and refuses music and speech with them."""

    def answer(self, asked: Asked) -> Answer:
        if asked.kind == "speech":
            return Answer({"error": {"message": f"No {SAID} voice", "type": "x", "param": None, "code": f"c{SAID}"}}, 400)
        return super().answer(asked)

    def _completion(self, document: dict[str, Any]) -> dict[str, Any]:
        completion = super()._completion(document)
        message = completion["choices"][0]["message"]
        message["content"] = json.dumps(_each(json.loads(message["content"]), lambda text: f"Rain {SAID}\ud83d {text}"))
        return completion


def _each(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {key: part if key == "effect" else _each(part, change) for key, part in value.items()}
    return [_each(part, change) for part in value] if isinstance(value, list) else change(value)


def _cells(home: Path) -> list[str]:
    """Every text of every table; what is JSON, decoded."""
    with open_lectures(home) as lectures, lectures.context.database.read() as connection:
        rows = [row for table in tables_of(connection) for row in connection.execute(select(table))]
    return [_decoded(cell) for row in rows for cell in row if not isinstance(cell, bytes | int | float | None)]


def _decoded(text: Any) -> str:
    if not isinstance(text, str):
        return json.dumps(text, ensure_ascii=False)
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return text


@pytest.mark.slow
def test_nothing_that_a_terminal_obeys_gets_in_or_out(tmp_path: Path) -> None:
    with Obeyed() as openai, ReplicateStandIn(polls=0) as replicate:
        vendors = Vendors(openai, replicate)
        with open_decided(vendors.environ(tmp_path / "home")) as lectures:
            lectures.create(BRIEF, LECTURE)
            report: Any = lectures.regenerate(LECTURE)
            status: Any = lectures.status(LECTURE)
            documents = [
                report,
                status,
                lectures.plan(LECTURE),
                lectures.costs(LECTURE),
                lectures.history(LECTURE),
                lectures.all(),
            ]
            for node in ("content:video-title", "content:narration-text:segment[0]", "asset:narration:segment[0]"):
                documents += [lectures.explain(LECTURE, node), lectures.takes(LECTURE, node)]
            timeline = lectures.draft(LECTURE)
    assert {failure["id"] for failure in report["failed"]} >= {"asset:narration:segment[0]"}
    assert "voice" in json.dumps(status), "the vendor's reason is told"
    assert "Rain" in json.dumps(timeline, ensure_ascii=False)
    written = [json.dumps(document, ensure_ascii=False) for document in (*documents, timeline)]
    for text in (*written, to_vtt(timeline), to_srt(timeline), *_cells(tmp_path / "home")):
        assert shows_only_text(text)
        assert "\\u00" not in text, "a control character as JSON writes it"
