"""The `llm:` nodes: requests to language models, and what is kept of their answers. The prompts are in `prompts/`.

A prompt's text is part of the step's version: changing a word makes everything written with it stale. A line that names an input
with a default is omitted while the input has that default, and is not part of the version: older lectures stay fresh.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from importlib.resources import files
from string import Template
from typing import Any

from pydantic import TypeAdapter

from lecture_assets.content import Script, SegmentScript, Text, Value, VideoPrompts
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.lecture import DEFAULTS, is_default
from lecture_assets.languages import DEFAULT_LANGUAGE, base_of
from lecture_assets.ports import TextRequest
from lecture_assets.steps.step import Inputs, Paid, UnfitAnswerError, checked


class Written(Value):
    """The answer to a request for one text."""

    text: Text


_PLAIN_TOKENS = 250
"""For a prompt or a summary: about 150 words."""
_SEGMENT_TOKENS = 350
"""For a segment's narration, picture, music and effect: about 200 words."""
_TEXT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"text": {"type": "string"}},
    "required": ["text"],
    "additionalProperties": False,
}
_WRITTEN: TypeAdapter[Written] = TypeAdapter(Written)


def facts(inputs: Inputs) -> dict[str, Json]:
    """Return what a text is written from, by name: all inputs but the model, structural inputs, and the node's position."""
    found = {kind.partition(":")[2]: value for kind, value in inputs.read.items() if kind != inputs.node.kind.model_input}
    found |= inputs.asked
    if inputs.settings.place is not None:
        found["place"] = dict(inputs.settings.place)
    if inputs.node.kind.index:
        index = inputs.node.kind.index
        found[index] = getattr(inputs.node.cell, index)
    return {**found, "reroll": inputs.settings.reroll}


def _paid(
    task: str,
    schema: dict[str, Any],
    accept: Callable[[Inputs, Json], Json],
    answer_tokens: Callable[[Mapping[str, Json]], int] = lambda _asked: _PLAIN_TOKENS,
) -> Paid:
    text = files("lecture_assets.steps").joinpath("prompts", f"{task}.md").read_text("utf-8")
    lines = [(line, _optional_inputs(line)) for line in text.splitlines(keepends=True)]
    always = "".join(line for line, optional in lines if not optional)

    def request(inputs: Inputs) -> TextRequest:
        written = {name: value for name, value in facts(inputs).items() if not is_default(name, value)}
        system, _, prompt = "".join(line for line, optional in lines if optional <= written.keys()).partition("\n---\n")
        shown = {name.replace("-", "_"): _shown(value) for name, value in written.items()}
        return TextRequest(
            task=task,
            system=Template(system).substitute(shown).strip(),
            prompt=Template(prompt).substitute(shown).strip(),
            facts=written,
            schema=schema,
            answer_tokens=answer_tokens(inputs.asked),
        )

    return Paid(f"1.{hashlib.sha256(always.encode()).hexdigest()[:12]}", request, accept, answer_tokens)


def _optional_inputs(line: str) -> set[str]:
    """The inputs with a default that a line of a prompt names."""
    return {name.replace("_", "-") for name in Template(line).get_identifiers()} & DEFAULTS.keys()


def _shown(value: Json) -> str:
    if isinstance(value, dict):
        value = {name: part for name, part in value.items() if part is not None}
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)


def _text(inputs: Inputs, answer: Json) -> Json:
    written: Any = checked(inputs, answer, _WRITTEN)
    return written["text"]  # type: ignore[no-any-return]


def _of_segments(asked: Mapping[str, Json]) -> int:
    segments: Any = asked.get("num-segments", 1)
    return 50 + _SEGMENT_TOKENS * int(segments)


def _script(inputs: Inputs, answer: Json) -> Json:
    script: Any = checked(inputs, answer)
    asked, got = inputs.asked["num-segments"], len(script["segments"])
    if got != asked:
        message = (
            f"the model was asked for {asked} segments and wrote {got} under `segments`; asking again gives the same answer: "
            f"`reroll {inputs.node.id}` buys another, or choose another text model"
        )
        raise UnfitAnswerError(message)
    language = inputs["config:language"]
    return script if base_of(language) == DEFAULT_LANGUAGE else {**script, "language": language}


WRITING: Mapping[str, Paid] = {
    "llm:script-generation": _paid("script-generation", Script.model_json_schema(), _script, _of_segments),
    "llm:segment-script": _paid("segment-script", SegmentScript.model_json_schema(), checked, _of_segments),
    "llm:video-summary": _paid("video-summary", _TEXT_SCHEMA, _text),
    "llm:image-prompt": _paid("image-prompt", _TEXT_SCHEMA, _text),
    "llm:video-prompts": _paid("video-prompts", VideoPrompts.model_json_schema(), checked),
    "llm:music-prompt": _paid("music-prompt", _TEXT_SCHEMA, _text),
}
