"""Remove what is stored of a lecture. Its row, its calls' costs and its charges stay for the accounts."""

from sqlalchemy import Connection, null, update

from lecture_assets.store.ledger import State
from lecture_assets.store.notices import notify
from lecture_assets.store.schema import (
    calls,
    failures,
    lectures,
    offers,
    plans,
    progress,
    publications,
    published,
    records,
    regeneration_scopes,
    requests,
    revisions,
    shadow_edits,
    takes,
)

OF_LECTURE = (
    records,
    takes,
    failures,
    revisions,
    requests,
    regeneration_scopes,
    plans,
    offers,
    progress,
    published,
    publications,
    shadow_edits,
)
"""The tables that a deletion empties of a lecture."""
_SETTLED = (State.DONE, State.FAILED)


def delete(connection: Connection, lecture: str, now: float) -> None:
    """Delete a lecture that nobody works on. Its name is free again; its key stays taken.

    Its settled calls keep what they cost, and lose what was asked and answered. A call that is not settled keeps its request, by
    which whoever works in the workspace next finds out how it ended.
    """
    for table in OF_LECTURE:
        connection.execute(table.delete().where(table.c.lecture == lecture))
    mine = (calls.c.lecture == lecture) & calls.c.state.in_(_SETTLED)
    connection.execute(update(calls).where(mine).values(state=State.FAILED, request={}, reply=null(), error=null()))
    gone = update(lectures).where(lectures.c.id == lecture)
    connection.execute(gone.values(name=None, deleted_at=now))
    notify(connection)
