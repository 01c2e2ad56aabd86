"""Types of `--json` documents that are shared, or assembled by `lectures.py` or the command line.

The type of any other document is defined where the document is built. `docs/schemas` is generated from all of them.
Money is in whole micro-dollars, times are in seconds since 1970; versions and fingerprints are SHA-256 in 64 hexadecimal digits.
"""

from typing import Literal, TypeAlias

from pydantic import JsonValue
from typing_extensions import TypedDict

ExportFormat: TypeAlias = Literal["remotion", "mp4", "vtt", "srt", "otio", "html", "scorm", "poster", "gif"]


class ConflictDocument(TypedDict):
    """A pinned value whose origin changed.

    base:   the model's value when the person replaced it
    mine:   the person's value
    theirs: the model's current value; null if unknown
    merged: both changes in one text; null if they overlap
    """

    base: JsonValue
    mine: JsonValue
    theirs: JsonValue
    merged: str | None


class NodeErrorDocument(TypedDict):
    """The error that prevents a node from being made.

    kind:          `retryable`, `not-retryable`, `quota`, `moderation`, `validation`, `ambiguous` or `ceiling`
    retryable:     the next run may succeed
    provider_code: the vendor's own code, or one such as `timeout`
    tries:         how often its call was tried
    request_id:    the vendor's id for the last try
    chain:         from the failed node through the nodes that wait for it to this one
    """

    kind: str
    message: str
    retryable: bool
    provider_code: str
    tries: int
    request_id: str | None
    chain: list[str]


class LectureVersion(TypedDict):
    """A lecture at a version."""

    lecture: str
    version: int


class ListedLecture(TypedDict):
    """A lecture in the output of `list`.

    published: the newest version with a complete timeline; 0 if there is none yet
    request:   whether a regeneration is queued or running
    shadow:    it is planned and priced, and never made
    """

    lecture: str
    version: int
    published: int
    request: Literal["none", "queued", "running"]
    shadow: bool
    created_at: float


class RevisionDocument(TypedDict):
    """A version in the output of `history`, with its edits and the `--client-key` of its request, if any."""

    version: int
    edits: list[str]
    client_key: str | None
    created_at: float


class ShadowPriceDocument(TypedDict):
    """What an edit of a shadow would have made, had everything before it been made.

    nodes: the ids of the nodes, with those that an earlier result would have been used for
    calls: the paid calls by role
    low, high: the least and the most that they would have cost
    """

    nodes: list[str]
    calls: dict[str, int]
    low_usd_micros: int
    high_usd_micros: int
    estimate_seconds: float


class EditDocument(LectureVersion):
    """The output of `edit`, `undo` and `redo`.

    edits:     the edits of this version
    stale:     nodes that are not fresh
    conflicts: pinned nodes whose origin changed
    warnings:  settings that contradict each other since this version
    shadow:    of a shadow: what this version would have made; null for other lectures, and for a shadow's first version
    """

    edits: list[str]
    stale: list[str]
    conflicts: list[str]
    warnings: list[str]
    shadow: ShadowPriceDocument | None


class CopyDocument(EditDocument):
    """The output of `copy`. created: false if the same copy already existed."""

    copied_from: str
    created: bool


class RenamedDocument(TypedDict):
    """The output of `rename`."""

    lecture: str
    renamed_from: str


class DeletedDocument(TypedDict):
    """The output of `delete`. spent: what the lecture cost, which stays in the workspace's accounts."""

    deleted: str
    spent_usd_micros: int


class CreatedDocument(LectureVersion):
    """The output of `create`.

    created:    false if it already existed, from the same brief
    understood: the brief's keys as understood from a typed prompt; null for a file
    """

    created: bool
    warnings: list[str]
    understood: dict[str, JsonValue] | None


class ExportDocument(TypedDict):
    """The output of `export`.

    path:     the file or folder written, as given by `--out`
    warnings: what is stale in it, and what is wrong with a video as it was rendered
    """

    lecture: str
    format: ExportFormat
    path: str
    warnings: list[str]
