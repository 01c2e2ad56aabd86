"""How much one operation may ask for, found out before anything of it is executed.

    text ─ characters, tokens ─► document ─ depth, aliases, fields, comparisons, rows ─► cost ─► schema

What is refused is refused within milliseconds: tokens are counted before they are parsed, and fields that validation would
compare before it does. Each field costs one for each row that it may be asked for: a page of `first: 100` makes a hundred of all
within it. Fragments count where they are used. The limits are several times what a page of an editor asks for.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    parse,
)

from lecture_assets.api.overlaps import NestedError, most_comparisons

MOST_CHARACTERS = 40_000
"""Of the text of an operation; long words and uploads are in its variables. Parsing takes a second for a million."""
MOST_TOKENS = 3_000
MOST_DEPTH = 20
MOST_ALIASES = 50
"""Fields under another name than their own."""
MOST_FIELDS = 1_000
MOST_DEFINITIONS = 200
"""Operations and fragments of one document."""
MOST_VARIABLES = 200
MOST_COMPARISONS = 5_000
"""Of fields with each other (`overlaps.py`). A union of twelve types with ten fields each takes 660."""
MOST_COST = 100_000
_MOST_ROWS = 100
_LONGEST_NUMBER = 1_000
_MOST_PIECES = 3 * MOST_TOKENS
"""Of what looks like a token: `...` counts as three."""
_TOKEN = re.compile(r'''"""(?:\\"""|[^"]|"(?!""))*(?:"""|$)|"(?:\\.|[^"\\\n])*"?|#[^\n\r]*|[_A-Za-z0-9]+|[^\s,\ufeff]''')


class TooMuchError(GraphQLError):
    """An operation that asks for too much."""

    def __init__(self, found: int | None, most: int, what: str) -> None:
        """found: how many there are, None if they were not counted to the end."""
        number = f"more than {most:,}" if found is None else f"{found:,}"
        super().__init__(f"refused: {number} {what}; allowed: at most {most:,}", extensions={"code": "TOO_MUCH"})


def parsed(text: str) -> DocumentNode:
    """Parse an operation. GraphQLError if it is none, or too long."""
    if len(text) > MOST_CHARACTERS:
        raise TooMuchError(len(text), MOST_CHARACTERS, "characters")
    _check_tokens(text)
    try:
        return parse(text, max_tokens=MOST_TOKENS)
    except RecursionError:
        raise TooMuchError(None, MOST_DEPTH, "fields within fields") from None
    except GraphQLError as error:
        if "Parsing aborted" in error.message:
            raise TooMuchError(None, MOST_TOKENS, "tokens") from None
        raise


def _check_tokens(text: str) -> None:
    """Refuse what need not be parsed: that takes Python fifty times as long as looking for tokens."""
    pieces = 0
    for found in _TOKEN.finditer(text):
        first = text[found.start()]
        pieces += first != "#"
        if pieces > _MOST_PIECES:
            raise TooMuchError(None, MOST_TOKENS, "tokens")
        if first.isdecimal() and found.end() - found.start() > _LONGEST_NUMBER:
            raise TooMuchError(None, _LONGEST_NUMBER, "digits")


@dataclass(frozen=True, slots=True)
class OperationCost:
    """What an operation asks for, with its fragments where they are used. cost: fields times the rows they are asked for."""

    depth: int = 0
    aliases: int = 0
    fields: int = 0
    cost: int = 0

    def beside(self, other: "OperationCost") -> "OperationCost":
        """Return the cost of both."""
        depth = max(self.depth, other.depth)
        return OperationCost(depth, self.aliases + other.aliases, self.fields + other.fields, self.cost + other.cost)

    def document(self) -> dict[str, Any]:
        """Return it as `extensions.cost` tells it."""
        return {"requested": self.cost, "allowed": MOST_COST}


