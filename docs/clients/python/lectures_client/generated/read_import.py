from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import LectureImportItemState
from .fragments import PageEnd, WholeImport


class ReadImport(BaseModel):
    lecture_import: Optional["ReadImportLectureImport"] = Field(alias="lectureImport")


class ReadImportLectureImport(WholeImport):
    items: "ReadImportLectureImportItems"


class ReadImportLectureImportItems(BaseModel):
    items: list["ReadImportLectureImportItemsItems"]
    page_info: "ReadImportLectureImportItemsPageInfo" = Field(alias="pageInfo")


class ReadImportLectureImportItemsItems(BaseModel):
    number: int
    state: LectureImportItemState
    wanted_id: str = Field(alias="wantedId")
    lecture_id: Optional[str] = Field(alias="lectureId")
    shadow: bool
    created: Optional[bool]
    adopted: Optional[int]
    missing: Optional[int]
    faults: list["ReadImportLectureImportItemsItemsFaults"]
    ended_at: Optional[float] = Field(alias="endedAt")


class ReadImportLectureImportItemsItemsFaults(BaseModel):
    where: str
    found: str
    allowed: str


class ReadImportLectureImportItemsPageInfo(PageEnd):
    pass


ReadImport.model_rebuild()
ReadImportLectureImport.model_rebuild()
ReadImportLectureImportItems.model_rebuild()
ReadImportLectureImportItemsItems.model_rebuild()
