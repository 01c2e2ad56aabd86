from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import PageEnd


class ListTakes(BaseModel):
    lecture: Optional["ListTakesLecture"]


class ListTakesLecture(BaseModel):
    takes: Optional["ListTakesLectureTakes"]


class ListTakesLectureTakes(BaseModel):
    total: int
    items: list["ListTakesLectureTakesItems"]
    page_info: "ListTakesLectureTakesPageInfo" = Field(alias="pageInfo")


class ListTakesLectureTakesItems(BaseModel):
    number: int
    counts: bool
    chosen: bool
    made_by: str = Field(alias="madeBy")
    made_at: float = Field(alias="madeAt")
    cost_usd_micros: int = Field(alias="costUsdMicros")
    version: str
    available: bool


class ListTakesLectureTakesPageInfo(PageEnd):
    pass


ListTakes.model_rebuild()
ListTakesLecture.model_rebuild()
ListTakesLectureTakes.model_rebuild()
