"""What is wrong with a film as it was rendered: rules of one sentence each, about what was measured of its clips and its sound.

    content.PictureMeasures of each clip, content.Soundtrack ─► RULES[name] ─► a sentence, or none

What is meant is left out: the fade to black at the end, a title card, which stands still, and placeholders. Pure.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lecture_assets.timeline.film_checks import listed
from lecture_assets.timeline.motion import QUIET

LONGEST_FROZEN_MS, LONGEST_BLACK_MS, LONGEST_SILENCE_MS = 1_000, 100, 3_000
"""What a viewer takes for a fault: a picture that stands still, frames of black, silence amid the lecture."""
_DARKEST = 30
"""Mean light, 0 to 255, below which a first frame makes a black thumbnail, as in `render/poster.py`."""
_MOST_PEAK_MILLIBEL = -95
"""-1 dB of true peak, which platforms ask for, with a twentieth for the measurement."""
_ASKED_MILLIBEL, _TOLERATED_MILLIBEL = -1_600, 100
"""Platforms ask for -16 LUFS and accept 1 LU more or less (Apple Podcasts)."""
_TENTH = 5
"""Loudness is given in tenths of a LU; this is what rounds to one."""
_NAMED = 3
"""How many words a sentence names of a picture."""
_MARGIN_MS = 40
"""Frames do not begin where milliseconds do."""


@dataclass(frozen=True, slots=True)
class RenderedFilm:
    """A timeline, what was measured of each of its clips, by slot, and of its sound."""

    timeline: Mapping[str, Any]
    clips: Mapping[str, Mapping[str, Any]]
    sound: Mapping[str, Any]

    def ms(self, frames: int) -> int:
        """Frames in milliseconds."""
        length: int = frames * 1000 // self.timeline["fps"]
        return length

    def spans(self, name: str, least_ms: int, meant: Sequence[tuple[int, int]]) -> Iterator[tuple[str, str]]:
        """Yield slot and length of what a measure names and what is not meant, on the lecture's clock, if it lasts `least_ms`."""
        for segment in self.timeline["segments"]:
            start = self.ms(segment["start_frame"])
            spans = self.clips.get(segment["slot"], {}).get(name, ())
            lengths = [length for begin, end in spans if (length := _left((start + begin, start + end), meant)) >= least_ms]
            if lengths:
                yield segment["slot"], f"for {max(lengths) / 1000:.1f} s"


def _still(film: RenderedFilm) -> Iterator[str]:
    """No picture stands still for a second."""
    meant = [*_placeholders(film), *_title(film), *_closing(film)]
    found: dict[str, list[tuple[str, str]]] = {}
    for slot, length in film.spans("frozen_ms", LONGEST_FROZEN_MS, meant):
        found.setdefault(_moving(film, slot), []).append((slot, length))
    for remedy, frozen in found.items():
        yield f"the picture stands still in {listed(frozen)}: {remedy}"


def _moving(film: RenderedFilm, slot: str) -> str:
    """Return what to do for a picture to move that stands still: by what is shown, and by the effect that it has."""
    segment = next(segment for segment in film.timeline["segments"] if segment["slot"] == slot)
    if any(layer["type"] == "video" for layer in segment["layers"]):
        return "supply a clip that moves"
    if segment.get("effect", QUIET) == QUIET:
        return f"choose an effect other than {QUIET}, or a picture with more to see in it"
    other = f"`reroll asset:image:segment[{int(slot[1:])}]:image[0]`"
    return f"its effect moves it, but nothing in it can be seen to move: order another picture with {other}, or supply one"


def _black(film: RenderedFilm) -> Iterator[str]:
    """No frame is black before the fade at the end."""
    if black := list(film.spans("black_ms", LONGEST_BLACK_MS, [*_closing(film), *_card(film)])):
        first = int(black[0][0][1:])
        images = f"asset:image:segment[{first}]:image[0]"
        yield f"the picture is black in {listed(black)}: look at its pictures, and order others with `reroll {images}`"


def _first_frame(film: RenderedFilm) -> Iterator[str]:
    """The first frame is not dark: players and pages show it before the film plays."""
    slot = film.timeline["segments"][0]["slot"]
    light = film.clips.get(slot, {}).get("first_light")
    if light is not None and light < _DARKEST and not _card(film):
        yield (
            f"the first frame is dark ({light} of 255), and so are thumbnails that players make of it: "
            f"order a lighter picture for {slot}, or set title_display=card"
        )


