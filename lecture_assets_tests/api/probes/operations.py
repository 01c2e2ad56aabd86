"""Every operation that the schema allows, written from the schema: a new field is probed without a word being added here.

An operation asks for one field of a root type, or for one field of what that answers (`Query.lecture.takes`), with every argument
as a variable, and with all of its scalars a few fields down. An argument that is called like one of `NAMED` gets what the probe
has drawn for that name.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_object_type,
    is_required_argument,
)

from lecture_assets.api.access import ROLES
from lecture_assets.store.tokens import AccessRole

NAMED = ("id", "newId", "after", "clientKey", "planToken", "upload", "node", "base64")
"""Arguments and input fields that name something that others may have."""
USUAL: Mapping[str, Any] = {
    "first": 20,
    "language": "en",
    "duration": 10,
    "segmentLength": 5,
    "numSegments": 2,
    "imagesPerSegment": 1,
    "aspectRatio": "16:9",
    "assemblyStrategy": "narration-led",
    "voice": "teacher",
    "models": {},
    "recording": None,
    "images": [],
    "startingImage": None,
    "clip": None,
    "music": None,
    "kinds": None,
    "statuses": None,
    "segment": None,
    "ifVersion": None,
    "maxCostUsdMicros": 50_000_000,
}
"""What most requests say, by the name of an argument or an input field, so that many of them are carried out."""
_DEPTH = 4
Draw = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class ProbedOperation:
    """One operation. name: its path in the schema; role: what it takes; variables: their types, by name."""

    name: str
    kind: str
    text: str
    role: AccessRole
    variables: Mapping[str, GraphQLInputType]
    target: str = ""
    drawn: frozenset[str] = field(default_factory=frozenset)

    @property
    def changes(self) -> bool:
        """Whether it is a mutation."""
        return self.kind == "mutation"


def operations(schema: GraphQLSchema) -> list[ProbedOperation]:
    """Every operation. KeyError for a mutation that has no role."""
    found: list[ProbedOperation] = []
    roots = (("query", schema.query_type), ("mutation", schema.mutation_type), ("subscription", schema.subscription_type))
    for kind, root in roots:
        for name, of_root in (root.fields if root else {}).items():
            role = ROLES[name] if kind == "mutation" else AccessRole.READ
            answered = get_named_type(of_root.type)
            within = answered.fields if kind == "query" and is_object_type(answered) else {}
            parts = [part for part in within if within[part].args or not is_leaf_type(get_named_type(within[part].type))]
            found += [_Writer(schema).written(kind, name, of_root, role, part) for part in parts or [""]]
            if parts and of_root.args:
                found.append(_Writer(schema).written(kind, name, of_root, role, ""))
    return found


class _Writer:
    """Writes one operation."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema, self._variables = schema, dict[str, GraphQLInputType]()

    def written(self, kind: str, name: str, root: GraphQLField, role: AccessRole, part: str) -> ProbedOperation:
        answered: Any = get_named_type(root.type)
        if part:
            selection = f"{{ {self._field(part, answered.fields[part], 1)} }}"
            body = f"{name}{self._arguments(root.args)} {selection}"
        else:
            body = (
                self._field(name, root, 0)
                if kind != "query"
                else f"{name}{self._arguments(root.args)} {self._of(root.type, _DEPTH - 1)}"
            )
        declared = ", ".join(f"${variable}: {of_type}" for variable, of_type in self._variables.items())
        text = f"{kind} Probe{f'({declared})' if declared else ''} {{ {body} }}"
        path = ".".join(filter(None, (kind.capitalize(), name, part)))
        drawn = {found for of_type in self._variables.values() for found in _names(of_type, frozenset())}
        drawn |= {_plain(variable) for variable in self._variables}
        return ProbedOperation(path, kind, text, role, dict(self._variables), name, frozenset(drawn) & frozenset(NAMED))

    def _field(self, name: str, of_field: GraphQLField, depth: int) -> str:
        return f"{name}{self._arguments(of_field.args, depth)} {self._of(of_field.type, depth)}"

    def _arguments(self, arguments: Mapping[str, GraphQLArgument], depth: int = 0) -> str:
        given = []
        for name, argument in arguments.items():
            meant = "node" if name == "id" and depth else name
            variable = f"{meant}_{len(self._variables)}"
            self._variables[variable] = argument.type if name != "first" else GraphQLNonNull(get_named_type(argument.type))
            given.append(f"{name}: ${variable}")
        return f"({', '.join(given)})" if given else ""

    def _of(self, of_type: GraphQLOutputType, depth: int) -> str:
        found: Any = get_named_type(of_type)
        if is_leaf_type(found):
            return ""
        if is_abstract_type(found):
            members = self._schema.get_possible_types(found)
            parts = [f"... on {member.name} {self._of(member, depth)}" for member in members]
            return f"{{ __typename {' '.join(parts)} }}"
        return f"{{ __typename {' '.join(self._selected(found, depth))} }}"

    def _selected(self, found: GraphQLObjectType, depth: int) -> Iterator[str]:
        for name, of_field in found.fields.items():
            inner = get_named_type(of_field.type)
            if is_leaf_type(inner):
                yield name
            elif depth < _DEPTH and (
                not any(map(is_required_argument, of_field.args.values())) or set(of_field.args) <= {"first", "after"}
            ):
                first = "(first: 3)" if "first" in of_field.args else ""
                yield f"{name}{first} {self._of(of_field.type, depth + 1)}"


