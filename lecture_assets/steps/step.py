"""What a step is, and what it gets to see."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from pydantic import TypeAdapter, ValidationError

from lecture_assets.content import HELD
from lecture_assets.graph.errors import LectureError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.node import Node
from lecture_assets.graph.settings import NodeSettings
from lecture_assets.ports import Request


class UnfitAnswerError(LectureError):
    """A provider's answer that the node cannot hold: a soft failure, with what a person can do about it."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Missing:
    """Stands in a draft for a value that does not exist yet.

    reason: why, in words for whoever watches; seconds: how long it will probably be, of what has a length
    """

    reason: str
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a node is made from. In a draft a value may be `Missing`; only assemblers are drafted.

    read:     by kind read, the value; where a level below is read, the values by address (`:image[0]`, `:segment[2]`)
    asked:    structural inputs that reach the request (`num-segments`)
    """

    node: Node
    read: Mapping[str, Any]
    settings: NodeSettings
    asked: Mapping[str, Json]

    def __getitem__(self, kind: str) -> Any:
        """The value read of a kind."""
        return self.read[kind]

    def there(self, kind: str, otherwise: Any = None) -> Any:
        """The value read of a kind, or `otherwise` where it is missing or not read."""
        value = self.read.get(kind, otherwise)
        return otherwise if isinstance(value, Missing) else value

    def several(self, kind: str) -> dict[str, Any]:
        """The values of a level below by address, in order, None for a missing one; empty where the lecture has no such kind."""
        return {address: None if isinstance(value, Missing) else value for address, value in self.read.get(kind, {}).items()}

    def reasons(self, **kinds: str) -> dict[str, str]:
        """Why values are missing, by the name given to their kind: of a level below by its address (`image[0]`)."""
        found = {name: self.read.get(kind) for name, kind in kinds.items()}
        for values in self.read.values():
            if isinstance(values, dict):
                found |= {address[1:]: value for address, value in values.items() if address.startswith(":")}
        return {name: value.reason for name, value in found.items() if isinstance(value, Missing)}


@dataclass(frozen=True, slots=True)
class Free:
    """A step that costs nothing. version: part of the fingerprint; another makes everything made by it stale."""

    version: str
    make: Callable[[Inputs], Json]


@dataclass(frozen=True, slots=True)
class Paid:
    """A step with one call in its middle. accept raises UnfitAnswerError; media answers are a JSON object with sha256.

    answer_tokens: about how many tokens the answer has, given what is asked for (`num-segments`); of texts alone
    """

    version: str
    request: Callable[[Inputs], Request]
    accept: Callable[[Inputs, Json], Json]
    answer_tokens: Callable[[Mapping[str, Json]], int] = lambda _asked: 0


Step: TypeAlias = Free | Paid


def read_by(node: Node, value: Callable[[str], Any]) -> dict[str, Any]:
    """What a node reads, by kind, of a function from the id of a node to its value; a level below by address."""
    return {
        kind: value(sources[""]) if "" in sources else {address: value(source) for address, source in sources.items()}
        for kind, sources in node.reads.items()
    }


def checked(inputs: Inputs, value: Json, answer: TypeAdapter[Any] | None = None) -> Json:
    """The value as its kind holds it, or as an answer of another shape; UnfitAnswerError names the part that does not fit."""
    adapter = answer or HELD[inputs.node.kind.holds]
    try:
        return adapter.dump_python(adapter.validate_python(value), mode="json")  # type: ignore[no-any-return]
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in fault["loc"]) or "the answer"
        found = repr(fault["input"])[:80]
        message = (
            f"the model answered with something {inputs.node.id} cannot hold: {where}: {fault['msg']} (found {found}); "
            f"asking again gives the same answer: `reroll {inputs.node.id}` buys another, or choose another model"
        )
        raise UnfitAnswerError(message) from error
