from pydantic import Field

from .base_model import BaseModel
from .fragments import PageEnd, WholeSums


class ReadShadowReport(BaseModel):
    shadow_report: "ReadShadowReportShadowReport" = Field(alias="shadowReport")


class ReadShadowReportShadowReport(BaseModel):
    total: "ReadShadowReportShadowReportTotal"
    lectures: "ReadShadowReportShadowReportLectures"


class ReadShadowReportShadowReportTotal(WholeSums):
    pass


class ReadShadowReportShadowReportLectures(BaseModel):
    items: list["ReadShadowReportShadowReportLecturesItems"]
    page_info: "ReadShadowReportShadowReportLecturesPageInfo" = Field(alias="pageInfo")


class ReadShadowReportShadowReportLecturesItems(BaseModel):
    lecture: str
    sum: "ReadShadowReportShadowReportLecturesItemsSum"


class ReadShadowReportShadowReportLecturesItemsSum(WholeSums):
    pass


class ReadShadowReportShadowReportLecturesPageInfo(PageEnd):
    pass


ReadShadowReport.model_rebuild()
ReadShadowReportShadowReport.model_rebuild()
ReadShadowReportShadowReportLectures.model_rebuild()
ReadShadowReportShadowReportLecturesItems.model_rebuild()
