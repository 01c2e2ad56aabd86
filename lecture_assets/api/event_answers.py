"""What subscriptions are told of events: put into words once for all who ask for the same in the same words.

Who watches a lecture sends the same operation as all others of its page, with another number to go on after. So what decides an
answer is the event, the operation's text, and those variables that are used within what is asked of the event.
"""

import json
from collections.abc import Callable
from typing import Any

from graphql import FieldNode, FragmentDefinitionNode, GraphQLSchema, Node, VariableNode, Visitor, execute_sync, visit
from graphql.utilities import get_operation_ast

from lecture_assets.api.execution import Prepared, answer_of
from lecture_assets.api.kept_texts import KeptTexts
from lecture_assets.api.plain_fields import PlainFieldExecution
from lecture_assets.api.progress import WatchedEvent


class EventAnswers:
    """Answers the subscriptions of one event loop, and keeps the last answers."""

    def __init__(self, schema: GraphQLSchema) -> None:
        """schema: of the subscriptions."""
        self._schema, self._kept = schema, KeptTexts()

    def to(self, prepared: Prepared) -> Callable[[WatchedEvent], str]:
        """Return what answers a subscription, event by event: with JSON."""
        asked = prepared.operation
        deciding = {name: asked.variables.get(name) for name in sorted(_deciding(prepared))}
        same = (asked.query, asked.name, json.dumps(deciding))
        return lambda event: self._kept.of((*same, *event.key), lambda: self._answer(prepared, event)).decode()

    def _answer(self, prepared: Prepared, event: WatchedEvent) -> bytes:
        """Return what is told of one event: what was asked for of a document that is complete, so that nothing is read."""
        result = execute_sync(
            self._schema,
            prepared.document,
            event,
            variable_values=dict(prepared.operation.variables),
            operation_name=prepared.operation.name,
            execution_context_class=PlainFieldExecution,
        )
        return json.dumps(answer_of(result)).encode()


class _Variables(Visitor):
    """Notes the variables that are used."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_variable(self, node: VariableNode, *_place: Any) -> None:
        self.names.add(node.name.value)


def _deciding(prepared: Prepared) -> set[str]:
    """Return the variables that an answer may depend on: all but those that only the arguments of the root's field use."""
    found = get_operation_ast(prepared.document, prepared.operation.name)
    parts: list[Node] = [part for part in prepared.document.definitions if isinstance(part, FragmentDefinitionNode)]
    for root in found.selection_set.selections if found else ():
        within = [root.selection_set, *root.directives] if isinstance(root, FieldNode) else [root]
        parts += [part for part in within if part]
    variables = _Variables()
    for part in parts:
        visit(part, variables)
    return variables.names
