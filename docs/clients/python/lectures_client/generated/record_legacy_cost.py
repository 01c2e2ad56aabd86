from typing import Literal, Union

from pydantic import Field

from ..open_types import OtherProblem, OtherType, Problem
from .base_model import BaseModel
from .fragments import InvalidEdit, LegacyCostRecorded


class RecordLegacyCost(BaseModel):
    record_legacy_cost: Union[
        "RecordLegacyCostRecordLegacyCostLegacyCostRecorded",
        "RecordLegacyCostRecordLegacyCostInvalidEdit",
        "RecordLegacyCostRecordLegacyCostLectureNotFound",
        "RecordLegacyCostRecordLegacyCostKeyReused",
        "RecordLegacyCostRecordLegacyCostLectureBusy",
        "OtherProblem",
        "OtherType",
    ] = Field(alias="recordLegacyCost", union_mode="left_to_right")


class RecordLegacyCostRecordLegacyCostLegacyCostRecorded(LegacyCostRecorded):
    typename__: Literal["LegacyCostRecorded"] = Field(alias="__typename")


class RecordLegacyCostRecordLegacyCostInvalidEdit(InvalidEdit, Problem):
    typename__: Literal["InvalidEdit"] = Field(alias="__typename")


class RecordLegacyCostRecordLegacyCostLectureNotFound(Problem):
    typename__: Literal["LectureNotFound"] = Field(alias="__typename")


class RecordLegacyCostRecordLegacyCostKeyReused(Problem):
    typename__: Literal["KeyReused"] = Field(alias="__typename")


class RecordLegacyCostRecordLegacyCostLectureBusy(Problem):
    typename__: Literal["LectureBusy"] = Field(alias="__typename")


RecordLegacyCost.model_rebuild()
