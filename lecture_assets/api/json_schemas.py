"""JSON Schemas (2020-12) of what the operations of `rest.graphql` take and answer, from the types of the schema.

Inputs, enums and fragments are components with names of their own, to which all others refer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    SelectionSetNode,
    TypeNode,
    type_from_ast,
)

JsonSchema: TypeAlias = dict[str, Any]
MOST_ITEMS = 5_000
"""Of any list in a body: more than a lecture has nodes. Some lists allow fewer, as their descriptions say."""
_MOST_INT, _MOST_EXACT = 2**31 - 1, 2**53 - 1
_SCALARS: Mapping[str, JsonSchema] = {
    "ID": {"type": "string"},
    "String": {"type": "string"},
    "Boolean": {"type": "boolean"},
    "Float": {"type": "number"},
    "Int": {"type": "integer", "format": "int32", "minimum": -_MOST_INT - 1, "maximum": _MOST_INT},
    "UsdMicros": {"type": "integer", "format": "int64", "minimum": -_MOST_EXACT, "maximum": _MOST_EXACT},
}
_FEW: Mapping[str, JsonSchema] = {
    "LectureEditInput": {"minProperties": 1, "maxProperties": 1},
    "SetLectureInput": {"minProperties": 1},
}
"""How many fields an input may have, where GraphQL has no words for it."""


def reference(name: str) -> JsonSchema:
    """Return a schema that refers to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


@dataclass
class JsonSchemas:
    """Makes schemas, and collects the components that they refer to.

    fragments: of the operations; each is a component of its name
    """

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    components: dict[str, JsonSchema] = field(default_factory=dict)

    def of_variable(self, node: TypeNode) -> JsonSchema:
        """Return the schema of a variable."""
        return self._of_type(type_from_ast(self.schema, node), self._of_input)

    def _of_type(self, found: Any, of_named: Callable[[Any], JsonSchema]) -> JsonSchema:
        if isinstance(found, GraphQLNonNull):
            return self._of_needed(found.of_type, of_named)
        needed = self._of_needed(found, of_named)
        if isinstance(needed.get("type"), str):
            return {**needed, "type": [needed["type"], "null"]}
        return {"anyOf": [needed, {"type": "null"}]}

    def _of_needed(self, found: Any, of_named: Callable[[Any], JsonSchema]) -> JsonSchema:
        if isinstance(found, GraphQLList):
            bound = {"maxItems": MOST_ITEMS} if of_named == self._of_input else {}
            return {"type": "array", **bound, "items": self._of_type(found.of_type, of_named)}
        return of_named(found)

    def _of_input(self, found: Any) -> JsonSchema:
        if isinstance(found, GraphQLInputObjectType):
            return self._component(found.name, lambda: self._input_object(found))
        return self._of_leaf(found)

    def _of_leaf(self, found: Any) -> JsonSchema:
        if isinstance(found, GraphQLEnumType):
            return self._component(found.name, lambda: _enum(found))
        return dict(_SCALARS[found.name])

    def _component(self, name: str, make: Callable[[], JsonSchema]) -> JsonSchema:
        if name not in self.components:
            self.components[name] = {}  # meanwhile: it may refer to itself
            self.components[name] = make()
        return reference(name)

    def _input_object(self, found: GraphQLInputObjectType) -> JsonSchema:
        fields = found.fields.items()
        made = closed_object(
            {name: described(self._of_type(about.type, self._of_input), about.description) for name, about in fields},
            [name for name, about in fields if isinstance(about.type, GraphQLNonNull)],
            found.description,
        )
        return {**made, **_FEW.get(found.name, {})}

    def of_selection(self, found: GraphQLObjectType, selection: SelectionSetNode) -> JsonSchema:
        """Return the schema of what a selection of an object's fields answers."""
        (first, *others) = selection.selections
        if isinstance(first, FragmentSpreadNode) and not others:
            return self.of_fragment(first.name.value)
        return self._object(found, [part for part in selection.selections if isinstance(part, FieldNode)])

    def of_fragment(self, name: str) -> JsonSchema:
        """Return the schema of a fragment."""
        fragment = self.fragments[name]
        found = self.schema.type_map[fragment.type_condition.name.value]
        assert isinstance(found, GraphQLObjectType)  # noqa: S101 - fragments are of objects
        return self._component(name, lambda: self._object(found, _fields(fragment.selection_set)))

    def _object(self, found: GraphQLObjectType, parts: Sequence[FieldNode]) -> JsonSchema:
        properties = {part.name.value: self._field(found, part) for part in parts}
        return closed_object(properties, list(properties), found.description)

    def _field(self, found: GraphQLObjectType, part: FieldNode) -> JsonSchema:
        about, inner = found.fields[part.name.value], part.selection_set

        def of_named(named: Any) -> JsonSchema:
            return self._of_leaf(named) if inner is None else self.of_selection(named, inner)

        return described(self._of_type(about.type, of_named), about.description)


def _fields(selection: SelectionSetNode) -> list[FieldNode]:
    return [part for part in selection.selections if isinstance(part, FieldNode)]


def _enum(found: GraphQLEnumType) -> JsonSchema:
    meanings = "\n".join(f"- `{name}`: {value.description}" for name, value in found.values.items())
    return {"type": "string", "enum": list(found.values), "description": f"{found.description}\n\n{meanings}"}


def closed_object(properties: Mapping[str, JsonSchema], required: Sequence[str], description: str | None) -> JsonSchema:
    """Return the schema of an object that has no other properties."""
    found: JsonSchema = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    if required:
        found["required"] = list(required)
    return described(found, description)


def described(found: JsonSchema, description: str | None) -> JsonSchema:
    """Return a schema with a description."""
    return {"description": " ".join(description.split()), **found} if description else found
