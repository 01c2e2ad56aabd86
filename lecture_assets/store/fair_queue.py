"""Fair queues: each waiting workspace gets an equal share, and an edit does not wait behind bulk work. Knows no clock.

Start-time fair queueing (Goyal, Vin, Cheng 1996): a call's virtual time is the later of two, how far its workspace has got and
how far the queue has got; the call then moves its workspace on by its cost. The lowest virtual time is next. So a workspace with
ten thousand calls stands as far back as it has asked for, and a new one starts at the front.

A workspace's edits are counted apart from its bulk work, at half their cost: an edit starts at the front too and gets twice the
share of the bulk work beside it, and a flood of edits still leaves a quarter to the others.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select, update

from lecture_assets.store.database import insert
from lecture_assets.store.schema import queue_positions

_QUEUE_ITSELF = ""
_COST_OF_EDITS = 0.5


@dataclass(frozen=True, slots=True)
class QueueTicket:
    """Who waits in a queue. worker: one regeneration; workspace: not empty; interactive: it makes an edit, not bulk work."""

    worker: str
    workspace: str
    interactive: bool


def enqueue(connection: Connection, queue: str, ticket: QueueTicket, cost: float) -> float:
    """The virtual time of a new call, the lower the sooner. cost: how far it moves its workspace on."""
    whose = f"{ticket.workspace} edits" if ticket.interactive else ticket.workspace
    new = insert(connection.dialect.name, queue_positions)
    connection.execute(new.values(queue=queue, workspace=_QUEUE_ITSELF, virtual_time=0.0).on_conflict_do_nothing())
    here = connection.execute(_position(queue, _QUEUE_ITSELF).with_for_update()).scalar_one()
    got_to = connection.execute(_position(queue, whose)).scalar()
    virtual_time = float(max(here, got_to or 0.0))
    further = {"virtual_time": virtual_time + cost * (_COST_OF_EDITS if ticket.interactive else 1.0)}
    mine = new.values(queue=queue, workspace=whose, **further)
    connection.execute(mine.on_conflict_do_update(index_elements=["queue", "workspace"], set_=further))
    return virtual_time


def advance(connection: Connection, queue: str, virtual_time: float) -> None:
    """Move the queue on: a workspace that comes new starts here."""
    columns = queue_positions.c
    behind = (columns.queue == queue) & (columns.workspace == _QUEUE_ITSELF) & (columns.virtual_time < virtual_time)
    connection.execute(update(queue_positions).where(behind).values(virtual_time=virtual_time))


def _position(queue: str, workspace: str) -> Select[Any]:
    columns = queue_positions.c
    return select(columns.virtual_time).where(columns.queue == queue, columns.workspace == workspace)
