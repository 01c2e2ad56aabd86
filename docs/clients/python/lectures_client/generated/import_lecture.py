from typing import Literal, Union

from pydantic import Field

from ..open_types import OtherProblem, OtherType, Problem
from .base_model import BaseModel
from .fragments import InvalidEdit, LectureImported


class ImportLecture(BaseModel):
    import_lecture: Union[
        "ImportLectureImportLectureLectureImported",
        "ImportLectureImportLectureInvalidEdit",
        "ImportLectureImportLectureLectureIdTaken",
        "ImportLectureImportLectureKeyReused",
        "ImportLectureImportLectureLectureBusy",
        "OtherProblem",
        "OtherType",
    ] = Field(alias="importLecture", union_mode="left_to_right")


class ImportLectureImportLectureLectureImported(LectureImported):
    typename__: Literal["LectureImported"] = Field(alias="__typename")


class ImportLectureImportLectureInvalidEdit(InvalidEdit, Problem):
    typename__: Literal["InvalidEdit"] = Field(alias="__typename")


class ImportLectureImportLectureLectureIdTaken(Problem):
    typename__: Literal["LectureIdTaken"] = Field(alias="__typename")


class ImportLectureImportLectureKeyReused(Problem):
    typename__: Literal["KeyReused"] = Field(alias="__typename")


class ImportLectureImportLectureLectureBusy(Problem):
    typename__: Literal["LectureBusy"] = Field(alias="__typename")


ImportLecture.model_rebuild()
