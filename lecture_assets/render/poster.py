"""A poster: one picture that stands for a lecture before it plays. A JPEG of the film's size, without captions or title."""

import io
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import islice
from typing import Any

from PIL import Image, ImageStat

from lecture_assets.render.layer import open_layer
from lecture_assets.render.open_media import OpenMedia
from lecture_assets.render.plane import picture_of
from lecture_assets.timeline.clock import FPS

_QUALITY = 88
_CANDIDATES = 4
"""How many layers are looked at; the first one that is good enough is taken."""
_DARKEST, _PLAINEST = 30.0, 12.0
"""Mean and standard deviation of light (0 to 255) below which a picture counts as black, or as empty."""


def poster(timeline: Mapping[str, Any], open_media: OpenMedia) -> bytes:
    """Return the first picture of a lecture that is neither dark nor empty, as JPEG; failing that, the best of the first four.

    Placeholders count only where there is nothing else. WrongInputError for a medium that cannot be read.
    """
    pictures: list[tuple[float, float, Image.Image]] = []
    for layer in islice(_layers(timeline), _CANDIDATES):
        picture = middle_of(layer, (timeline["width"], timeline["height"]), open_media)
        light = ImageStat.Stat(picture.convert("L"))
        score = min(light.mean[0] / _DARKEST, light.stddev[0] / _PLAINEST, 1.0)
        pictures.append((score, light.mean[0] if score < 1 else 255.0, picture))
        if score == 1:
            break
    out = io.BytesIO()
    max(pictures, key=lambda scored: scored[:2])[2].save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()


def _layers(timeline: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the layers in play order; placeholders only if there is nothing else."""
    layers = [layer for segment in timeline["segments"] for layer in segment["layers"]]
    yield from [layer for layer in layers if layer["type"] != "missing"] or layers


def middle_of(layer: Mapping[str, Any], size: tuple[int, int], open_media: OpenMedia) -> Image.Image:
    """Draw a layer in the middle of its time, of a clip's own time if that is shorter."""
    frames: int = layer["duration_in_frames"]
    if layer["type"] == "video":
        plays_ms = layer["source_duration_ms"] - layer.get("source_start_ms", 0)
        rate = layer.get("playback_rate_permille", 1000)
        frames = min(frames, plays_ms * FPS // rate) if rate else frames
    with closing(open_layer(layer, size, open_media)) as visual:
        return picture_of(visual.at(frames // 2))
