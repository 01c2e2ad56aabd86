from typing import Literal, Union

from pydantic import Field

from ..open_types import OtherProblem, OtherType, Problem
from .base_model import BaseModel
from .fragments import InvalidEdit, LectureRenamed


class RenameLecture(BaseModel):
    rename_lecture: Union[
        "RenameLectureRenameLectureLectureRenamed",
        "RenameLectureRenameLectureInvalidEdit",
        "RenameLectureRenameLectureLectureNotFound",
        "RenameLectureRenameLectureLectureIdTaken",
        "RenameLectureRenameLectureKeyReused",
        "RenameLectureRenameLectureLectureBusy",
        "OtherProblem",
        "OtherType",
    ] = Field(alias="renameLecture", union_mode="left_to_right")


class RenameLectureRenameLectureLectureRenamed(LectureRenamed):
    typename__: Literal["LectureRenamed"] = Field(alias="__typename")


class RenameLectureRenameLectureInvalidEdit(InvalidEdit, Problem):
    typename__: Literal["InvalidEdit"] = Field(alias="__typename")


class RenameLectureRenameLectureLectureNotFound(Problem):
    typename__: Literal["LectureNotFound"] = Field(alias="__typename")


class RenameLectureRenameLectureLectureIdTaken(Problem):
    typename__: Literal["LectureIdTaken"] = Field(alias="__typename")


class RenameLectureRenameLectureKeyReused(Problem):
    typename__: Literal["KeyReused"] = Field(alias="__typename")


class RenameLectureRenameLectureLectureBusy(Problem):
    typename__: Literal["LectureBusy"] = Field(alias="__typename")


RenameLecture.model_rebuild()
