"""What keeps this client working with later releases of the server: it may answer types and values that are not known here."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class OpenEnum(StrEnum):
    """A list of values to which a later release may add. A value that is not known here is kept as it is."""

    @classmethod
    def _missing_(cls, value: object) -> "OpenEnum | None":
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = member._value_ = value
        return member


class Problem(BaseModel):
    """Why something was not done."""

    code: str
    message: str


class OtherProblem(Problem):
    """A problem of a later release."""

    typename__: str = Field(alias="__typename")


class OtherType(BaseModel):
    """A type of a later release. `model_extra` has its fields that were asked for."""

    model_config = ConfigDict(extra="allow")

    typename__: str = Field(alias="__typename")


class OtherEvent(BaseModel):
    """An event of a later release: to be ignored."""

    typename__: str = Field(alias="__typename")
    number: int
    at: float
