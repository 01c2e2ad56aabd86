from pydantic import Field

from .base_model import BaseModel
from .fragments import WholeCeiling, WholeCosts


class ReadWorkspaceCosts(BaseModel):
    workspace_costs: "ReadWorkspaceCostsWorkspaceCosts" = Field(alias="workspaceCosts")
    workspace_ceilings: list["ReadWorkspaceCostsWorkspaceCeilings"] = Field(
        alias="workspaceCeilings"
    )


class ReadWorkspaceCostsWorkspaceCosts(WholeCosts):
    pass


class ReadWorkspaceCostsWorkspaceCeilings(WholeCeiling):
    pass


ReadWorkspaceCosts.model_rebuild()
