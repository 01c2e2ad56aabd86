"""How long a person asked a lecture to be. A default is nobody's wish, so most lectures were asked for without a length."""

from collections.abc import Mapping
from typing import NamedTuple, cast

from lecture_assets.briefs.brief import KEY_OF, Brief
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.settings import Settings
from lecture_assets.languages import seconds_at_mean, seconds_to_say
from lecture_assets.prose.markup import as_shown

_DURATION, _LENGTH, _COUNT = "duration", "segment-length", "num-segments"


class AskedLength(NamedTuple):
    """Seconds, the settings that say so, and how to ask for another length, given in seconds."""

    seconds: int
    by: str
    remedy: str


def asked_length(settings: Settings) -> AskedLength | None:
    """Return the length that a person set: both numbers of segments and their length, else the duration; None without one."""
    if is_asked(settings, _COUNT) and is_asked(settings, _LENGTH):
        seconds = len(settings.order) * cast("int", settings.inputs[_LENGTH])
        return AskedLength(seconds, "num_segments × segment_length", "change num_segments or segment_length")
    if is_asked(settings, _DURATION):
        return AskedLength(cast("int", settings.inputs[_DURATION]), "duration", "set duration={}")
    return None


def is_asked(settings: Settings, name: str) -> bool:
    """Whether a person set this one of `settings.LENGTHS`. Where that was not kept, what differs from the default counts."""
    value = settings.inputs[name]
    if settings.asked is not None:
        return value is not None and name in settings.asked
    return value != Brief.model_fields[KEY_OF[name]].default and not (name == _DURATION and value in _said_s(settings.inputs))


def _said_s(inputs: Mapping[str, Json]) -> set[int]:
    """Return the durations that a lecture gets from its notes, where it has some."""
    notes, language = cast("dict[str, str | None]", inputs["user-prompt"])["notes"], str(inputs["language"])
    if not notes:
        return set()
    text = as_shown(notes, language)
    return {seconds_at_mean(text, language), seconds_to_say(text, language, str(inputs["speech-model"]))}
