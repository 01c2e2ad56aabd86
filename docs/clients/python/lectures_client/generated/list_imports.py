from pydantic import Field

from .base_model import BaseModel
from .fragments import PageEnd, WholeImport


class ListImports(BaseModel):
    lecture_imports: "ListImportsLectureImports" = Field(alias="lectureImports")


class ListImportsLectureImports(BaseModel):
    items: list["ListImportsLectureImportsItems"]
    page_info: "ListImportsLectureImportsPageInfo" = Field(alias="pageInfo")


class ListImportsLectureImportsItems(WholeImport):
    pass


class ListImportsLectureImportsPageInfo(PageEnd):
    pass


ListImports.model_rebuild()
ListImportsLectureImports.model_rebuild()
