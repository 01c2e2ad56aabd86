"""The schema: `schema.graphql` with resolvers attached by name, alone or added to a schema of somebody else.

`legacy.graphql` has what moves lectures over from another system, `progress.graphql` the subscriptions, which go over sockets of
ours alone.

A field without a resolver of its own reads the key of its name from its parent, a document with names in snake_case. A document
of a union or an interface says its type under `__typename`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    build_ast_schema,
    extend_schema,
    is_abstract_type,
    parse,
)

from lecture_assets.api.access import requiring
from lecture_assets.api.cost_fields import COST_FIELDS
from lecture_assets.api.import_job_fields import IMPORT_JOB_FIELDS
from lecture_assets.api.lecture_fields import LECTURE_FIELDS
from lecture_assets.api.mutations import MUTATION_FIELDS
from lecture_assets.api.node_fields import NODE_FIELDS
from lecture_assets.api.plain_fields import reading, type_of
from lecture_assets.api.plan_fields import PLAN_FIELDS
from lecture_assets.api.progress import SUBSCRIPTIONS
from lecture_assets.api.query_fields import QUERY_FIELDS
from lecture_assets.api.regeneration_mutations import REGENERATION_FIELDS
from lecture_assets.api.rollout_fields import ROLLOUT_FIELDS
from lecture_assets.api.shadow_fields import SHADOW_FIELDS
from lecture_assets.api.url_fields import URL_FIELDS

Resolver: TypeAlias = Callable[..., Any]
_ROOTS = ("Query", "Mutation", "Subscription")
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_MOST_EXACT = 2**53
"""The largest whole number that every reader of JSON keeps exactly."""


@cache
def sdl(*, subscriptions: bool = True) -> str:
    """Return the schema's text. subscriptions: with them, which go over sockets of ours alone."""
    names = ("schema.graphql", "legacy.graphql", *(("progress.graphql",) if subscriptions else ()))
    return "\n".join(files(__package__).joinpath(name).read_text(encoding="utf-8") for name in names)


@cache
def api_schema() -> GraphQLSchema:
    """Return the schema of `lectures serve`."""
    text = sdl()
    return _resolved(build_ast_schema(parse(text)), text)


def added_to(other: GraphQLSchema) -> GraphQLSchema:
    """Return another schema with our queries and mutations beside its own. Its root types must be called as ours are."""
    text = sdl(subscriptions=False)
    return _resolved(extend_schema(other, _as_extension(parse(text), {name for name in _ROOTS if name in other.type_map})), text)


def _as_extension(document: DocumentNode, extended: set[str]) -> DocumentNode:
    """Make extensions of the root types that are there already."""

    def extension(node: ObjectTypeDefinitionNode) -> ObjectTypeExtensionNode:
        return ObjectTypeExtensionNode(
            name=node.name, fields=node.fields, directives=node.directives, interfaces=node.interfaces, loc=node.loc
        )

    return DocumentNode(
        definitions=tuple(
            extension(node) if isinstance(node, ObjectTypeDefinitionNode) and node.name.value in extended else node
            for node in document.definitions
        )
    )


@cache
def own_fields(text: str) -> Mapping[str, frozenset[str]]:
    """Return the names of our fields, by the name of their type: of root types only those that are ours."""
    types = build_ast_schema(parse(text)).type_map.values()
    ours = [found for found in types if isinstance(found, GraphQLObjectType) and not found.name.startswith("__")]
    return {found.name: frozenset(found.fields) for found in ours}