def _plain(variable: str) -> str:
    return variable.rpartition("_")[0]


def _names(of_type: GraphQLInputType, seen: frozenset[str]) -> Iterator[str]:
    found: Any = get_named_type(of_type)
    if isinstance(found, GraphQLInputObjectType) and found.name not in seen:
        for name, inner in found.fields.items():
            yield name
            yield from _names(inner.type, seen | {found.name})


def given(operation: ProbedOperation, draw: Draw, choose: Callable[[Sequence[Any]], Any]) -> dict[str, Any]:
    """Values for the variables. draw: what a name of NAMED is; choose: one of several."""
    value = _Value(draw, choose)
    found = {name: value.of(_plain(name), of_type, 0) for name, of_type in operation.variables.items()}
    return {name: one for name, one in found.items() if one is not None}


@dataclass(frozen=True, slots=True)
class _Value:
    draw: Draw
    choose: Callable[[Sequence[Any]], Any]

    def of(self, name: str, of_type: GraphQLInputType, depth: int) -> Any:
        if isinstance(of_type, GraphQLNonNull):
            return self._some(name, of_type.of_type, depth)
        if self.choose((True, False) if depth else (True, True, False)):
            return self._some(name, of_type, depth)
        return None

    def _some(self, name: str, of_type: Any, depth: int) -> Any:
        if isinstance(of_type, GraphQLList):
            one = self._some(name, getattr(of_type.of_type, "of_type", of_type.of_type), depth)
            return [] if one is None else [one]
        if isinstance(of_type, GraphQLInputObjectType):
            return self._object(of_type, depth + 1)
        if name == "percent":
            return 100  # new lectures are made here: what is asked next relies on it
        if name in USUAL and self.choose((*[True] * 12, False)):
            return USUAL[name]
        return self.choose(list(of_type.values)) if isinstance(of_type, GraphQLEnumType) else self._scalar(name, of_type)

    def _scalar(self, name: str, of_type: Any) -> Any:
        match name, of_type.name:
            case (("reroll" | "unpin" | "keep" | "merge" | "nodes"), _):
                return self.draw("node")
            case _, "String" | "ID" if name in NAMED:
                return self.draw(name)
            case "after", "Int":
                return self.choose((0, 0, 0, -1))
            case _, "Boolean":
                return True
            case _, "Int" | "UsdMicros" | "Float":
                return self.choose((0, 1, 2, 5, 1_000_000))
            case _, "String" | "ID":
                return self.choose(("words", "asset:image", "none"))
        message = f"what is {name}: {of_type} to be?"
        raise AssertionError(message)

    def _object(self, of_type: GraphQLInputObjectType, depth: int) -> dict[str, Any]:
        if of_type.name == "LectureEditInput":
            name = self.choose(list(of_type.fields))
            return {name: self._some(name, getattr(of_type.fields[name].type, "of_type", of_type.fields[name].type), depth)}
        found = {
            name: self.of(name, inner.type, depth)
            for name, inner in of_type.fields.items()
            if depth < _DEPTH or isinstance(inner.type, GraphQLNonNull)
        }
        return {name: one for name, one in found.items() if one is not None}
