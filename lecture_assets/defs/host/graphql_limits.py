"""Limits on what one GraphQL request may ask for, checked on its text before execution. Pure.

A field requested under 300 aliases is computed 300 times, and nested fragments multiply, so the limits apply to the request as it
would be executed, with its fragments expanded. They are ten times what Dagster's own pages ask for.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)

MOST_CHARACTERS = 100_000
MOST_TOKENS = 20_000
MOST_AT_ROOT = 100
"""Fields of the query itself: each may read the event log again."""
MOST_FIELDS = 10_000
MOST_DEPTH = 40


def fault(query: object) -> str | None:
    """The limit that a request exceeds, as a sentence; None if it may be executed, or is malformed, which the schema reports."""
    if not isinstance(query, str):
        return "a request must have one query, which is a string"
    if len(query) > MOST_CHARACTERS:
        return f"a query of {len(query):,} characters; at most {MOST_CHARACTERS:,} are executed"
    try:
        weights = list(_weights(parse(query, no_location=True, max_tokens=MOST_TOKENS)))
    except GraphQLError as error:
        aborted = f"a query of more than {MOST_TOKENS:,} tokens, or nested deeper than {MOST_DEPTH} fields"
        return aborted if "Parsing aborted" in error.message else None
    except RecursionError:
        return f"a query nested deeper than {MOST_DEPTH} fields"
    return next((found for weight in weights if (found := weight.fault())), None)


@dataclass(frozen=True, slots=True)
class Weight:
    """How much an operation asks for, with its fragments expanded. at_root: fields of the operation itself."""

    at_root: int = 0
    fields: int = 0
    depth: int = 0

    def fault(self) -> str | None:
        """The limit it exceeds, if any."""
        limits = (
            (self.at_root, MOST_AT_ROOT, "fields at its root"),
            (self.fields, MOST_FIELDS, "fields"),
            (self.depth, MOST_DEPTH, "fields one within another"),
        )
        return next(
            (f"a query of {found:,} {what}; at most {most} are executed" for found, most, what in limits if found > most), None
        )

    def beside(self, other: "Weight") -> "Weight":
        """The combined weight of two selections."""
        return Weight(self.at_root + other.at_root, self.fields + other.fields, max(self.depth, other.depth))


_ENDLESS = Weight(0, MOST_FIELDS + 1, 0)
"""The weight of a fragment that contains itself."""


def _weights(document: DocumentNode) -> Iterator[Weight]:
    fragments = {part.name.value: part for part in document.definitions if isinstance(part, FragmentDefinitionNode)}
    weigher = _Weigher(fragments)
    for part in document.definitions:
        if isinstance(part, OperationDefinitionNode):
            yield weigher.of_selection(part.selection_set)


@dataclass(slots=True)
class _Weigher:
    """Weighs each fragment once, so that the time depends on the text's length rather than on its expansion."""

    fragments: dict[str, FragmentDefinitionNode]
    _weighed: dict[str, Weight] = field(default_factory=dict)

    def of_selection(self, selection: SelectionSetNode | None) -> Weight:
        found = Weight()
        for part in selection.selections if selection else ():
            if isinstance(part, FieldNode):
                within = self.of_selection(part.selection_set)
                found = found.beside(Weight(1, within.fields + 1, within.depth + 1))
            elif isinstance(part, FragmentSpreadNode):
                found = found.beside(self._of_fragment(part.name.value))
            else:
                found = found.beside(self.of_selection(getattr(part, "selection_set", None)))
        return found

    def _of_fragment(self, name: str) -> Weight:
        if name not in self._weighed:
            self._weighed[name] = _ENDLESS  # while it is weighed
            fragment = self.fragments.get(name)
            self._weighed[name] = self.of_selection(fragment.selection_set) if fragment else Weight()
        return self._weighed[name]
