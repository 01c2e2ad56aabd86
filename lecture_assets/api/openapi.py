"""The OpenAPI 3.1 document of REST, from the table of routes and the types of the schema; bodies are checked by its schemas."""

from collections.abc import Mapping
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    IntValueNode,
    NonNullTypeNode,
    SelectionSetNode,
    VariableDefinitionNode,
    get_named_type,
    parse,
)

from lecture_assets.api.access import ROLES
from lecture_assets.api.json_schemas import JsonSchema, JsonSchemas, closed_object, described, reference
from lecture_assets.api.openapi_streams import COMMON, LECTURE_PARAMETER, MORE_PATHS, PROBLEM, more_components, problem_answer
from lecture_assets.api.rest_operations import (
    ROUTES,
    STATUSES,
    RestRoute,
    field_of,
    inputs_of,
    operation_of,
    rest_texts,
    takes_key,
)
from lecture_assets.store.tokens import AccessRole

_KEY: JsonSchema = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A name of this request, of 1 to 200 characters. Repeated under the same name, it is done once and answered "
    "as before; it is the `clientKey` of GraphQL.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}
_ABOUT = (
    "Lectures over plain HTTP: what the same operations of GraphQL do, by the same code. Problems are of RFC 9457; their `code` "
    "is that of GraphQL. A server on loopback needs no token."
)


def openapi(schema: GraphQLSchema) -> dict[str, Any]:
    """Return the whole document."""
    made = _schemas(schema)
    paths: dict[str, Any] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(made, route)
    for path, methods in MORE_PATHS.items():
        paths.setdefault(path, {}).update(methods)
    components = {**made.components, "Problem": PROBLEM, **more_components()}
    bearer = {"type": "http", "scheme": "bearer", "description": "An access token, `lect_…`, of one workspace and with one role."}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Lectures", "version": version("lecture-assets"), "description": _ABOUT},
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {}],
        "paths": paths,
        "components": {"securitySchemes": {"token": bearer}, "schemas": dict(sorted(components.items()))},
    }


def body_schema(schema: GraphQLSchema, route: RestRoute) -> JsonSchema | None:
    """Return the schema of a route's body, with all that it refers to; None if it takes none."""
    made = _schemas(schema)
    body = _body(made, route)
    return None if body is None else {**body, "components": {"schemas": made.components}}


def query_schemas(schema: GraphQLSchema, route: RestRoute) -> Mapping[str, JsonSchema]:
    """Return the schemas of what a route's query may have."""
    made = _schemas(schema)
    return {v.variable.name.value: _plain(made, v) for v in inputs_of(route)} if route.method == "GET" else {}


def _schemas(schema: GraphQLSchema) -> JsonSchemas:
    parts = [part for text in rest_texts().values() for part in parse(text).definitions]
    return JsonSchemas(schema, {part.name.value: part for part in parts if isinstance(part, FragmentDefinitionNode)})


def _operation(made: JsonSchemas, route: RestRoute) -> dict[str, Any]:
    about = field_of(made.schema, route)
    role = ROLES.get(route.within[0], AccessRole.READ)
    described_as = " ".join((about.description or "").split())
    parameters = [LECTURE_PARAMETER] if "{lecture}" in route.path else []
    parameters += [_parameter(made, about, variable) for variable in inputs_of(route) if route.method == "GET"]
    found: dict[str, Any] = {
        "operationId": route.operation[0].lower() + route.operation[1:],
        "summary": route.summary,
        "description": f"{described_as} Takes a token with the role `{role}`.",
        "parameters": parameters + ([_KEY] if takes_key(route) else []),
    }
    body = _body(made, route)
    if body is not None:
        content = {"schema": body, **({"example": dict(route.example)} if route.example else {})}
        found["requestBody"] = {"required": "required" in body, "content": {"application/json": content}}
    return {**found, "responses": _responses(made, route)}


