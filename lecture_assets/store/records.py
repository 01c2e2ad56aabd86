"""Takes, records and failures. Every value ever made is kept as a take; a node's record names its current take."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Connection, Executable, RowMapping, bindparam, case, delete, func, literal, or_, select, true

from lecture_assets.graph.fingerprint import Json, digest
from lecture_assets.graph.kind import Category
from lecture_assets.store.database import insert
from lecture_assets.store.document import UpgradedText
from lecture_assets.store.schema import failures, records, takes

_MAX_NAMES = 500
"""The most names in one IN (…): SQLite takes 32,766 variables, PostgreSQL 65,535; far below both."""


@dataclass(frozen=True, slots=True)
class Take:
    """One made value of one node.

    artifact: the SHA-256 of its bytes, None if it has none
    number:   from 1, assigned by the store
    """

    node: str
    version: str
    fingerprint: str
    recipe: str
    value: Json
    artifact: str | None
    made_by: str
    made_at: float
    cost_usd_micros: int
    number: int = 0


@dataclass(frozen=True, slots=True)
class TakeRow:
    """A take without its value. `counts`: it is the node's current take."""

    node: str
    number: int
    version: str
    fingerprint: str
    recipe: str
    artifact: str | None
    made_by: str
    made_at: float
    cost_usd_micros: int
    counts: bool


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a node could not be made from the recipe with this fingerprint.

    tries:      how often its call was tried, 0 if it was never sent
    request_id: the vendor's id of the last try, for its support
    """

    node: str
    fingerprint: str
    kind: str
    code: str
    message: str
    failed_at: float
    tries: int = 0
    request_id: str | None = None


_COLUMNS = (
    takes.c.node,
    takes.c.number,
    takes.c.version,
    takes.c.fingerprint,
    takes.c.recipe,
    takes.c.artifact,
    takes.c.made_by,
    takes.c.made_at,
    takes.c.cost_usd_micros,
    records.c.take.is_not_distinct_from(takes.c.number).label("counts"),
)


def _take_row(row: Sequence[Any]) -> TakeRow:
    """Build a TakeRow; an upgraded recipe gets the fingerprint of its upgraded form."""
    found = TakeRow(*row)
    return replace(found, fingerprint=digest(json.loads(found.recipe))) if isinstance(found.recipe, UpgradedText) else found


_SAME_NODE = (records.c.lecture == takes.c.lecture) & (records.c.node == takes.c.node)
_RECORDED = records.join(takes, _SAME_NODE & (records.c.take == takes.c.number))
_IS_OF = records.c.lecture == bindparam("of_lecture")
_IS_NAMED = records.c.node.in_(bindparam("nodes", expanding=True))
_COUNTING = select(*_COLUMNS).select_from(_RECORDED).where(_IS_OF)
_COUNTING_NAMED = _COUNTING.where(_IS_NAMED)
_VALUES = select(takes.c.node, takes.c.value).select_from(_RECORDED).where(_IS_OF, _IS_NAMED)
_COUNTED = (
    select(takes.c.node, func.count().label("number")).where(takes.c.lecture == bindparam("of_lecture")).group_by(takes.c.node)
)
"""What reading a lecture takes is built once: building a statement takes longer than running it."""


def load_takes(connection: Connection, lecture: str, node: str | None = None) -> list[TakeRow]:
    """Return every take of a lecture, or of one of its nodes; `counts` marks the current ones."""
    found = select(*_COLUMNS).select_from(takes.outerjoin(records, _SAME_NODE)).where(takes.c.lecture == lecture)
    return [_take_row(row) for row in connection.execute(found if node is None else found.where(takes.c.node == node))]


def load_takes_of(connection: Connection, lecture: str, nodes: Sequence[str]) -> list[TakeRow]:
    """Return every take of these nodes."""
    found = select(*_COLUMNS).select_from(takes.outerjoin(records, _SAME_NODE)).where(takes.c.lecture == lecture)
    return [_take_row(row) for part in _parts(nodes) for row in connection.execute(found.where(takes.c.node.in_(part)))]


def load_counting(connection: Connection, lecture: str, nodes: Sequence[str] | None = None) -> list[TakeRow]:
    """Return the current take of each node, or of each of the given nodes."""
    if nodes is None:
        return [_take_row(row) for row in connection.execute(_COUNTING, {"of_lecture": lecture})]
    parts = ({"of_lecture": lecture, "nodes": part} for part in _parts(nodes))
    return [_take_row(row) for part in parts for row in connection.execute(_COUNTING_NAMED, part)]


def _parts(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield as many names at once as one IN (…) may have."""
    return (names[start : start + _MAX_NAMES] for start in range(0, len(names), _MAX_NAMES))


