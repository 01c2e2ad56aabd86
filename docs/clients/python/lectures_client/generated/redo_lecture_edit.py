from typing import Literal, Union

from pydantic import Field

from ..open_types import OtherProblem, OtherType, Problem
from .base_model import BaseModel
from .fragments import LectureConflict, LectureEdited


class RedoLectureEdit(BaseModel):
    redo_lecture_edit: Union[
        "RedoLectureEditRedoLectureEditLectureEdited",
        "RedoLectureEditRedoLectureEditLectureConflict",
        "RedoLectureEditRedoLectureEditInvalidEdit",
        "RedoLectureEditRedoLectureEditLectureNotFound",
        "RedoLectureEditRedoLectureEditNothingToRestore",
        "RedoLectureEditRedoLectureEditKeyReused",
        "RedoLectureEditRedoLectureEditLectureBusy",
        "OtherProblem",
        "OtherType",
    ] = Field(alias="redoLectureEdit", union_mode="left_to_right")


class RedoLectureEditRedoLectureEditLectureEdited(LectureEdited):
    typename__: Literal["LectureEdited"] = Field(alias="__typename")


class RedoLectureEditRedoLectureEditLectureConflict(LectureConflict, Problem):
    typename__: Literal["LectureConflict"] = Field(alias="__typename")


class RedoLectureEditRedoLectureEditInvalidEdit(Problem):
    typename__: Literal["InvalidEdit"] = Field(alias="__typename")


class RedoLectureEditRedoLectureEditLectureNotFound(Problem):
    typename__: Literal["LectureNotFound"] = Field(alias="__typename")


class RedoLectureEditRedoLectureEditNothingToRestore(Problem):
    typename__: Literal["NothingToRestore"] = Field(alias="__typename")


class RedoLectureEditRedoLectureEditKeyReused(Problem):
    typename__: Literal["KeyReused"] = Field(alias="__typename")


class RedoLectureEditRedoLectureEditLectureBusy(Problem):
    typename__: Literal["LectureBusy"] = Field(alias="__typename")


RedoLectureEdit.model_rebuild()
