from typing import Optional

from .base_model import BaseModel
from .fragments import WholeLecture


class ReadLecture(BaseModel):
    lecture: Optional["ReadLectureLecture"]


class ReadLectureLecture(WholeLecture):
    pass


ReadLecture.model_rebuild()
