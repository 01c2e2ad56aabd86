"""Copy a lecture as a variant, which shares everything that is equal and pays only for the differences."""

from collections.abc import Sequence

from lecture_assets.briefs.lecture_id import check_id
from lecture_assets.graph.errors import Fault, RefusedError, WrongInputError
from lecture_assets.runner.change.editing import read_change, supply
from lecture_assets.runner.change.uploads import UploadStaging
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import lectures, records
from lecture_assets.store.lectures import Head


def copy_lecture(context: Context, source: str, target: str, edits: Sequence[str]) -> bool:
    """Create a lecture with another's settings after these edits, with its takes and which of them count.

    Returns False if the target already is this copy. RefusedError if it is a different lecture.
    """
    check_id(target)
    if target == source:
        raise WrongInputError([Fault("NEW", repr(target), "another id than that of the lecture itself")])
    with UploadStaging(context) as staging, context.database.read() as connection:
        head = lectures.head(connection, source)
        change = read_change(staging, connection, head, edits)
        staging.keep()
    settings, now = change.settings, context.clock.now()
    said = (f"copy of {source}, version {head.version}", *change.texts)
    copied = Head(target, head.workspace, 1, 0, settings.digest(), settings)
    with context.database.write() as connection:
        if lectures.create(connection, copied, now, said):
            records.copy(connection, source, target)
            supply(connection, target, head.settings, settings, now)
            return True
        found = lectures.head(connection, target)
    if found.brief_digest != copied.brief_digest:
        message = f"lecture {target} already exists and is not this copy; nothing was changed (give the copy another id)"
        raise RefusedError(message)
    return False