def counting_take(connection: Connection, lecture: str, node: str) -> int | None:
    """Return the number of the node's current take; None without one."""
    found = select(records.c.take).where(records.c.lecture == lecture, records.c.node == node)
    return connection.execute(found).scalar()


def count_takes(connection: Connection, lecture: str) -> dict[str, int]:
    """Return the number of takes per node, leaving out nodes without any."""
    return dict(connection.execute(_COUNTED, {"of_lecture": lecture}).all())


def load_bought(connection: Connection, lecture: str, kinds: Iterable[str]) -> Sequence[RowMapping]:
    """Return node, number, cost and fingerprint, as it was when they were bought, of every take of these kinds, in order."""
    columns = (takes.c.node, takes.c.number, takes.c.fingerprint, takes.c.cost_usd_micros)
    of_kinds = or_(*(or_(takes.c.node == kind, takes.c.node.startswith(f"{kind}:", autoescape=True)) for kind in kinds))
    found = select(*columns).where(takes.c.lecture == lecture, of_kinds).order_by(takes.c.node, takes.c.number)
    return connection.execute(found).mappings().all()


def load_values(connection: Connection, lecture: str, nodes: Iterable[str]) -> dict[str, Json]:
    """Return what these nodes hold now, leaving out nodes without a record."""
    values: dict[str, Json] = {}
    for part in _parts(list(nodes)):
        values |= dict(connection.execute(_VALUES, {"of_lecture": lecture, "nodes": part}).all())
    return values


def load_versions(connection: Connection, lecture: str, versions: Mapping[str, str]) -> dict[str, Json]:
    """Return what nodes held at these versions, current or not, leaving out versions that no take has."""
    values: dict[str, Json] = {}
    for part in _parts(list(versions)):
        asked = takes.c.node.in_(part) & takes.c.version.in_({versions[node] for node in part})
        rows = connection.execute(select(takes.c.node, takes.c.version, takes.c.value).where(takes.c.lecture == lecture, asked))
        values |= {row.node: row.value for row in rows if row.version == versions[row.node]}
    return values


def load_take(connection: Connection, lecture: str, node: str, number: int) -> tuple[Json, str | None] | None:
    """Return the value of a take and the SHA-256 of its bytes, by its number; None if there is no such take."""
    asked = (takes.c.lecture == lecture) & (takes.c.node == node) & (takes.c.number == number)
    row = connection.execute(select(takes.c.value, takes.c.artifact).where(asked)).one_or_none()
    return (row.value, row.artifact) if row else None


def takes_by_number(connection: Connection, lecture: str, node: str, numbers: Collection[int]) -> dict[int, tuple[str, Json]]:
    """Return version and value of a node's takes, by number."""
    asked = (takes.c.lecture == lecture) & (takes.c.node == node) & takes.c.number.in_(numbers)
    rows = connection.execute(select(takes.c.number, takes.c.version, takes.c.value).where(asked))
    return {row.number: (row.version, row.value) for row in rows}


def values_of(connection: Connection, lecture: str, node: str, numbers: Collection[int] | None = None) -> dict[int, Json]:
    """Return the value of every take of a node, or of those with these numbers, by number."""
    found = select(takes.c.number, takes.c.value).where(takes.c.lecture == lecture, takes.c.node == node)
    rows = connection.execute(found if numbers is None else found.where(takes.c.number.in_(numbers)))
    return {row.number: row.value for row in rows}


def values_in(connection: Connection, lectures: Collection[str], node: str) -> dict[str, Json]:
    """Return what a node holds in each of these lectures, leaving out lectures where it has no record."""
    found = select(takes.c.lecture, takes.c.value).select_from(_RECORDED)
    rows = connection.execute(found.where(records.c.lecture.in_(lectures), records.c.node == node))
    return dict(rows.all())


