"""Warn of what texts do to the film that are known before anything is bought: a sentence each, with figures and a remedy.

Known are the notes and the texts that a person set. How long they take to say is estimated: voices differ by 8 %.
"""

from collections.abc import Iterator, Mapping
from typing import cast

from lecture_assets.graph.lecture import NARRATION
from lecture_assets.graph.node import parse_node_id
from lecture_assets.graph.settings import Settings
from lecture_assets.languages import seconds_to_say
from lecture_assets.prose.markup import as_shown
from lecture_assets.runner.reading.asked_length import asked_length
from lecture_assets.runner.reading.film_letters import undrawable
from lecture_assets.timeline.film_checks import FILLED_PERCENT, listed

_ESTIMATED_PERCENT = 25
"""How far an estimated length may be from what was asked for: a tenth for the film, and what voices and models vary."""


def known_texts(settings: Settings, heard_ms: Mapping[int, int]) -> Iterator[str]:
    """Yield a sentence for each fault that the known texts of a lecture lead to. heard_ms: recordings that exist, by slot."""
    for fault in undrawable(settings):
        yield f"no video can be written: {fault}"
    if said := _own_texts(settings, heard_ms):
        yield from _speech(settings, said)
        yield from _length(settings, said)


def _own_texts(settings: Settings, heard_ms: Mapping[int, int]) -> dict[str, float]:
    """Return how many seconds the narrations take that a person wrote, by slot, in play order: as recorded, or about."""
    language, model, found = str(settings.inputs["language"]), str(settings.inputs["speech-model"]), dict[int, float]()
    for node, its in settings.nodes.items():
        kind, cell = parse_node_id(node)
        if kind.name == NARRATION and isinstance(its.pinned, str) and cell.segment in settings.order:
            said_s = seconds_to_say(as_shown(its.pinned, language), language, model)
            found[cell.segment] = heard_ms[cell.segment] / 1000 if cell.segment in heard_ms else said_s
    return {f"s{slot:02d}": found[slot] for slot in settings.order if slot in found}


def _speech(settings: Settings, said: Mapping[str, float]) -> Iterator[str]:
    """Speech × segments of fixed length."""
    length_s = cast("int", settings.inputs["segment-length"])
    if settings.inputs["assembly-strategy"] != "fixed-length":
        return
    empty = [
        (slot, f"{100 * seconds / length_s:.0f} %") for slot, seconds in said.items() if seconds * 100 < FILLED_PERCENT * length_s
    ]
    if empty:
        segments = "1 segment" if len(empty) == 1 else f"{len(empty)} segments"
        yield (
            f"speech will fill less than {FILLED_PERCENT} % of {segments} of {length_s} s ({listed(empty)}): "
            "lengthen the text, shorten segment_length, or choose assembly_strategy=narration-led"
        )


def _length(settings: Settings, said: Mapping[str, float]) -> Iterator[str]:
    """Narrations × duration, once a person wrote all of them: others are written to be as long as asked."""
    if len(said) < len(settings.order) or settings.inputs["assembly-strategy"] == "fixed-length":
        return
    asked, lasts = asked_length(settings), sum(said.values())
    if asked and abs(lasts - asked.seconds) * 100 > _ESTIMATED_PERCENT * asked.seconds:
        change = "shorten" if lasts > asked.seconds else "lengthen"
        takes = f"the narrations take about {lasts:.0f} s to say, not the {asked.seconds} s that {asked.by} asks for"
        yield f"{takes}: {change} them, or {asked.remedy.format(round(lasts))}"
