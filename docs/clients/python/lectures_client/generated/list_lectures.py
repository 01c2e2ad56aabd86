from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import RegenerationState
from .fragments import PageEnd


class ListLectures(BaseModel):
    lectures: "ListLecturesLectures"


class ListLecturesLectures(BaseModel):
    items: list["ListLecturesLecturesItems"]
    page_info: "ListLecturesLecturesPageInfo" = Field(alias="pageInfo")


class ListLecturesLecturesItems(BaseModel):
    id: str
    version: int
    published_version: int = Field(alias="publishedVersion")
    regeneration: RegenerationState
    title: Optional[str]
    created_at: float = Field(alias="createdAt")


class ListLecturesLecturesPageInfo(PageEnd):
    pass


ListLectures.model_rebuild()
ListLecturesLectures.model_rebuild()
