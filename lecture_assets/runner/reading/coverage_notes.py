"""What a film will show for want of longer clips and more pictures: sentences for plans, from `timeline/coverage.py`."""

import math
from collections.abc import Iterator

from lecture_assets.graph.lecture import MAX_IMAGES
from lecture_assets.timeline.coverage import LONGEST_VIEW_MS, clip_cover

_LONGEST_PICTURE_S = 2 * LONGEST_VIEW_MS // 1000
"""The most seconds for which views of one picture keep attention."""


def slowed(clip_ms: int, length_ms: int) -> str:
    """Say how clips will cover segments that are longer."""
    cover = clip_cover(clip_ms, length_ms)
    slower = f"they are slowed to {1000 / cover.rate_permille:.1f} times"
    rest_ms = length_ms - cover.moving_ms
    return f"{slower}, and in each the last frame moves on for {seconds(rest_ms)} that no clip covers" if rest_ms else slower


def long_pictures(length_s: int, images: int) -> Iterator[str]:
    """Suggest more pictures for segments of a length, if each would stay for long."""
    if images < MAX_IMAGES and length_s / images > _LONGEST_PICTURE_S:
        fits = min(MAX_IMAGES, math.ceil(length_s / _LONGEST_PICTURE_S))
        yield (
            f"a picture stays for about {length_s / images:.0f} s, shown closer and wider in turn; images_per_segment={fits} "
            f"would show a new one every {length_s / fits:.0f} s"
        )


def seconds(length_ms: int) -> str:
    """`2.1 s`: to a tenth."""
    return f"{length_ms / 1000:.1f} s"
