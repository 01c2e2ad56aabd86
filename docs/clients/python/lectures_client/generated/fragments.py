from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import (
    LectureNodeErrorKind,
    LectureNodeOutcome,
    LectureNodeStatus,
    LectureRole,
    LectureRunOutcome,
    LectureSystem,
    RegenerationState,
    SpendingCeilingKind,
    StaleReasonKind,
)


class CeilingReached(BaseModel):
    ceiling: SpendingCeilingKind
    allowed_usd_micros: int = Field(alias="allowedUsdMicros")
    committed_usd_micros: int = Field(alias="committedUsdMicros")
    missing_usd_micros: int = Field(alias="missingUsdMicros")


class InvalidEdit(BaseModel):
    faults: list["InvalidEditFaults"]


class InvalidEditFaults(BaseModel):
    where: str
    found: str
    allowed: str


class Revision(BaseModel):
    version: int
    edits: list[str]
    client_key: Optional[str] = Field(alias="clientKey")
    created_at: float = Field(alias="createdAt")


class LectureConflict(BaseModel):
    expected_version: int = Field(alias="expectedVersion")
    actual_version: int = Field(alias="actualVersion")
    since: list["LectureConflictSince"]


class LectureConflictSince(Revision):
    pass


class LectureHead(BaseModel):
    id: str
    version: int
    title: Optional[str]
    is_shadow: bool = Field(alias="isShadow")


class LectureCopied(BaseModel):
    copied_from: str = Field(alias="copiedFrom")
    created: bool
    stale: list[str]
    warnings: list[str]
    lecture: Optional["LectureCopiedLecture"]


class LectureCopiedLecture(LectureHead):
    pass


class WholeProgress(BaseModel):
    regeneration: RegenerationState
    nodes: int
    statuses: list["WholeProgressStatuses"]
    spent_usd_micros: int = Field(alias="spentUsdMicros")


class WholeProgressStatuses(BaseModel):
    status: LectureNodeStatus
    count: int


class WholeLecture(BaseModel):
    id: str
    is_shadow: bool = Field(alias="isShadow")
    version: int
    published_version: int = Field(alias="publishedVersion")
    created_at: float = Field(alias="createdAt")
    title: Optional[str]
    settings: "WholeLectureSettings"
    segments: list["WholeLectureSegments"]
    progress: "WholeLectureProgress"
    warnings: list[str]


class WholeLectureSettings(BaseModel):
    prompt: Optional[str]
    notes: Optional[str]
    audience: str
    language: str
    duration: int
    segment_length: int = Field(alias="segmentLength")
    num_segments: Optional[int] = Field(alias="numSegments")
    images_per_segment: int = Field(alias="imagesPerSegment")
    image_style: str = Field(alias="imageStyle")
    aspect_ratio: str = Field(alias="aspectRatio")
    use_video: bool = Field(alias="useVideo")
    assembly_strategy: str = Field(alias="assemblyStrategy")
    voice: str
    system_prompt: str = Field(alias="systemPrompt")
    lexicon: list["WholeLectureSettingsLexicon"]
    music_prompt_mod: str = Field(alias="musicPromptMod")
    music_volume: int = Field(alias="musicVolume")
    title_display: str = Field(alias="titleDisplay")
    models: "WholeLectureSettingsModels"


class WholeLectureSettingsLexicon(BaseModel):
    show: str
    say: str


class WholeLectureSettingsModels(BaseModel):
    text: str
    speech: str
    image: str
    video: str
    music: str


class WholeLectureSegments(BaseModel):
    slot: int
    position: int
    added: bool


class WholeLectureProgress(WholeProgress):
    pass


class LectureCreated(BaseModel):
    system: LectureSystem
    created: bool
    warnings: list[str]
    lecture: Optional["LectureCreatedLecture"]


class LectureCreatedLecture(WholeLecture):
    pass


class LectureDeleted(BaseModel):
    id: str


class WholePrice(BaseModel):
    nodes: list[str]
    calls: list["WholePriceCalls"]
    low_usd_micros: int = Field(alias="lowUsdMicros")
    high_usd_micros: int = Field(alias="highUsdMicros")
    estimated_seconds: float = Field(alias="estimatedSeconds")


class WholePriceCalls(BaseModel):
    role: LectureRole
    count: int


class LectureEdited(BaseModel):
    version: int
    edits: list[str]
    stale: list[str]
    conflicts: list[str]
    warnings: list[str]
    shadow: Optional["LectureEditedShadow"]


class LectureEditedShadow(WholePrice):
    pass


class WholeImport(BaseModel):
    id: str
    created_at: float = Field(alias="createdAt")
    total: int
    waiting: int
    imported: int
    failed: int
    canceled: int


