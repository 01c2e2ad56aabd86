"""Shapes that several documents of `--json` share, and those that `lectures.py` and the command line put together. Types only.

Each other document's type stands where it is built. `docs/schemas` is written from all of them.
Money is in whole micro-dollars, a time in seconds since 1970, a version or fingerprint is a SHA-256 of 64 hexadecimal digits.
"""

from typing import Literal, TypeAlias

from pydantic import JsonValue
from typing_extensions import TypedDict

ExportFormat: TypeAlias = Literal["remotion", "mp4", "vtt", "srt"]


class ConflictDocument(TypedDict):
    """A pinned value whose origin changed.

    base: what the model had said when the person wrote over it; mine: what the person made of it;
    theirs: what the model says now, null where that is not known; merged: both in one text, null where they overlap
    """

    base: JsonValue
    mine: JsonValue
    theirs: JsonValue
    merged: str | None


class NodeErrorDocument(TypedDict):
    """What stands in a node's way.

    kind: `retryable`, `not-retryable`, `quota`, `moderation`, `validation`, `ambiguous`, or `ceiling`;
    retryable: the next run may succeed; provider_code: the vendor's own, or `timeout`, …; tries: how often its call was tried;
    request_id: the vendor's name of the last try; chain: the node that failed, then each that waits, down to this one
    """

    kind: str
    message: str
    retryable: bool
    provider_code: str
    tries: int
    request_id: str | None
    chain: list[str]


class LectureVersion(TypedDict):
    """Which lecture, at which version."""

    lecture: str
    version: int


class ListedLecture(TypedDict):
    """A lecture as `list` has it. request: whether somebody wants it made; published: the newest whole version, 0 before any."""

    lecture: str
    version: int
    published: int
    request: Literal["none", "queued", "running"]
    created_at: float


class RevisionDocument(TypedDict):
    """A version as `history` has it: what led to it, and the key that its request had, if any."""

    version: int
    edits: list[str]
    client_key: str | None
    created_at: float


class EditDocument(LectureVersion):
    """What `edit`, `undo` and `redo` print.

    edits: those of this version; stale: nodes that are not fresh; conflicts: pinned nodes whose origin changed;
    warnings: wishes that contradict each other since this version
    """

    edits: list[str]
    stale: list[str]
    conflicts: list[str]
    warnings: list[str]


class CopyDocument(EditDocument):
    """What `copy` prints. created: false where it is that copy already."""

    copied_from: str
    created: bool


class CreatedDocument(LectureVersion):
    """What `create` prints. created: false where it existed, from the same brief; understood: of a typed prompt, by key."""

    created: bool
    warnings: list[str]
    understood: dict[str, JsonValue] | None


class ExportDocument(TypedDict):
    """What `export` prints. path: of what was written, as `--out` named it."""

    lecture: str
    format: ExportFormat
    path: str
