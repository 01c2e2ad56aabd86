"""Clocks and sizes: frames, milliseconds, and the frame size of each aspect ratio.

The name of a number tells which clock it is on:

    start_frame, start_ms, end_ms    from the start of the lecture
    offset_ms, end_offset_ms         from the start of the segment (only in segment timelines)
    source_…_ms                      within the medium itself
"""

from collections.abc import Mapping

from lecture_assets.graph.errors import Fault, WrongInputError

FPS = 30
"""Frames per second of every lecture."""

ASPECT_RATIOS: Mapping[str, tuple[int, int]] = {
    "16:9": (1280, 720),
    "9:16": (720, 1280),
    "1:1": (960, 960),
    "4:3": (960, 720),
    "4:5": (768, 960),
}
"""Width and height in pixels at 720p; multiples of 16, the size of an H.264 macroblock."""

RESOLUTIONS: Mapping[str, tuple[int, int]] = {"720p": (1, 1), "1080p": (3, 2)}
"""What the sides at 720p are multiplied by, as a fraction; all sides stay even, as yuv420p requires."""


def frame_at(time_ms: int) -> int:
    """Return the frame nearest to a time, rounding halves up. For times on the lecture's clock only: lengths would drift."""
    return (time_ms * FPS + 500) // 1000


def frames_between(start_ms: int, end_ms: int) -> int:
    """Return the number of frames between two times on the lecture's clock."""
    return frame_at(end_ms) - frame_at(start_ms)


def size_of(aspect_ratio: str, resolution: str = "720p") -> tuple[int, int]:
    """Return (width, height) in pixels. Raise WrongInputError for what is not in ASPECT_RATIOS or RESOLUTIONS."""
    if aspect_ratio not in ASPECT_RATIOS:
        raise WrongInputError([Fault("aspect_ratio", repr(aspect_ratio), ", ".join(ASPECT_RATIOS))])
    if resolution not in RESOLUTIONS:
        raise WrongInputError([Fault("resolution", repr(resolution), ", ".join(RESOLUTIONS))])
    times, parts = RESOLUTIONS[resolution]
    width, height = ASPECT_RATIOS[aspect_ratio]
    return width * times // parts, height * times // parts
