"""Delete a lecture: its settings, takes and plans. What it cost stays in the accounts; its media become garbage.

What other lectures share stays: they have takes of their own. A call that is not settled is settled as usual later.
"""

import shutil

from sqlalchemy import Connection

from lecture_assets.graph.errors import BusyError
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import deletion, lectures, requests


def delete_lecture(context: Context, lecture: str) -> None:
    """Delete a lecture by its key. BusyError while a worker makes it."""

    def delete(connection: Connection) -> None:
        lectures.version_of(connection, lecture, lock=True)
        if requests.is_running(connection, lecture, context.store_time(connection)):
            raise BusyError(lectures.head(connection, lecture).name, "and was not deleted (delete it once that run has ended)")
        deletion.delete(connection, lecture, context.store_time(connection))

    context.database.writing(delete)
    shutil.rmtree(context.home / "timelines" / lecture, ignore_errors=True)
