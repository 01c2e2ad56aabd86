"""Executes fields that are read off their object as they are: nearly all that a client asks for, in a third of the time.

A plain field has no arguments, and holds a scalar, or objects and lists of which all that is asked for is plain. What reads and
completes it is put together once for an operation. Whatever is special about a field, an error among it, is left to
graphql-core, which reads it again.
"""

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import Any, NamedTuple, cast

from graphql import (
    ExecutionContext,
    FieldNode,
    GraphQLFieldResolver,
    GraphQLInterfaceType,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLUnionType,
    Undefined,
    is_leaf_type,
)
from graphql.pyutils import Path

Read = Callable[[Any], Any]
"""Returns what an object has, or a value as it is answered. Any exception leaves the field to graphql-core."""
_Nodes = list[FieldNode]
_TYPENAME = "__typename"


def plain(read: Read) -> GraphQLFieldResolver:
    """Return the resolver of a field without arguments that follows from its parent alone."""

    def resolve(parent: Any, _info: Any, **_of_subscription: Any) -> Any:
        return read(parent)

    resolve.plain = read  # type: ignore[attr-defined]
    return resolve


def reading(key: str) -> GraphQLFieldResolver:
    """Return the resolver of a field without arguments that its parent has under this key."""
    return plain(partial(_value_of, key))


def _value_of(key: str, parent: Any) -> Any:
    """Return what an object or a document has under a key; None for a key that a document lacks."""
    if type(parent) is dict or isinstance(parent, Mapping):
        return parent.get(key)
    return getattr(parent, key)


def type_of(value: Any, _info: Any = None, _type: Any = None) -> str:
    """Return the type of a document of a union or an interface, which says it itself."""
    return str(value[_TYPENAME])


class _PlainField(NamedTuple):
    """A field as it is called in the answer. complete: takes no None."""

    name: str
    read: Read
    complete: Read
    is_needed: bool


class PlainFieldExecution(ExecutionContext):
    """Executes an operation."""

    def execute_fields(
        self, parent_type: GraphQLObjectType, source_value: Any, path: Path | None, fields: dict[str, _Nodes]
    ) -> Any:
        """Read the plain fields, and let graphql-core execute the others; the answer has the order of the operation."""
        found: dict[str, Any] = dict.fromkeys(fields, Undefined)
        for one in self._plain(parent_type, fields):
            try:  # noqa: SIM105 - in the time of a field
                found[one.name] = _completed(one.complete, one.read(source_value), one.is_needed)
            except Exception:  # noqa: BLE001, S110 - graphql-core meets it again, and says where
                pass
        left = {name: nodes for name, nodes in fields.items() if found[name] is Undefined}
        if not left:
            return found
        rest = super().execute_fields(parent_type, source_value, path, left)
        found |= cast("dict[str, Any]", rest)  # nothing is awaited: resolvers are no coroutines
        return {name: value for name, value in found.items() if value is not Undefined}

    @cached_property
    def _kept(self) -> dict[int, tuple[dict[str, _Nodes], list[_PlainField]]]:
        """The plain ones among fields, by the identity of these, which is theirs as long as they are kept here."""
        return {}

    def _plain(self, parent: GraphQLObjectType, fields: dict[str, _Nodes]) -> list[_PlainField]:
        kept = self._kept.get(id(fields))
        if kept is None:
            found = [one for name, nodes in fields.items() if (one := self._plain_field(parent, name, nodes))]
            kept = self._kept[id(fields)] = fields, found
        return kept[1]

    def _plain_field(self, parent: GraphQLObjectType, name: str, nodes: _Nodes) -> _PlainField | None:
        """Return what reads and completes a field; None unless it is plain."""
        called = nodes[0].name.value
        if called == _TYPENAME:
            return _PlainField(name, lambda _parent: parent.name, str, is_needed=True)
        field = parent.fields.get(called)
        read = getattr(field.resolve, "plain", None) if field and not field.args else None
        complete, is_needed = self._completer(field.type, nodes) if field and read else (None, False)
        return _PlainField(name, read, complete, is_needed) if read and complete else None

    def _completer(self, of_type: GraphQLOutputType, nodes: _Nodes) -> tuple[Read | None, bool]:
        """Return what completes values of a type, None unless they are plain; and whether there must be one."""
        if isinstance(of_type, GraphQLNonNull):
            return self._completer(of_type.of_type, nodes)[0], True
        if isinstance(of_type, GraphQLList):
            complete, is_needed = self._completer(of_type.of_type, nodes)
            return (partial(_list_of, complete, is_needed) if complete else None), False
        if is_leaf_type(of_type):
            return cast("GraphQLLeafType", of_type).serialize, False
        if isinstance(of_type, GraphQLUnionType | GraphQLInterfaceType):
            types = self.schema.get_possible_types(of_type)
            each = {one.name: found for one in types if (found := self._object_completer(one, nodes))}
            is_plain = of_type.resolve_type is type_of and len(each) == len(types)
            return (partial(_one_of, each) if is_plain else None), False
        return self._object_completer(cast("GraphQLObjectType", of_type), nodes), False

    def _object_completer(self, of_type: GraphQLObjectType, nodes: _Nodes) -> Read | None:
        fields = self.collect_subfields(of_type, nodes)
        found = self._plain(of_type, fields)
        return partial(_object_of, found) if len(found) == len(fields) and not of_type.is_type_of else None


def _completed(complete: Read, value: Any, is_needed: bool) -> Any:  # noqa: FBT001 - positional for speed
    completed = None if value is None else complete(value)
    if completed is None and (is_needed or value is not None):
        message = "nothing, where there must be something"
        raise ValueError(message)
    return completed


def _object_of(fields: list[_PlainField], parent: Any) -> dict[str, Any]:
    return {name: _completed(complete, read(parent), is_needed) for name, read, complete, is_needed in fields}


def _list_of(complete: Read, is_needed: bool, values: Any) -> list[Any]:  # noqa: FBT001 - positional for speed
    if not isinstance(values, list | tuple):
        message = "no list"
        raise TypeError(message)
    return [_completed(complete, value, is_needed) for value in values]


def _one_of(each: Mapping[str, Read], value: Any) -> Any:
    return each[type_of(value)](value)
