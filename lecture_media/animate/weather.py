"""What moves in a clip besides the camera: rain, snow or dust, mist, and a light that wanders over the picture.

All of it changes only the luma plane, in place. The direction's words choose what, its hash where.
"""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from lecture_media.compose.score import seed_of

Luma: TypeAlias = NDArray[np.uint8]
Shape: TypeAlias = NDArray[np.float32]
_REFERENCE_HEIGHT = 720
_BLACK, _WHITE = 16, 235
"""The range of video luma (ITU-R BT.709)."""
BRIGHT_PICTURE = 150
"""On a picture with a higher median luma, white rain would not be visible."""
_LIGHT_LEVELS = 20
_LIGHT_PERIOD_S = 13.0


@dataclass(frozen=True, slots=True)
class WeatherKind:
    """One kind of particle. Lengths are in pixels of a picture 720 high, speeds in pixels per second, strength in luma levels.

    on_bright: factor for the strength on a bright picture; below 0, the particles are darker than the picture
    """

    words: str
    count: int
    radius: tuple[float, float]
    fall: tuple[float, float]
    drift: float
    sway: float
    strength: tuple[float, float]
    on_bright: float
    streak: int = 0


KINDS: Mapping[str, WeatherKind] = {
    "rain": WeatherKind("rain|storm|drizzle|shower|downpour", 110, (0.8, 1.3), (760, 1050), -90, 0, (30, 60), -0.6, streak=26),
    "snow": WeatherKind("snow|snowflake|blizzard|flakes?|sleet", 80, (1.6, 4.2), (45, 110), 14, 16, (60, 110), -0.3),
    "dust": WeatherKind("dust|pollen|particles?|motes?|sparkl|stars?|fireflies", 42, (1.3, 3.2), (-14, 9), 9, 9, (26, 60), 0.7),
}
"""By their words in the direction; dust, but less of it, if none is named."""
_MIST_WORDS = r"\b(steam|vapou?r|mist|fog|smoke|haze|cloud|evaporat)"
_MIST_LEVELS, _BRIGHT_MIST_LEVELS, _MIST_WAVES = 28, 16, 3.2
_MIST_SPEEDS = ((9.0, -30.0), (-14.0, -17.0))
"""Its two layers: pixels per second to the right and downwards, of a picture 720 high."""


