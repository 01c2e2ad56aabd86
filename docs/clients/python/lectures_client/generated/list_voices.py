from pydantic import Field

from .base_model import BaseModel


class ListVoices(BaseModel):
    voices: list["ListVoicesVoices"]


class ListVoicesVoices(BaseModel):
    voice: str
    note: str
    languages: list[str]
    models: list["ListVoicesVoicesModels"]


class ListVoicesVoicesModels(BaseModel):
    model: str
    voice: str
    word_times: bool = Field(alias="wordTimes")
    languages: list[str]


ListVoices.model_rebuild()
ListVoicesVoices.model_rebuild()
