from typing import Annotated, Literal, Optional, Union

from pydantic import Field

from ..open_types import OtherProblem, OtherType
from .base_model import BaseModel
from .fragments import PageEnd


class ListConflicts(BaseModel):
    lecture: Optional["ListConflictsLecture"]


class ListConflictsLecture(BaseModel):
    conflicts: "ListConflictsLectureConflicts"


class ListConflictsLectureConflicts(BaseModel):
    total: int
    items: list["ListConflictsLectureConflictsItems"]
    page_info: "ListConflictsLectureConflictsPageInfo" = Field(alias="pageInfo")


class ListConflictsLectureConflictsItems(BaseModel):
    node: str
    merged: Optional[str]
    base: Optional[
        Annotated[
            Union[
                "ListConflictsLectureConflictsItemsBaseLectureText",
                "ListConflictsLectureConflictsItemsBaseLectureScript",
                "ListConflictsLectureConflictsItemsBaseLectureSegmentScript",
                "ListConflictsLectureConflictsItemsBaseLectureVideoPrompts",
                "ListConflictsLectureConflictsItemsBaseLecturePicture",
                "ListConflictsLectureConflictsItemsBaseLectureClip",
                "ListConflictsLectureConflictsItemsBaseLectureSpeech",
                "ListConflictsLectureConflictsItemsBaseLectureMusic",
                "ListConflictsLectureConflictsItemsBaseLectureSegmentTimeline",
                "ListConflictsLectureConflictsItemsBaseLectureTimelineValue",
                "ListConflictsLectureConflictsItemsBaseLectureInputValue",
                "OtherProblem",
                "OtherType",
            ],
            Field(union_mode="left_to_right"),
        ]
    ]
    mine: Optional[
        Annotated[
            Union[
                "ListConflictsLectureConflictsItemsMineLectureText",
                "ListConflictsLectureConflictsItemsMineLectureScript",
                "ListConflictsLectureConflictsItemsMineLectureSegmentScript",
                "ListConflictsLectureConflictsItemsMineLectureVideoPrompts",
                "ListConflictsLectureConflictsItemsMineLecturePicture",
                "ListConflictsLectureConflictsItemsMineLectureClip",
                "ListConflictsLectureConflictsItemsMineLectureSpeech",
                "ListConflictsLectureConflictsItemsMineLectureMusic",
                "ListConflictsLectureConflictsItemsMineLectureSegmentTimeline",
                "ListConflictsLectureConflictsItemsMineLectureTimelineValue",
                "ListConflictsLectureConflictsItemsMineLectureInputValue",
                "OtherProblem",
                "OtherType",
            ],
            Field(union_mode="left_to_right"),
        ]
    ]
    theirs: Optional[
        Annotated[
            Union[
                "ListConflictsLectureConflictsItemsTheirsLectureText",
                "ListConflictsLectureConflictsItemsTheirsLectureScript",
                "ListConflictsLectureConflictsItemsTheirsLectureSegmentScript",
                "ListConflictsLectureConflictsItemsTheirsLectureVideoPrompts",
                "ListConflictsLectureConflictsItemsTheirsLecturePicture",
                "ListConflictsLectureConflictsItemsTheirsLectureClip",
                "ListConflictsLectureConflictsItemsTheirsLectureSpeech",
                "ListConflictsLectureConflictsItemsTheirsLectureMusic",
                "ListConflictsLectureConflictsItemsTheirsLectureSegmentTimeline",
                "ListConflictsLectureConflictsItemsTheirsLectureTimelineValue",
                "ListConflictsLectureConflictsItemsTheirsLectureInputValue",
                "OtherProblem",
                "OtherType",
            ],
            Field(union_mode="left_to_right"),
        ]
    ]


class ListConflictsLectureConflictsItemsBaseLectureText(BaseModel):
    typename__: Literal["LectureText"] = Field(alias="__typename")
    text: str


class ListConflictsLectureConflictsItemsBaseLectureScript(BaseModel):
    typename__: Literal["LectureScript"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsBaseLectureSegmentScript(BaseModel):
    typename__: Literal["LectureSegmentScript"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsBaseLectureVideoPrompts(BaseModel):
    typename__: Literal["LectureVideoPrompts"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsBaseLecturePicture(BaseModel):
    typename__: Literal["LecturePicture"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsBaseLectureClip(BaseModel):
    typename__: Literal["LectureClip"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsBaseLectureSpeech(BaseModel):
    typename__: Literal["LectureSpeech"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsBaseLectureMusic(BaseModel):
    typename__: Literal["LectureMusic"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsBaseLectureSegmentTimeline(BaseModel):
    typename__: Literal["LectureSegmentTimeline"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsBaseLectureTimelineValue(BaseModel):
    typename__: Literal["LectureTimelineValue"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsBaseLectureInputValue(BaseModel):
    typename__: Literal["LectureInputValue"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsMineLectureText(BaseModel):
    typename__: Literal["LectureText"] = Field(alias="__typename")
    text: str


class ListConflictsLectureConflictsItemsMineLectureScript(BaseModel):
    typename__: Literal["LectureScript"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsMineLectureSegmentScript(BaseModel):
    typename__: Literal["LectureSegmentScript"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsMineLectureVideoPrompts(BaseModel):
    typename__: Literal["LectureVideoPrompts"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsMineLecturePicture(BaseModel):
    typename__: Literal["LecturePicture"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsMineLectureClip(BaseModel):
    typename__: Literal["LectureClip"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsMineLectureSpeech(BaseModel):
    typename__: Literal["LectureSpeech"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsMineLectureMusic(BaseModel):
    typename__: Literal["LectureMusic"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsMineLectureSegmentTimeline(BaseModel):
    typename__: Literal["LectureSegmentTimeline"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsMineLectureTimelineValue(BaseModel):
    typename__: Literal["LectureTimelineValue"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsMineLectureInputValue(BaseModel):
    typename__: Literal["LectureInputValue"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsTheirsLectureText(BaseModel):
    typename__: Literal["LectureText"] = Field(alias="__typename")
    text: str


class ListConflictsLectureConflictsItemsTheirsLectureScript(BaseModel):
    typename__: Literal["LectureScript"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsTheirsLectureSegmentScript(BaseModel):
    typename__: Literal["LectureSegmentScript"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsTheirsLectureVideoPrompts(BaseModel):
    typename__: Literal["LectureVideoPrompts"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsTheirsLecturePicture(BaseModel):
    typename__: Literal["LecturePicture"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsTheirsLectureClip(BaseModel):
    typename__: Literal["LectureClip"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsTheirsLectureSpeech(BaseModel):
    typename__: Literal["LectureSpeech"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsTheirsLectureMusic(BaseModel):
    typename__: Literal["LectureMusic"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsTheirsLectureSegmentTimeline(BaseModel):
    typename__: Literal["LectureSegmentTimeline"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsTheirsLectureTimelineValue(BaseModel):
    typename__: Literal["LectureTimelineValue"] = Field(alias="__typename")


class ListConflictsLectureConflictsItemsTheirsLectureInputValue(BaseModel):
    typename__: Literal["LectureInputValue"] = Field(alias="__typename")


class ListConflictsLectureConflictsPageInfo(PageEnd):
    pass


ListConflicts.model_rebuild()
ListConflictsLecture.model_rebuild()
ListConflictsLectureConflicts.model_rebuild()
ListConflictsLectureConflictsItems.model_rebuild()
