"""Edits as people make them, drawn from a seed: of every sort, one to three in a revision, always possible ones."""

import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lecture_assets.graph.build import build
from lecture_assets.graph.kind import Editable, Holds
from lecture_assets.graph.node import Node
from lecture_assets.graph.settings import Settings
from lecture_assets_tests.intake import samples

VALUES: Mapping[str, list[str]] = {
    "prompt": ["Explain rain.", "Explain snow."],
    "notes": [
        "The sun warms the sea and water rises as vapour.\n\nHigh up it cools, and drops fall on the mountains.",
        "The sun warms the sea and water rises as vapour.\n\nHigh up it cools, and flakes fall on the mountains.",
    ],
    "system_prompt": ["Be brief.", "Be kind."],
    "audience": ["adults", "ten-year-olds"],
    "language": ["en", "de"],
    "duration": ["5", "10", "15"],
    "segment_length": ["5", "10"],
    "num_segments": ["1", "2", "3", "auto"],
    "images_per_segment": ["1", "2"],
    "image_style": ["oil", "woodcut"],
    "aspect_ratio": ["1:1", "16:9"],
    "use_video": ["true", "false"],
    "assembly_strategy": ["fixed-length", "narration-led"],
    "voice": ["teacher", "narrator"],
    "lexicon": ["{}", '{"water": "wah ter"}', '{"water": "waw ter", "drops": "dropps"}', '{"Rain": "rayn"}'],
    "music_prompt_mod": ["calm", "brisk"],
    "music_volume": ["0", "60", "100"],
    "title_display": ["over", "card"],
    "text_model": ["simulated:openai/one", "simulated:openai/two"],
    "speech_model": ["simulated:openai/one", "simulated:openai/two"],
    "image_model": ["simulated:replicate/one", "simulated:replicate/two"],
    "title": ["Rain", "Snow"],
}
_OWN_MODELS = ["simulated:openai/own", "simulated:replicate/own"]
_TEXTS = ["Rain falls.", "Water rises.", "Clouds drift over the sea."]
_MOST_SLOTS = 6
_SHAPING = ("segments", "set num", "set dur", "set seg", "set use", "set images")
_FILES: Mapping[Holds, tuple[str, ...]] = {
    Holds.PICTURE: ("one.png", "two.jpg"),
    Holds.SPEECH: ("one.wav", "two.wav"),
    Holds.MUSIC: ("one.wav", "two.wav"),
    Holds.CLIP: ("one.mp4", "two.mp4"),
}


def make_files(folder: Path) -> Path:
    """The media that a person of these tests has."""
    samples.picture(folder / "one.png")
    samples.picture(folder / "two.jpg", size=(60, 90))
    samples.tone(folder / "one.wav", 0.2)
    samples.tone(folder / "two.wav", 0.3)
    samples.clip(folder / "one.mp4")
    samples.clip(folder / "two.mp4", frames=20)
    return folder


def revision(chance: random.Random, settings: Settings, takes: Mapping[str, int], files: Path) -> list[str]:
    """One to three edits that name different nodes. takes: how many each node has; files: a folder of `make_files`."""
    edits: dict[str, str] = {}
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        edit = _edit(chance, settings, takes, files)
        edits.setdefault(edit.split("=")[0].split()[-1], edit)
    shape = [edit for edit in edits.values() if edit.startswith(_SHAPING)]
    return shape[:1] or list(edits.values())  # after a change of shape a node may be gone


def _edit(chance: random.Random, settings: Settings, takes: Mapping[str, int], files: Path) -> str:
    made = build(settings).made
    pinned = [node.id for node in made if settings.of_node(node.id).pinned is not None]
    sorts: list[Iterator[str]] = [
        _set(chance),
        _set(chance),
        _text(chance, made),
        _text(chance, made),
        _media(chance, made, files),
        _of_model(chance, made, pinned),
        _take(chance, made, takes),
        _segments(chance, settings),
        iter([f"unpin {node}" for node in chance.sample(pinned, min(1, len(pinned)))]),
    ]
    chance.shuffle(sorts)
    return next(edit for sort in sorts for edit in sort)


def _set(chance: random.Random) -> Iterator[str]:
    key = chance.choice(sorted(VALUES))
    yield f"set {key}={chance.choice(VALUES[key])}"


def _text(chance: random.Random, made: tuple[Node, ...]) -> Iterator[str]:
    node = chance.choice([node for node in made if node.kind.editable is Editable.TEXT])
    words = chance.choice(["zoom-in", "fade", "none"]) if node.kind.holds is Holds.EFFECT else chance.choice(_TEXTS)
    yield f"text {node.id}={words}"


def _media(chance: random.Random, made: tuple[Node, ...], files: Path) -> Iterator[str]:
    node = chance.choice([node for node in made if node.kind.editable is Editable.MEDIA])
    yield f"media {node.id}=@{files / chance.choice(_FILES[node.kind.holds])}"


def _of_model(chance: random.Random, made: tuple[Node, ...], pinned: list[str]) -> Iterator[str]:
    node = chance.choice([node for node in made if node.kind.role and node.id not in pinned])
    yield chance.choice([f"reroll {node.id}", f"model {node.id}={chance.choice(_OWN_MODELS)}"])


def _take(chance: random.Random, made: tuple[Node, ...], takes: Mapping[str, int]) -> Iterator[str]:
    choosable = [node.id for node in made if (node.kind.role or node.kind.editable is not Editable.NO) and takes.get(node.id)]
    if choosable:
        node = chance.choice(choosable)
        yield f"take {node}={chance.randint(1, takes[node])}"


def _segments(chance: random.Random, settings: Settings) -> Iterator[str]:
    slot = chance.choice(settings.order)
    ways: list[Any] = [f"segments move:{slot}:{chance.randrange(len(settings.order))}"]
    ways += ["segments add", f"segments add:{slot}"] if len(settings.slots) < _MOST_SLOTS else []
    ways += [f"segments remove:{slot}"] if len(settings.order) > 1 else []
    yield chance.choice(ways)
