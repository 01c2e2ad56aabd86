from typing import Literal, Optional, Union

from pydantic import Field

from ..open_types import OtherProblem, OtherType, Problem
from .base_model import BaseModel
from .fragments import InvalidEdit, LecturePlan, PageEnd, PlannedNode


class PlanLecture(BaseModel):
    lecture: Optional["PlanLectureLecture"]


class PlanLectureLecture(BaseModel):
    plan: Union[
        "PlanLectureLecturePlanLecturePlan",
        "PlanLectureLecturePlanInvalidEdit",
        "OtherProblem",
        "OtherType",
    ] = Field(union_mode="left_to_right")


class PlanLectureLecturePlanLecturePlan(LecturePlan):
    typename__: Literal["LecturePlan"] = Field(alias="__typename")
    nodes: "PlanLectureLecturePlanLecturePlanNodes"


class PlanLectureLecturePlanLecturePlanNodes(BaseModel):
    items: list["PlanLectureLecturePlanLecturePlanNodesItems"]
    page_info: "PlanLectureLecturePlanLecturePlanNodesPageInfo" = Field(
        alias="pageInfo"
    )


class PlanLectureLecturePlanLecturePlanNodesItems(PlannedNode):
    pass


class PlanLectureLecturePlanLecturePlanNodesPageInfo(PageEnd):
    pass


class PlanLectureLecturePlanInvalidEdit(InvalidEdit, Problem):
    typename__: Literal["InvalidEdit"] = Field(alias="__typename")


PlanLecture.model_rebuild()
PlanLectureLecture.model_rebuild()
PlanLectureLecturePlanLecturePlan.model_rebuild()
PlanLectureLecturePlanLecturePlanNodes.model_rebuild()
