"""What can be asked for at the root: lectures, one lecture, and what the whole workspace spent."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from graphql import GraphQLResolveInfo

from lecture_assets.api.cost_fields import workspace_sums
from lecture_assets.api.lecture_view import LectureView, find_lecture
from lecture_assets.api.paging import check_first, cursor, not_a_cursor, parts_of
from lecture_assets.api.request import current_request
from lecture_assets.briefs.brief import TITLE_NODE
from lecture_assets.runner.reading.costs import CeilingDocument, remaining_of
from lecture_assets.store import lectures, records


def _lectures(_root: Any, _info: GraphQLResolveInfo, first: int, after: str | None = None) -> dict[str, Any]:
    request = current_request()
    check_first(first)
    place = _place(after) if after is not None else None
    rows = lectures.page(request.connection, request.context.workspace, first + 1, place)
    shown = rows[:first]
    titles = records.values_in(request.connection, [row["id"] for row in shown], TITLE_NODE)
    items = [
        {
            "id": row["name"],
            "version": row["head"],
            "published_version": row["published"],
            "regeneration": row["state"],
            "is_shadow": bool(row["is_shadow"]),
            "title": titles.get(row["id"]),
            "created_at": row["created_at"],
        }
        for row in shown
    ]
    end = cursor(repr(shown[-1]["created_at"]), shown[-1]["name"]) if shown else None
    return {"items": items, "page_info": {"has_next_page": len(rows) > first, "end_cursor": end}}


def _place(after: str) -> tuple[float, str]:
    created_at, name = parts_of(after, 2)
    with suppress(ValueError):
        return float(created_at), name
    raise not_a_cursor()


def _lecture(_root: Any, _info: GraphQLResolveInfo, id: str) -> LectureView | None:  # noqa: A002 - the argument of the field
    return find_lecture(current_request(), id)


def _workspace_costs(_root: Any, _info: GraphQLResolveInfo) -> dict[str, Any]:
    return workspace_sums(current_request())


def _workspace_ceilings(_root: Any, _info: GraphQLResolveInfo) -> list[CeilingDocument]:
    request = current_request()
    return remaining_of(request.context, request.connection, None, request.context.workspace)


def _voices(_root: Any, _info: GraphQLResolveInfo) -> list[dict[str, Any]]:
    return [
        {**voice, "models": [{"model": model, **facts} for model, facts in voice["models"].items()]}
        for voice in current_request().lectures.voices()
    ]


QUERY_FIELDS: Mapping[str, Mapping[str, Callable[..., Any]]] = {
    "Query": {
        "lectures": _lectures,
        "lecture": _lecture,
        "workspaceCosts": _workspace_costs,
        "workspaceCeilings": _workspace_ceilings,
        "voices": _voices,
    }
}
"""Resolvers by type and field."""
