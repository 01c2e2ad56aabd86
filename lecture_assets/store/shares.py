"""Fair lines: of the workspaces that wait, each gets as much; what an edit needs goes before bulk work. No clock, no network.

Start-time fair queueing (Goyal, Vin, Cheng 1996): a call's place is where its workspace has got to, or where the line is by
now, whichever is later; its workspace has then got further by what the call costs. The lowest place is next. So a workspace
with ten thousand calls stands as far back as it has asked for, and one that comes new stands at the front.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select, update

from lecture_assets.store.database import insert
from lecture_assets.store.schema import shares

_LINE_ITSELF = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Who stands in a line. worker: one regeneration; urgent: whether it makes an edit, not bulk work."""

    worker: str
    workspace: str
    urgent: bool


def stand(connection: Connection, line: str, standing: Standing, cost: float) -> float:
    """A place in a line, the lower the sooner, among those that are as urgent. cost: how far the workspace has got by it."""
    name = _name(line, standing)
    new = insert(connection.dialect.name, shares)
    connection.execute(new.values(line=name, workspace=_LINE_ITSELF, place=0.0).on_conflict_do_nothing())
    here = connection.execute(_place(name, _LINE_ITSELF).with_for_update()).scalar_one()
    mine_by_now = connection.execute(_place(name, standing.workspace)).scalar()
    place = float(max(here, mine_by_now or 0.0))
    further = {"place": place + cost}
    mine = new.values(line=name, workspace=standing.workspace, **further)
    connection.execute(mine.on_conflict_do_update(index_elements=["line", "workspace"], set_=further))
    return place


def served(connection: Connection, line: str, standing: Standing, place: float) -> None:
    """The line has got to this place: who comes new stands here."""
    here = (shares.c.line == _name(line, standing)) & (shares.c.workspace == _LINE_ITSELF)
    connection.execute(update(shares).where(here, shares.c.place < place).values(place=place))


def _place(name: str, workspace: str) -> Select[Any]:
    return select(shares.c.place).where(shares.c.line == name, shares.c.workspace == workspace)


def _name(line: str, standing: Standing) -> str:
    """Edits and bulk work have got to places of their own."""
    return f"{line} {'edit' if standing.urgent else 'bulk'}"
