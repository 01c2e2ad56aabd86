"""A silent preview: a frame of each of the first segments as a GIF that repeats, for places that show no video."""

import io
from collections.abc import Mapping
from typing import Any

from PIL import Image

from lecture_assets.render.open_media import OpenMedia
from lecture_assets.render.poster import middle_of

_WIDTH = 480
"""Pixels of the wider side: what a README or a message shows."""
_MOST, _EACH_MS = 8, 1200
_COLOURS = 128


def preview(timeline: Mapping[str, Any], open_media: OpenMedia) -> bytes:
    """Return the GIF. WrongInputError for a medium that cannot be read."""
    share = _WIDTH / max(timeline["width"], timeline["height"])
    size = tuple(2 * round(side * share / 2) for side in (timeline["width"], timeline["height"]))
    layers = [segment["layers"][0] for segment in timeline["segments"][:_MOST]]
    frames = [middle_of(layer, (size[0], size[1]), open_media) for layer in layers]
    flat = [frame.quantize(_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.FLOYDSTEINBERG) for frame in frames]
    out = io.BytesIO()
    flat[0].save(out, "GIF", save_all=True, append_images=flat[1:], duration=_EACH_MS, loop=0, optimize=False)
    return out.getvalue()
