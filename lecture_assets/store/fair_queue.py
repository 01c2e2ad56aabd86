"""Fair lines: of the workspaces that wait, each gets as much; an edit does not stand behind bulk work. No clock, no network.

Start-time fair queueing (Goyal, Vin, Cheng 1996): a call's place is where its workspace has got to, or where the line is by
now, whichever is later; its workspace has then got further by what the call costs. The lowest place is next. So a workspace
with ten thousand calls stands as far back as it has asked for, and one that comes new stands at the front.

What a workspace does for edits is counted apart from its bulk work, and at half its cost: an edit comes at the front, too, gets
twice as much as the bulk work beside it, and a flood of edits still leaves the others a quarter of all.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select, update

from lecture_assets.store.database import insert
from lecture_assets.store.schema import shares

_LINE_ITSELF = ""
_COST_OF_EDITS = 0.5


@dataclass(frozen=True, slots=True)
class Standing:
    """Who stands in a line. worker: one regeneration; workspace: not empty; urgent: whether it makes an edit, not bulk work."""

    worker: str
    workspace: str
    urgent: bool


def stand(connection: Connection, line: str, standing: Standing, cost: float) -> float:
    """A place in a line, the lower the sooner. cost: how far its workspace has got by it."""
    whose = f"{standing.workspace} edits" if standing.urgent else standing.workspace
    new = insert(connection.dialect.name, shares)
    connection.execute(new.values(line=line, workspace=_LINE_ITSELF, place=0.0).on_conflict_do_nothing())
    here = connection.execute(_place(line, _LINE_ITSELF).with_for_update()).scalar_one()
    got_to = connection.execute(_place(line, whose)).scalar()
    place = float(max(here, got_to or 0.0))
    further = {"place": place + cost * (_COST_OF_EDITS if standing.urgent else 1.0)}
    mine = new.values(line=line, workspace=whose, **further)
    connection.execute(mine.on_conflict_do_update(index_elements=["line", "workspace"], set_=further))
    return place


def served(connection: Connection, line: str, place: float) -> None:
    """The line has got to this place: who comes new stands here."""
    here = (shares.c.line == line) & (shares.c.workspace == _LINE_ITSELF)
    connection.execute(update(shares).where(here, shares.c.place < place).values(place=place))


def _place(line: str, workspace: str) -> Select[Any]:
    return select(shares.c.place).where(shares.c.line == line, shares.c.workspace == workspace)
