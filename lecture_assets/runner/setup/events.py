"""Events that a regeneration reports while it runs. It runs the same with or without a watcher."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from lecture_assets.graph.plan import Planned


class Outcome(StrEnum):
    """The outcome of a planned node."""

    MADE = "made"
    RESTORED = "restored"
    KEPT = "kept"
    FAILED = "failed"
    BLOCKED = "blocked"


BROKEN = frozenset({Outcome.FAILED, Outcome.BLOCKED})
"""The outcomes of nodes that could not be made."""


@dataclass(frozen=True, slots=True)
class Started:
    """A plan is about to be carried out.

    price_usd_micros: low and high estimate
    planned:          the nodes, with their reasons
    since:            the version that the lecture's plan before was for; 0 if this is its first
    """

    version: int
    nodes: int
    calls: Mapping[str, int]
    price_usd_micros: tuple[int, int]
    seconds: float
    planned: tuple[Planned, ...] = ()
    since: int = 0


@dataclass(frozen=True, slots=True)
class NodeStarted:
    """A call for this node has acquired a slot of this pool."""

    node: str
    pool: str


@dataclass(frozen=True, slots=True)
class NodeFinished:
    """A planned node is durable, or will not be made.

    pool:    the pool of its call, if it had one
    message: why it failed or is blocked
    """

    node: str
    outcome: Outcome
    cost_usd_micros: int = 0
    pool: str | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class SegmentPlayable:
    """All media of a slot exist and its timeline is published, this many seconds after the start."""

    slot: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Replanned:
    """The regeneration continues with another plan: an edit landed, or media turned out to be lost.

    version: the version that is made from now on
    lost:    how many media could not be read; 0 after an edit
    """

    version: int
    lost: int = 0


@dataclass(frozen=True, slots=True)
class CallDelayed:
    """A call will be tried again in this many seconds."""

    node: str
    seconds: float
    message: str


@dataclass(frozen=True, slots=True)
class Ending:
    """No more calls are started.

    calls:   calls in flight whose replies are still awaited, by provider
    seconds: the longest that takes
    """

    calls: Mapping[str, int]
    seconds: float

    def __str__(self) -> str:
        """Say what is awaited, and how to stop waiting."""
        them = "them" if sum(self.calls.values()) > 1 else "it"
        return (
            f"stopping: no new calls; waiting up to {self.seconds:.0f} s for {_in_flight(self.calls)}; "
            f"press Ctrl-C or cancel again to abandon {them}"
        )


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Calls in flight were abandoned; their number by provider."""

    calls: Mapping[str, int]

    def __str__(self) -> str:
        """Say what happens to them."""
        return (
            f"abandoned {_in_flight(self.calls)}, which may still be charged; the next run asks the vendor for the results, "
            "and a call that cannot be looked up counts as paid and is bought once more"
        )


def _in_flight(calls: Mapping[str, int]) -> str:
    many = sum(calls.values())
    return f"{many} call{'s' * (many > 1)} in flight ({', '.join(f'{n} at {name}' for name, n in sorted(calls.items()))})"


@dataclass(frozen=True, slots=True)
class Exporting:
    """The video is being written; fraction from 0 to 1."""

    fraction: float


@dataclass(frozen=True, slots=True)
class RenderProgress:
    """A node is being rendered; fraction from 0 to 1."""

    node: str
    fraction: float


Event: TypeAlias = (
    Started
    | NodeStarted
    | NodeFinished
    | SegmentPlayable
    | Replanned
    | CallDelayed
    | Ending
    | GivenUp
    | Exporting
    | RenderProgress
)
Watch: TypeAlias = Callable[[Event], None]


def unwatched(_event: Event) -> None:
    """Ignore an event."""
