"""Copy a lecture as a variant, which shares everything that is equal and pays only for the differences."""

from collections.abc import Sequence
from dataclasses import dataclass

from lecture_assets.briefs.lecture_id import check_id
from lecture_assets.graph.errors import Fault, IdTakenError, WrongInputError
from lecture_assets.runner.change.editing import read_change, supply
from lecture_assets.runner.change.uploads import UploadStaging
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import lecture_names, lectures, records


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy: its key, and whether it is new."""

    key: str
    new: bool


def copy_lecture(context: Context, source: str, target: str, edits: Sequence[str]) -> Copied:
    """Create a lecture with another's settings after these edits, with its takes and which of them count; of a shadow, a shadow.

    source: a key; target: a name in the workspace of the source. IdTakenError if it is the name of a different lecture
    """
    check_id(target)
    with UploadStaging(context) as staging, context.database.read() as connection:
        head = lectures.head(connection, source)
        if target == head.name:
            raise WrongInputError([Fault("NEW", repr(target), "another id than that of the lecture itself")])
        change = read_change(staging, connection, head, edits)
        staging.keep()
    settings, now = change.settings, context.clock.now()
    said = (f"copy of {head.name}, version {head.version}", *change.texts)
    copied = lectures.new_head(target, head.workspace, settings.digest(), settings, is_shadow=head.is_shadow)
    with context.database.write() as connection:
        if key := lectures.create(connection, copied, now, said):
            records.copy(connection, source, key)
            supply(connection, key, head.settings, settings, now)
            return Copied(key, new=True)
        found = lectures.head(connection, lecture_names.key_of(connection, head.workspace, target))
    if found.brief_digest != copied.brief_digest:
        message = f"lecture {target} already exists and is not this copy; nothing was changed (give the copy another id)"
        raise IdTakenError(message)
    return Copied(found.lecture, new=False)
