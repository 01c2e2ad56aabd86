from typing import Literal, Union

from pydantic import Field

from ..open_types import OtherProblem, OtherType, Problem
from .base_model import BaseModel
from .fragments import LectureDeleted


class DeleteLecture(BaseModel):
    delete_lecture: Union[
        "DeleteLectureDeleteLectureLectureDeleted",
        "DeleteLectureDeleteLectureInvalidEdit",
        "DeleteLectureDeleteLectureLectureNotFound",
        "DeleteLectureDeleteLectureKeyReused",
        "DeleteLectureDeleteLectureLectureBusy",
        "OtherProblem",
        "OtherType",
    ] = Field(alias="deleteLecture", union_mode="left_to_right")


class DeleteLectureDeleteLectureLectureDeleted(LectureDeleted):
    typename__: Literal["LectureDeleted"] = Field(alias="__typename")


class DeleteLectureDeleteLectureInvalidEdit(Problem):
    typename__: Literal["InvalidEdit"] = Field(alias="__typename")


class DeleteLectureDeleteLectureLectureNotFound(Problem):
    typename__: Literal["LectureNotFound"] = Field(alias="__typename")


class DeleteLectureDeleteLectureKeyReused(Problem):
    typename__: Literal["KeyReused"] = Field(alias="__typename")


class DeleteLectureDeleteLectureLectureBusy(Problem):
    typename__: Literal["LectureBusy"] = Field(alias="__typename")


DeleteLecture.model_rebuild()
