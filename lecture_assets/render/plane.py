"""Pictures as H.264 stores them: one plane of light, two of colour at half size. Time plays no part here.

Frames are drawn in this form, since moving three small planes costs half as much as moving RGB and converting each frame.
"""

from dataclasses import dataclass

import av
import numpy as np
import numpy.typing as npt
from PIL import Image

_LIGHT = (0.18259, 0.61423, 0.06201, 16.0)
_BLUE = (-0.10064, -0.33857, 0.43922, 128.0)
_RED = (0.43922, -0.39894, -0.04027, 128.0)
"""Rows of the RGB to Y'CbCr matrix of ITU-R BT.709, limited range."""


@dataclass(frozen=True, slots=True)
class Planes:
    """Three 8-bit images of mode L: `light` of width × height, `blue` and `red` half as wide and high. Immutable once shared."""

    light: Image.Image
    blue: Image.Image
    red: Image.Image

    def to_array(self) -> npt.NDArray[np.uint8]:
        """Rows of yuv420p, (height · 3/2) × width."""
        width, height = self.light.size
        flat = np.concatenate([np.asarray(plane).reshape(-1) for plane in (self.light, self.blue, self.red)])
        return flat.reshape(height * 3 // 2, width)


@dataclass(frozen=True, slots=True)
class Overlay:
    """Something drawn over a frame at (x, y), both even, as opaque as its masks."""

    planes: Planes
    mask: Image.Image
    half_mask: Image.Image
    x: int
    y: int

    def faded(self, share: float) -> "Overlay":
        """Return the same with its opacity multiplied by a factor from 0 to 1."""
        table = [round(level * share) for level in range(256)]
        return Overlay(self.planes, self.mask.point(table), self.half_mask.point(table), self.x, self.y)


def on_white(picture: Image.Image) -> Image.Image:
    """Convert a picture of any mode to RGB, with transparent parts on white, as viewers and browsers show it."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    ground = Image.new("RGBA", picture.size, "white")
    ground.alpha_composite(picture.convert("RGBA"))
    return ground.convert("RGB")


def picture_of(planes: Planes) -> Image.Image:
    """Convert planes to an RGB picture."""
    frame = av.VideoFrame.from_ndarray(planes.to_array(), format="yuv420p")
    return Image.fromarray(frame.to_ndarray(format="rgb24", src_colorspace="ITU709"))


def planes_of(picture: Image.Image) -> Planes:
    """Convert an RGB picture of even size to planes."""
    blue, red = (picture.convert("L", row).reduce(2) for row in (_BLUE, _RED))
    return Planes(picture.convert("L", _LIGHT), blue, red)


def overlay_of(drawing: Image.Image, x: int, y: int) -> Overlay:
    """Convert an RGBA drawing of even size to an overlay at an even position."""
    mask = drawing.getchannel("A")
    return Overlay(planes_of(drawing.convert("RGB")), mask, mask.reduce(2), x, y)


def plain(size: tuple[int, int], colour: tuple[int, int, int] = (0, 0, 0)) -> Planes:
    """Planes of a single colour."""
    return planes_of(Image.new("RGB", size, colour))


def blended(under: Planes, over: Planes, share: float) -> Planes:
    """Blend `over` into `under` with an opacity from 0 to 1; at either end, return that one itself."""
    if share <= 0 or share >= 1:
        return under if share <= 0 else over
    return Planes(
        Image.blend(under.light, over.light, share),
        Image.blend(under.blue, over.blue, share),
        Image.blend(under.red, over.red, share),
    )


def overlaid(frame: Planes, overlays: list[Overlay]) -> Planes:
    """Draw overlays on a frame, the first one lowest."""
    if not overlays:
        return frame
    light, blue, red = frame.light.copy(), frame.blue.copy(), frame.red.copy()
    for overlay in overlays:
        half = (overlay.x // 2, overlay.y // 2)
        light.paste(overlay.planes.light, (overlay.x, overlay.y), overlay.mask)
        blue.paste(overlay.planes.blue, half, overlay.half_mask)
        red.paste(overlay.planes.red, half, overlay.half_mask)
    return Planes(light, blue, red)
