from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import PageEnd, Revision


class ListVersions(BaseModel):
    lecture: Optional["ListVersionsLecture"]


class ListVersionsLecture(BaseModel):
    history: "ListVersionsLectureHistory"


class ListVersionsLectureHistory(BaseModel):
    items: list["ListVersionsLectureHistoryItems"]
    page_info: "ListVersionsLectureHistoryPageInfo" = Field(alias="pageInfo")


class ListVersionsLectureHistoryItems(Revision):
    pass


class ListVersionsLectureHistoryPageInfo(PageEnd):
    pass


ListVersions.model_rebuild()
ListVersionsLecture.model_rebuild()
ListVersionsLectureHistory.model_rebuild()
