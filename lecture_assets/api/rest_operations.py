"""The table of REST: each route is a stored operation of `rest.graphql`, so that it is what GraphQL is, by the same code.

What an operation's variables are called is what a body or a query has: those that are not in the path, and not `clientKey`, which
is the header `Idempotency-Key`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableDefinitionNode,
    parse,
    print_ast,
    separate_operations,
)

CLIENT_KEY = "clientKey"
COLLECTION, LECTURE = "/api/lectures", "/api/lectures/{lecture}"
STATUSES: Mapping[str, HTTPStatus] = {
    "LectureNotFound": HTTPStatus.NOT_FOUND,
    "LectureConflict": HTTPStatus.CONFLICT,
    "LectureIdTaken": HTTPStatus.CONFLICT,
    "LectureBusy": HTTPStatus.CONFLICT,
    "LectureLeftToLegacy": HTTPStatus.CONFLICT,
    "LectureIsShadow": HTTPStatus.CONFLICT,
    "PlanChanged": HTTPStatus.CONFLICT,
    "CeilingReached": HTTPStatus.PAYMENT_REQUIRED,
    "InvalidEdit": HTTPStatus.UNPROCESSABLE_ENTITY,
    "KeyReused": HTTPStatus.UNPROCESSABLE_ENTITY,
}
"""What each problem is over HTTP. A busy lecture is no fault of the server, but may be asked again (`Retry-After`)."""
ERRORS: Mapping[str, HTTPStatus] = {
    "BAD_REQUEST": HTTPStatus.BAD_REQUEST,
    "INVALID_ARGUMENT": HTTPStatus.BAD_REQUEST,
    "TOO_MUCH": HTTPStatus.BAD_REQUEST,
    "FORBIDDEN": HTTPStatus.FORBIDDEN,
    "THROTTLED": HTTPStatus.TOO_MANY_REQUESTS,
    "UNAVAILABLE": HTTPStatus.SERVICE_UNAVAILABLE,
}
"""What errors of GraphQL are; all others are the server's."""


def _ok(_answer: Mapping[str, Any]) -> HTTPStatus:
    return HTTPStatus.OK


def _created(answer: Mapping[str, Any]) -> HTTPStatus:
    return HTTPStatus.CREATED if answer["created"] else HTTPStatus.OK


def _queued(answer: Mapping[str, Any]) -> HTTPStatus:
    return HTTPStatus.OK if answer["regeneration"] == "NONE" else HTTPStatus.ACCEPTED


@dataclass(frozen=True, slots=True)
class RestRoute:
    """A route and its operation.

    operation:   its name in `rest.graphql`
    summary:     what it does
    within:      where the answer is in the operation's data
    success:     the status of an answer that is no problem, and the possible ones, with what each means
    example:     a body
    """

    method: str
    path: str
    operation: str
    summary: str
    within: tuple[str, ...]
    status: Callable[[Mapping[str, Any]], HTTPStatus] = _ok
    success: Mapping[HTTPStatus, str] = field(default_factory=lambda: {HTTPStatus.OK: "Done."})
    example: Mapping[str, Any] | None = None


_OK, _CREATED, _ACCEPTED = HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED
ROUTES = (
    RestRoute("GET", COLLECTION, "ListLectures", "The lectures of the workspace, the newest first.", ("lectures",)),
    RestRoute(
        "POST",
        COLLECTION,
        "CreateLecture",
        "Create a lecture. Nothing is made until it is regenerated.",
        ("createLecture",),
        _created,
        {_CREATED: "Created.", _OK: "It existed before, from the same brief."},
        {"id": "rain", "brief": {"prompt": "Explain rain.", "duration": 10, "segmentLength": 5}},
    ),
    RestRoute("GET", LECTURE, "ReadLecture", "One lecture.", ("lecture",)),
    RestRoute(
        "PATCH",
        LECTURE,
        "EditLecture",
        "Apply edits, all or none, as one version.",
        ("editLecture",),
        example={"edits": [{"set": {"audience": "children"}}, {"reroll": "asset:music"}]},
    ),
    RestRoute("DELETE", LECTURE, "DeleteLecture", "Delete a lecture, unless it is being made.", ("deleteLecture",)),
    RestRoute(
        "GET", f"{LECTURE}/plan", "PlanLecture", "What a regeneration would make, why and for how much.", ("lecture", "plan")
    ),
    RestRoute(
        "POST",
        f"{LECTURE}/regenerate",
        "RegenerateLecture",
        "Queue a regeneration of what is stale; a worker carries it out.",
        ("regenerateLecture",),
        _queued,
        {_ACCEPTED: "Queued, or under way.", _OK: "There is nothing to make."},
        {"maxCostUsdMicros": 100_000},
    ),
    RestRoute(
        "POST",
        f"{LECTURE}/cancel",
        "CancelRegeneration",
        "Withdraw the queued regeneration, and stop the running one.",
        ("cancelRegeneration",),
    ),
)


@cache
def rest_texts() -> Mapping[str, str]:
    """Return the operations by their names, each with its own fragments."""
    document = parse(files(__package__).joinpath("rest.graphql").read_text(encoding="utf-8"))
    return {name: print_ast(operation) for name, operation in separate_operations(document).items()}


def operation_of(route: RestRoute) -> OperationDefinitionNode:
    """Return the operation of a route."""
    parts = parse(rest_texts()[route.operation]).definitions
    return next(part for part in parts if isinstance(part, OperationDefinitionNode))


def inputs_of(route: RestRoute) -> list[VariableDefinitionNode]:
    """Return the variables that a body or a query has."""
    taken = {CLIENT_KEY, *({"id"} if "{lecture}" in route.path else ())}
    return [v for v in operation_of(route).variable_definitions or () if v.variable.name.value not in taken]


def takes_key(route: RestRoute) -> bool:
    """Whether a route takes the header `Idempotency-Key`."""
    return any(v.variable.name.value == CLIENT_KEY for v in operation_of(route).variable_definitions or ())


def field_of(schema: GraphQLSchema, route: RestRoute) -> GraphQLField:
    """Return the field of the schema that a route asks for; of a plan, the one of its lecture."""
    root = schema.mutation_type if route.within[0] in schema.mutation_type.fields else schema.query_type  # type: ignore[union-attr]
    found: GraphQLField = root.fields[route.within[0]]  # type: ignore[union-attr]
    for name in route.within[1:]:
        found = found.type.fields[name]  # type: ignore[union-attr]
    return found
