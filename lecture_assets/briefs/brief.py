"""The brief: every key a person may write, what it allows, its default, and the input of the lecture graph it becomes.

Files are read in `reading.py`; edits of existing lectures are in `edit_syntax.py`.
"""

import math
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema, model_validator

from lecture_assets.briefs.pronunciations import ALLOWED, LEXICON_SCHEMA, clean_lexicon
from lecture_assets.graph.blank import is_blank
from lecture_assets.graph.edits import MAX_TEXT
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Role
from lecture_assets.graph.lecture import MAX_IMAGES, MAX_SEGMENTS
from lecture_assets.graph.settings import LENGTHS, NodeSettings
from lecture_assets.languages import seconds_to_say
from lecture_assets.prose.markup import as_shown
from lecture_assets.prose.readable import without_formats
from lecture_assets.timeline.assemble import (
    ASPECT_RATIOS,
    CAPTION_DISPLAYS,
    CAPTION_PLACES,
    CAPTION_SIZES,
    RESOLUTIONS,
    STRATEGIES,
    TITLE_DISPLAYS,
)
from lecture_assets.timeline.title import is_title

MAX_NOTES = 100_000
"""The most characters in notes: a long book chapter, and well within what a text model reads in one request (128,000 tokens)."""
MAX_PHRASE = 2_000
"""The most characters in an audience, a style or a wish for the music: a paragraph, since each is repeated in many requests."""
MAX_TITLE = 200
"""The most characters in a title, as in `content.Script`."""
MAX_NAME = 200
"""The most characters in the name of a voice or a model."""
TITLE_NODE = "content:video-title"

_LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*$"
"""BCP 47 as people write it: language, script, region, variants (RFC 5646, 2.1), without extensions and private use."""
_MODEL = r"^[a-z][a-z0-9-]*:[A-Za-z0-9][A-Za-z0-9._/:@-]*(\?[A-Za-z0-9_]+=[^\s&?]*(&[A-Za-z0-9_]+=[^\s&?]*)*)?$"
_NAME = r"^[^\s]([^\r\n\t]*[^\s])?$"


def legible(text: str) -> str:
    """Return a text in any script, silently without invisible formatting such as direction overrides or a byte order mark.

    Raise ValueError for a text with nothing to show, and for control characters other than tabs and line feeds.
    """
    if is_blank(text):
        found = "a text with nothing to show"
        raise ValueError(found)
    for position, character in enumerate(text, start=1):
        if unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\t":
            found = f"a control character (U+{ord(character):04X}, character {position} of the text)"
            raise ValueError(found)
    return without_formats(text)


def worded(title: str) -> str:
    """Return a legible title. Raise ValueError for one of which a film shows nothing: of emoji or markup alone."""
    if not is_title(legible(title)):
        found = "a title with nothing to show but emoji or markup"
        raise ValueError(found)
    return legible(title)


def _size(limit: int, pattern: str | None = None) -> StringConstraints:
    """Require a text that is not blank and has at most `limit` characters, ignoring surrounding spaces."""
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=limit, pattern=pattern)


def _among(names: Iterable[str]) -> StringConstraints:
    return StringConstraints(pattern="^(" + "|".join(names) + ")$")


def _key(allowed: str, default: Any = None) -> Any:
    """Define a key of the brief: a description of what it allows, and its default."""
    return Field(default, description=allowed)


_LONG = f"words, at most {MAX_TEXT:,} characters"
_PHRASE = f"words, at most {MAX_PHRASE:,} characters"
_MODEL_ALLOWED = "a model as provider:model, like openai:gpt-5 or replicate:owner/name"
_Long: TypeAlias = Annotated[str, _size(MAX_TEXT), AfterValidator(legible)]
_Notes: TypeAlias = Annotated[str, _size(MAX_NOTES), AfterValidator(legible)]
_Phrase: TypeAlias = Annotated[str, _size(MAX_PHRASE), AfterValidator(legible)]
_Title: TypeAlias = Annotated[str, _size(MAX_TITLE), AfterValidator(worded)]
_Voice: TypeAlias = Annotated[str, _size(MAX_NAME, _NAME), AfterValidator(legible)]
_Lexicon: TypeAlias = Annotated[dict[str, str], AfterValidator(clean_lexicon), WithJsonSchema(LEXICON_SCHEMA)]
_Model: TypeAlias = Annotated[str, _size(MAX_NAME, _MODEL)]

