"""What a regeneration tells whoever watches it, as it happens. Nothing depends on being watched."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from lecture_assets.graph.plan import Planned


class Outcome(StrEnum):
    """What became of a planned node."""

    MADE = "made"
    RESTORED = "restored"
    KEPT = "kept"
    FAILED = "failed"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Started:
    """A plan is about to be carried out. Prices in micro-dollars, low and high; planned: the nodes with their reasons."""

    version: int
    nodes: int
    calls: Mapping[str, int]
    price_usd_micros: tuple[int, int]
    seconds: float
    planned: tuple[Planned, ...] = ()


@dataclass(frozen=True, slots=True)
class NodeStarted:
    """A call of this node holds a slot of this pool."""

    node: str
    pool: str


@dataclass(frozen=True, slots=True)
class NodeFinished:
    """A planned node is durable, or will not be made. message: why, for a failed or blocked one; pool: that of its call."""

    node: str
    outcome: Outcome
    cost_usd_micros: int = 0
    pool: str | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class SegmentPlayable:
    """All media of a slot exist and its timeline is out, this many seconds after the start."""

    slot: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Replanned:
    """An edit landed; the regeneration goes on with this version."""

    version: int


@dataclass(frozen=True, slots=True)
class CallDelayed:
    """A call is tried again after this many seconds."""

    node: str
    seconds: float
    message: str


@dataclass(frozen=True, slots=True)
class Ending:
    """Nothing more is started. calls: whose replies are on their way and come in first, by provider; seconds: at most."""

    calls: Mapping[str, int]
    seconds: float

    def __str__(self) -> str:
        """In a line."""
        many = sum(self.calls.values())
        return (
            f"nothing more is started; {_out(self.calls)} and {'come' if many > 1 else 'comes'} in first, "
            f"within {self.seconds:.0f} s at most (Ctrl-C again, or another cancel, gives {'them' if many > 1 else 'it'} up)"
        )


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Calls that were not waited for, by provider."""

    calls: Mapping[str, int]

    def __str__(self) -> str:
        """What becomes of them."""
        return (
            f"given up: {_out(self.calls)}, and may be charged; the next run asks the vendor for what it has, "
            "and what cannot be asked for counts as paid and is bought once more"
        )


def _out(calls: Mapping[str, int]) -> str:
    many = sum(calls.values())
    return f"{many} call{'s are' if many > 1 else ' is'} out ({', '.join(f'{n} at {name}' for name, n in sorted(calls.items()))})"


@dataclass(frozen=True, slots=True)
class Exporting:
    """The video is being written; fraction from 0 to 1."""

    fraction: float


Event: TypeAlias = Started | NodeStarted | NodeFinished | SegmentPlayable | Replanned | CallDelayed | Ending | GivenUp | Exporting
Watch: TypeAlias = Callable[[Event], None]


def unwatched(_event: Event) -> None:
    """For whom nobody watches."""
