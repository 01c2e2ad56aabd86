from typing import Literal, Union

from pydantic import Field

from ..open_types import OtherProblem, OtherType, Problem
from .base_model import BaseModel
from .fragments import LectureConflict, LectureEdited


class UndoLectureEdit(BaseModel):
    undo_lecture_edit: Union[
        "UndoLectureEditUndoLectureEditLectureEdited",
        "UndoLectureEditUndoLectureEditLectureConflict",
        "UndoLectureEditUndoLectureEditInvalidEdit",
        "UndoLectureEditUndoLectureEditLectureNotFound",
        "UndoLectureEditUndoLectureEditNothingToRestore",
        "UndoLectureEditUndoLectureEditKeyReused",
        "UndoLectureEditUndoLectureEditLectureBusy",
        "OtherProblem",
        "OtherType",
    ] = Field(alias="undoLectureEdit", union_mode="left_to_right")


class UndoLectureEditUndoLectureEditLectureEdited(LectureEdited):
    typename__: Literal["LectureEdited"] = Field(alias="__typename")


class UndoLectureEditUndoLectureEditLectureConflict(LectureConflict, Problem):
    typename__: Literal["LectureConflict"] = Field(alias="__typename")


class UndoLectureEditUndoLectureEditInvalidEdit(Problem):
    typename__: Literal["InvalidEdit"] = Field(alias="__typename")


class UndoLectureEditUndoLectureEditLectureNotFound(Problem):
    typename__: Literal["LectureNotFound"] = Field(alias="__typename")


class UndoLectureEditUndoLectureEditNothingToRestore(Problem):
    typename__: Literal["NothingToRestore"] = Field(alias="__typename")


class UndoLectureEditUndoLectureEditKeyReused(Problem):
    typename__: Literal["KeyReused"] = Field(alias="__typename")


class UndoLectureEditUndoLectureEditLectureBusy(Problem):
    typename__: Literal["LectureBusy"] = Field(alias="__typename")


UndoLectureEdit.model_rebuild()
