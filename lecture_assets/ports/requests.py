"""What a provider is asked for: one request type per role, each a document that the ledger can store."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias

from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Role


@dataclass(frozen=True, slots=True)
class TextRequest:
    """A request for a model to write text.

    task:          the kind of node the text is for, without `llm:` (`script-generation`, `image-prompt`, …)
    system:        the system message
    prompt:        the user message
    facts:         the values the prompt was built from, by the name of the node or input (`user-prompt`, `visual`, …)
    schema:        JSON Schema of the answer
    answer_tokens: rough length of a normal answer in tokens; a much longer one may be cut off
    """

    task: str
    system: str
    prompt: str
    facts: dict[str, Json]
    schema: dict[str, Any]
    answer_tokens: int = 300


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """A request to speak a text.

    text:      what is said
    voice:     a name the provider knows
    language:  a BCP 47 tag
    show, say: where the lecture's lexicon changed words: the words of the shown text, and what is said for each (empty if it is
               said with the word before). Word times are returned for `text`; captions get them for `show`
    """

    text: str
    voice: str
    language: str
    show: list[str] = field(default_factory=list)
    say: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """A request for one picture, width × height in pixels."""

    prompt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class VideoRequest:
    """A request for a clip that starts at a picture and follows a prompt.

    image: SHA-256 of the starting picture, whose file is in `Call.files`
    """

    image: str
    prompt: str
    seconds: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class MusicRequest:
    """A request for music of a length in seconds."""

    prompt: str
    seconds: int


Request: TypeAlias = TextRequest | SpeechRequest | ImageRequest | VideoRequest | MusicRequest
REQUESTS: Mapping[Role, type[Request]] = {
    Role.TEXT: TextRequest,
    Role.SPEECH: SpeechRequest,
    Role.IMAGE: ImageRequest,
    Role.VIDEO: VideoRequest,
    Role.MUSIC: MusicRequest,
}


def request_to_json(request: Request) -> dict[str, Json]:
    """Convert a request to the document that the ledger stores before anything is sent. Lists without items are left out."""
    return {name: value for name, value in asdict(request).items() if value != []}
