"""The fields of a plan: what a regeneration would make, of the lecture as it is or as it would be after edits."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphql import GraphQLResolveInfo

from lecture_assets.api.edit_input import edit_texts
from lecture_assets.api.lecture_view import LectureView
from lecture_assets.api.paging import page
from lecture_assets.api.problems import invalid
from lecture_assets.graph.errors import WrongInputError, require
from lecture_assets.runner.change.planning import PlannedLecture, offer_plan, plan_lecture
from lecture_assets.runner.regenerate.scope import Scope


def scope_of_input(given: Mapping[str, Any] | None, max_cost_usd_micros: int | None = None) -> Scope:
    """Return the scope of a `RegenerationScopeInput`; without one, everything."""
    scope = given or {}
    return Scope(tuple(scope.get("nodes") or ()), scope.get("segment"), None, max_cost_usd_micros)


def require_part(given: Mapping[str, Any] | None) -> None:
    """Raise WrongInputError for a scope that names nothing: an empty selection must not buy the whole lecture."""
    names_something = given is None or bool(given.get("nodes")) or given.get("segment") is not None
    require(names_something, "scope", "neither a node nor a segment", "nodes, a segment, or no scope for the whole lecture")


def plan_result(
    lecture: LectureView,
    _info: GraphQLResolveInfo,
    edits: Sequence[Mapping[str, Any]] | None = None,
    scope: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Resolve `Lecture.plan`."""
    request = lecture.request
    try:
        require_part(scope)
        texts = edit_texts(request, edits or [])
        planned = plan_lecture(request.context, request.connection, lecture.key, texts, scope_of_input(scope).targets)
    except WrongInputError as error:
        return invalid(error)
    offer_plan(request.context, lecture.key, planned.plan)
    return plan_source(planned)


def plan_source(planned: PlannedLecture) -> dict[str, Any]:
    """Return a plan as a document of the schema's type `LecturePlan`."""
    plan = planned.plan
    low, high = plan.price_usd_micros
    return {
        "__typename": "LecturePlan",
        "lecture": planned.name,
        "version": plan.version,
        "token": plan.token,
        "node_count": len(plan.nodes),
        "plan": plan,
        "idle": list(plan.idle),
        "calls": [{"role": role, "count": count} for role, count in plan.calls.items()],
        "low_usd_micros": low,
        "high_usd_micros": high,
        "estimated_seconds": round(plan.seconds, 3),
        "affected_segments": list(plan.affected_segments),
        "warnings": list(planned.warnings),
    }


def _nodes(source: Mapping[str, Any], _info: GraphQLResolveInfo, first: int, after: str | None = None) -> dict[str, Any]:
    found = page(source["plan"].nodes, first, after)
    items = [
        {
            "id": planned.node.id,
            "status": planned.finding.status,
            "reasons": [{"kind": r.kind, "input": r.input, "text": r.text} for r in planned.reasons],
            "layer": planned.layer,
            "restored": planned.finding.restored,
            "calls": []
            if planned.quote is None or planned.quote.owned
            else [
                {
                    "provider": planned.quote.provider,
                    "model": planned.quote.model,
                    "role": planned.quote.role,
                    "low_usd_micros": planned.quote.low_usd_micros,
                    "high_usd_micros": planned.quote.high_usd_micros,
                }
            ],
        }
        for planned in found["items"]
    ]
    return {**found, "items": items}


PLAN_FIELDS: Mapping[str, Mapping[str, Callable[..., Any]]] = {"LecturePlan": {"nodes": _nodes}}
"""Resolvers by type and field."""
