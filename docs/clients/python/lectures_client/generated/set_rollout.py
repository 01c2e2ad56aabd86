from typing import Literal, Union

from pydantic import Field

from ..open_types import OtherProblem, OtherType, Problem
from .base_model import BaseModel
from .fragments import InvalidEdit, RolloutSet


class SetRollout(BaseModel):
    set_rollout: Union[
        "SetRolloutSetRolloutRolloutSet",
        "SetRolloutSetRolloutInvalidEdit",
        "SetRolloutSetRolloutKeyReused",
        "SetRolloutSetRolloutLectureBusy",
        "OtherProblem",
        "OtherType",
    ] = Field(alias="setRollout", union_mode="left_to_right")


class SetRolloutSetRolloutRolloutSet(RolloutSet):
    typename__: Literal["RolloutSet"] = Field(alias="__typename")


class SetRolloutSetRolloutInvalidEdit(InvalidEdit, Problem):
    typename__: Literal["InvalidEdit"] = Field(alias="__typename")


class SetRolloutSetRolloutKeyReused(Problem):
    typename__: Literal["KeyReused"] = Field(alias="__typename")


class SetRolloutSetRolloutLectureBusy(Problem):
    typename__: Literal["LectureBusy"] = Field(alias="__typename")


SetRollout.model_rebuild()
