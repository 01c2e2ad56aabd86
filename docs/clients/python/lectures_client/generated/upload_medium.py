from typing import Literal, Union

from pydantic import Field

from ..open_types import OtherProblem, OtherType, Problem
from .base_model import BaseModel
from .fragments import InvalidEdit, MediumUploaded


class UploadMedium(BaseModel):
    upload_medium: Union[
        "UploadMediumUploadMediumMediumUploaded",
        "UploadMediumUploadMediumInvalidEdit",
        "UploadMediumUploadMediumKeyReused",
        "UploadMediumUploadMediumLectureBusy",
        "OtherProblem",
        "OtherType",
    ] = Field(alias="uploadMedium", union_mode="left_to_right")


class UploadMediumUploadMediumMediumUploaded(MediumUploaded):
    typename__: Literal["MediumUploaded"] = Field(alias="__typename")


class UploadMediumUploadMediumInvalidEdit(InvalidEdit, Problem):
    typename__: Literal["InvalidEdit"] = Field(alias="__typename")


class UploadMediumUploadMediumKeyReused(Problem):
    typename__: Literal["KeyReused"] = Field(alias="__typename")


class UploadMediumUploadMediumLectureBusy(Problem):
    typename__: Literal["LectureBusy"] = Field(alias="__typename")


UploadMedium.model_rebuild()
