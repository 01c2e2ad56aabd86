"""The `content:` nodes: one field of a model's answer each, so that every field can be edited and read separately."""

from collections.abc import Mapping

from lecture_assets.graph.fingerprint import Json
from lecture_assets.steps.step import Free, Inputs, checked


def _field(kind: str, name: str) -> Free:
    return Free("1", lambda inputs: checked(inputs, inputs[kind][name]))


def _same(kind: str) -> Free:
    return Free("1", lambda inputs: checked(inputs, inputs[kind]))


def _script(inputs: Inputs) -> Json:
    """Return the slot's part of the script, or the script written for an added slot."""
    if "llm:segment-script" in inputs.read:
        return checked(inputs, inputs["llm:segment-script"])
    return checked(inputs, inputs["llm:script-generation"]["segments"][inputs.node.cell.segment])


UNPACKING: Mapping[str, Free] = {
    "content:video-title": _field("llm:script-generation", "title"),
    "content:video-summary": _same("llm:video-summary"),
    "content:script": Free("1", _script),
    "content:narration-text": _field("content:script", "narration"),
    "content:visual": _field("content:script", "visual"),
    "content:background-music": _field("content:script", "background_music"),
    "content:effect": _field("content:script", "effect"),
    "content:image-prompt": _same("llm:image-prompt"),
    "content:starting-image-prompt": _field("llm:video-prompts", "starting_image"),
    "content:movie-direction-prompt": _field("llm:video-prompts", "movie_direction"),
    "content:music-prompt": _same("llm:music-prompt"),
}
