from typing import Literal, Union

from pydantic import Field

from ..open_types import OtherProblem, OtherType, Problem
from .base_model import BaseModel
from .fragments import CeilingReached, InvalidEdit, PlanChanged, RegenerationQueued


class RegenerateLecture(BaseModel):
    regenerate_lecture: Union[
        "RegenerateLectureRegenerateLectureRegenerationQueued",
        "RegenerateLectureRegenerateLecturePlanChanged",
        "RegenerateLectureRegenerateLectureCeilingReached",
        "RegenerateLectureRegenerateLectureInvalidEdit",
        "RegenerateLectureRegenerateLectureLectureNotFound",
        "RegenerateLectureRegenerateLectureKeyReused",
        "RegenerateLectureRegenerateLectureLectureBusy",
        "RegenerateLectureRegenerateLectureLectureIsShadow",
        "OtherProblem",
        "OtherType",
    ] = Field(alias="regenerateLecture", union_mode="left_to_right")


class RegenerateLectureRegenerateLectureRegenerationQueued(RegenerationQueued):
    typename__: Literal["RegenerationQueued"] = Field(alias="__typename")


class RegenerateLectureRegenerateLecturePlanChanged(PlanChanged, Problem):
    typename__: Literal["PlanChanged"] = Field(alias="__typename")


class RegenerateLectureRegenerateLectureCeilingReached(CeilingReached, Problem):
    typename__: Literal["CeilingReached"] = Field(alias="__typename")


class RegenerateLectureRegenerateLectureInvalidEdit(InvalidEdit, Problem):
    typename__: Literal["InvalidEdit"] = Field(alias="__typename")


class RegenerateLectureRegenerateLectureLectureNotFound(Problem):
    typename__: Literal["LectureNotFound"] = Field(alias="__typename")


class RegenerateLectureRegenerateLectureKeyReused(Problem):
    typename__: Literal["KeyReused"] = Field(alias="__typename")


class RegenerateLectureRegenerateLectureLectureBusy(Problem):
    typename__: Literal["LectureBusy"] = Field(alias="__typename")


class RegenerateLectureRegenerateLectureLectureIsShadow(Problem):
    typename__: Literal["LectureIsShadow"] = Field(alias="__typename")


RegenerateLecture.model_rebuild()
