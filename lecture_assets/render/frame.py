"""Every frame of a lecture in order: layers with their fades, and overlays on top. One pass, in constant memory."""

from collections.abc import Iterator, Mapping
from typing import Any

from lecture_assets.render.layer import VisualLayer, open_layer
from lecture_assets.render.open_media import OpenMedia
from lecture_assets.render.overlay import Overlays
from lecture_assets.render.plane import Planes, blended, overlaid, plain


def frames_of(timeline: Mapping[str, Any], open_media: OpenMedia) -> Iterator[Planes]:
    """Yield `duration_in_frames` frames of the timeline's width × height. WrongInputError for a medium that cannot be read.

    timeline: a lecture's, or the frames of one segment (`timeline/segment_frames.py`)
    """
    overlays = Overlays(timeline)
    size = (timeline["width"], timeline["height"])
    before = _under(timeline.get("under"), size, open_media)
    titled_until = _end(timeline["title"]) if timeline["title"]["type"] == "title" else 0
    for segment in timeline["segments"]:
        frame = segment["start_frame"]
        for shown in _segment_frames(segment, size, open_media, before, titled_until):
            yield overlaid(shown, overlays.at(frame))
            before = shown
            frame += 1


def _under(under: Mapping[str, Any] | None, size: tuple[int, int], open_media: OpenMedia) -> Planes:
    """Draw what the first layer of a segment fades over: layers at frame -1; black if there are none."""
    if under is None:
        return plain(size)
    playing = [(place, open_layer(place, size, open_media)) for place in under["layers"]]
    try:
        return _composed(playing, -1, _under(under.get("under"), size, open_media))
    finally:
        for _, layer in playing:
            layer.close()


def _segment_frames(
    segment: Mapping[str, Any], size: tuple[int, int], open_media: OpenMedia, before: Planes, titled_until: int
) -> Iterator[Planes]:
    """Yield the frames of one segment without overlays.

    before: the frame that the first layer fades over; titled_until: the frame from which the title is gone
    """
    playing: list[tuple[Mapping[str, Any], VisualLayer]] = []
    waiting = list(segment["layers"])
    try:
        for frame in range(segment["start_frame"], segment["start_frame"] + segment["duration_in_frames"]):
            while waiting and waiting[0]["start_frame"] <= frame:
                silent = max(0, titled_until - waiting[0]["start_frame"])
                playing.append((waiting[0], open_layer(waiting.pop(0), size, open_media, silent)))
            while len(playing) > 1 and _end(playing[0][0]) <= frame:
                playing.pop(0)[1].close()
            yield _composed(playing, frame, before)
    finally:
        for _, layer in playing:
            layer.close()


def _composed(playing: list[tuple[Mapping[str, Any], VisualLayer]], frame: int, before: Planes) -> Planes:
    """Draw layers over each other, each as opaque as its fade allows."""
    shown = before
    for place, layer in playing:
        since = frame - place["start_frame"]
        share = (since + 1) / (place["fade_in_frames"] + 1)
        shown = blended(shown, layer.at(since), _eased(min(1.0, share)))
        if (left := _end(place) - 1 - frame) < (fade := place.get("fade_out_frames", 0)):
            shown = blended(plain(shown.light.size), shown, _eased(max(0, left) / fade))
    return shown


def _eased(share: float) -> float:
    """Ease in and out."""
    return share * share * (3 - 2 * share)


def _end(place: Mapping[str, Any]) -> int:
    end: int = place["start_frame"] + place["duration_in_frames"]
    return end