def cost_of(document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> OperationCost:
    """Return what an operation costs. GraphQLError if it is too much: every definition counts, also one that is not executed."""
    fragments = {part.name.value: part for part in document.definitions if isinstance(part, FragmentDefinitionNode)}
    operations = [part for part in document.definitions if isinstance(part, OperationDefinitionNode)]
    found = OperationCost()
    _check_document(document)
    for one in operations:
        defaults = {v.variable.name.value: v.default_value for v in one.variable_definitions or ()}
        given = {name: int(value.value) for name, value in defaults.items() if isinstance(value, IntValueNode)}
        counted = _CostCounter(fragments, {**given, **variables}).of(one.selection_set, 1)
        _check(counted)
        found = counted if one is operation else found
    return found


def _check_document(document: DocumentNode) -> None:
    """TooMuchError for a document that takes validation, or the counting itself, too long."""
    if len(document.definitions) > MOST_DEFINITIONS:
        raise TooMuchError(len(document.definitions), MOST_DEFINITIONS, "operations and fragments")
    variables = sum(len(p.variable_definitions or ()) for p in document.definitions if isinstance(p, OperationDefinitionNode))
    if variables > MOST_VARIABLES:
        raise TooMuchError(variables, MOST_VARIABLES, "variables")
    try:
        compared = most_comparisons(document, MOST_COMPARISONS)
    except NestedError:
        raise TooMuchError(None, MOST_DEPTH, "fields within fields") from None
    if compared is None:
        raise TooMuchError(None, MOST_COMPARISONS, "comparisons of fields with the same name")


def _check(found: OperationCost) -> None:
    limits = (
        (found.depth, MOST_DEPTH, "fields within fields"),
        (found.aliases, MOST_ALIASES, "aliases"),
        (found.fields, MOST_FIELDS, "fields"),
        (found.cost, MOST_COST, "fields of possible rows"),
    )
    for number, most, what in limits:
        if number > most:
            raise TooMuchError(number, most, what)


@dataclass(slots=True)
class _CostCounter:
    """Counts each fragment once, so that the time depends on the text's length rather than on its expansion."""

    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]
    _counted: dict[str, OperationCost] = field(default_factory=dict)

    def of(self, selection: SelectionSetNode | None, rows: int) -> OperationCost:
        """Return what a selection costs for so many rows."""
        found = OperationCost()
        for part in selection.selections if selection else ():
            if isinstance(part, FieldNode):
                found = found.beside(self._of_field(part, rows))
            elif isinstance(part, FragmentSpreadNode):
                of_one = self._of_fragment(part.name.value)
                found = found.beside(OperationCost(of_one.depth, of_one.aliases, of_one.fields, of_one.cost * rows))
            elif isinstance(part, InlineFragmentNode):
                found = found.beside(self.of(part.selection_set, rows))
        return found

    def _of_field(self, part: FieldNode, rows: int) -> OperationCost:
        within = self.of(part.selection_set, rows * self._rows(part))
        return OperationCost(within.depth + 1, within.aliases + (part.alias is not None), within.fields + 1, within.cost + rows)

    def _rows(self, part: FieldNode) -> int:
        """Return how many rows a field may have: what it is asked for by `first`, else one."""
        for argument in part.arguments or ():
            if argument.name.value == "first":
                value = argument.value
                number = self.variables.get(value.name.value) if isinstance(value, VariableNode) else None
                if isinstance(value, IntValueNode):
                    number = int(value.value)
                return min(max(number, 1), _MOST_ROWS) if isinstance(number, int) else _MOST_ROWS
        return 1

    def _of_fragment(self, name: str) -> OperationCost:
        if name not in self._counted:
            self._counted[name] = OperationCost(fields=MOST_FIELDS + 1)  # meanwhile: what contains itself is endless
            fragment = self.fragments.get(name)
            self._counted[name] = self.of(fragment.selection_set, 1) if fragment else OperationCost()
        return self._counted[name]
