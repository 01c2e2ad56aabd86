from typing import Literal, Union

from pydantic import Field

from ..open_types import OtherProblem, OtherType, Problem
from .base_model import BaseModel
from .fragments import InvalidEdit, LectureImportQueued


class ImportLectures(BaseModel):
    import_lectures: Union[
        "ImportLecturesImportLecturesLectureImportQueued",
        "ImportLecturesImportLecturesInvalidEdit",
        "ImportLecturesImportLecturesKeyReused",
        "ImportLecturesImportLecturesLectureBusy",
        "OtherProblem",
        "OtherType",
    ] = Field(alias="importLectures", union_mode="left_to_right")


class ImportLecturesImportLecturesLectureImportQueued(LectureImportQueued):
    typename__: Literal["LectureImportQueued"] = Field(alias="__typename")


class ImportLecturesImportLecturesInvalidEdit(InvalidEdit, Problem):
    typename__: Literal["InvalidEdit"] = Field(alias="__typename")


class ImportLecturesImportLecturesKeyReused(Problem):
    typename__: Literal["KeyReused"] = Field(alias="__typename")


class ImportLecturesImportLecturesLectureBusy(Problem):
    typename__: Literal["LectureBusy"] = Field(alias="__typename")


ImportLectures.model_rebuild()
