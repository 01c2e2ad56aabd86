"""How often validation compares fields with each other, found out before it does: the square of how many have the same name.

Fields of one answer with the same name must agree, so that validation compares each with each, and all within them. A document
of 2,000 fields with one name takes it seconds. Fragments count where they are used, as if they were written there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

_NESTED = 60
"""The most selections within selections, inline fragments and spreads among them. Fields are nested to a third of it."""


class NestedError(Exception):
    """Selections are nested too deep, or a fragment is within itself."""


class _TooManyError(Exception):
    """There are more than are allowed."""


def most_comparisons(document: DocumentNode, most: int) -> int | None:
    """Return about how many comparisons of fields validation may make; None if more than `most`. NestedError if it is endless."""
    fragments = {part.name.value: part for part in document.definitions if isinstance(part, FragmentDefinitionNode)}
    counter = _ComparisonCounter(fragments, most)
    try:
        for part in document.definitions:
            if isinstance(part, OperationDefinitionNode | FragmentDefinitionNode):
                counter.count([part.selection_set], 1)
    except _TooManyError:
        return None
    return counter.counted


@dataclass(slots=True)
class _ComparisonCounter:
    """Counts pairs of fields with one name that end up beside each other, and what is within those fields."""

    fragments: Mapping[str, FragmentDefinitionNode]
    most: int
    counted: int = 0
    _looked_at: int = 0

    def count(self, selections: Sequence[SelectionSetNode], depth: int) -> None:
        """Count the pairs of selections that answer one object."""
        groups: dict[str, list[SelectionSetNode | None]] = {}
        spreads = sum(self._gather(selection, groups, depth) for selection in selections)
        self._add(spreads * (spreads - 1) // 2)
        for fields in groups.values():
            self._add(len(fields) * (len(fields) - 1) // 2)
            within = [one for one in fields if one]
            if within:
                self.count(within, depth + 1)

    def _gather(self, selection: SelectionSetNode, groups: dict[str, list[SelectionSetNode | None]], depth: int) -> int:
        """Add the fields of a selection by their names, with those of its fragments. Return how many spreads it has."""
        if depth > _NESTED:
            raise NestedError
        self._looked_at += len(selection.selections)
        if self._looked_at > self.most:
            raise _TooManyError
        spreads = 0
        for part in selection.selections:
            if isinstance(part, FieldNode):
                groups.setdefault((part.alias or part.name).value, []).append(part.selection_set)
            elif isinstance(part, InlineFragmentNode):
                spreads += self._gather(part.selection_set, groups, depth + 1)
            elif isinstance(part, FragmentSpreadNode):
                fragment = self.fragments.get(part.name.value)
                spreads += 1 + (self._gather(fragment.selection_set, groups, depth + 1) if fragment else 0)
        return spreads

    def _add(self, pairs: int) -> None:
        self.counted += pairs
        if self.counted > self.most:
            raise _TooManyError
