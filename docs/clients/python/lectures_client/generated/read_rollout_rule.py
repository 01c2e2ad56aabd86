from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import LectureSystem
from .fragments import PageEnd


class ReadRolloutRule(BaseModel):
    rollout_rule: Optional["ReadRolloutRuleRolloutRule"] = Field(alias="rolloutRule")


class ReadRolloutRuleRolloutRule(BaseModel):
    percent: int
    keys: "ReadRolloutRuleRolloutRuleKeys"


class ReadRolloutRuleRolloutRuleKeys(BaseModel):
    items: list["ReadRolloutRuleRolloutRuleKeysItems"]
    page_info: "ReadRolloutRuleRolloutRuleKeysPageInfo" = Field(alias="pageInfo")


class ReadRolloutRuleRolloutRuleKeysItems(BaseModel):
    key: str
    system: LectureSystem


class ReadRolloutRuleRolloutRuleKeysPageInfo(PageEnd):
    pass


ReadRolloutRule.model_rebuild()
ReadRolloutRuleRolloutRule.model_rebuild()
ReadRolloutRuleRolloutRuleKeys.model_rebuild()
