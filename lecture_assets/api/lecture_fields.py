"""The fields of a lecture that take arguments: its nodes, history and conflicts."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphql import GraphQLResolveInfo

from lecture_assets.api.lecture_view import LectureView
from lecture_assets.api.node_fields import explanation, node_page, node_view, take_page
from lecture_assets.api.paging import check_first, not_a_cursor, page, page_info, parts_of
from lecture_assets.api.plan_fields import plan_result
from lecture_assets.graph.staleness import Status
from lecture_assets.runner.reading.listing import revisions


def _nodes(  # noqa: PLR0913, PLR0917 - the arguments of the field
    lecture: LectureView,
    _info: GraphQLResolveInfo,
    first: int,
    after: str | None = None,
    statuses: Sequence[Status] | None = None,
    kinds: Sequence[str] | None = None,
    segment: int | None = None,
) -> dict[str, Any]:
    wanted = [
        node
        for node in lecture.snapshot.shown
        if (kinds is None or node.kind.name in kinds)
        and (segment is None or node.cell.segment == segment)
        and (statuses is None or lecture.statuses[node.id] in statuses)
    ]
    return node_page(lecture, wanted, first, after)


def _node(lecture: LectureView, _info: GraphQLResolveInfo, id: str) -> Any:  # noqa: A002 - the argument of the field
    return node_view(lecture, id)


def _explain(lecture: LectureView, _info: GraphQLResolveInfo, node: str) -> Any:
    return explanation(lecture, node)


def _takes(lecture: LectureView, _info: GraphQLResolveInfo, node: str, first: int, after: str | None = None) -> Any:
    return take_page(lecture, node, first, after)


def _history(lecture: LectureView, _info: GraphQLResolveInfo, first: int, after: str | None = None) -> dict[str, Any]:
    check_first(first)
    version = parts_of(after, 1)[0] if after is not None else "0"
    if not (version.isascii() and version.isdecimal() and len(version) < len("1000000000")):
        raise not_a_cursor()
    found = revisions(lecture.request.connection, lecture.key, int(version), first + 1)
    items = found[:first]
    return {"items": items, "page_info": page_info(len(found) > first, items[-1]["version"] if items else None)}


def _conflicts(lecture: LectureView, _info: GraphQLResolveInfo, first: int, after: str | None = None) -> dict[str, Any]:
    found = page(list(lecture.conflicting), first, after)
    return {**found, "items": [lecture.conflict(node) for node in found["items"]]}


LECTURE_FIELDS: Mapping[str, Mapping[str, Callable[..., Any]]] = {
    "Lecture": {
        "nodes": _nodes,
        "node": _node,
        "explain": _explain,
        "takes": _takes,
        "plan": plan_result,
        "history": _history,
        "conflicts": _conflicts,
    }
}
"""Resolvers by type and field."""
