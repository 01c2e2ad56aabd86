"""Which system new lectures belong to, while another one is still in use: the rule, and what it answers."""

import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo

from lecture_assets.api.attempt import attempt
from lecture_assets.api.once import once, plain
from lecture_assets.api.paging import check_first, cursor, not_a_cursor, page_info, parts_of
from lecture_assets.api.problems import problem
from lecture_assets.api.request import ApiRequest, current_request
from lecture_assets.graph.errors import WrongInputError
from lecture_assets.runner.change.rollout import LONGEST_KEY, ask_rollout, set_rollout
from lecture_assets.store import lecture_names, rollouts
from lecture_assets.store.rollouts import LectureSystem


def left_to_legacy(request: ApiRequest, rollout_key: str | None, client_key: str | None, wanted: str | None) -> Any:
    """Return the answer to the creation of a lecture that the rule leaves to the other system; None if it is made here.

    A lecture that is there is one of this system. Without any key, the lot is drawn for this request alone.
    """
    if wanted is not None and lecture_names.find(request.connection, request.context.workspace, wanted) is not None:
        return None
    key = rollout_key
    if key is None:
        key = client_key or (wanted or "")[:LONGEST_KEY] or secrets.token_hex(16)
    if ask_rollout(request.context, key).system is LectureSystem.GRAPH:
        return None
    message = "this workspace's rollout rule leaves the lecture to the legacy system; nothing was created"
    return problem("LectureLeftToLegacy", message, system=LectureSystem.LEGACY.value, rollout_key=key)


def _rollout(_root: Any, _info: GraphQLResolveInfo, key: str) -> dict[str, Any]:
    try:
        found = ask_rollout(current_request().context, key)
    except WrongInputError as error:
        raise GraphQLError(str(error), extensions={"code": "INVALID_ARGUMENT"}) from None
    return {"key": key, "system": found.system, "because": found.because}


def _rule(_root: Any, _info: GraphQLResolveInfo) -> dict[str, Any] | None:
    request = current_request()
    percent = rollouts.percent_of(request.connection, request.context.workspace)
    return None if percent is None else {"percent": percent}


def _keys(_rule: Any, _info: GraphQLResolveInfo, first: int, after: str | None = None) -> dict[str, Any]:
    request = current_request()
    rows = rollouts.decided(request.connection, request.context.workspace, check_first(first) + 1, _place(after))
    shown = [{"key": key, "system": system} for key, system in rows[:first]]
    end = json.dumps(shown[-1]["key"]) if shown else None
    return {"items": shown, "page_info": {**page_info(len(rows) > first, None), "end_cursor": end and cursor(end)}}


def _place(after: str | None) -> str:
    if after is None:
        return ""
    try:
        found = json.loads(parts_of(after, 1)[0])
    except ValueError:
        found = None
    if not isinstance(found, str):
        raise not_a_cursor()
    return found


def _set(_root: Any, _info: GraphQLResolveInfo, **given: Any) -> dict[str, Any]:
    request, key = current_request(), given.pop("client_key", None)

    def change() -> dict[str, Any]:
        lists = {name: given.get(name) or [] for name in ("allow", "deny", "forget")}
        set_rollout(request.context, given.get("percent"), **lists)
        return {"__typename": "RolloutSet"}

    return once(request, "setRollout", key, plain(given), lambda: attempt(request, "", change))


def _graph(_answer: Any, _info: GraphQLResolveInfo) -> LectureSystem:
    return LectureSystem.GRAPH


ROLLOUT_FIELDS: Mapping[str, Mapping[str, Callable[..., Any]]] = {
    "Query": {"rollout": _rollout, "rolloutRule": _rule},
    "Mutation": {"setRollout": _set},
    "LectureRolloutRule": {"keys": _keys},
    "RolloutSet": {"rule": _rule},
    "LectureCreated": {"system": _graph},
}
"""Resolvers by type and field."""
