from typing import Literal, Union

from pydantic import Field

from ..open_types import OtherEvent
from .base_model import BaseModel
from .fragments import (
    LectureNodeDelayedEvent,
    LectureNodeEvent,
    LectureNodeStartedEvent,
    LectureResetEvent,
    LectureRevisionEvent,
    LectureRunEndedEvent,
    LectureRunPlannedEvent,
    LectureRunStartedEvent,
    LectureTimelineEvent,
    LectureWithdrawnEvent,
)


class WatchLecture(BaseModel):
    lecture_progress: Union[
        "WatchLectureLectureProgressLectureNodeDelayedEvent",
        "WatchLectureLectureProgressLectureNodeEvent",
        "WatchLectureLectureProgressLectureNodeStartedEvent",
        "WatchLectureLectureProgressLectureResetEvent",
        "WatchLectureLectureProgressLectureRevisionEvent",
        "WatchLectureLectureProgressLectureRunEndedEvent",
        "WatchLectureLectureProgressLectureRunPlannedEvent",
        "WatchLectureLectureProgressLectureRunStartedEvent",
        "WatchLectureLectureProgressLectureTimelineEvent",
        "WatchLectureLectureProgressLectureWithdrawnEvent",
        "OtherEvent",
    ] = Field(alias="lectureProgress", union_mode="left_to_right")


class WatchLectureLectureProgressLectureNodeDelayedEvent(LectureNodeDelayedEvent):
    typename__: Literal["LectureNodeDelayedEvent"] = Field(alias="__typename")
    number: int
    at: float


class WatchLectureLectureProgressLectureNodeEvent(LectureNodeEvent):
    typename__: Literal["LectureNodeEvent"] = Field(alias="__typename")
    number: int
    at: float


class WatchLectureLectureProgressLectureNodeStartedEvent(LectureNodeStartedEvent):
    typename__: Literal["LectureNodeStartedEvent"] = Field(alias="__typename")
    number: int
    at: float


class WatchLectureLectureProgressLectureResetEvent(LectureResetEvent):
    typename__: Literal["LectureResetEvent"] = Field(alias="__typename")
    number: int
    at: float


class WatchLectureLectureProgressLectureRevisionEvent(LectureRevisionEvent):
    typename__: Literal["LectureRevisionEvent"] = Field(alias="__typename")
    number: int
    at: float


class WatchLectureLectureProgressLectureRunEndedEvent(LectureRunEndedEvent):
    typename__: Literal["LectureRunEndedEvent"] = Field(alias="__typename")
    number: int
    at: float


class WatchLectureLectureProgressLectureRunPlannedEvent(LectureRunPlannedEvent):
    typename__: Literal["LectureRunPlannedEvent"] = Field(alias="__typename")
    number: int
    at: float


class WatchLectureLectureProgressLectureRunStartedEvent(LectureRunStartedEvent):
    typename__: Literal["LectureRunStartedEvent"] = Field(alias="__typename")
    number: int
    at: float


class WatchLectureLectureProgressLectureTimelineEvent(LectureTimelineEvent):
    typename__: Literal["LectureTimelineEvent"] = Field(alias="__typename")
    number: int
    at: float


class WatchLectureLectureProgressLectureWithdrawnEvent(LectureWithdrawnEvent):
    typename__: Literal["LectureWithdrawnEvent"] = Field(alias="__typename")
    number: int
    at: float


WatchLecture.model_rebuild()
