"""By how much each sound is amplified, from what it was measured to be (`content.SoundMeasures`). Pure.

    each recording ─► -16 LUFS ─┐
    music ─► -16 LUFS × envelope ┴─► the film, with its pauses, its opening and its end: -17.5 to -16.2 LUFS ─► all of it to -16

Gains are in millibel, hundredths of a decibel: a factor of 10 ** (gain_millibel / 2000).
"""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from math import log10
from typing import Any

from lecture_assets.timeline.clock import FPS
from lecture_assets.timeline.schema import Gain

ASKED_MILLIBEL = -1600
"""-16 LUFS, which podcasts and learning platforms ask for (Apple Podcasts): of each recording by itself, and of the film."""
MUSIC_SWELL_MILLIBEL = 300
"""Music whose loudest three seconds are further above the whole is levelled by those: they do not cover speech, either."""
SILENCE_MILLIBEL = -7000
"""What silence is measured to be."""
MOST_FOR_PAUSES_MILLIBEL = 200
"""Speech is never louder than -14 LUFS, to which YouTube and Spotify turn down: a film of long pauses stays below -16."""
_PAUSES_IN_SPEECH_MILLIBEL = 20
"""What pauses within recordings take: about this on the films of `bench films`, rendered."""
_ROUNDED_MILLIBEL = 50
"""What an edit of one segment adds to pauses seldom changes the gain of the others."""
_STEP_FRAMES, _BLOCK_STEPS, _GATE = FPS // 10, 4, 0.1
"""Loudness counts blocks of 400 ms, one every 100 ms, those left out that are 10 dB below the mean (ITU-R BS.1770-4)."""
_AUDIBLE = 10 ** ((SILENCE_MILLIBEL - ASKED_MILLIBEL) / 1000)
"""Power of a block that counts at all, where 1 is that of speech."""


def speech_gain(measured: Mapping[str, int]) -> int:
    """Bring a recording to -16 LUFS. Silence stays as it is."""
    return _gain(measured["loudness_millibel"])


def music_gain(measured: Mapping[str, int]) -> int:
    """Bring a piece of music to the loudness of speech; its envelope then says by how much it lies below."""
    return _gain(max(measured["loudness_millibel"], measured["loudest_millibel"] - MUSIC_SWELL_MILLIBEL))


def spoken_frames(segments: Sequence[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """Return (first frame, frame after the last) of each narration that exists, of the segments of a timeline."""
    spoken = [segment["narration"] for segment in segments if segment["narration"]["type"] == "audio"]
    return [(speech["start_frame"], speech["start_frame"] + speech["duration_in_frames"]) for speech in spoken]


def pauses_gain(timeline: Mapping[str, Any], music: Mapping[str, int] | None = None) -> int:
    """Return what a film of equally loud speech must be amplified by, speech and music alike, to be at -16 LUFS with its pauses.

    timeline: its gains are not looked at
    music:    what was measured of the piece, None without music
    """
    steps = -(-timeline["duration_in_frames"] // _STEP_FRAMES)
    power = [0.0] * steps
    if music is not None and timeline["music"]["type"] == "audio":
        power = _music_power(timeline["music"], steps, music)
    spoken = spoken_frames(timeline["segments"])
    for start, end in spoken:
        for step in range(start // _STEP_FRAMES, min(steps, -(-end // _STEP_FRAMES))):
            first = step * _STEP_FRAMES
            power[step] += (min(end, first + _STEP_FRAMES) - max(start, first)) / _STEP_FRAMES
    sums = list(accumulate(power, initial=0.0))
    blocks = [(after - before) / _BLOCK_STEPS for before, after in zip(sums, sums[_BLOCK_STEPS:], strict=False)]
    audible = [block for block in blocks if block > _AUDIBLE]
    if not spoken or not audible:
        return 0
    gate = _GATE * sum(audible) / len(audible)
    counted = [block for block in audible if block > gate]
    missing = _PAUSES_IN_SPEECH_MILLIBEL - 1000 * log10(sum(counted) / len(counted))
    return min(max(_ROUNDED_MILLIBEL * round(missing / _ROUNDED_MILLIBEL), 0), MOST_FOR_PAUSES_MILLIBEL)


def _music_power(track: Mapping[str, Any], steps: int, measured: Mapping[str, int]) -> list[float]:
    """Return the power of the music in each step, where 1 is that of speech."""
    loudness = 10 ** ((measured["loudness_millibel"] + music_gain(measured) - ASKED_MILLIBEL) / 1000)
    power = [0.0] * steps
    for part in track["parts"]:
        first = part["start_frame"] // _STEP_FRAMES
        for step in range(first, min(steps, (part["start_frame"] + part["duration_in_frames"]) // _STEP_FRAMES)):
            power[step] = loudness
    return [most * volume**2 for most, volume in zip(power, _volumes(track["envelope"], steps), strict=True)]


def _volumes(envelope: Sequence[Gain], steps: int) -> list[float]:
    """Return the volume at the middle of each step."""
    volumes, place = [], 0
    for step in range(steps):
        frame = step * _STEP_FRAMES + _STEP_FRAMES / 2
        while place + 2 < len(envelope) and envelope[place + 1]["frame"] < frame:
            place += 1
        before, after = envelope[place], envelope[min(place + 1, len(envelope) - 1)]
        share = (frame - before["frame"]) / max(1, after["frame"] - before["frame"])
        volumes.append((before["gain_permille"] + min(share, 1) * (after["gain_permille"] - before["gain_permille"])) / 1000)
    return volumes


def _gain(loudness_millibel: int) -> int:
    return 0 if loudness_millibel <= SILENCE_MILLIBEL else ASKED_MILLIBEL - loudness_millibel
