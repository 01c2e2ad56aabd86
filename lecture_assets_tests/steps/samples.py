"""A node of every kind with something to read, and an answer that fits it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lecture_assets.graph.apply_edits import apply_edits
from lecture_assets.graph.build import build
from lecture_assets.graph.edits import AddSegment, Moment
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Kind
from lecture_assets.graph.lecture import KINDS
from lecture_assets.graph.node import Node
from lecture_assets.graph.settings import NodeSettings, Settings
from lecture_assets.steps.step import Inputs
from lecture_assets_tests.graph.lectures import lecture

DIGEST = "ab" * 32
SEGMENT: dict[str, Json] = {"narration": "Bees dance.", "visual": "A bee.", "background_music": "calm", "effect": "zoom-in"}
SCRIPT: dict[str, Json] = {"title": "Bees", "segments": [{**SEGMENT, "narration": f"Sentence {slot}."} for slot in range(3)]}
PICTURE: dict[str, Json] = {"sha256": DIGEST, "media_type": "image/png", "width": 1280, "height": 720}
MUSIC: dict[str, Json] = {"sha256": DIGEST, "media_type": "audio/mp4", "duration_ms": 9_000}
WORDS: list[Json] = [{"text": "Bees", "start_ms": 0, "end_ms": 400}, {"text": "dance.", "start_ms": 400, "end_ms": 900}]
SPEECH: dict[str, Json] = {"sha256": DIGEST, "media_type": "audio/wav", "duration_ms": 1_000, "words": WORDS}
CLIP: dict[str, Json] = {**PICTURE, "media_type": "video/mp4", "duration_ms": 5_000}
FRAMES: dict[str, Json] = {"width": 1280, "height": 720, "fps": 30, "duration_in_frames": 150}
ANSWERS: Mapping[str, Json] = {
    "llm:script-generation": SCRIPT,
    "llm:segment-script": SEGMENT,
    "llm:video-summary": {"text": "About bees."},
    "llm:image-prompt": {"text": "A bee, woodcut."},
    "llm:video-prompts": {"starting_image": "A bee.", "movie_direction": "It flies."},
    "llm:music-prompt": {"text": "Calm piano."},
    "asset:narration": SPEECH,
    "asset:image": PICTURE,
    "asset:starting-image": PICTURE,
    "asset:video": CLIP,
    "asset:music": MUSIC,
}
"""What a provider says that fits, by paid kind."""


def settings_of(kind: Kind) -> Settings:
    """A lecture that has this kind: three segments that came with the script, the fourth added."""
    settings = lecture(3, 2, video=kind.when.name == "VIDEO" or kind.name == "asset:video")
    return apply_edits(settings, [AddSegment(1)], Moment(2, lambda node: f"the words of {node}"))


def node_of(kind: Kind) -> tuple[Node, Settings]:
    """The last cell of a kind: an added slot where it is once per segment."""
    settings = settings_of(kind)
    return [node for node in build(settings).nodes.values() if node.kind is kind][-1], settings


def value_of(kind: Kind, settings: Settings) -> Any:
    """A value of a kind that is read."""
    if kind.is_input:
        return settings.value(kind.name.partition(":")[2])
    if kind.name in ANSWERS:
        answer: Any = ANSWERS[kind.name]
        return answer["text"] if set(answer) == {"text"} else answer
    held: dict[str, Any] = {"content:script": SEGMENT, "content:effect": "zoom-in", "assembler:segment-frames": FRAMES}
    return held.get(kind.name, f"the words of {kind.name}")


def inputs_of(name: str, **changes: Any) -> Inputs:
    """What the step of a kind sees; `changes` replaces what is read, by kind."""
    node, settings = node_of(KINDS[name])
    read = {}
    for kind, sources in node.reads.items():
        value = changes.get(kind, value_of(KINDS[kind], settings))
        read[kind] = value if "" in sources else dict.fromkeys(sources, value)
    return Inputs(node, read, settings.of_node(node.id), dict.fromkeys(node.kind.asks, 3))


def with_reroll(inputs: Inputs, reroll: int) -> Inputs:
    """The same, asked again."""
    return replace(inputs, settings=NodeSettings(reroll=reroll, place=inputs.settings.place))