def _resolved(schema: GraphQLSchema, text: str) -> GraphQLSchema:
    """Attach resolvers to what is ours. ValueError for a resolver of a field that there is not."""
    left = {(name, field) for fields in _RESOLVERS for name, of_type in fields.items() for field in of_type}
    for name, fields in own_fields(text).items():
        found = schema.type_map[name]
        assert isinstance(found, GraphQLObjectType)  # noqa: S101 - own_fields says so
        for field in fields:
            own = next((table[name][field] for table in _RESOLVERS if field in table.get(name, {})), None)
            resolve = own or reading(snake(field))
            found.fields[field].resolve = requiring(field, resolve) if name == "Mutation" else resolve
            for argument, about in found.fields[field].args.items():
                about.out_name = snake(argument)
            left.discard((name, field))
    if left:
        message = f"resolvers of fields that schema.graphql does not have: {sorted(left)}"
        raise ValueError(message)
    for name in _own_types(text):
        _adapt(schema.type_map[name])
    for field in own_fields(text).get("Subscription", ()):
        schema.subscription_type.fields[field].subscribe = SUBSCRIPTIONS[field]  # type: ignore[union-attr]
    return schema


_RESOLVERS: tuple[Mapping[str, Mapping[str, Resolver]], ...] = (
    QUERY_FIELDS,
    LECTURE_FIELDS,
    NODE_FIELDS,
    PLAN_FIELDS,
    COST_FIELDS,
    MUTATION_FIELDS,
    REGENERATION_FIELDS,
    ROLLOUT_FIELDS,
    IMPORT_JOB_FIELDS,
    SHADOW_FIELDS,
    URL_FIELDS,
)


def is_own(document: DocumentNode) -> bool:
    """Whether each operation of a document asks for nothing but our fields, as far as its names say."""
    ours = own_fields(sdl())
    known = frozenset({"__typename"}).union(*(ours[name] for name in _ROOTS if name in ours))
    fragments = {part.name.value: part.selection_set for part in document.definitions if isinstance(part, FragmentDefinitionNode)}
    names = [
        name
        for part in document.definitions
        if isinstance(part, OperationDefinitionNode)
        for name in _at_root(part.selection_set, fragments, frozenset())
    ]
    return set(names) <= known and set(names) != {"__typename"} and bool(names)


def _at_root(selection: SelectionSetNode, fragments: Mapping[str, SelectionSetNode], seen: frozenset[str]) -> Iterator[str]:
    for part in selection.selections:
        if isinstance(part, FieldNode):
            yield part.name.value
        elif isinstance(part, InlineFragmentNode):
            yield from _at_root(part.selection_set, fragments, seen)
        elif isinstance(part, FragmentSpreadNode) and part.name.value in fragments and part.name.value not in seen:
            yield from _at_root(fragments[part.name.value], fragments, seen | {part.name.value})


@cache
def _own_types(text: str) -> frozenset[str]:
    return frozenset(
        node.name.value  # type: ignore[attr-defined]
        for node in parse(text).definitions
        if getattr(node, "name", None) is not None and node.name.value not in _ROOTS  # type: ignore[attr-defined]
    )


def _adapt(found: GraphQLNamedType) -> None:
    """Let values of Python be what the schema's types expect."""
    if isinstance(found, GraphQLEnumType):
        for name, value in found.values.items():
            value.value = name.lower().replace("_", "-")
    elif isinstance(found, GraphQLInputObjectType):
        for name, field in found.fields.items():
            field.out_name = snake(name)
    elif is_abstract_type(found):
        found.resolve_type = type_of  # type: ignore[attr-defined]
    elif isinstance(found, GraphQLScalarType):
        found.serialize = found.parse_value = _whole  # type: ignore[method-assign]
        found.parse_literal = _whole_literal  # type: ignore[method-assign, assignment]


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not -_MOST_EXACT < value < _MOST_EXACT:
        message = "UsdMicros must be a whole number of micro-dollars"
        raise GraphQLError(message)
    return value


def _whole_literal(node: ValueNode, _variables: Any = None) -> int:
    return _whole(int(node.value) if isinstance(node, IntValueNode) else None)


@cache
def snake(name: str) -> str:
    """Return a name of GraphQL as the documents have it: `costUsdMicros` is `cost_usd_micros`."""
    return _WORD.sub("_", name).lower()
