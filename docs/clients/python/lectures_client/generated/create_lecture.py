from typing import Literal, Union

from pydantic import Field

from ..open_types import OtherProblem, OtherType, Problem
from .base_model import BaseModel
from .fragments import InvalidEdit, LectureCreated, LectureLeftToLegacy


class CreateLecture(BaseModel):
    create_lecture: Union[
        "CreateLectureCreateLectureLectureCreated",
        "CreateLectureCreateLectureInvalidEdit",
        "CreateLectureCreateLectureLectureIdTaken",
        "CreateLectureCreateLectureKeyReused",
        "CreateLectureCreateLectureLectureBusy",
        "CreateLectureCreateLectureLectureLeftToLegacy",
        "OtherProblem",
        "OtherType",
    ] = Field(alias="createLecture", union_mode="left_to_right")


class CreateLectureCreateLectureLectureCreated(LectureCreated):
    typename__: Literal["LectureCreated"] = Field(alias="__typename")


class CreateLectureCreateLectureInvalidEdit(InvalidEdit, Problem):
    typename__: Literal["InvalidEdit"] = Field(alias="__typename")


class CreateLectureCreateLectureLectureIdTaken(Problem):
    typename__: Literal["LectureIdTaken"] = Field(alias="__typename")


class CreateLectureCreateLectureKeyReused(Problem):
    typename__: Literal["KeyReused"] = Field(alias="__typename")


class CreateLectureCreateLectureLectureBusy(Problem):
    typename__: Literal["LectureBusy"] = Field(alias="__typename")


class CreateLectureCreateLectureLectureLeftToLegacy(LectureLeftToLegacy, Problem):
    typename__: Literal["LectureLeftToLegacy"] = Field(alias="__typename")


CreateLecture.model_rebuild()
