"""Warn about settings that do not suit the pictures, clips and music that will be ordered, or the own ones that are there."""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import cast

from lecture_assets.graph.kind import Role
from lecture_assets.graph.lecture import CLIP, RECORDING
from lecture_assets.graph.node import node_id
from lecture_assets.languages import seconds_to_say
from lecture_assets.prose.markup import as_shown
from lecture_assets.providers.model import Model
from lecture_assets.runner.reading.coverage_notes import long_pictures, seconds, slowed
from lecture_assets.runner.reading.wishes import TOLERANCE, Wishes, time
from lecture_assets.timeline.assemble import ASPECT_RATIOS, CLOSING_MS
from lecture_assets.timeline.coverage import HOLD_MS, SLOWEST_PERMILLE, clip_cover
from lecture_assets.timeline.film_checks import clipping, listed, reading_speed
from lecture_assets.timeline.segment import LEAD_MS, TAIL_MS

_SHORTEST_VIEW_S = 2
"""The fewest seconds a picture should be visible."""


def _clips(wishes: Wishes) -> Iterator[str]:
    """use_video × how long the model's clips can be; use_video × images_per_segment."""
    if not wishes.settings.inputs["use-video"]:
        return
    if (images := wishes.settings.images) > 1:
        yield (
            f"images_per_segment={images} applies only to pictures: with use_video a segment shows one clip; "
            "set images_per_segment=1, or use_video=false to see pictures"
        )
    model = wishes.model(Role.VIDEO)
    longest_ms = _longest_ms(model) if model else None
    lasts_s = max(wishes.length_s, round(wishes.said_s / wishes.count))
    if model and longest_ms is not None and lasts_s * 1000 > longest_ms:
        longer = f"segments of about {time(lasts_s)} are longer than the clips of {model.name} (at most {seconds(longest_ms)})"
        yield f"{longer}: {slowed(longest_ms, lasts_s * 1000)}; segment_length={longest_ms // 1000} would fit"


def _own_clips(wishes: Wishes) -> Iterator[str]:
    """A person's own clips × the length of their segments: the last frame of a clip that is too short moves on."""
    short = []
    for slot, clip_ms in sorted(wishes.known.clips_ms.items(), key=lambda own: wishes.settings.order.index(own[0])):
        length_ms = _segment_ms(wishes, slot)
        rest_ms = length_ms - clip_cover(clip_ms, length_ms).moving_ms
        if rest_ms > HOLD_MS:
            short.append((slot, f"about {seconds(rest_ms)}"))
    if short:
        which = "a clip of your own is" if len(short) == 1 else f"{len(short)} clips of your own are"
        left = listed([(f"s{slot:02d}", f"for {length}") for slot, length in short])
        yield (
            f"{which} too short even when slowed to {1000 / SLOWEST_PERMILLE:.1f} times, so a last frame moves on: in {left}; "
            f"supply a longer one with `media {node_id(CLIP, short[0][0])}=@FILE`, or shorten the narration"
        )


def _segment_ms(wishes: Wishes, slot: int) -> int:
    """Return about how long a segment lasts: by its recording, else by its text, else as planned."""
    spoken = wishes.known.heard_ms.get(slot)
    if spoken is None and slot in wishes.known.texts:
        spoken = _said_ms(wishes, slot)
    wanted = wishes.length_s * 1000
    is_fixed = wishes.settings.inputs["assembly-strategy"] == "fixed-length"
    length = wanted if spoken is None else LEAD_MS + spoken + TAIL_MS
    return (max(wanted, length) if is_fixed else length) + (CLOSING_MS if slot == wishes.settings.order[-1] else 0)


def _said_ms(wishes: Wishes, slot: int) -> int:
    text = as_shown(wishes.known.texts[slot], wishes.language)
    return 1000 * seconds_to_say(text, wishes.language, str(wishes.settings.inputs["speech-model"]))


