"""Shadows: what their edits would have made, their report, and how they become lectures like any other."""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import GraphQLResolveInfo

from lecture_assets.api.attempt import attempt
from lecture_assets.api.lecture_view import find_lecture
from lecture_assets.api.mutations import changed_lecture
from lecture_assets.api.once import once, plain
from lecture_assets.api.paging import page
from lecture_assets.api.request import ApiRequest, current_request
from lecture_assets.runner.change.promoting import put_legacy_cost
from lecture_assets.runner.reading.shadow_price import price_document
from lecture_assets.runner.reading.shadow_report import ALWAYS, shadow_report


def _promote(_root: Any, _info: GraphQLResolveInfo, **given: Any) -> dict[str, Any]:
    request, key, lecture = current_request(), given.pop("client_key", None), given["id"]

    def promote() -> dict[str, Any]:
        promoted = request.lectures.promote(lecture)
        return {"__typename": "LecturePromoted", "key": request.context.key_of(request.connection, lecture), "promoted": promoted}

    return _of_lecture(request, "promoteLecture", key, given, promote)


def _record(_root: Any, _info: GraphQLResolveInfo, **given: Any) -> dict[str, Any]:
    request, key, lecture = current_request(), given.pop("client_key", None), given["id"]
    version, cost = given["version"], given["cost_usd_micros"]

    def record() -> dict[str, Any]:
        lecture_key = request.context.key_of(request.connection, lecture)
        request.refresh()
        put_legacy_cost(request.context, lecture_key, version, cost)
        price = price_document(request.context, lecture_key, version)
        return {"__typename": "LegacyCostRecorded", "key": lecture_key, "shadow": price}

    return _of_lecture(request, "recordLegacyCost", key, given, record)


def _of_lecture(
    request: ApiRequest, mutation: str, key: str | None, given: Mapping[str, Any], work: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    is_own = find_lecture(request, given["id"]) is not None
    return once(request, mutation, key, plain(given), lambda: attempt(request, given["id"], work, is_own=is_own))


def _price(answer: Mapping[str, Any], _info: GraphQLResolveInfo) -> dict[str, Any] | None:
    price = answer.get("shadow")
    if price is None:
        return None
    calls = [{"role": role, "count": count} for role, count in price["calls"].items()]
    return {**price, "calls": calls, "estimated_seconds": price["estimate_seconds"]}


def _report(_root: Any, _info: GraphQLResolveInfo, since: float | None = None, until: float | None = None) -> Any:
    request = current_request()
    request.refresh()
    return shadow_report(request.context, 0.0 if since is None else since, ALWAYS if until is None else until)


def _lectures(report: Any, _info: GraphQLResolveInfo, first: int, after: str | None = None) -> dict[str, Any]:
    return page([{"lecture": one["lecture"], "sum": one} for one in report["lectures"]], first, after)


def _days(report: Any, _info: GraphQLResolveInfo, first: int, after: str | None = None) -> dict[str, Any]:
    return page([{"day": one["day"], "sum": one} for one in report["days"]], first, after)


SHADOW_FIELDS: Mapping[str, Mapping[str, Callable[..., Any]]] = {
    "Query": {"shadowReport": _report},
    "Mutation": {"promoteLecture": _promote, "recordLegacyCost": _record},
    "LectureEdited": {"shadow": _price},
    "LecturePromoted": {"lecture": changed_lecture},
    "LegacyCostRecorded": {"lecture": changed_lecture, "shadow": _price},
    "ShadowReport": {"lectures": _lectures, "days": _days},
}
"""Resolvers by type and field."""
