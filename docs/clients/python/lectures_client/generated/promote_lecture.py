from typing import Literal, Union

from pydantic import Field

from ..open_types import OtherProblem, OtherType, Problem
from .base_model import BaseModel
from .fragments import InvalidEdit, LecturePromoted


class PromoteLecture(BaseModel):
    promote_lecture: Union[
        "PromoteLecturePromoteLectureLecturePromoted",
        "PromoteLecturePromoteLectureInvalidEdit",
        "PromoteLecturePromoteLectureLectureNotFound",
        "PromoteLecturePromoteLectureKeyReused",
        "PromoteLecturePromoteLectureLectureBusy",
        "OtherProblem",
        "OtherType",
    ] = Field(alias="promoteLecture", union_mode="left_to_right")


class PromoteLecturePromoteLectureLecturePromoted(LecturePromoted):
    typename__: Literal["LecturePromoted"] = Field(alias="__typename")


class PromoteLecturePromoteLectureInvalidEdit(InvalidEdit, Problem):
    typename__: Literal["InvalidEdit"] = Field(alias="__typename")


class PromoteLecturePromoteLectureLectureNotFound(Problem):
    typename__: Literal["LectureNotFound"] = Field(alias="__typename")


class PromoteLecturePromoteLectureKeyReused(Problem):
    typename__: Literal["KeyReused"] = Field(alias="__typename")


class PromoteLecturePromoteLectureLectureBusy(Problem):
    typename__: Literal["LectureBusy"] = Field(alias="__typename")


PromoteLecture.model_rebuild()
