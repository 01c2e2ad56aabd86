"""What was asked for of a lecture, as the rules on wishes that contradict each other see it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from lecture_assets.graph.errors import WrongInputError
from lecture_assets.graph.kind import Role
from lecture_assets.graph.settings import Settings
from lecture_assets.languages import seconds_to_say
from lecture_assets.prose.markup import as_shown
from lecture_assets.providers.model import Model
from lecture_assets.providers.vendors import SIMULATED
from lecture_assets.runner.reading.asked_length import AskedLength, asked_length
from lecture_assets.runner.reading.known_parts import KnownParts

TOLERANCE = 1.6
"""The factor by which a length may differ from what was asked for: voices differ by 8 %, and a minute means about a minute."""
ModelOf = Callable[[Role], Model]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for.

    known:    what is there, and which calls are to come
    count:    the number of segments in play order
    length_s: the length of segments that a script is written for
    asked:    the length that a person set; None without one
    notes, prompt: what a script will be written from; empty where none is to be written
    said_s:   seconds that the notes take to narrate, 0 without notes
    """

    settings: Settings
    model_of: ModelOf
    known: KnownParts
    notes: str
    prompt: str
    language: str
    count: int
    length_s: int
    asked: AskedLength | None
    said_s: int

    def model(self, role: Role) -> Model | None:
        """Return the model for a role that will be called; None if none will be, or it is not in the catalogue."""
        try:
            return self.model_of(role) if role in self.known.calls else None
        except WrongInputError:
            return None

    @property
    def is_simulated(self) -> bool:
        """Whether the simulated writer writes the script."""
        return str(self.settings.inputs["text-model"]).startswith(f"{SIMULATED}:")

    @property
    def each_s(self) -> float:
        """How long a segment lasts: as long as was planned, or as the notes take."""
        return max(self.length_s, self.said_s / self.count)


def wishes_of(settings: Settings, model_of: ModelOf, known: KnownParts) -> Wishes:
    """Return what was asked for."""
    asked = cast("dict[str, str | None]", settings.inputs["user-prompt"])
    notes, prompt = ((asked[name] or "").strip() if known.writes else "" for name in ("notes", "prompt"))
    language = str(settings.inputs["language"])
    return Wishes(
        settings=settings,
        model_of=model_of,
        known=known,
        notes=notes,
        prompt=prompt,
        language=language,
        count=len(settings.order),
        length_s=cast("int", settings.inputs["segment-length"]),
        asked=asked_length(settings),
        said_s=seconds_to_say(as_shown(notes, language), language, str(settings.inputs["speech-model"])),
    )


def time(seconds: float) -> str:
    """`45 s`, `2 min 10 s`, `13 min`, `1 h 5 min`: to the second below five minutes."""
    seconds = round(seconds)
    if seconds < 120:  # noqa: PLR2004 - a length that people give in seconds
        return f"{seconds} s"
    if seconds < 300:  # noqa: PLR2004 - in minutes and seconds
        return f"{seconds // 60} min {seconds % 60} s" if seconds % 60 else f"{seconds // 60} min"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"  # noqa: PLR2004 - minutes per hour


def segments(count: int) -> str:
    """`1 segment`, `2 segments`."""
    return "1 segment" if count == 1 else f"{count} segments"
