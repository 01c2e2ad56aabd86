from ..open_types import OpenEnum


class RegenerationState(OpenEnum):
    NONE = "NONE"
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"


class LectureNodeStatus(OpenEnum):
    PENDING = "PENDING"
    FRESH = "FRESH"
    STALE = "STALE"
    GENERATING = "GENERATING"
    FAILED = "FAILED"
    BLOCKED = "BLOCKED"


class LectureNodeCategory(OpenEnum):
    CONFIG = "CONFIG"
    LLM = "LLM"
    CONTENT = "CONTENT"
    ASSET = "ASSET"
    ASSEMBLER = "ASSEMBLER"


class LectureRole(OpenEnum):
    TEXT = "TEXT"
    SPEECH = "SPEECH"
    IMAGE = "IMAGE"
    VIDEO = "VIDEO"
    MUSIC = "MUSIC"


class StaleReasonKind(OpenEnum):
    NEVER_MADE = "NEVER_MADE"
    INPUT_CHANGED = "INPUT_CHANGED"
    READ_CHANGED = "READ_CHANGED"
    READS_CHANGED = "READS_CHANGED"
    SETTING_CHANGED = "SETTING_CHANGED"
    STEP_CHANGED = "STEP_CHANGED"
    MODEL_CHANGED = "MODEL_CHANGED"
    PINNED = "PINNED"
    UPSTREAM = "UPSTREAM"
    LOST = "LOST"


class LectureNodeErrorKind(OpenEnum):
    RETRYABLE = "RETRYABLE"
    NOT_RETRYABLE = "NOT_RETRYABLE"
    QUOTA = "QUOTA"
    MODERATION = "MODERATION"
    VALIDATION = "VALIDATION"
    AMBIGUOUS = "AMBIGUOUS"
    CEILING = "CEILING"


class TimelinePart(OpenEnum):
    IMAGE = "IMAGE"
    VIDEO = "VIDEO"
    AUDIO = "AUDIO"
    TITLE = "TITLE"
    MISSING = "MISSING"
    NONE = "NONE"


class BoughtCallState(OpenEnum):
    INTENT = "INTENT"
    OUT = "OUT"
    SUBMITTED = "SUBMITTED"
    DONE = "DONE"
    FAILED = "FAILED"


class SpendingCeilingKind(OpenEnum):
    LECTURE = "LECTURE"
    WORKSPACE = "WORKSPACE"
    MONTH = "MONTH"
    REQUEST = "REQUEST"


class MediumSort(OpenEnum):
    PICTURE = "PICTURE"
    CLIP = "CLIP"
    SPEECH = "SPEECH"
    MUSIC = "MUSIC"


class LectureSystem(OpenEnum):
    LEGACY = "LEGACY"
    GRAPH = "GRAPH"


class LectureRolloutReason(OpenEnum):
    NO_RULE = "NO_RULE"
    DENIED = "DENIED"
    ALLOWED = "ALLOWED"
    PERCENTAGE = "PERCENTAGE"


class LectureImportItemState(OpenEnum):
    WAITING = "WAITING"
    IMPORTED = "IMPORTED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"


class LectureNodeOutcome(OpenEnum):
    MADE = "MADE"
    RESTORED = "RESTORED"
    FAILED = "FAILED"
    BLOCKED = "BLOCKED"
    SUPERSEDED = "SUPERSEDED"


class LectureRunOutcome(OpenEnum):
    DONE = "DONE"
    FAILED = "FAILED"
    STOPPED = "STOPPED"
    LOST = "LOST"
