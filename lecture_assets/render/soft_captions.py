"""Captions as a track of the MP4 file (`mov_text`, ISO 14496-17) that players switch on and off, tagged with its language."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

import av

from lecture_assets.prose.readable import readable
from lecture_assets.render.language_code import language_code

_MOST_BYTES = 0xFFFF
"""A sample begins with the length of its text in two bytes."""


class SoftCaptions:
    """The caption track of an output container; its packets are muxed as the video reaches them."""

    def __init__(self, container: av.container.OutputContainer, timeline: Mapping[str, Any]) -> None:
        """Add the track. Nothing is written yet."""
        self._stream: Any = container.add_mux_stream("mov_text")
        self._stream.time_base = Fraction(1, 1000)
        self._stream.metadata["language"] = language_code(timeline.get("language", ""))
        captions = [caption for segment in timeline["segments"] for caption in segment["captions"]]
        ends = [min(a["end_ms"], b["start_ms"]) for a, b in pairwise(captions)]
        self._cues = [
            (caption["start_ms"], end, caption["text"])
            for caption, end in zip(captions, [*ends, *(caption["end_ms"] for caption in captions[-1:])], strict=True)
            if end > caption["start_ms"]
        ]

    def until(self, time_ms: int) -> Iterator[Any]:
        """Yield the cues that begin at a time or before, and that were not yielded yet."""
        while self._cues and self._cues[0][0] <= time_ms:
            yield self._packet(*self._cues.pop(0))

    def _packet(self, start_ms: int, end_ms: int, text: str) -> Any:
        sample = readable(text).encode()[:_MOST_BYTES]
        packet: Any = av.Packet(len(sample).to_bytes(2, "big") + sample)
        packet.pts = packet.dts = start_ms
        packet.duration, packet.time_base, packet.stream = end_ms - start_ms, Fraction(1, 1000), self._stream
        return packet
