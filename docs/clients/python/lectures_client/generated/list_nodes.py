from typing import Annotated, Literal, Optional, Union

from pydantic import Field

from ..open_types import OtherProblem, OtherType
from .base_model import BaseModel
from .enums import LectureNodeCategory, LectureNodeStatus, LectureRole
from .fragments import PageEnd, WholeError, WholeReason


class ListNodes(BaseModel):
    lecture: Optional["ListNodesLecture"]


class ListNodesLecture(BaseModel):
    version: int
    nodes: "ListNodesLectureNodes"


class ListNodesLectureNodes(BaseModel):
    total: int
    items: list["ListNodesLectureNodesItems"]
    page_info: "ListNodesLectureNodesPageInfo" = Field(alias="pageInfo")


class ListNodesLectureNodesItems(BaseModel):
    id: str
    kind: str
    category: LectureNodeCategory
    segment: Optional[int]
    image: Optional[int]
    role: Optional[LectureRole]
    status: LectureNodeStatus
    pinned: bool
    take: Optional[int]
    made_by: Optional[str] = Field(alias="madeBy")
    made_at: Optional[float] = Field(alias="madeAt")
    cost_usd_micros: int = Field(alias="costUsdMicros")
    reads: list[str]
    reasons: list["ListNodesLectureNodesItemsReasons"]
    error: Optional["ListNodesLectureNodesItemsError"]
    value: Optional[
        Annotated[
            Union[
                "ListNodesLectureNodesItemsValueLectureText",
                "ListNodesLectureNodesItemsValueLectureScript",
                "ListNodesLectureNodesItemsValueLectureSegmentScript",
                "ListNodesLectureNodesItemsValueLectureVideoPrompts",
                "ListNodesLectureNodesItemsValueLecturePicture",
                "ListNodesLectureNodesItemsValueLectureClip",
                "ListNodesLectureNodesItemsValueLectureSpeech",
                "ListNodesLectureNodesItemsValueLectureMusic",
                "ListNodesLectureNodesItemsValueLectureSegmentTimeline",
                "ListNodesLectureNodesItemsValueLectureTimelineValue",
                "ListNodesLectureNodesItemsValueLectureInputValue",
                "OtherProblem",
                "OtherType",
            ],
            Field(union_mode="left_to_right"),
        ]
    ]


class ListNodesLectureNodesItemsReasons(WholeReason):
    pass


class ListNodesLectureNodesItemsError(WholeError):
    pass


class ListNodesLectureNodesItemsValueLectureText(BaseModel):
    typename__: Literal["LectureText"] = Field(alias="__typename")
    text: str


class ListNodesLectureNodesItemsValueLectureScript(BaseModel):
    typename__: Literal["LectureScript"] = Field(alias="__typename")


class ListNodesLectureNodesItemsValueLectureSegmentScript(BaseModel):
    typename__: Literal["LectureSegmentScript"] = Field(alias="__typename")


class ListNodesLectureNodesItemsValueLectureVideoPrompts(BaseModel):
    typename__: Literal["LectureVideoPrompts"] = Field(alias="__typename")


class ListNodesLectureNodesItemsValueLecturePicture(BaseModel):
    typename__: Literal["LecturePicture"] = Field(alias="__typename")
    sha_256: str = Field(alias="sha256")
    media_type: str = Field(alias="mediaType")
    width: int
    height: int


class ListNodesLectureNodesItemsValueLectureClip(BaseModel):
    typename__: Literal["LectureClip"] = Field(alias="__typename")
    sha_256: str = Field(alias="sha256")
    media_type: str = Field(alias="mediaType")
    width: int
    height: int
    duration_ms: int = Field(alias="durationMs")


class ListNodesLectureNodesItemsValueLectureSpeech(BaseModel):
    typename__: Literal["LectureSpeech"] = Field(alias="__typename")
    sha_256: str = Field(alias="sha256")
    media_type: str = Field(alias="mediaType")
    duration_ms: int = Field(alias="durationMs")


class ListNodesLectureNodesItemsValueLectureMusic(BaseModel):
    typename__: Literal["LectureMusic"] = Field(alias="__typename")
    sha_256: str = Field(alias="sha256")
    media_type: str = Field(alias="mediaType")
    duration_ms: int = Field(alias="durationMs")


class ListNodesLectureNodesItemsValueLectureSegmentTimeline(BaseModel):
    typename__: Literal["LectureSegmentTimeline"] = Field(alias="__typename")


class ListNodesLectureNodesItemsValueLectureTimelineValue(BaseModel):
    typename__: Literal["LectureTimelineValue"] = Field(alias="__typename")


class ListNodesLectureNodesItemsValueLectureInputValue(BaseModel):
    typename__: Literal["LectureInputValue"] = Field(alias="__typename")


class ListNodesLectureNodesPageInfo(PageEnd):
    pass


ListNodes.model_rebuild()
ListNodesLecture.model_rebuild()
ListNodesLectureNodes.model_rebuild()
ListNodesLectureNodesItems.model_rebuild()
