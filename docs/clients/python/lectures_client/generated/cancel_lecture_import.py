from typing import Literal, Union

from pydantic import Field

from ..open_types import OtherProblem, OtherType, Problem
from .base_model import BaseModel
from .fragments import InvalidEdit, LectureImportCanceled


class CancelLectureImport(BaseModel):
    cancel_lecture_import: Union[
        "CancelLectureImportCancelLectureImportLectureImportCanceled",
        "CancelLectureImportCancelLectureImportInvalidEdit",
        "CancelLectureImportCancelLectureImportLectureImportNotFound",
        "CancelLectureImportCancelLectureImportKeyReused",
        "CancelLectureImportCancelLectureImportLectureBusy",
        "OtherProblem",
        "OtherType",
    ] = Field(alias="cancelLectureImport", union_mode="left_to_right")


class CancelLectureImportCancelLectureImportLectureImportCanceled(
    LectureImportCanceled
):
    typename__: Literal["LectureImportCanceled"] = Field(alias="__typename")


class CancelLectureImportCancelLectureImportInvalidEdit(InvalidEdit, Problem):
    typename__: Literal["InvalidEdit"] = Field(alias="__typename")


class CancelLectureImportCancelLectureImportLectureImportNotFound(Problem):
    typename__: Literal["LectureImportNotFound"] = Field(alias="__typename")


class CancelLectureImportCancelLectureImportKeyReused(Problem):
    typename__: Literal["KeyReused"] = Field(alias="__typename")


class CancelLectureImportCancelLectureImportLectureBusy(Problem):
    typename__: Literal["LectureBusy"] = Field(alias="__typename")


CancelLectureImport.model_rebuild()
