"""Give a lecture another id. Nothing else changes: what refers to it does so by its key."""

from lecture_assets.briefs.lecture_id import check_id
from lecture_assets.graph.errors import IdTakenError
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import lecture_names


def rename_lecture(context: Context, lecture: str, was: str, new: str) -> None:
    """Rename a lecture, by its key and its id. WrongInputError for an invalid id, and if somebody else renamed it meanwhile.

    IdTakenError if another one of the workspace has the id.
    """
    check_id(new)
    if not context.database.writing(lambda connection: lecture_names.rename(connection, lecture, was, new)):
        message = f"lecture {new} exists; nothing was changed (choose another id, or rename or delete that lecture first)"
        raise IdTakenError(message)
