"""What a step is, and the inputs it gets."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pydantic import TypeAdapter, ValidationError

from lecture_assets.content import HELD
from lecture_assets.graph.errors import LectureError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.node import Node
from lecture_assets.graph.parts import Selector
from lecture_assets.graph.settings import NodeSettings
from lecture_assets.ports import RenderedMedium, RenderRequest, Request
from lecture_assets.prose.refusals import allowed_by, found_by


class UnfitAnswerError(LectureError):
    """A provider's answer that the node cannot hold: fails this node only, and the message names a remedy."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Missing:
    """Takes the place of a missing value in a draft.

    reason:  why it is missing, for people to read
    seconds: its expected length, if it has one
    text:    the text that it would be of, if that exists
    """

    reason: str
    seconds: int | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a node is made from. In a draft, values may be `Missing`; only assemblers are drafted.

    read:     the value of each kind read; for kinds a level below, the values by address (`:image[0]`, `:segment[2]`)
    settings: the node's own settings
    asked:    structural inputs passed to the model (`num-segments`)
    """

    node: Node
    read: Mapping[str, Any]
    settings: NodeSettings
    asked: Mapping[str, Json]

    def __getitem__(self, kind: str) -> Any:
        """Return the value of a kind."""
        return self.read[kind]

    def there(self, kind: str, otherwise: Any = None) -> Any:
        """Return the value of a kind, or `otherwise` if it is missing or not read."""
        value = self.read.get(kind, otherwise)
        return otherwise if isinstance(value, Missing) else value

    def several(self, kind: str) -> dict[str, Any]:
        """Return the values a level below by address, in order, None for missing ones; empty if the lecture lacks the kind."""
        return {address: None if isinstance(value, Missing) else value for address, value in self.read.get(kind, {}).items()}

    def reasons(self, below: str, **kinds: str) -> dict[str, str]:
        """Return why values are missing, by the name given to their kind; those of the kind `below` by address (`image[0]`)."""
        found = {name: self.read.get(kind) for name, kind in kinds.items()}
        found |= {address[1:]: value for address, value in self.read.get(below, {}).items()}
        return {name: value.reason for name, value in found.items() if isinstance(value, Missing)}


@dataclass(frozen=True, slots=True)
class Free:
    """A step that costs nothing.

    version: part of the fingerprint; changing it makes everything the step made stale
    parts:   selects from each input of which the row reads a part (`Read.part_for`) what the value uses
    """

    version: str
    make: Callable[[Inputs], Json]
    parts: Mapping[str, Selector] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Paid:
    """A step with one paid call.

    version, parts: as in `Free`
    request:       makes the request from the inputs
    accept:        turns the answer into the value, or raises UnfitAnswerError; answers with media are JSON objects with a sha256
    answer_tokens: the approximate number of tokens in a text answer, given the structural inputs (`num-segments`)
    """

    version: str
    request: Callable[[Inputs], Request]
    accept: Callable[[Inputs, Json], Json]
    answer_tokens: Callable[[Mapping[str, Json]], int] = lambda _asked: 0
    parts: Mapping[str, Selector] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A step that renders a medium on this machine. It costs nothing, and takes long.

    version, parts: as in `Free`; raise the version when `render/` draws something else
    request: says what to render
    accept:  turns the rendered medium into the value
    """

    version: str
    request: Callable[[Inputs], RenderRequest]
    accept: Callable[[Inputs, RenderedMedium], Json]
    parts: Mapping[str, Selector] = field(default_factory=dict)


Step: TypeAlias = Free | Paid | Rendered


def read_by(node: Node, value: Callable[[str], Any]) -> dict[str, Any]:
    """Look up everything a node reads, by kind, with a function from node id to value; by address for a level below."""
    return {
        kind: value(sources[""]) if "" in sources else {address: value(source) for address, source in sources.items()}
        for kind, sources in node.reads.items()
    }


def checked(inputs: Inputs, value: Json, answer: TypeAdapter[Any] | None = None) -> Json:
    """Validate a value for its kind, or with `answer`. Raise UnfitAnswerError naming the part that does not fit."""
    adapter = answer or HELD[inputs.node.kind.holds]
    try:
        return adapter.dump_python(adapter.validate_python(value), mode="json")  # type: ignore[no-any-return]
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in fault["loc"]) or "the answer"
        found = found_by(fault) or json.dumps(fault["input"], ensure_ascii=False, default=str)[:80]
        why = f"{where}: found {found}, allowed: {allowed_by(fault)}"
        message = (
            f"the model answered with something {inputs.node.id} cannot hold: {why}; "
            f"asking again gives the same answer: `reroll {inputs.node.id}` buys another, or choose another model"
        )
        raise UnfitAnswerError(message) from error
