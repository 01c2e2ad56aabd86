"""What a node asks of the calls, and what it gets: a request, and its result."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from lecture_assets.graph.errors import LectureError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.node import Node
from lecture_assets.ports import Request
from lecture_assets.providers.model import Model


class HeadMovedError(LectureError):
    """The head is not what this call was planned for, or the lease is gone: nothing was sent."""


@dataclass(frozen=True, slots=True)
class CallRequest:
    """A call that a node wants.

    key:             equal keys are one purchase
    version:         of the head that it was planned for
    critical_path_s: the longest path from here to the end
    interactive:     it makes an edit, not bulk work
    """

    node: Node
    key: str
    request: Request
    model: Model
    version: int
    critical_path_s: float
    interactive: bool = False


def _nothing() -> None:
    """Nothing is left to do for a reply that was not bought now."""


@dataclass(frozen=True, slots=True)
class CallResult:
    """What a request came to.

    bought:  by this request; else it was in the ledger, and costs nothing again
    settle:  the ledger's last move, to be written in one transaction with the node's record
    settled: to be called once that is durable
    """

    value: Json
    cost_usd_micros: int
    bought: bool
    settle: Callable[[Connection], None]
    settled: Callable[[], None] = _nothing