def _body(made: JsonSchemas, route: RestRoute) -> JsonSchema | None:
    variables = inputs_of(route)
    if route.method == "GET" or not variables:
        return None
    arguments = field_of(made.schema, route).args
    names = {variable.variable.name.value: variable for variable in variables}
    properties = {name: described(made.of_variable(v.type), arguments[name].description) for name, v in names.items()}
    return closed_object(properties, [name for name, v in names.items() if isinstance(v.type, NonNullTypeNode)], None)


def _parameter(made: JsonSchemas, about: GraphQLField, variable: VariableDefinitionNode) -> JsonSchema:
    name = variable.variable.name.value
    argument = about.args.get(name) or _nested_argument(get_named_type(about.type), name)
    return {"name": name, "in": "query", "description": argument.description, "schema": _plain(made, variable)}


def _nested_argument(kind: GraphQLNamedType, name: str) -> GraphQLArgument:
    """Return the argument of this name of a field of the answer: the page of a plan's nodes."""
    types = kind.types if isinstance(kind, GraphQLUnionType) else ()
    found: GraphQLArgument = next(field.args[name] for one in types for field in one.fields.values() if name in field.args)
    return found


def _plain(made: JsonSchemas, variable: VariableDefinitionNode) -> JsonSchema:
    """Return the schema of a variable of a query, which is there or not, but never null."""
    found = made.of_variable(variable.type)
    kind = found.get("type")
    found = {**found, "type": kind[0]} if isinstance(kind, list) else found
    default = variable.default_value
    return {**found, "default": int(default.value)} if isinstance(default, IntValueNode) else found


def _responses(made: JsonSchemas, route: RestRoute) -> dict[str, Any]:
    success, problems = _answers(made, route)
    found = {str(status.value): _answer(meaning, success) for status, meaning in route.success.items()}
    if HTTPStatus.CREATED in route.success:
        location = {"description": "Where the lecture is.", "schema": {"type": "string"}}
        found[str(HTTPStatus.CREATED.value)]["headers"] = {"Location": location}
    by_status: dict[HTTPStatus, list[JsonSchema]] = {}
    for name in problems:
        by_status.setdefault(STATUSES[name], []).append(_problem(made, name))
    if "{lecture}" in route.path and HTTPStatus.NOT_FOUND not in by_status:
        by_status[HTTPStatus.NOT_FOUND] = [reference("Problem")]
    for status, schemas in by_status.items():
        found[str(status.value)] = problem_answer(status, schemas)
    body = _body(made, route)
    statuses = (status for status in COMMON if body is not None or status is not HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    for status in statuses:
        found.setdefault(str(status.value), problem_answer(status, [reference("Problem")]))
    return dict(sorted(found.items()))


def _answer(meaning: str, success: JsonSchema) -> dict[str, Any]:
    return {"description": meaning, "content": {"application/json": {"schema": success}}}


def _answers(made: JsonSchemas, route: RestRoute) -> tuple[JsonSchema, list[str]]:
    """Return the schema of the answer, and the types of the problems."""
    selection: SelectionSetNode = operation_of(route).selection_set
    for _ in route.within:
        (part,) = selection.selections
        assert isinstance(part, FieldNode)  # noqa: S101 - the operations are ours
        assert part.selection_set is not None  # noqa: S101 - the same
        selection = part.selection_set
    found: Any = field_of(made.schema, route).type
    found = get_named_type(found.of_type if isinstance(found, GraphQLNonNull) else found)
    if isinstance(found, GraphQLObjectType):
        return made.of_selection(found, selection), []
    names = [part.name.value for part in selection.selections if isinstance(part, FragmentSpreadNode)]
    return made.of_fragment(names[0]), names[1:]


def _problem(made: JsonSchemas, name: str) -> JsonSchema:
    """Return the schema of a problem: what all have, and its own members."""
    made.of_fragment(name)
    own = made.components[name]
    if "message" in own["properties"]:  # as GraphQL has it
        code = own["properties"]["code"]["description"]
        members = {key: value for key, value in own["properties"].items() if key not in {"code", "message"}}
        properties = {**PROBLEM["properties"], "code": {"const": code, "description": "What it is, for programs."}, **members}
        made.components[name] = closed_object(properties, [*PROBLEM["required"], *members], own["description"])
    return reference(name)
