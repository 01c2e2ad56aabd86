"""Imports of many lectures in the background: queued and canceled here, carried out by `runner/change/background_import.py`."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from graphql import GraphQLResolveInfo
from sqlalchemy import RowMapping

from lecture_assets.api.attempt import attempt
from lecture_assets.api.brief_input import derived_id
from lecture_assets.api.import_input import import_document
from lecture_assets.api.once import once, plain
from lecture_assets.api.paging import check_first, cursor, not_a_cursor, page_info, parts_of
from lecture_assets.api.problems import problem
from lecture_assets.api.request import ApiRequest, current_request
from lecture_assets.briefs.lecture_id import check_id
from lecture_assets.graph.errors import WrongInputError
from lecture_assets.graph.fingerprint import digest
from lecture_assets.runner.change.import_queue import faults_document, queue_import
from lecture_assets.store import import_jobs
from lecture_assets.store.import_jobs import ItemState, NewItem

_JOB_ID = 16
_MOST = 1_000_000_000


def _import(_root: Any, _info: GraphQLResolveInfo, **given: Any) -> dict[str, Any]:
    request, key = current_request(), given.pop("client_key", None)
    workspace, asked = request.context.workspace, plain(given)
    job = import_jobs.new_id() if key is None else digest([workspace, key, asked])[:_JOB_ID]

    def queue() -> dict[str, Any]:
        items = [_item(request, one, number, key) for number, one in enumerate(given["lectures"])]
        request.refresh()
        queue_import(request.context, items, job)
        return {"__typename": "LectureImportQueued", "job": job}

    return once(request, "importLectures", key, asked, lambda: attempt(request, "", queue))


def _item(request: ApiRequest, given: Mapping[str, Any], number: int, key: str | None) -> NewItem:
    """Return a lecture to import; one that is wrong at first sight has failed already."""
    wanted, lecture = given.get("id"), given["lecture"]
    name = derived_id(lecture["title"], f"importLectures {number}", key) if wanted is None else wanted
    is_shadow = bool(given.get("shadow"))
    try:
        return NewItem(check_id(name), import_document(request, lecture, name), is_shadow)
    except WrongInputError as error:
        return NewItem(name, None, is_shadow, faults_document(error))


def _cancel(_root: Any, _info: GraphQLResolveInfo, **given: Any) -> dict[str, Any]:
    request, key, job = current_request(), given.pop("client_key", None), given["id"]

    def cancel() -> dict[str, Any]:
        context = request.context
        with context.database.write() as connection:
            left = import_jobs.cancel(connection, context.workspace, job, context.store_time(connection))
        if left is None:
            return problem("LectureImportNotFound", "there is no such import", id=job)
        return {"__typename": "LectureImportCanceled", "left": left, "job": job}

    return once(request, "cancelLectureImport", key, plain(given), lambda: attempt(request, "", cancel))


def _of_answer(answer: Mapping[str, Any], _info: GraphQLResolveInfo) -> dict[str, Any] | None:
    return _find(current_request(), answer["job"])


def _job(_root: Any, _info: GraphQLResolveInfo, id: str) -> dict[str, Any] | None:  # noqa: A002 - the argument of the field
    return _find(current_request(), id)


def _find(request: ApiRequest, job: str) -> dict[str, Any] | None:
    row = import_jobs.find(request.connection, request.context.workspace, job)
    return None if row is None else _documents(request, [row])[0]


def _documents(request: ApiRequest, rows: Sequence[Any]) -> list[dict[str, Any]]:
    counts = import_jobs.counts(request.connection, [row["id"] for row in rows])
    return [
        {
            "id": row["id"],
            "created_at": row["created_at"],
            "total": sum(counts[row["id"]].values()),
            **{state.value: counts[row["id"]].get(state, 0) for state in ItemState},
        }
        for row in rows
    ]


def _jobs(_root: Any, _info: GraphQLResolveInfo, first: int, after: str | None = None) -> dict[str, Any]:
    request = current_request()
    place = None
    if after is not None:
        created_at, job = parts_of(after, 2)
        with suppress(ValueError):
            place = float(created_at), job
        if place is None:
            raise not_a_cursor()
    rows = import_jobs.page(request.connection, request.context.workspace, check_first(first) + 1, place)
    shown = rows[:first]
    end = cursor(repr(shown[-1]["created_at"]), shown[-1]["id"]) if shown else None
    return {"items": _documents(request, shown), "page_info": {"has_next_page": len(rows) > first, "end_cursor": end}}


def _items(
    job: Mapping[str, Any],
    _info: GraphQLResolveInfo,
    first: int,
    after: str | None = None,
    states: Sequence[str] | None = None,
) -> dict[str, Any]:
    place = parts_of(after, 1)[0] if after is not None else "-1"
    if after is not None and not (place.isascii() and place.isdecimal() and len(place) < len(str(_MOST))):
        raise not_a_cursor()
    wanted = None if states is None else [ItemState(state) for state in states]
    rows = import_jobs.items(current_request().connection, job["id"], check_first(first) + 1, int(place), wanted)
    shown = rows[:first]
    about = page_info(len(rows) > first, shown[-1]["number"] if shown else None)
    return {"items": [_item_document(row) for row in shown], "page_info": about}


def _item_document(row: RowMapping) -> dict[str, Any]:
    outcome = row["outcome"] or {}
    return {
        "number": row["number"],
        "state": row["state"],
        "wanted_id": row["name"],
        "lecture_id": row["now_called"],
        "shadow": bool(row["is_shadow"]),
        "created": outcome.get("created"),
        "adopted": outcome.get("adopted"),
        "missing": outcome.get("missing"),
        "faults": outcome.get("faults", []),
        "ended_at": row["ended_at"],
    }


IMPORT_JOB_FIELDS: Mapping[str, Mapping[str, Callable[..., Any]]] = {
    "Query": {"lectureImport": _job, "lectureImports": _jobs},
    "Mutation": {"importLectures": _import, "cancelLectureImport": _cancel},
    "LectureImport": {"items": _items},
    "LectureImportQueued": {"import": _of_answer},
    "LectureImportCanceled": {"import": _of_answer},
}
"""Resolvers by type and field."""