DEFAULT_SYSTEM_PROMPT = (
    "You write narrated video lectures that people watch to the end. One idea a segment, in an order a listener can follow. "
    "Short sentences that are easy to say aloud; the example before the term, the term explained when it first comes. "
    "Say only what is true and, where there are notes, only what the notes say. "
    "No greeting, no filler, no summary of what was just said. "
    "For each segment describe one picture that shows the very thing being said, and leave writing out of the picture."
)
"""Asks for what listeners need: true statements, easy to say, one idea at a time, with pictures of the thing itself."""

Estimate: TypeAlias = Callable[[str, str, str], int]
"""Seconds that a text takes to say in a language with the voice of a model."""
_BRIEF_CONFIG = ConfigDict(frozen=True, extra="forbid", strict=True)


class Models(BaseModel):
    """Models by role; an omitted role uses the model of the configured providers."""

    model_config = _BRIEF_CONFIG

    text: _Model | None = _key(_MODEL_ALLOWED)
    speech: _Model | None = _key(_MODEL_ALLOWED)
    image: _Model | None = _key(_MODEL_ALLOWED)
    video: _Model | None = _key(_MODEL_ALLOWED)
    music: _Model | None = _key(_MODEL_ALLOWED)


class Brief(BaseModel):
    """One lecture as requested. Durations are in whole seconds; omitted keys have the defaults given here."""

    model_config = _BRIEF_CONFIG

    prompt: _Long | None = _key(f"what the lecture is about: {_LONG}")
    notes: _Notes | None = _key(f"source notes: text of at most {MAX_NOTES:,} characters")
    title: _Title | None = _key(f"a title of at most {MAX_TITLE} characters")
    # No particular audience: the script then explains every term it uses.
    audience: _Phrase = _key(f"who it is for: {_PHRASE}", "a general audience")
    language: Annotated[str, _size(35, _LANGUAGE)] = _key("a language tag, like en, de or pt-BR", "en")
    # Without notes, a minute in six segments: long enough to say something, short and cheap enough for a first try.
    duration: Annotated[int, Field(ge=3, le=7200)] = _key("a whole number of seconds from 3 to 7200", 60)
    segment_length: Annotated[int, Field(ge=3, le=120)] = _key("a whole number of seconds from 3 to 120", 10)
    num_segments: Annotated[int, Field(ge=1, le=MAX_SEGMENTS)] | None = _key(
        f"a whole number from 1 to {MAX_SEGMENTS}, or omit the key (duration / segment_length then decides)"
    )
    # One picture holds the viewer's attention for ten seconds; every further one costs another image.
    images_per_segment: Annotated[int, Field(ge=1, le=MAX_IMAGES)] = _key(f"a whole number from 1 to {MAX_IMAGES}", 1)
    image_style: _Phrase = _key(f"how pictures look: {_PHRASE}", "clean flat illustration, soft colours, one clear subject")
    aspect_ratio: Annotated[str, _among(ASPECT_RATIOS)] = _key(f"one of {', '.join(ASPECT_RATIOS)}", "16:9")
    # Clips cost many times as much as pictures, so they must be asked for.
    use_video: bool = _key("true or false", default=False)
    # Narration-led: speech is never cut off and never waits.
    assembly_strategy: Annotated[str, _among(STRATEGIES)] = _key(" or ".join(STRATEGIES), "narration-led")
    voice: _Voice = _key("the name of a voice on one line (`lectures voices` lists them)", "narrator")
    lexicon: _Lexicon = _key(ALLOWED, {})
    system_prompt: _Long = _key(f"what every script is written by: {_LONG}", DEFAULT_SYSTEM_PROMPT)
    # The voice must remain intelligible over it.
    music_prompt_mod: _Phrase = _key(f"a wish for the music: {_PHRASE}", "calm, instrumental, quiet under a voice")
    # 18 dB under the voice.
    music_volume: Annotated[int, Field(ge=0, le=200)] = _key("a whole number of percent from 0 (no music) to 200", 100)
    # Over the first pictures: the lecture begins at once.
    title_display: Annotated[str, _among(TITLE_DISPLAYS)] = _key(f"one of {', '.join(TITLE_DISPLAYS)}", "over")
    # Most films are watched where players show no captions of their own.
    captions: Annotated[str, _among(CAPTION_DISPLAYS)] = _key("burned, soft or off", "burned")
    caption_place: Annotated[str, _among(CAPTION_PLACES)] = _key("bottom or top", "bottom")
    caption_size: Annotated[str, _among(CAPTION_SIZES)] = _key("small, medium or large", "medium")
    # Enough for phones and web pages, at less than half of the work.
    resolution: Annotated[str, _among(RESOLUTIONS)] = _key(" or ".join(RESOLUTIONS), "720p")
    models: Models = _key("a mapping with any of " + ", ".join(Role), Models())

    @model_validator(mode="after")
    def _whole(self) -> "Brief":
        for wrong in impossible({key: value for key, value in self if value is not None}):
            sentence = f"{wrong.key}: found {wrong.found}; allowed: {wrong.allowed}"
            raise ValueError(sentence)
        return self

    def inputs(self, default_models: Mapping[str, str], as_long_as_notes: Estimate | None = seconds_to_say) -> dict[str, Json]:
        """Return the `config:` inputs by name without category, ready for `new_settings`.

        default_models:   a model for each role
        as_long_as_notes: without a duration and a number of segments, the lecture takes as long as saying its notes, by this
                          estimate. Lectures created by another one, or before this rule (None), correspond to the same brief
                          with that
        """
        inputs = {INPUT_OF[key]: value for key, value in self if key not in {"prompt", "notes", "title", "models"}}
        models = {f"{role}-model": getattr(self.models, role) or default_models[role] for role in Role}
        if as_long_as_notes and self.notes is not None and self.num_segments is None and "duration" not in self.model_fields_set:
            takes_s = as_long_as_notes(as_shown(self.notes, self.language), self.language, models["speech-model"])
            inputs["duration"] = min(max(3, takes_s), MAX_SEGMENTS * self.segment_length)
        return {"user-prompt": {"prompt": self.prompt, "notes": self.notes}, **inputs, **models}

    def asked(self) -> frozenset[str]:
        """Return the inputs that say how long it is to be and that were written: defaults were not."""
        return LENGTHS & {INPUT_OF[key] for key in self.model_fields_set & INPUT_OF.keys() if getattr(self, key) is not None}

    def nodes(self) -> dict[str, NodeSettings]:
        """Return the settings of single nodes: the title overrides the script's."""
        return {} if self.title is None else {TITLE_NODE: NodeSettings(pinned=self.title)}


