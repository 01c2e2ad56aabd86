from .base_model import BaseModel
from .enums import LectureRolloutReason, LectureSystem


class AskRollout(BaseModel):
    rollout: "AskRolloutRollout"


class AskRolloutRollout(BaseModel):
    key: str
    system: LectureSystem
    because: LectureRolloutReason


AskRollout.model_rebuild()
