from typing import Literal, Union

from pydantic import Field

from ..open_types import OtherProblem, OtherType, Problem
from .base_model import BaseModel
from .fragments import InvalidEdit, LectureCopied


class CopyLecture(BaseModel):
    copy_lecture: Union[
        "CopyLectureCopyLectureLectureCopied",
        "CopyLectureCopyLectureInvalidEdit",
        "CopyLectureCopyLectureLectureNotFound",
        "CopyLectureCopyLectureLectureIdTaken",
        "CopyLectureCopyLectureKeyReused",
        "CopyLectureCopyLectureLectureBusy",
        "OtherProblem",
        "OtherType",
    ] = Field(alias="copyLecture", union_mode="left_to_right")


class CopyLectureCopyLectureLectureCopied(LectureCopied):
    typename__: Literal["LectureCopied"] = Field(alias="__typename")


class CopyLectureCopyLectureInvalidEdit(InvalidEdit, Problem):
    typename__: Literal["InvalidEdit"] = Field(alias="__typename")


class CopyLectureCopyLectureLectureNotFound(Problem):
    typename__: Literal["LectureNotFound"] = Field(alias="__typename")


class CopyLectureCopyLectureLectureIdTaken(Problem):
    typename__: Literal["LectureIdTaken"] = Field(alias="__typename")


class CopyLectureCopyLectureKeyReused(Problem):
    typename__: Literal["KeyReused"] = Field(alias="__typename")


class CopyLectureCopyLectureLectureBusy(Problem):
    typename__: Literal["LectureBusy"] = Field(alias="__typename")


CopyLecture.model_rebuild()
