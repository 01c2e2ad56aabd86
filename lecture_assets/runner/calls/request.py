"""A node's request for a paid call, and the result."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from lecture_assets.graph.errors import LectureError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.node import Node
from lecture_assets.ports import Request
from lecture_assets.providers.model import Model


class HeadMovedError(LectureError):
    """The head is no longer the version this call was planned for, or the lease is lost. Nothing was sent."""


@dataclass(frozen=True, slots=True)
class CallRequest:
    """A paid call that a node needs.

    key:             calls with equal keys are one purchase
    version:         the head's version that the call was planned for
    critical_path_s: seconds on the longest path from this node to the end
    interactive:     the call serves an edit, not bulk work
    """

    node: Node
    key: str
    request: Request
    model: Model
    version: int
    critical_path_s: float
    interactive: bool = False


def _nothing() -> None:
    """Do nothing: the reply was not bought now."""


@dataclass(frozen=True, slots=True)
class CallResult:
    """The result of a request.

    bought:     this request bought it; otherwise it was already in the ledger and costs nothing now
    settle:     the final write to the ledger, in the same transaction as the node's record
    on_settled: called once that transaction is durable
    """

    value: Json
    cost_usd_micros: int
    bought: bool
    settle: Callable[[Connection], None]
    on_settled: Callable[[], None] = _nothing