def copy(connection: Connection, source: str, target: str) -> None:
    """Copy takes and records of one lecture to another that has none; of assemblies, only the current takes."""
    same = (records.c.lecture == takes.c.lecture) & (records.c.node == takes.c.node)
    counts = select(1).where(same, records.c.take == takes.c.number).exists()
    is_assembly = takes.c.node.startswith(f"{Category.ASSEMBLER}:")
    for table, wanted in ((takes, ~is_assembly | counts), (records, true())):
        columns = [column for column in table.c if column.name != "lecture"]
        copied = select(literal(target), *columns).where(table.c.lecture == source, wanted)
        connection.execute(table.insert().from_select(["lecture", *(column.name for column in columns)], copied))


_SAME = (takes.c.lecture == bindparam("of_lecture")) & (takes.c.node == bindparam("of_node"))
_NUMBERS = select(
    func.max(takes.c.number), func.max(case((takes.c.fingerprint == bindparam("of_fingerprint"), takes.c.number)))
).where(_SAME)
_KEEP_AGAIN = takes.update().where(_SAME, takes.c.number == bindparam("of_number"))
_UNFAIL = delete(failures).where(failures.c.lecture == bindparam("of_lecture"), failures.c.node == bindparam("of_node"))
"""Built once: the writer runs them for every node made, and building a statement takes longer than running it."""


def save_take(connection: Connection, lecture: str, take: Take, *, counts: bool) -> int:
    """Store a value and, with `counts`, make it current. Return the take's number; a known fingerprint keeps its number."""
    same = {"of_lecture": lecture, "of_node": take.node}
    newest, number = connection.execute(_NUMBERS, same | {"of_fingerprint": take.fingerprint}).one()
    if number is None:
        number = (newest or 0) + 1
        connection.execute(takes.insert(), {"lecture": lecture, **_columns(take, number)})
    else:
        connection.execute(_KEEP_AGAIN, _columns(take, number) | same | {"of_number": number})
    if counts:
        count(connection, lecture, take.node, number, take.made_at)
    return int(number)


def _columns(take: Take, number: int) -> dict[str, Any]:
    return {
        "node": take.node,
        "number": number,
        "version": take.version,
        "fingerprint": take.fingerprint,
        "recipe": take.recipe,
        "value": take.value,
        "artifact": take.artifact,
        "made_by": take.made_by,
        "made_at": take.made_at,
        "cost_usd_micros": take.cost_usd_micros,
    }


@lru_cache
def _let_count(dialect: str) -> Executable:
    upsert = insert(dialect, records)
    newer = {"take": upsert.excluded.take, "counted_at": upsert.excluded.counted_at}
    return cast("Executable", upsert.on_conflict_do_update(index_elements=["lecture", "node"], set_=newer))


def count(connection: Connection, lecture: str, node: str, number: int, now: float) -> None:
    """Make a take the node's current one, and forget the node's failure."""
    row = {"lecture": lecture, "node": node, "take": number, "counted_at": now}
    connection.execute(_let_count(connection.dialect.name), row)
    connection.execute(_UNFAIL, {"of_lecture": lecture, "of_node": node})


def save_failure(connection: Connection, lecture: str, failure: Failure) -> None:
    """Store why a node could not be made, replacing its previous failure."""
    row = {
        "fingerprint": failure.fingerprint,
        "kind": failure.kind,
        "code": failure.code,
        "message": failure.message,
        "failed_at": failure.failed_at,
        "tries": failure.tries,
        "request_id": failure.request_id,
    }
    upsert = insert(connection.dialect.name, failures).values(lecture=lecture, node=failure.node, **row)
    connection.execute(upsert.on_conflict_do_update(index_elements=["lecture", "node"], set_=row))


_FAILED = select(*(failures.c[one.name] for one in fields(Failure))).where(failures.c.lecture == bindparam("of_lecture"))


def load_failures(connection: Connection, lecture: str) -> dict[str, Failure]:
    """Return the latest failure of each node that has one."""
    rows = connection.execute(_FAILED, {"of_lecture": lecture})
    return {row.node: Failure(*row) for row in rows}


def artifacts(connection: Connection, lecture: str) -> Collection[str]:
    """Return the SHA-256 of every medium in a lecture's current takes."""
    found = select(takes.c.artifact).select_from(_RECORDED).where(records.c.lecture == lecture, takes.c.artifact.is_not(None))
    return {str(artifact) for artifact in connection.execute(found).scalars()}
