"""What was bought: of one lecture, all its calls at once; of a workspace, sums by the database and calls page by page."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, cast

from graphql import GraphQLResolveInfo
from sqlalchemy import RowMapping

from lecture_assets.api.lecture_view import LectureView
from lecture_assets.api.paging import check_first, cursor, not_a_cursor, page, parts_of
from lecture_assets.api.plain_fields import plain
from lecture_assets.api.request import ApiRequest
from lecture_assets.runner.reading.costs import LedgerDocument, call_document, costs_document
from lecture_assets.store import lecture_names, ledger_queries


def _ledger(lecture: LectureView) -> LedgerDocument:
    request = lecture.request

    def read() -> LedgerDocument:
        rows = ledger_queries.entries(request.connection, lecture=lecture.key, workspace=request.context.workspace)
        return costs_document(_named(request, rows, {lecture.key: lecture.id}))

    return request.once(("ledger", lecture.key), read)


def _named(request: ApiRequest, rows: Sequence[RowMapping], known: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """Return rows of the ledger with the ids of their lectures; of those that are deleted, what they were once called.

    known: ids of lectures by their keys
    """
    others = {row["lecture"] for row in rows} - known.keys()
    names = {**known, **(lecture_names.names_of(request.connection, others) if others else {})}
    return [{**row, "lecture": names.get(row["lecture"]) or lecture_names.once_called(row["lecture"])} for row in rows]


def workspace_sums(request: ApiRequest) -> dict[str, Any]:
    """Return the sums of the whole workspace, as a document of the schema's type `LectureCosts` without its calls."""
    rows = [dict(row) for row in ledger_queries.sums_of(request.connection, request.context.workspace)]

    def total(rows: list[dict[str, Any]]) -> dict[str, int]:
        sums = {name: sum(int(row[name]) for row in rows) for name in ("spent_usd_micros", "saved_usd_micros")}
        return {"calls": sum(int(row["done"]) for row in rows), **sums}

    of_provider: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        of_provider.setdefault(str(row["model"]).partition(":")[0], []).append(row)
    return {
        "estimated_usd_micros": sum(int(row["estimated_usd_micros"]) for row in rows),
        "spent_by_estimate_usd_micros": sum(int(row["by_estimate_usd_micros"]) for row in rows),
        "spent_usd_micros": sum(int(row["spent_usd_micros"]) for row in rows),
        "saved_usd_micros": sum(int(row["saved_usd_micros"]) for row in rows),
        "providers": [{"provider": provider, **total(those)} for provider, those in of_provider.items()],
        "models": [{"model": row["model"], "role": row["role"], **total([row])} for row in rows],
        "number": sum(int(row["all"]) for row in rows),
        "request": request,
    }


def _calls(costs: Any, _info: GraphQLResolveInfo, first: int, after: str | None = None) -> dict[str, Any]:
    if isinstance(costs, LectureView):
        return page(_ledger(costs)["calls"], first, after)
    request = cast("ApiRequest", costs["request"])
    check_first(first)
    place = _place(after) if after is not None else None
    rows = ledger_queries.page(request.connection, request.context.workspace, first + 1, place)
    shown = rows[:first]
    end = cursor(repr(shown[-1]["intended_at"]), shown[-1]["call_key"]) if shown else None
    info = {"has_next_page": len(rows) > first, "end_cursor": end}
    return {"total": costs["number"], "items": [call_document(row) for row in _named(request, shown, {})], "page_info": info}


def _place(after: str) -> tuple[float, str]:
    intended_at, call_key = parts_of(after, 2)
    with suppress(ValueError):
        return float(intended_at), call_key
    raise not_a_cursor()


def _of(name: str) -> Callable[..., Any]:
    def read(costs: Any) -> Any:
        ledger: Any = _ledger(costs) if isinstance(costs, LectureView) else costs
        return ledger[name]

    return plain(read)


COST_FIELDS: Mapping[str, Mapping[str, Callable[..., Any]]] = {
    "LectureCosts": {
        "estimatedUsdMicros": _of("estimated_usd_micros"),
        "spentUsdMicros": _of("spent_usd_micros"),
        "spentByEstimateUsdMicros": _of("spent_by_estimate_usd_micros"),
        "savedUsdMicros": _of("saved_usd_micros"),
        "providers": _of("providers"),
        "models": _of("models"),
        "calls": _calls,
    }
}
"""Resolvers by type and field."""