class LectureImportCanceled(BaseModel):
    left: int
    import_: Optional["LectureImportCanceledImport"] = Field(alias="import")


class LectureImportCanceledImport(WholeImport):
    pass


class LectureImportQueued(BaseModel):
    import_: Optional["LectureImportQueuedImport"] = Field(alias="import")


class LectureImportQueuedImport(WholeImport):
    pass


class LectureImported(BaseModel):
    created: bool
    adopted: int
    missing: list[str]
    lecture: Optional["LectureImportedLecture"]


class LectureImportedLecture(WholeLecture):
    pass


class LectureLeftToLegacy(BaseModel):
    system: LectureSystem
    rollout_key: str = Field(alias="rolloutKey")


class LectureNodeDelayedEvent(BaseModel):
    number: int
    at: float
    run: int
    version: int
    node: str
    seconds: float
    message: str


class LectureNodeEvent(BaseModel):
    number: int
    at: float
    run: int
    version: int
    node: str
    outcome: LectureNodeOutcome
    take: Optional[int]
    cost_usd_micros: int = Field(alias="costUsdMicros")
    failure: Optional[str]
    spent_usd_micros: int = Field(alias="spentUsdMicros")
    left: int


class LectureNodeStartedEvent(BaseModel):
    number: int
    at: float
    run: int
    version: int
    node: str
    model: str


class LecturePlan(BaseModel):
    lecture: str
    version: int
    token: str
    node_count: int = Field(alias="nodeCount")
    idle: list[str]
    calls: list["LecturePlanCalls"]
    low_usd_micros: int = Field(alias="lowUsdMicros")
    high_usd_micros: int = Field(alias="highUsdMicros")
    estimated_seconds: float = Field(alias="estimatedSeconds")
    affected_segments: list[int] = Field(alias="affectedSegments")
    warnings: list[str]


class LecturePlanCalls(BaseModel):
    role: LectureRole
    count: int


class LecturePromoted(BaseModel):
    promoted: bool
    lecture: Optional["LecturePromotedLecture"]


class LecturePromotedLecture(LectureHead):
    pass


class LectureRenamed(BaseModel):
    was: str
    lecture: Optional["LectureRenamedLecture"]


class LectureRenamedLecture(LectureHead):
    pass


class LectureResetEvent(BaseModel):
    number: int
    at: float


class LectureRevisionEvent(BaseModel):
    number: int
    at: float
    version: int
    edits: list[str]


class LectureRunEndedEvent(BaseModel):
    number: int
    at: float
    run: int
    version: int
    ending: LectureRunOutcome
    queued: bool
    report: Optional["LectureRunEndedEventReport"]


class LectureRunEndedEventReport(BaseModel):
    made: int
    restored: int
    failed: int
    blocked: int
    stopped: int
    calls: int
    cost_usd_micros: int = Field(alias="costUsdMicros")
    saved_usd_micros: int = Field(alias="savedUsdMicros")


class LectureRunPlannedEvent(BaseModel):
    number: int
    at: float
    run: int
    version: int
    token: str
    nodes: int
    calls: list["LectureRunPlannedEventCalls"]
    low_usd_micros: int = Field(alias="lowUsdMicros")
    high_usd_micros: int = Field(alias="highUsdMicros")
    estimated_seconds: float = Field(alias="estimatedSeconds")


class LectureRunPlannedEventCalls(BaseModel):
    role: LectureRole
    count: int


class LectureRunStartedEvent(BaseModel):
    number: int
    at: float
    run: int
    version: int


class LectureTimelineEvent(BaseModel):
    number: int
    at: float
    run: int
    version: int
    timeline: str
    base: Optional[str]
    patch: Optional[list["LectureTimelineEventPatch"]]


class LectureTimelineEventPatch(BaseModel):
    op: str
    path: str
    value: Optional[str]


class LectureWithdrawnEvent(BaseModel):
    number: int
    at: float


class LegacyCostRecorded(BaseModel):
    shadow: "LegacyCostRecordedShadow"


class LegacyCostRecordedShadow(WholePrice):
    pass


class Medium(BaseModel):
    sha_256: str = Field(alias="sha256")
    media_type: str = Field(alias="mediaType")


class MediumUploaded(BaseModel):
    sha_256: str = Field(alias="sha256")


