from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import LectureNodeStatus, StaleReasonKind
from .fragments import WholeError


class ExplainNode(BaseModel):
    lecture: Optional["ExplainNodeLecture"]


class ExplainNodeLecture(BaseModel):
    explain: Optional["ExplainNodeLectureExplain"]


class ExplainNodeLectureExplain(BaseModel):
    node: str
    status: Optional[LectureNodeStatus]
    pinned: bool
    take: Optional[int]
    made_by: Optional[str] = Field(alias="madeBy")
    made_from: list["ExplainNodeLectureExplainMadeFrom"] = Field(alias="madeFrom")
    reasons: list["ExplainNodeLectureExplainReasons"]
    unchanged: list[str]
    chain: list["ExplainNodeLectureExplainChain"]
    error: Optional["ExplainNodeLectureExplainError"]


class ExplainNodeLectureExplainMadeFrom(BaseModel):
    id: str
    version: Optional[str]
    status: Optional[LectureNodeStatus]


class ExplainNodeLectureExplainReasons(BaseModel):
    kind: StaleReasonKind
    input: str
    text: str
    changes: list["ExplainNodeLectureExplainReasonsChanges"]
    words: list["ExplainNodeLectureExplainReasonsWords"]


class ExplainNodeLectureExplainReasonsChanges(BaseModel):
    part: Optional[str]
    before: Optional[str]
    after: Optional[str]


class ExplainNodeLectureExplainReasonsWords(BaseModel):
    before: str
    after: str


class ExplainNodeLectureExplainChain(BaseModel):
    node: str
    reasons: list["ExplainNodeLectureExplainChainReasons"]


class ExplainNodeLectureExplainChainReasons(BaseModel):
    kind: StaleReasonKind
    input: str
    text: str


class ExplainNodeLectureExplainError(WholeError):
    pass


ExplainNode.model_rebuild()
ExplainNodeLecture.model_rebuild()
ExplainNodeLectureExplain.model_rebuild()
ExplainNodeLectureExplainReasons.model_rebuild()
ExplainNodeLectureExplainChain.model_rebuild()
