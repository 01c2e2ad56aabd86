"""The types of the events of a lecture's progress (`progress.py`), one for each kind.

Money is in whole micro-dollars, times are in seconds since 1970. Versions of lectures are counted; a timeline's is a SHA-256.
"""

from typing import Literal, TypeAlias

from typing_extensions import TypedDict

from lecture_assets.runner.reading.plan_document import EstimateDocument
from lecture_assets.timeline.patch import PatchOperation


class ProgressDocument(TypedDict):
    """Where a lecture's log stands. newest: the number of its last event; request: `none`, `queued` or `running`."""

    newest: int
    request: str


class NumberedDocument(TypedDict):
    """An event. number: from 1 in each lecture, without gaps; at: seconds since 1970."""

    number: int
    at: float


class RevisionEvent(NumberedDocument):
    """The lecture was created or edited. edits: as the history has them."""

    kind: Literal["revision"]
    version: int
    edits: list[str]


class RunStartedEvent(NumberedDocument):
    """A run has claimed the lecture. One that has no `run-ended` was killed; the next one's start shows it.

    run:     its number
    version: the lecture's when it began
    """

    kind: Literal["run-started"]
    run: int
    version: int


class PlannedEvent(NumberedDocument):
    """A run begins to carry out a plan; a second one of the same run, because of an edit, replaces the first.

    nodes: how many it may make
    calls: by role
    """

    kind: Literal["planned"]
    run: int
    version: int
    token: str
    nodes: int
    calls: dict[str, int]
    estimate_usd_micros: EstimateDocument
    estimate_seconds: float


class NodeStartedEvent(NumberedDocument):
    """A vendor has accepted the call of a node, or is about to be sent one that it answers at once."""

    kind: Literal["node-started"]
    run: int
    version: int
    node: str
    model: str


class NodeDelayedEvent(NumberedDocument):
    """The call of a node is tried again after so many seconds."""

    kind: Literal["node-delayed"]
    run: int
    version: int
    node: str
    seconds: float
    message: str


class NodeFailureDocument(TypedDict):
    """Why a node was not made. kind: as in `status`; message: its beginning."""

    kind: str
    message: str


class NodeEvent(NumberedDocument):
    """A node was made, or could not be.

    outcome:          `superseded`: made for a version that was edited meanwhile, so that its take does not count;
                      `blocked`: its call would exceed a ceiling. Nodes that wait for a failed one have no event
    take:             its number; null if there is none
    spent_usd_micros: what the run has cost so far
    left:             nodes of the plan without an outcome
    """

    kind: Literal["node"]
    run: int
    version: int
    node: str
    outcome: Literal["made", "restored", "failed", "blocked", "superseded"]
    take: int | None
    cost_usd_micros: int
    error: NodeFailureDocument | None
    spent_usd_micros: int
    left: int


class TimelineEvent(NumberedDocument):
    """A timeline was published.

    timeline: its version
    base:     the version of the timeline published before; null if there is none
    patch:    from that one to this one, as a JSON Patch (RFC 6902); null without a base
    """

    kind: Literal["timeline"]
    run: int
    version: int
    timeline: str
    base: str | None
    patch: list[PatchOperation] | None


class RunCountsDocument(TypedDict):
    """A run in numbers. made, restored, failed, blocked: nodes; stopped: those of the blocked that a ceiling stopped."""

    made: int
    restored: int
    failed: int
    blocked: int
    stopped: int
    calls: int
    cost_usd_micros: int
    saved_usd_micros: int


class RunEndedEvent(NumberedDocument):
    """A run has ended.

    outcome: `done`; `failed`: some nodes were not made; `stopped`: by an interrupt, a refusal or an error; `lost`: it died
    queued:  there is more to do, and a run will be started for it
    report:  null if it died
    """

    kind: Literal["run-ended"]
    run: int
    version: int
    outcome: Literal["done", "failed", "stopped", "lost"]
    queued: bool
    report: RunCountsDocument | None


class WithdrawnEvent(NumberedDocument):
    """The request to regenerate was withdrawn (`cancel`)."""

    kind: Literal["withdrawn"]


class ResetEvent(NumberedDocument):
    """The events asked for were pruned, or this is not the log they were numbered in: read the lecture again."""

    kind: Literal["reset"]


ProgressEvent: TypeAlias = (
    RevisionEvent
    | RunStartedEvent
    | PlannedEvent
    | NodeStartedEvent
    | NodeDelayedEvent
    | NodeEvent
    | TimelineEvent
    | RunEndedEvent
    | WithdrawnEvent
    | ResetEvent
)