class PageEnd(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class PlanChanged(BaseModel):
    added: list[str]
    removed: list[str]
    changed: list[str]
    known: bool
    high_before_usd_micros: Optional[int] = Field(alias="highBeforeUsdMicros")
    new_plan: "PlanChangedNewPlan" = Field(alias="newPlan")


class PlanChangedNewPlan(LecturePlan):
    pass


class WholeReason(BaseModel):
    kind: StaleReasonKind
    input: str
    text: str


class PlannedNode(BaseModel):
    id: str
    status: LectureNodeStatus
    reasons: list["PlannedNodeReasons"]
    layer: int
    restored: bool
    calls: list["PlannedNodeCalls"]


class PlannedNodeReasons(WholeReason):
    pass


class PlannedNodeCalls(BaseModel):
    provider: str
    model: str
    role: LectureRole
    low_usd_micros: int = Field(alias="lowUsdMicros")
    high_usd_micros: int = Field(alias="highUsdMicros")


class RegenerationCanceled(BaseModel):
    was: RegenerationState
    stopped: list[str]


class RegenerationQueued(BaseModel):
    regeneration: RegenerationState


class RolloutSet(BaseModel):
    rule: "RolloutSetRule"


class RolloutSetRule(BaseModel):
    percent: int


class WholeCeiling(BaseModel):
    ceiling: SpendingCeilingKind
    allowed_usd_micros: int = Field(alias="allowedUsdMicros")
    committed_usd_micros: int = Field(alias="committedUsdMicros")
    left_usd_micros: int = Field(alias="leftUsdMicros")


class WholeCosts(BaseModel):
    estimated_usd_micros: int = Field(alias="estimatedUsdMicros")
    spent_usd_micros: int = Field(alias="spentUsdMicros")
    spent_by_estimate_usd_micros: int = Field(alias="spentByEstimateUsdMicros")
    saved_usd_micros: int = Field(alias="savedUsdMicros")
    providers: list["WholeCostsProviders"]
    models: list["WholeCostsModels"]


class WholeCostsProviders(BaseModel):
    provider: str
    calls: int
    spent_usd_micros: int = Field(alias="spentUsdMicros")
    saved_usd_micros: int = Field(alias="savedUsdMicros")


class WholeCostsModels(BaseModel):
    model: str
    role: LectureRole
    calls: int
    spent_usd_micros: int = Field(alias="spentUsdMicros")
    saved_usd_micros: int = Field(alias="savedUsdMicros")


class WholeError(BaseModel):
    kind: LectureNodeErrorKind
    message: str
    retryable: bool
    provider_code: str = Field(alias="providerCode")
    tries: int
    request_id: Optional[str] = Field(alias="requestId")
    chain: list[str]


class WholeSums(BaseModel):
    edits: int
    nodes: int
    calls: int
    low_usd_micros: int = Field(alias="lowUsdMicros")
    high_usd_micros: int = Field(alias="highUsdMicros")
    compared_edits: int = Field(alias="comparedEdits")
    compared_low_usd_micros: int = Field(alias="comparedLowUsdMicros")
    compared_high_usd_micros: int = Field(alias="comparedHighUsdMicros")
    legacy_usd_micros: int = Field(alias="legacyUsdMicros")


CeilingReached.model_rebuild()
InvalidEdit.model_rebuild()
Revision.model_rebuild()
LectureConflict.model_rebuild()
LectureHead.model_rebuild()
LectureCopied.model_rebuild()
WholeProgress.model_rebuild()
WholeLecture.model_rebuild()
LectureCreated.model_rebuild()
LectureDeleted.model_rebuild()
WholePrice.model_rebuild()
LectureEdited.model_rebuild()
WholeImport.model_rebuild()
LectureImportCanceled.model_rebuild()
LectureImportQueued.model_rebuild()
LectureImported.model_rebuild()
LectureLeftToLegacy.model_rebuild()
LectureNodeDelayedEvent.model_rebuild()
LectureNodeEvent.model_rebuild()
LectureNodeStartedEvent.model_rebuild()
LecturePlan.model_rebuild()
LecturePromoted.model_rebuild()
LectureRenamed.model_rebuild()
LectureResetEvent.model_rebuild()
LectureRevisionEvent.model_rebuild()
LectureRunEndedEvent.model_rebuild()
LectureRunPlannedEvent.model_rebuild()
LectureRunStartedEvent.model_rebuild()
LectureTimelineEvent.model_rebuild()
LectureWithdrawnEvent.model_rebuild()
LegacyCostRecorded.model_rebuild()
Medium.model_rebuild()
MediumUploaded.model_rebuild()
PageEnd.model_rebuild()
PlanChanged.model_rebuild()
WholeReason.model_rebuild()
PlannedNode.model_rebuild()
RegenerationCanceled.model_rebuild()
RegenerationQueued.model_rebuild()
RolloutSet.model_rebuild()
WholeCeiling.model_rebuild()
WholeCosts.model_rebuild()
WholeError.model_rebuild()
WholeSums.model_rebuild()