class Weather:
    """The particles of one clip. The position of each is a function of time."""

    def __init__(self, prompt: str, width: int, height: int, *, bright: bool) -> None:
        """Prepare the particles.

        width, height: of the clip
        bright:        the picture is mostly light
        """
        self._size = width, height
        self._kind, count = _find_kind(prompt)
        self._scale = height / _REFERENCE_HEIGHT
        self._sign = self._kind.on_bright if bright else 1.0
        chance = seed_of("weather", prompt)
        self._x, self._y, self._turn = chance.random((3, count))
        self._fall = chance.uniform(*self._kind.fall, count)
        self._radius = chance.uniform(*self._kind.radius, count)
        self._strength = chance.uniform(*self._kind.strength, count)

    def draw(self, luma: Luma, seconds: float) -> None:
        """Add the particles of a moment to a luma plane, shape (height, width)."""
        width, height = self._size
        kind, scale = self._kind, self._scale
        margin = (kind.radius[1] + kind.streak) * scale * 2
        sway = np.sin(2 * np.pi * (self._turn + seconds / 5.0)) * kind.sway * scale
        x = (self._x * (width + 2 * margin) + kind.drift * scale * seconds) % (width + 2 * margin) - margin + sway
        y = (self._y * (height + 2 * margin) + self._fall * scale * seconds) % (height + 2 * margin) - margin
        glow = self._sign * self._strength * (0.75 + 0.25 * np.sin(2 * np.pi * (self._turn * 3 + seconds / 2.7)))
        for at_x, at_y, radius, level in zip(x.tolist(), y.tolist(), (self._radius * scale).tolist(), glow.tolist(), strict=True):
            _lay(luma, _shape(kind, round(radius, 1), scale, at_x % 1, at_y % 1), int(at_x // 1), int(at_y // 1), level)


class Light:
    """A wide soft light that wanders from one side to the other and back."""

    def __init__(self, prompt: str, width: int, height: int) -> None:
        """Draw one glow, half as large again as the clip, with grain so that no banding shows."""
        chance = seed_of("light", prompt)
        self._size = width, height
        self._begin = float(chance.random())
        rows, columns = np.ogrid[-1 : 1 : 1j * (height * 3 // 2), -1 : 1 : 1j * (width * 3 // 2)]
        glow = np.exp(-((rows * 1.3 + 0.2) ** 2 + (columns * 1.5) ** 2) * 1.6) * _LIGHT_LEVELS
        self._glow = (glow + chance.random(glow.shape, np.float32)).astype(np.uint8)

    def draw(self, luma: Luma, seconds: float) -> None:
        """Brighten a luma plane by the light of a moment."""
        width, height = self._size
        turn = 2 * np.pi * (self._begin + seconds / _LIGHT_PERIOD_S)
        left, top = int(width / 4 * (1 + np.sin(turn))), int(height / 4 * (1 + 0.6 * np.cos(turn)))
        lit = self._glow[top : top + height, left : left + width]
        _brighten(luma, lit, _LIGHT_LEVELS + 1)


class Mist:
    """Two veils that rise over each other if the words mention steam, mist or clouds; otherwise nothing."""

    def __init__(self, prompt: str, width: int, height: int, *, bright: bool) -> None:
        """Make the veils as seamless tiles, so that they can rise indefinitely."""
        self._scale = height / _REFERENCE_HEIGHT
        self._levels = _BRIGHT_MIST_LEVELS if bright else _MIST_LEVELS
        chance = seed_of("mist", prompt)
        layers = len(_MIST_SPEEDS) if re.search(_MIST_WORDS, prompt.lower()) else 0
        self._veils = [_veil(chance, width, height, self._levels) for _ in range(layers)]

    def draw(self, luma: Luma, seconds: float) -> None:
        """Add the veils of a moment to a luma plane, which makes it lighter."""
        for veil, (right, down) in zip(self._veils, _MIST_SPEEDS, strict=False):
            moved = np.roll(veil, (int(down * self._scale * seconds), int(right * self._scale * seconds)), (0, 1))
            _brighten(luma, moved, self._levels + 1)


def _brighten(luma: Luma, by: Luma, most: int) -> None:
    """Make a plane lighter by `by`, at most by `most`; white stays in range."""
    np.minimum(luma, _WHITE - most, out=luma)
    luma += by


def _veil(chance: np.random.Generator, width: int, height: int, levels: int) -> Luma:
    """Clouds: noise with waves longer than a third of the picture, weaker the shorter they are, with grain against banding."""
    rows, columns = np.fft.fftfreq(height, 1 / height)[:, None], np.fft.rfftfreq(width, 1 / width)
    waves = np.hypot(rows, columns * height / width)
    spectrum = np.fft.rfft2(chance.standard_normal((height, width))) * np.exp(-((waves / _MIST_WAVES) ** 2)) * (waves > 0)
    clouds = np.fft.irfft2(spectrum, (height, width))
    clouds = np.clip(clouds / clouds.std() * 0.35 + 0.35, 0, 1) ** 1.5
    veil: Luma = (clouds * levels + chance.random(clouds.shape)).astype(np.uint8)
    return veil


def _find_kind(prompt: str) -> tuple[WeatherKind, int]:
    """Return the particles that the words name first, and how many."""
    found = [(match.start(), kind) for kind in KINDS.values() if (match := re.search(rf"\b({kind.words})", prompt.lower()))]
    if found:
        kind = min(found, key=lambda place: place[0])[1]
        return kind, kind.count
    return KINDS["dust"], KINDS["dust"].count // 2


def _lay(luma: Luma, shape: Shape, left: int, top: int, level: float) -> None:
    """Add a shape with its middle at (left, top), as far as it is inside."""
    top, left = top - shape.shape[0] // 2, left - shape.shape[1] // 2
    first_row, first_column = max(0, -top), max(0, -left)
    target = luma[top + first_row : max(0, top + shape.shape[0]), left + first_column : max(0, left + shape.shape[1])]
    if target.size:
        part = shape[first_row : first_row + target.shape[0], first_column : first_column + target.shape[1]]
        target[:] = np.minimum(np.maximum(target + part * np.float32(level), _BLACK), _WHITE)


def _shape(kind: WeatherKind, radius: float, scale: float, x: float, y: float) -> Shape:
    """Return a shape of strength 0 to 1 whose middle lies between pixels, in quarter steps, which are few enough to cache."""
    return _drawn(radius, round(kind.streak * scale), round(x * 4) / 4, round(y * 4) / 4)


@functools.lru_cache(maxsize=4096)
def _drawn(radius: float, streak: int, x: float, y: float) -> Shape:
    """A soft disc, or a streak of rain slanted along its fall."""
    reach = int(radius * 2.2) + 2
    rows, columns = np.mgrid[-reach - streak : reach + streak + 1, -reach - streak // 6 : reach + streak // 6 + 1].astype(
        np.float32
    )
    rows, columns = rows - np.float32(y), columns - np.float32(x)
    columns = columns + rows * np.float32(0.1 if streak else 0)
    along = np.maximum(np.abs(rows) - streak * 0.5, 0)
    return np.asarray(np.exp(-(along**2 + columns**2) / (radius * radius)), np.float32)
