"""What queues regenerations and withdraws them. A worker carries them out, wherever it is; nothing is made here."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from graphql import GraphQLResolveInfo

from lecture_assets.api.attempt import attempt
from lecture_assets.api.lecture_view import find_lecture
from lecture_assets.api.mutations import changed_lecture
from lecture_assets.api.once import once, plain
from lecture_assets.api.plan_fields import plan_source, require_part, scope_of_input
from lecture_assets.api.problems import busy, ceiling, problem
from lecture_assets.api.request import ApiRequest, apart, current_request
from lecture_assets.graph.errors import WrongInputError, require
from lecture_assets.graph.plan import Plan
from lecture_assets.runner.calls.canceling import cancel_calls
from lecture_assets.runner.change.planning import PlannedLecture, offer_plan, plan_lecture
from lecture_assets.runner.reading.costs import remaining_of
from lecture_assets.runner.regenerate.scope import Scope
from lecture_assets.store import lectures, plans, requests, shadows
from lecture_assets.store.regeneration_scopes import AskedScope

_ATTEMPTS = 5
"""How often a request follows a lecture that is edited between planning and queueing."""


def _regenerate(_root: Any, _info: GraphQLResolveInfo, **given: Any) -> dict[str, Any]:
    request, key, lecture = current_request(), given.pop("client_key", None), given["id"]
    scope = scope_of_input(given.get("scope"), given.get("max_cost_usd_micros"))

    def regenerate() -> dict[str, Any]:
        require_part(given.get("scope"))
        most = scope.max_cost_usd_micros
        require(most is None or most >= 0, "maxCostUsdMicros", str(most), "0 or more")
        for _ in range(_ATTEMPTS):
            request.refresh()
            lecture_key = request.context.key_of(request.connection, lecture)
            planned = plan_lecture(request.context, request.connection, lecture_key, [], scope.targets)
            refusal = _refusal(request, planned, given.get("plan_token"), scope)
            if refusal is not None:
                return refusal
            state = _queued(request, planned.plan, scope)
            if state is not None:
                return {
                    "__typename": "RegenerationQueued",
                    "key": lecture_key,
                    "regeneration": state,
                    "scope": {"nodes": list(scope.only), "segment": scope.segment},
                }
        return busy("the lecture is being edited so often that nothing could be planned")

    is_own = find_lecture(request, lecture) is not None
    return once(request, "regenerateLecture", key, plain(given), lambda: attempt(request, lecture, regenerate, is_own=is_own))


def _queued(request: ApiRequest, plan: Plan, scope: Scope) -> str | None:
    """Queue what was planned, and return what waits or runs now; None if the lecture was edited meanwhile."""
    context = request.context
    request.refresh()
    with context.database.write() as connection:
        if lectures.version_of(connection, plan.lecture, lock=True) != plan.version:
            return None
        shadows.require_real(connection, plan.lecture)
        if not plan.nodes:
            row = lectures.row_of(connection, context.workspace, key=plan.lecture)
            return str(row["state"]) if row else "none"
        asked = AskedScope(scope.only, scope.segment, scope.max_cost_usd_micros)
        return requests.ask(connection, plan.lecture, asked, context.store_time(connection))


def _refusal(request: ApiRequest, planned: PlannedLecture, token: str | None, scope: Scope) -> dict[str, Any] | None:
    """Return why this plan may not be queued; None if it may."""
    plan = planned.plan
    if token is not None and token != plan.token:
        return _plan_changed(request, planned, token)
    low, high = plan.price_usd_micros
    most = scope.max_cost_usd_micros
    if most is not None and high > most:
        return ceiling("request", most, 0, high - most)
    for found in remaining_of(request.context, request.connection, plan.lecture, request.context.workspace):
        allowed, committed = found["allowed_usd_micros"], found["committed_usd_micros"]
        if low and committed + low > allowed:
            return ceiling(found["ceiling"], allowed, committed, committed + low - allowed)
    return None


def _plan_changed(request: ApiRequest, planned: PlannedLecture, token: str) -> dict[str, Any]:
    plan = planned.plan
    offer = plans.offered(request.connection, plan.lecture, token)
    offer_plan(request.context, plan.lecture, plan)
    before: Mapping[str, str] = offer.nodes if offer else {}
    message = "the plan is no longer the one with this token; nothing was queued (show the new one)"
    return problem(
        "PlanChanged",
        message,
        known=offer is not None,
        added=[node for node in plan.items if node not in before] if offer else [],
        removed=[node for node in before if node not in plan.items],
        changed=[node for node, item in plan.items.items() if node in before and before[node] != item],
        high_before_usd_micros=offer.high_usd_micros if offer else None,
        new_plan=plan_source(planned),
    )


def _queued_plan(answer: Mapping[str, Any], info: GraphQLResolveInfo) -> dict[str, Any] | None:
    request, scope, found = current_request(), scope_of_input(answer["scope"]), changed_lecture(answer, info)
    if found is None:
        return None
    try:
        return plan_source(plan_lecture(request.context, request.connection, found.key, [], scope.targets))
    except WrongInputError:  # an edit has removed what was asked for
        return None


def _cancel(_root: Any, _info: GraphQLResolveInfo, **given: Any) -> dict[str, Any]:
    request, key, lecture = current_request(), given.pop("client_key", None), given["id"]

    def cancel() -> dict[str, Any]:
        lecture_key = request.context.key_of(request.connection, lecture)
        with request.taking_long():
            with request.context.database.write() as connection:
                was = requests.stop(connection, lecture_key, request.context.store_time(connection))
            stopped = apart(lambda: asyncio.run(cancel_calls(request.context, lecture_key)))
        return {"__typename": "RegenerationCanceled", "key": lecture_key, "was": was, "stopped": stopped}

    is_own = find_lecture(request, lecture) is not None
    return once(request, "cancelRegeneration", key, plain(given), lambda: attempt(request, lecture, cancel, is_own=is_own))


REGENERATION_FIELDS: Mapping[str, Mapping[str, Callable[..., Any]]] = {
    "Mutation": {"regenerateLecture": _regenerate, "cancelRegeneration": _cancel},
    "RegenerationQueued": {"lecture": changed_lecture, "plan": _queued_plan},
    "RegenerationCanceled": {"lecture": changed_lecture},
}
"""Resolvers by type and field."""