def _own_recordings(wishes: Wishes) -> Iterator[str]:
    """A person's own recordings × their texts: captions show the text while the recording plays. Clipped ones are named."""
    fast = []
    for slot in (slot for slot in wishes.settings.order if slot in wishes.known.speech_ms and slot in wishes.known.texts):
        length_ms, text = wishes.known.speech_ms[slot], as_shown(wishes.known.texts[slot], wishes.language)
        if per_second := reading_speed(text, length_ms):
            fast.append((slot, f"with {per_second} letters a second"))
    if fast:
        which = "a recording of your own is" if len(fast) == 1 else f"{len(fast)} recordings of your own are"
        yield (
            f"{which} too short for the text ({listed([(f's{slot:02d}', figure) for slot, figure in fast])}), so captions "
            f"pass faster than people read: supply one that says all of it with `media {node_id(RECORDING, fast[0][0])}=@FILE`, "
            "or shorten the text"
        )
    yield from clipping({f"s{slot:02d}": share for slot, share in sorted(wishes.known.clipped.items())})


def _longest_ms(model: Model) -> int | None:
    """Return the longest clip or piece of music that a model makes; None if unlimited."""
    if "frames" in model.within:
        return model.within["frames"][1] * 1000 // cast("int", model.parameters.get("frames_per_second", 16))
    return model.within["seconds"][1] * 1000 if "seconds" in model.within else None


def _pictures(wishes: Wishes) -> Iterator[str]:
    """images_per_segment × segment_length; aspect_ratio × the image model."""
    images, each_s, is_clip = wishes.settings.images, wishes.each_s, wishes.settings.inputs["use-video"]
    if images > 1 and not is_clip and each_s / images < _SHORTEST_VIEW_S:
        fits = max(1, math.floor(each_s / _SHORTEST_VIEW_S))
        yield (
            f"images_per_segment={images} in segments of {wishes.length_s} s means a new picture every {each_s / images:.1f} s; "
            f"images_per_segment={fits} would show one every {each_s / fits:.1f} s"
        )
    is_longer = each_s > wishes.length_s * TOLERANCE  # which is said by others
    if not is_clip and not is_longer:
        yield from long_pictures(wishes.length_s, images)
    model, ratio = wishes.model(Role.IMAGE), str(wishes.settings.inputs["size-aspect-ratio"])
    size = str(model.parameters.get("size", "")) if model else ""
    across, _, down = size.partition("x")
    wide, _, high = ratio.partition(":")
    if model and across.isdigit() and down.isdigit() and int(across) * int(high) != int(down) * int(wide):
        like = next((other for other in ASPECT_RATIOS if _is_ratio(other, int(across), int(down))), None)
        yield (
            f"{model.name} makes pictures of {size}, but aspect_ratio is {ratio}: they are cropped, or shown on a background; "
            f"choose a size or a model that fits with models.image{f', or aspect_ratio={like}' if like else ''}"
        )


def _is_ratio(ratio: str, across: int, down: int) -> bool:
    wide, _, high = ratio.partition(":")
    return across * int(high) == down * int(wide)


def _music(wishes: Wishes) -> Iterator[str]:
    """Music × duration: music shorter than the lecture repeats."""
    model = wishes.model(Role.MUSIC)
    longest_ms, lasts_s = _longest_ms(model) if model else None, max(wishes.said_s, wishes.count * wishes.length_s)
    if model and longest_ms is not None and lasts_s * 1000 > longest_ms * TOLERANCE and wishes.settings.inputs["music-volume"]:
        longest = f"at most {longest_ms // 1000} s"
        yield (
            f"music by {model.name} lasts {longest}, but the lecture about {time(lasts_s)}: the music repeats; "
            "supply a longer piece with `media asset:music=@FILE`, or set music_volume=0"
        )


RULES: Sequence[Callable[[Wishes], Iterator[str]]] = (_clips, _own_clips, _own_recordings, _pictures)
"""Before those on languages and texts; `MUSIC` comes after them."""
MUSIC = _music
