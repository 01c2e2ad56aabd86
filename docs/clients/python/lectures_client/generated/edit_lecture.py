from typing import Literal, Union

from pydantic import Field

from ..open_types import OtherProblem, OtherType, Problem
from .base_model import BaseModel
from .fragments import InvalidEdit, LectureConflict, LectureEdited


class EditLecture(BaseModel):
    edit_lecture: Union[
        "EditLectureEditLectureLectureEdited",
        "EditLectureEditLectureLectureConflict",
        "EditLectureEditLectureInvalidEdit",
        "EditLectureEditLectureLectureNotFound",
        "EditLectureEditLectureNothingToRestore",
        "EditLectureEditLectureKeyReused",
        "EditLectureEditLectureLectureBusy",
        "OtherProblem",
        "OtherType",
    ] = Field(alias="editLecture", union_mode="left_to_right")


class EditLectureEditLectureLectureEdited(LectureEdited):
    typename__: Literal["LectureEdited"] = Field(alias="__typename")


class EditLectureEditLectureLectureConflict(LectureConflict, Problem):
    typename__: Literal["LectureConflict"] = Field(alias="__typename")


class EditLectureEditLectureInvalidEdit(InvalidEdit, Problem):
    typename__: Literal["InvalidEdit"] = Field(alias="__typename")


class EditLectureEditLectureLectureNotFound(Problem):
    typename__: Literal["LectureNotFound"] = Field(alias="__typename")


class EditLectureEditLectureNothingToRestore(Problem):
    typename__: Literal["NothingToRestore"] = Field(alias="__typename")


class EditLectureEditLectureKeyReused(Problem):
    typename__: Literal["KeyReused"] = Field(alias="__typename")


class EditLectureEditLectureLectureBusy(Problem):
    typename__: Literal["LectureBusy"] = Field(alias="__typename")


EditLecture.model_rebuild()
