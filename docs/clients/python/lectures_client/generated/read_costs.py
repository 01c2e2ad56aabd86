from typing import Optional

from .base_model import BaseModel
from .fragments import WholeCeiling, WholeCosts


class ReadCosts(BaseModel):
    lecture: Optional["ReadCostsLecture"]


class ReadCostsLecture(BaseModel):
    costs: "ReadCostsLectureCosts"
    ceilings: list["ReadCostsLectureCeilings"]


class ReadCostsLectureCosts(WholeCosts):
    pass


class ReadCostsLectureCeilings(WholeCeiling):
    pass


ReadCosts.model_rebuild()
ReadCostsLecture.model_rebuild()
