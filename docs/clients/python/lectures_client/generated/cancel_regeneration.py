from typing import Literal, Union

from pydantic import Field

from ..open_types import OtherProblem, OtherType, Problem
from .base_model import BaseModel
from .fragments import RegenerationCanceled


class CancelRegeneration(BaseModel):
    cancel_regeneration: Union[
        "CancelRegenerationCancelRegenerationRegenerationCanceled",
        "CancelRegenerationCancelRegenerationInvalidEdit",
        "CancelRegenerationCancelRegenerationLectureNotFound",
        "CancelRegenerationCancelRegenerationKeyReused",
        "CancelRegenerationCancelRegenerationLectureBusy",
        "OtherProblem",
        "OtherType",
    ] = Field(alias="cancelRegeneration", union_mode="left_to_right")


class CancelRegenerationCancelRegenerationRegenerationCanceled(RegenerationCanceled):
    typename__: Literal["RegenerationCanceled"] = Field(alias="__typename")


class CancelRegenerationCancelRegenerationInvalidEdit(Problem):
    typename__: Literal["InvalidEdit"] = Field(alias="__typename")


class CancelRegenerationCancelRegenerationLectureNotFound(Problem):
    typename__: Literal["LectureNotFound"] = Field(alias="__typename")


class CancelRegenerationCancelRegenerationKeyReused(Problem):
    typename__: Literal["KeyReused"] = Field(alias="__typename")


class CancelRegenerationCancelRegenerationLectureBusy(Problem):
    typename__: Literal["LectureBusy"] = Field(alias="__typename")


CancelRegeneration.model_rebuild()
