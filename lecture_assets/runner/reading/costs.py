"""Totals of the ledger, and what is left of each ceiling. Read-only."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any, TypeVar

from sqlalchemy import Connection
from typing_extensions import TypedDict

from lecture_assets.graph.kind import Role
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import charges, lecture_names, lectures, ledger_queries
from lecture_assets.store.charges import Ceilings
from lecture_assets.store.ledger import State

T = TypeVar("T", bound=Hashable)


class CeilingDocument(TypedDict):
    """A ceiling that is set: `lecture`, `workspace` or `month`. committed: spent or reserved."""

    ceiling: str
    allowed_usd_micros: int
    committed_usd_micros: int
    left_usd_micros: int


class CallCostDocument(TypedDict):
    """A call in the ledger. saved: what buying it again for every later use would have cost."""

    node: str
    lecture: str
    role: Role
    model: str
    state: State
    attempts: int
    estimated_usd_micros: int
    spent_usd_micros: int
    spent_is_estimated: bool
    saved_usd_micros: int


class SumDocument(TypedDict):
    """Calls that were made, and their cost."""

    calls: int
    spent_usd_micros: int
    saved_usd_micros: int


class ProviderSumDocument(SumDocument):
    """The totals of one provider."""

    provider: str


class ModelSumDocument(SumDocument):
    """The totals of one model in one role."""

    model: str
    role: Role


class LedgerDocument(TypedDict):
    """The totals of the ledger, and its calls."""

    estimated_usd_micros: int
    spent_usd_micros: int
    spent_by_estimate_usd_micros: int
    saved_usd_micros: int
    providers: list[ProviderSumDocument]
    models: list[ModelSumDocument]
    calls: list[CallCostDocument]


class CostsDocument(LedgerDocument):
    """The output of `costs`. lecture: null for a whole workspace."""

    lecture: str | None
    workspace: str
    ceilings: list[CeilingDocument]


def ceilings_document(ceilings: Ceilings, committed: Callable[[str], int]) -> list[CeilingDocument]:
    """Return each ceiling that is set, with what is left of it. committed: returns micro-dollars for a ceiling's name."""
    return [
        {
            "ceiling": name,
            "allowed_usd_micros": allowed,
            "committed_usd_micros": committed(name),
            "left_usd_micros": max(0, allowed - committed(name)),
        }
        for name, allowed in asdict(ceilings).items()
        if allowed is not None
    ]


def costs_of(context: Context, lecture: str | None, workspace: str) -> CostsDocument:
    """Return the costs of a lecture, by its key, or of a whole workspace if `lecture` is None."""
    with context.database.read() as connection:
        name = None
        if lecture is not None:
            found = lectures.head(connection, lecture)
            name, workspace = found.name, found.workspace
        rows = ledger_queries.entries(connection, lecture=lecture, workspace=workspace)
        names = (
            lecture_names.names_by_key(connection, workspace)
            if lecture is None
            else lecture_names.names_of(connection, {row["lecture"] for row in rows})
        )
        remaining = remaining_of(context, connection, lecture, workspace)
    sums = costs_document([{**row, "lecture": names.get(row["lecture"], row["lecture"])} for row in rows])
    return {"lecture": name, "workspace": workspace, **sums, "ceilings": remaining}


def remaining_of(context: Context, connection: Connection, lecture: str | None, workspace: str) -> list[CeilingDocument]:
    """Return what is left of the ceilings of a lecture, or of a whole workspace if `lecture` is None."""
    now, wanted = context.store_time(connection), context.ceilings
    return ceilings_document(
        wanted if lecture else replace(wanted, lecture=None),
        lambda name: charges.committed(connection, name, workspace, lecture or "", now),
    )


def costs_document(rows: list[Mapping[str, Any]]) -> LedgerDocument:
    """Return the totals of these rows: overall, by provider, and by model and role; and every call with its node."""
    return {
        "estimated_usd_micros": sum(row["reserved_usd_micros"] for row in rows),
        "spent_usd_micros": sum(row["cost_usd_micros"] for row in rows),
        "spent_by_estimate_usd_micros": sum(row["cost_usd_micros"] for row in rows if _is_estimated(row)),
        "saved_usd_micros": sum(row["saved_usd_micros"] for row in rows),
        "providers": [
            {"provider": provider, **_sum(those)}
            for provider, those in _grouped(rows, lambda row: str(row["model"]).partition(":")[0])
        ],
        "models": [
            {"model": model, "role": Role(role), **_sum(those)}
            for (model, role), those in _grouped(rows, lambda row: (str(row["model"]), str(row["role"])))
        ],
        "calls": [call_document(row) for row in rows],
    }


def call_document(row: Mapping[str, Any]) -> CallCostDocument:
    """Return a row of the ledger as a document."""
    return {
        "node": row["node"],
        "lecture": row["lecture"],
        "role": row["role"],
        "model": row["model"],
        "state": row["state"],
        "attempts": row["attempts"],
        "estimated_usd_micros": row["reserved_usd_micros"],
        "spent_usd_micros": row["cost_usd_micros"],
        "spent_is_estimated": _is_estimated(row),
        "saved_usd_micros": row["saved_usd_micros"],
    }


def _is_estimated(row: Mapping[str, Any]) -> bool:
    """Whether part of the cost is a reserved price: the vendor reports no usage, or could not be asked about the outcome."""
    return bool(row["uncertain"] or row["uncounted"])


def _grouped(
    rows: list[Mapping[str, Any]], name: Callable[[Mapping[str, Any]], T]
) -> Iterable[tuple[T, list[Mapping[str, Any]]]]:
    """Group the rows by the key that `name` returns, in order of first appearance."""
    groups: dict[T, list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(name(row), []).append(row)
    return groups.items()


def _sum(rows: list[Mapping[str, Any]]) -> SumDocument:
    """Return how many calls were made, and what was spent and saved."""
    return {
        "calls": sum(row["state"] == State.DONE for row in rows),
        "spent_usd_micros": sum(row["cost_usd_micros"] for row in rows),
        "saved_usd_micros": sum(row["saved_usd_micros"] for row in rows),
    }