def _text(film: RenderedFilm) -> Iterator[str]:
    """No word in a picture is cut off in all of its views; as far as the extra `ocr` can read them."""
    cut = {
        (segment["slot"], layer.get("image", 0)): [word["text"] for word in words if word["sha256"] == layer["media"]["sha256"]]
        for segment in film.timeline["segments"]
        if (words := film.clips.get(segment["slot"], {}).get("cut_words"))
        for layer in segment["layers"]
        if layer["type"] == "image"
    }
    if found := [(place, words) for place, words in cut.items() if words]:
        (slot, image), _ = found[0]
        node = f"asset:image:segment[{int(slot[1:])}]:image[{image}]"
        named = [
            (f"{slot} image[{image}]" if image else slot, ", ".join(f'"{word}"' for word in words[:_NAMED]))
            for (slot, image), words in found
        ]
        remedy = (
            f"supply a picture in the shape of the film, with words at least 3 % from its edges, with `media {node}=@FILE`, "
            f"or order another with `reroll {node}`"
        )
        yield f"words in pictures are cut off at the edge of the film, in {listed(named)}: {remedy}"


def _silence(film: RenderedFilm) -> Iterator[str]:
    """The film is not silent for three seconds, but at its opening and its end."""
    whole = film.ms(film.timeline["duration_in_frames"])
    spoken = [(s["narration"]["start_ms"], s["narration"]["start_ms"] + s["narration"]["duration_ms"]) for s in _spoken(film)]
    first, last = (spoken[0][0], spoken[-1][1]) if spoken else (0, whole)
    found = []
    for begin, end in film.sound.get("silent_ms", ()):
        length = min(end, last) - max(begin, first)
        if length >= LONGEST_SILENCE_MS:
            slots = [s["slot"] for s in film.timeline["segments"] if film.ms(s["start_frame"]) <= max(begin, first)]
            found.append((slots[-1], f"for {length / 1000:.1f} s"))
    if found:
        yield f"nothing is heard in {listed(found)}: supply a recording that can be heard, or turn on music with music_volume"


def _peak(film: RenderedFilm) -> Iterator[str]:
    """The true peak of the sound is at most -1 dB."""
    if (peak := film.sound.get("peak_millibel")) is not None and peak > _MOST_PEAK_MILLIBEL:
        yield (
            f"the sound's true peak is {peak / 100:.1f} dB, above the -1 dB that platforms accept: "
            "supply recordings that are not clipped, or lower music_volume"
        )


def _loudness(film: RenderedFilm) -> Iterator[str]:
    """The film is as loud as platforms ask for: -16 LUFS, and 1 LU more or less."""
    loudness = film.sound.get("loudness_millibel")
    if loudness is not None and abs(loudness - _ASKED_MILLIBEL) > _TOLERATED_MILLIBEL + _TENTH:
        quieter = "quieter" if loudness < _ASKED_MILLIBEL else "louder"
        yield (
            f"the film has {loudness / 100:.1f} LUFS, {quieter} than the -16 ±1 that platforms ask for: "
            "listen to its recordings, and supply others for those with more noise or silence than speech"
        )


Rule = Callable[[RenderedFilm], Iterator[str]]

RULES: Mapping[str, Rule] = {
    "film_does_not_freeze": _still,
    "film_is_not_black": _black,
    "first_frame_is_light": _first_frame,
    "words_in_pictures_are_whole": _text,
    "film_is_not_silent": _silence,
    "film_does_not_peak": _peak,
    "film_is_as_loud_as_platforms_ask": _loudness,
}
"""The rules by name, in the order in which their sentences are given."""


def _spoken(film: RenderedFilm) -> list[Mapping[str, Any]]:
    return [segment for segment in film.timeline["segments"] if segment["narration"]["type"] != "missing"]


def _closing(film: RenderedFilm) -> list[tuple[int, int]]:
    """Return the fade to black at the end, as one span, or none."""
    last, whole = film.timeline["segments"][-1]["layers"][-1], film.timeline["duration_in_frames"]
    fade: int = last.get("fade_out_frames", 0)
    return [(film.ms(whole - fade) - _MARGIN_MS, film.ms(whole) + _MARGIN_MS)] if fade else []


def _card(film: RenderedFilm) -> list[tuple[int, int]]:
    """Return when the title stands alone, as one span, or none."""
    title = film.timeline["title"]
    return [(0, film.ms(title["duration_in_frames"]) + _MARGIN_MS)] if title.get("display") == "card" else []


def _title(film: RenderedFilm) -> list[tuple[int, int]]:
    """Return when a title is seen, as one span, or none: it darkens what is under it, so little is seen to move."""
    title = film.timeline["title"]
    is_seen = title.get("text") and title.get("display") != "none"
    return [(0, film.ms(title["duration_in_frames"]) + _MARGIN_MS)] if is_seen else []


def _placeholders(film: RenderedFilm) -> Iterator[tuple[int, int]]:
    for segment in film.timeline["segments"]:
        for layer in segment["layers"]:
            if layer["type"] == "missing":
                yield film.ms(layer["start_frame"]), film.ms(layer["start_frame"] + layer["duration_in_frames"])


def _left(span: tuple[int, int], meant: Sequence[tuple[int, int]]) -> int:
    """Return the longest part of a span, in milliseconds, that none of those covers which are meant."""
    parts = [span]
    for low, high in meant:
        parts = [part for begin, end in parts for part in ((begin, min(end, low)), (max(begin, high), end)) if part[1] > part[0]]
    return max((end - begin for begin, end in parts), default=0)
