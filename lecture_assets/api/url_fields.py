"""The URLs of media and of a lecture's events."""

from collections.abc import Callable, Mapping
from typing import Any

from lecture_assets.api.lecture_view import LectureView
from lecture_assets.api.plain_fields import plain
from lecture_assets.api.request import current_request
from lecture_assets.api.signed_urls import signer


def _medium(medium: Mapping[str, Any]) -> str:
    return signer(current_request()).medium(medium["sha256"])


def _events(lecture: LectureView) -> str:
    return signer(lecture.request).events(lecture.id)


_MEDIA = ("LecturePicture", "LectureClip", "LectureSpeech", "LectureMusic", "TimelineMedium", "MediumUploaded")
URL_FIELDS: Mapping[str, Mapping[str, Callable[..., Any]]] = {
    **{name: {"url": plain(_medium)} for name in _MEDIA},
    "Lecture": {"eventsUrl": plain(_events)},
}
"""Resolvers by type and field."""
