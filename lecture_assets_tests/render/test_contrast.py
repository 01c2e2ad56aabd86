"""Captions have enough contrast on any picture: at least 4.5:1, as WCAG 2.2 asks for text (success criterion 1.4.3)."""

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from lecture_assets.render.overlay import Overlays
from lecture_assets.render.plane import overlaid, picture_of, planes_of
from lecture_assets_tests.timeline.samples import lecture, segment, speech

LEAST = 4.5


def light(colour: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Relative luminance, by WCAG."""
    part = np.asarray(colour, float) / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]))


GROUNDS = {
    "white": np.full((720, 1280, 3), 255, np.uint8),
    "black": np.zeros((720, 1280, 3), np.uint8),
    "amber": np.full((720, 1280, 3), (255, 205, 92), np.uint8),
    "busy": np.random.default_rng(7).integers(0, 256, (180, 320, 3), np.uint8).repeat(4, axis=0).repeat(4, axis=1),
}


@pytest.mark.parametrize("ground", GROUNDS)
def test_captions_can_be_read_on_any_picture(ground: str) -> None:
    timeline = lecture({0: segment(narration=speech("alpha beta gamma delta"))}, title=None)
    (caption,) = Overlays(timeline).at(15)
    shown = overlaid(planes_of(Image.fromarray(GROUNDS[ground])), [caption])
    width, height = caption.mask.size
    pixels = np.asarray(picture_of(shown))[caption.y : caption.y + height, caption.x : caption.x + width]
    cover = np.asarray(caption.mask)
    plate = light(pixels[(cover > 170) & (cover < 180)])
    letters = pixels[cover == 255]
    is_marked = letters[:, 2] < 170
    brightest = float(np.quantile(plate, 0.99))
    for which in (letters[is_marked], letters[~is_marked]):
        assert len(which) > 100
        assert (float(np.median(light(which))) + 0.05) / (brightest + 0.05) >= LEAST
