"""Which lectures have changed since they were last published to a Dagster instance: a mark a lecture and instance.

Whatever changes a lecture's version or its request marks it, in the same transaction; a publication of all of it takes the mark
away. So what is due is found without looking at the lectures that are not, however many there are.
"""

from sqlalchemy import Connection, bindparam, literal, select, update

from lecture_assets.store.database import insert
from lecture_assets.store.locking import lock_instances
from lecture_assets.store.schema import lectures, publications, watches

_NEW = ("lecture", "instance", "serial", "stamp", "is_due")


def mark(connection: Connection, lecture: str) -> None:
    """Mark a lecture for all instances."""
    connection.execute(_MARK, {"of_lecture": lecture})


_MARK = update(publications).where(publications.c.lecture == bindparam("of_lecture")).values(is_due=1)


def add(connection: Connection, lecture: str) -> None:
    """Mark a new lecture for all instances."""
    lock_instances(connection)
    row = select(literal(lecture), watches.c.instance, literal(0), literal(""), literal(1)).where(watches.c.instance.is_not(None))
    connection.execute(insert(connection.dialect.name, publications).from_select(_NEW, row).on_conflict_do_nothing())


def add_instance(connection: Connection, instance: str) -> None:
    """Mark all lectures for a new instance."""
    lock_instances(connection)
    rows = select(lectures.c.id, literal(instance), literal(0), literal(""), literal(1)).where(lectures.c.deleted_at.is_(None))
    connection.execute(insert(connection.dialect.name, publications).from_select(_NEW, rows).on_conflict_do_nothing())
