"""A plugin of ariadne-codegen: what it writes accepts types and values of later releases, as docs/graphql.md asks of clients.

A union gets a last member that any type fits; an enum keeps values that it does not know; every problem is a `Problem`.
"""

import ast
import textwrap
from typing import Any

from ariadne_codegen.plugins.base import Plugin
from graphql import (
    ExecutableDefinitionNode,
    GraphQLEnumType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    is_abstract_type,
)

OPEN_TYPES = "open_types"
_PROBLEM = {"code", "message"}


class OpenUnions(Plugin):
    """Opens the unions and enums of what is generated."""

    def __init__(self, schema: GraphQLSchema, config_dict: dict[str, Any]) -> None:
        """Begin with nothing left out."""
        super().__init__(schema, config_dict)
        self._left_out: set[str] = set()

    def generate_init_import(self, import_: ast.ImportFrom) -> ast.ImportFrom:
        """Import what is there."""
        import_.names = [name for name in import_.names if name.name not in self._left_out]
        return import_

    def generate_enum(self, class_def: ast.ClassDef, enum_type: GraphQLEnumType) -> ast.ClassDef:
        """Let it keep other values."""
        del enum_type
        class_def.bases = [ast.Name("OpenEnum")]
        return class_def

    def generate_enums_module(self, module: ast.Module) -> ast.Module:
        """Import what enums are."""
        module.body[0] = _imports({"OpenEnum"})
        return module

    def generate_result_types_module(self, module: ast.Module, operation_definition: ExecutableDefinitionNode) -> ast.Module:
        """Open the unions of one operation."""
        is_watched = (
            isinstance(operation_definition, OperationDefinitionNode)
            and operation_definition.operation is OperationType.SUBSCRIPTION
        )
        abstract = {name for name, found in self.schema.type_map.items() if is_abstract_type(found)}
        opening = _Opening(module, abstract, is_watched=is_watched)
        self._left_out |= opening.empty
        module = opening.visit(module)
        if opening.used:
            first = next(n for n, line in enumerate(module.body) if isinstance(line, ast.ClassDef))
            module.body.insert(first, _imports(opening.used))
        return module

    def copy_code(self, copied_code: str) -> str:
        """Take what is imported if it is installed for installed: types need not allow for its absence."""
        lines = copied_code.splitlines(keepends=True)
        for node in reversed(ast.parse(copied_code).body):
            if isinstance(node, ast.Try):
                first, last = node.body[0].lineno - 1, node.body[-1].end_lineno
                lines[node.lineno - 1 : node.end_lineno] = textwrap.dedent("".join(lines[first:last]))
        return "".join(lines)


def _imports(names: set[str]) -> ast.ImportFrom:
    return ast.ImportFrom(OPEN_TYPES, [ast.alias(name) for name in sorted(names)], 2)


class _Opening(ast.NodeTransformer):
    """used: what it has put in, by name. abstract: names of types that no answer has as its own.

    empty: classes of such types, which it leaves out
    """

    def __init__(self, module: ast.Module, abstract: set[str], *, is_watched: bool) -> None:
        classes = [line for line in module.body if isinstance(line, ast.ClassDef)]
        self.empty = {one.name for one in classes if _stated(one) and _stated(one) <= abstract}
        self._others = ["OtherEvent"] if is_watched else ["OtherProblem", "OtherType"]
        self.used: set[str] = set()

    def visit_ClassDef(self, node: ast.ClassDef) -> Any:
        """Name a problem as one, and leave out what nothing is."""
        if node.name in self.empty:
            return None
        self.generic_visit(node)
        fields = {line.target.id for line in node.body if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)}
        if fields >= _PROBLEM:
            node.bases = [base for base in node.bases if ast.unparse(base) != "BaseModel"] + [ast.Name("Problem")]
            node.body = [line for line in node.body if not _is_field(line, _PROBLEM)]
            self.used.add("Problem")
        return node

    def visit_Call(self, node: ast.Call) -> Any:
        """Try one member after the other, each of which states its type."""
        for keyword in node.keywords:
            if keyword.arg == "discriminator":
                keyword.arg, keyword.value = "union_mode", ast.Constant("left_to_right")
        return node

    def visit_Subscript(self, node: ast.Subscript) -> Any:
        """Add a member that all others fit."""
        self.generic_visit(node)
        if _word(node.value) == "Union" and isinstance(node.slice, ast.Tuple):
            node.slice.elts = [one for one in node.slice.elts if _word(one) not in self.empty]
            node.slice.elts += [ast.Constant(name) for name in self._others]
            self.used |= set(self._others)
        return node


def _is_field(line: ast.stmt, names: set[str]) -> bool:
    return isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and line.target.id in names


def _stated(found: ast.ClassDef) -> set[str]:
    """The names of the types that a class is of."""
    for line in found.body:
        if isinstance(line, ast.AnnAssign) and _is_field(line, {"typename__"}) and isinstance(line.annotation, ast.Subscript):
            names = line.annotation.slice
            return {_word(name) for name in (names.elts if isinstance(names, ast.Tuple) else [names])}
    return set()


def _word(name: ast.expr) -> str:
    """The name in a string, which the generator writes as a name with its quotes."""
    return ast.unparse(name).strip("\"'")
