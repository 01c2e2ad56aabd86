"""One operation: parsed, limited, validated, executed. What comes of it is always a document, whatever goes wrong.

text, variables ─► prepared (no field runs before all of it is known to be in order) ─► executed in a thread, or subscribed to
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    execute_sync,
    get_operation_ast,
    validate,
)

from lecture_assets.api.bodies import MOST_VALUES
from lecture_assets.api.cost_limits import OperationCost, TooMuchError, cost_of, parsed
from lecture_assets.api.errors import told, unexpected
from lecture_assets.api.plain_fields import PlainFieldExecution
from lecture_assets.api.request import serving_request
from lecture_assets.runner.lectures import Lectures
from lecture_assets.store.tokens import AccessRole

MOST_WITHIN = 30
_MOST_ERRORS = 10
_KEPT, _LONGEST_KEPT = 200, 20_000
"""Operations that are kept parsed and validated, and the most characters of one."""


class MalformedError(GraphQLError):
    """A request that is no operation."""

    def __init__(self, part: str, allowed: str) -> None:
        """Name the part that is wrong, and what is allowed."""
        super().__init__(f"{part}: allowed is {allowed}", extensions={"code": "BAD_REQUEST"})


@dataclass(frozen=True, slots=True)
class Operation:
    """What a client asks for, as it is sent."""

    query: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    name: str | None = None

    @classmethod
    def of(cls, document: Any) -> "Operation":
        """Read a request's document. GraphQLError says what is wrong with it."""
        if not isinstance(document, dict):
            raise MalformedError(part="the request", allowed="one JSON object with query, variables, operationName")
        query, variables, name = (document.get(key) for key in ("query", "variables", "operationName"))
        if not isinstance(query, str):
            raise MalformedError(part="query", allowed="a string")
        if variables is not None and not isinstance(variables, dict):
            raise MalformedError(part="variables", allowed="an object")
        if name is not None and not isinstance(name, str):
            raise MalformedError(part="operationName", allowed="a string")
        if not _is_storable([query, variables, name]):
            raise MalformedError(part="the request", allowed="valid Unicode without null characters")
        return cls(query, variables or {}, name)


def _is_storable(document: Sequence[Any]) -> bool:
    """Whether texts can be stored: JSON may have halves of surrogate pairs in them, and null characters."""
    texts = "\n".join(_texts(document))
    try:
        texts.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in texts


def _texts(document: Sequence[Any]) -> Iterator[str]:
    """Iterate over all texts of a request. TooMuchError if it has too many values, or values within values."""
    left: list[tuple[Any, int]] = [(document, 0)]
    number = 0
    while left:
        part, depth = left.pop()
        if isinstance(part, str):
            yield part
        inner = list(chain.from_iterable(part.items())) if isinstance(part, dict) else part if isinstance(part, list) else []
        number += len(inner)
        if number > MOST_VALUES:
            raise TooMuchError(None, MOST_VALUES, "values in variables")
        if inner and depth > MOST_WITHIN:
            raise TooMuchError(None, MOST_WITHIN, "values within values")
        left += [(one, depth + 1) for one in inner]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An operation that may be executed."""

    operation: Operation
    document: DocumentNode
    kind: OperationType
    cost: OperationCost


def prepare(schema: GraphQLSchema, operation: Operation) -> Prepared | list[dict[str, Any]]:
    """Return the operation ready to be executed, or the errors that forbid it."""
    try:
        document = _parsed(operation.query)
        found = _operation(document, operation.name)
        cost = cost_of(document, found, operation.variables)
    except GraphQLError as error:
        return told([error])
    except Exception as error:  # noqa: BLE001 - the log has it
        return [unexpected(error)]
    errors = _errors(schema, operation.query)
    return told(errors) if errors else Prepared(operation, document, found.operation, cost)


def _parsed(text: str) -> DocumentNode:
    return _kept(text) if len(text) <= _LONGEST_KEPT else parsed(text)


@lru_cache(_KEPT)
def _kept(text: str) -> DocumentNode:
    return parsed(text)


def _errors(schema: GraphQLSchema, text: str) -> Sequence[GraphQLError]:
    """Return what validation finds. Clients send the same operations again and again: they are validated once."""
    return _kept_errors(schema, text) if len(text) <= _LONGEST_KEPT else validate(schema, parsed(text), max_errors=_MOST_ERRORS)


@lru_cache(_KEPT)
def _kept_errors(schema: GraphQLSchema, text: str) -> Sequence[GraphQLError]:
    return tuple(validate(schema, _kept(text), max_errors=_MOST_ERRORS))


def _operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    found = get_operation_ast(document, name)
    if found is None:
        raise MalformedError(part="operationName", allowed="the name of one operation, unless there is only one")
    return found


def execute_prepared(
    schema: GraphQLSchema,
    lectures: Lectures,
    prepared: Prepared,
    role: AccessRole = AccessRole.ADMIN,
    left: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Execute a query or a mutation in this thread, and return what is answered. left: of the sender's budget, to be told."""
    try:
        with serving_request(lectures, role):
            result = execute_sync(
                schema,
                prepared.document,
                variable_values=dict(prepared.operation.variables),
                operation_name=prepared.operation.name,
                execution_context_class=PlainFieldExecution,
            )
    except Exception as error:  # noqa: BLE001 - the log has it
        return {"data": None, "errors": [unexpected(error)]}
    return answer_of(result, {**prepared.cost.document(), **(left or {})})


def answer_of(result: ExecutionResult, cost: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a result as clients are told it."""
    answer: dict[str, Any] = {"data": result.data}
    if result.errors:
        answer["errors"] = told(result.errors)
    return {**answer, "extensions": {"cost": cost}} if cost else answer