@dataclass(frozen=True, slots=True)
class Impossible:
    """Values that are allowed separately but not together.

    about: the keys of these values
    key:   the key the fault is reported at
    """

    about: frozenset[str]
    key: str
    found: str
    allowed: str


def impossible(values: Mapping[str, Any]) -> list[Impossible]:
    """Return what is wrong with a brief as a whole, given its written values; omitted keys have their defaults."""
    wrong = []
    if not {"prompt", "notes"} & values.keys():
        allowed = "a prompt that states what the lecture is about, or notes to make it from"
        wrong.append(Impossible(frozenset({"prompt", "notes"}), "prompt", "neither prompt nor notes", allowed))
    duration, length = (values.get(key, Brief.model_fields[key].default) for key in ("duration", "segment_length"))
    count = math.ceil(duration / length)
    if "num_segments" not in values and count > MAX_SEGMENTS:
        found = f"{count} segments (duration {duration} / segment_length {length})"
        allowed = (
            f"at most {MAX_SEGMENTS} segments: use a segment_length of {math.ceil(duration / MAX_SEGMENTS)} or more, "
            f"a duration of {MAX_SEGMENTS * length} or less, or set num_segments"
        )
        blamed = "segment_length" if "segment_length" in values else "duration"
        wrong.append(Impossible(frozenset({"duration", "segment_length", "num_segments"}), blamed, found, allowed))
    return wrong


def _input_names() -> dict[str, str]:
    names = {key: key.replace("_", "-") for key in Brief.model_fields if key not in {"title", "models"}}
    names |= {"aspect_ratio": "size-aspect-ratio", "prompt": "user-prompt", "notes": "user-prompt"}
    return names | {f"models.{role}": f"{role}-model" for role in Role}


INPUT_OF: Mapping[str, str] = _input_names()
"""The input that each key of the brief becomes; `title` becomes none, and `prompt` and `notes` are two parts of one."""
KEY_OF: Mapping[str, str] = {name: key for key, name in INPUT_OF.items() if name != "user-prompt"}
"""The key of the brief for each input."""
SPELLINGS: Mapping[str, str] = {
    **{key: key for key in (*INPUT_OF, "title")},
    **{key.replace("_", "-"): key for key in INPUT_OF},
    **KEY_OF,
    **{f"{role}_model": f"models.{role}" for role in Role},
}
"""Every accepted spelling of a key (`image_style`, `image-style`, `text_model`, `models.text`), to the key itself."""
