"""Subscriptions in the same words share their answers; in other words, or with other variables that count, they do not."""

import json
from typing import Any

from lecture_assets.api.event_answers import EventAnswers
from lecture_assets.api.execution import Operation, Prepared, prepare
from lecture_assets.api.progress import WatchedEvent, WatchedLecture
from lecture_assets.api.schema import api_schema
from lecture_assets.api.signed_urls import UrlSigner

SUBSCRIPTION = """subscription Watch($after: Int! = 0, $at: Boolean! = true) {
  lectureProgress(id: "rain", after: $after) { number ...f ... on LectureTimelineEvent { media { url } } } }
fragment f on LectureProgressEvent { at @include(if: $at) }
subscription Other($after: Int! = 0) { lectureProgress(id: "rain", after: $after) { kind: __typename } }"""
TIMELINE = {
    "number": 7,
    "at": 1.5,
    "kind": "timeline",
    "patch": [{"op": "replace", "path": "/music/media", "value": {"sha256": "ab" * 32, "mediaType": "audio/flac"}}],
}


def prepared(name: str = "Watch", **variables: Any) -> Prepared:
    found = prepare(api_schema(), Operation(SUBSCRIPTION, variables, name))
    assert isinstance(found, Prepared), found
    return found


def lecture(key: str, expires: int, asked: list[str]) -> WatchedLecture:
    def urls() -> UrlSigner:
        asked.append(key)
        return UrlSigner(b"secret", key, "", expires)

    return WatchedLecture(key, urls)


def test_what_is_told_depends_on_the_words_the_variables_within_and_the_event() -> None:
    answers, asked = EventAnswers(api_schema()), list[str]()
    event = WatchedEvent(lecture("rain", 9, asked), TIMELINE)
    first = json.loads(answers.to(prepared(after=1))(event))["data"]["lectureProgress"]
    assert (first["number"], first["at"], first["media"][0]["url"].partition("expires=")[2][:2]) == (7, 1.5, "9&")
    assert "at" not in json.loads(answers.to(prepared(at=False))(event))["data"]["lectureProgress"]
    assert answers.to(prepared("Other"))(event) == '{"data": {"lectureProgress": {"kind": "LectureTimelineEvent"}}}'
    later = json.loads(answers.to(prepared())(WatchedEvent(lecture("rain", 10, asked), TIMELINE)))
    assert "expires=10&" in later["data"]["lectureProgress"]["media"][0]["url"]
    snow = json.loads(answers.to(prepared())(WatchedEvent(lecture("snow", 9, asked), TIMELINE)))
    assert "workspace=snow" in snow["data"]["lectureProgress"]["media"][0]["url"]


def test_a_thousand_who_ask_for_the_same_share_what_is_put_into_words_once() -> None:
    answers, asked = EventAnswers(api_schema()), list[str]()
    told = {answers.to(prepared(after=number))(WatchedEvent(lecture("rain", 9, asked), TIMELINE)) for number in range(1_000)}
    assert (len(told), len(asked)) == (1, 1_001)  # each asks when the URLs expire, and the first one signs them
