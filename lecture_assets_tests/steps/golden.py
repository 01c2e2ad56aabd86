"""What each version of each step makes of a wide set of samples, as a digest: `golden.json`, `{kind: {version: digest}}`.

A step whose code, or whose `timeline/` or `prose/`, makes something else than its version did fails in `test_golden.py`: its
version is raised, and stored lectures become stale by themselves. Renaming and moving change no digest.
`python -m lecture_assets_tests.steps.golden` adds the versions that are new; it changes none that is there. (Whoever changes the
samples deletes the file first, with the steps as they were.)
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from lecture_assets.graph.fingerprint import Json, digest
from lecture_assets.graph.node import Cell
from lecture_assets.ports import RenderedMedium, request_to_json
from lecture_assets.steps import STEPS
from lecture_assets.steps.rendering import RENDERING
from lecture_assets.steps.step import Free, Inputs, Rendered, UnfitAnswerError
from lecture_assets.timeline.assemble import CAPTION_DISPLAYS, CAPTION_PLACES, CAPTION_SIZES, TITLE_DISPLAYS
from lecture_assets.timeline.audio_mix import audio_mix
from lecture_assets.timeline.clock import size_of
from lecture_assets.timeline.motion import EFFECTS
from lecture_assets.timeline.segment import STRATEGIES
from lecture_assets_tests.steps.samples import ANSWERS, inputs_of, with_reroll
from lecture_assets_tests.timeline.samples import TEXT, clip, measures, music, picture, speech

FILE = Path(__file__).with_name("golden.json")

TEXTS = (
    TEXT,
    "Short. Then: a pause, and “a quotation” – with Donaudampfschifffahrtsgesellschaftskapitänsmütze, which no line can hold…",
    "光合作用在叶绿体中进行，植物利用光能。然后呢？氧气！",
    "**Bold** and [a link](https://example.org/page), `code`, H~2~O, 3 m², 20–30 °C, e.g. $E = mc^2$; 1/2 cup.\n\n- one\n- two",
    "Die Größe beträgt ca. 5 km², d. h. 1.000 Fußballfelder.",
    "One.",
)
"""Latin, long words, signs between words, no spaces, markup, abbreviations, one word."""
LANGUAGES = ("en", "en", "de", "zh", "ar")
RATIOS = ("16:9", "9:16", "1:1", "4:3", "4:5")
"""Of the first release: a new ratio changes nothing that was made before it."""
_RANDOM = 200
"""Segments of any size beside those: numbers that matter at a border are met by chance alone."""


def samples(name: str) -> Iterator[Inputs]:
    """What the step of a kind is tried with."""
    plain = inputs_of(name)
    if name == "assembler:segment-timeline":
        yield from _segments(plain)
    elif name == "assembler:timeline":
        yield from _timelines(plain)
    elif name in RENDERING.keys() - {"asset:clip"}:
        yield from _of_timelines(name)
    else:
        yield from (plain, with_reroll(plain, 7))
        for text in TEXTS:
            said = {kind: text for kind, value in plain.read.items() if isinstance(value, str) and kind.startswith("content:")}
            yield replace(plain, read={**plain.read, **said})
        for ratio in RATIOS:
            if "config:size-aspect-ratio" in plain.read:
                yield replace(plain, read={**plain.read, "config:size-aspect-ratio": ratio})


def _segments(plain: Inputs) -> Iterator[Inputs]:
    dice = Random(0)  # noqa: S311 - the same ones each time
    for text in TEXTS:
        for ratio in RATIOS:
            yield _segment(plain, dice, text=text, ratio=ratio)
    for effect in EFFECTS:
        for images in range(5):
            yield _segment(plain, dice, effect=effect, images=images)
    yield _segment(plain, dice, own=True)
    for _ in range(_RANDOM):
        words = (word + dice.choice(["", "", "", ",", "."]) for word in dice.choices(TEXT.split(), k=dice.randint(1, 40)))
        text, effect, ratio = " ".join(words), dice.choice(list(EFFECTS)), dice.choice(list(RATIOS))
        yield _segment(plain, dice, text=text, ratio=ratio, effect=effect, images=dice.randint(0, 4))


def _segment(  # noqa: PLR0913 - what segments differ in
    plain: Inputs,
    dice: Random,
    *,
    text: str = TEXT,
    ratio: str = "16:9",
    effect: str = "zoom-in",
    images: int = 2,
    own: bool = False,
) -> Inputs:
    """images: 0 for a clip in their place; own: a person's recording, of which nobody said the words."""
    measured = dice.choice([{}, {"measured": measures(dice.randint(-4000, -800))}])
    word_ms, gap_ms = dice.randint(150, 500), dice.choice([0, 40, 500, 650, 850])
    spoken = measured | speech(text, word_ms=word_ms, gap_ms=gap_ms, name=str(dice.random()))
    read: dict[str, Any] = {
        "asset:narration": {**spoken, "words": []} if own else spoken,
        "content:effect": effect,
        "content:background-music": dice.choice(["calm", "", "none", "no music"]),
        "config:language": dice.choice(LANGUAGES),
        "config:size-aspect-ratio": ratio,
        "config:assembly-strategy": dice.choice(STRATEGIES),
    }
    width, height = size_of(ratio)
    for place in range(images):
        size = (int(width * dice.uniform(0.6, 1.5)), height)
        read.setdefault("asset:image", {})[f":image[{place}]"] = picture(str(dice.random()), size)
        read.setdefault("content:image-prompt", {})[f":image[{place}]"] = text[place:]
    if not images:
        read["asset:video"] = clip(dice.randint(500, 20_000))
        read["content:starting-image-prompt"] = text
    if read["config:assembly-strategy"] == "fixed-length":
        read["config:segment-length"] = max(3, spoken["duration_ms"] // 1000 + dice.randint(-2, 5))
    if own:
        read["content:narration-text"] = read["content:visual"] = text
    return replace(plain, read=read)


def _timelines(plain: Inputs) -> Iterator[Inputs]:
    step, dice = STEPS["assembler:segment-timeline"], Random(1)  # noqa: S311 - the same ones each time
    assert isinstance(step, Free)
    made: list[Any] = [step.make(inputs) for inputs in _segments(inputs_of("assembler:segment-timeline"))]
    for number in range(_RANDOM):
        some = {slot: {**dice.choice(made), "slot": f"s{slot:02d}"} for slot in range(1 + number % 5)}
        read = {
            "assembler:segment-timeline": {f":segment[{slot}]": part for slot, part in some.items()},
            "config:segment-order": dice.sample(list(some), len(some)),
            "asset:music": _piece(dice),
            "content:video-title": dice.choice(TEXTS),
            "config:language": dice.choice(LANGUAGES),
            "content:video-summary": dice.choice(TEXTS),
            "config:size-aspect-ratio": dice.choice(list(RATIOS)),
            "config:assembly-strategy": dice.choice(STRATEGIES),
            "config:title-display": dice.choice(TITLE_DISPLAYS),
            "config:music-volume": dice.choice([100, 100, 0, 30, 200]),
            "config:captions": dice.choice(CAPTION_DISPLAYS),
            "config:caption-place": dice.choice(CAPTION_PLACES),
            "config:caption-size": dice.choice(CAPTION_SIZES),
            "config:resolution": dice.choice(("720p", "1080p")),
        }
        yield replace(plain, read=read)


def _piece(dice: Random) -> dict[str, Any]:
    """Music of some length, mostly measured."""
    length = dice.randint(1_000, 200_000)
    heard = measures(dice.randint(-3000, -800), dice.randint(0, 2_000), max(0, length - dice.randint(0, 5_000)))
    heard["loudest_millibel"] += dice.randint(0, 900)
    return music(length) | ({"measured": heard} if dice.random() < 0.8 else {})


def _of_timelines(name: str) -> Iterator[Inputs]:
    """Whole timelines, and for a segment's frames each of its segments."""
    plain, step = inputs_of(name), STEPS["assembler:timeline"]
    assert isinstance(step, Free)
    for inputs in _timelines(inputs_of("assembler:timeline")):
        timeline: Any = step.make(inputs)
        slots = [int(segment["slot"][1:]) for segment in timeline["segments"]]
        if plain.node.cell.segment is None:
            clips = {f":segment[{slot}]": {"sha256": f"{slot:064x}"} for slot in slots}
            heard = {"assembler:audio-mix": audio_mix(timeline), "asset:soundtrack": {"sha256": "f" * 64}}
            yield replace(plain, read={"assembler:timeline": timeline, "asset:clip": clips, **heard})
        else:
            nodes = (replace(plain.node, cell=Cell(slot)) for slot in slots)
            yield from (replace(plain, node=node, read={"assembler:timeline": timeline}) for node in nodes)


def outcome(name: str) -> str:
    """A digest of all that a step makes of its samples: values, requests, and what it accepts of an answer."""
    return digest([_made(name, inputs) for inputs in samples(name)])


def _made(name: str, inputs: Inputs) -> Json:
    step = STEPS[name]
    try:
        if isinstance(step, Free):
            return step.make(inputs)
        if isinstance(step, Rendered):
            asked = step.request(inputs)
            return [
                asked.form.value,
                dict(asked.timeline),
                dict(asked.clips),
                asked.sound,
                step.accept(inputs, RenderedMedium("0" * 64)),
            ]
        return [request_to_json(step.request(inputs)), step.accept(inputs, ANSWERS[name])]
    except UnfitAnswerError as error:
        return str(error)


def known() -> dict[str, dict[str, str]]:
    """The file."""
    found: dict[str, dict[str, str]] = json.loads(FILE.read_text()) if FILE.exists() else {}
    return found


def with_new_versions(before: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """The file with today's versions, where they are new."""
    return {name: {step.version: outcome(name), **before.get(name, {})} for name, step in sorted(STEPS.items())}


if __name__ == "__main__":
    FILE.write_text(json.dumps(with_new_versions(known()), indent=1) + "\n")
