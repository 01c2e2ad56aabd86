"""What the film shows for want of longer clips: sentences for reports, from the facts of `timeline/coverage.py`."""

from collections.abc import Mapping
from typing import Any

from lecture_assets.timeline.coverage import SLOWEST_PERMILLE, covered

SLOWEST_TIMES = f"{1000 / SLOWEST_PERMILLE:.1f} times"
"""The longest that a clip is drawn out, in words."""
_NAMED = 5
"""How many segments a sentence names."""


def coverage_notes(timeline: Mapping[str, Any]) -> list[str]:
    """Return a sentence that names the seconds which no clip covers; none if the clips of a timeline are long enough."""
    short = [(part.slot, seconds(part.last_frame_ms)) for part in covered(timeline) if part.last_frame_ms]
    if not short:
        return []
    named = [f"{slot} for {length}" for slot, length in short[:_NAMED]]
    if more := len(short) - _NAMED if len(short) > _NAMED else 0:
        named.append(f"{more} more")
    listed = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
    clips = "a clip is" if len(short) == 1 else f"{len(short)} clips are"
    return [f"{clips} too short even when slowed to {SLOWEST_TIMES}, so a last frame moves on: in {listed}"]


def seconds(length_ms: int) -> str:
    """`2.1 s`: to a tenth."""
    return f"{length_ms / 1000:.1f} s"
