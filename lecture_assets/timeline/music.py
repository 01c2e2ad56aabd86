"""The volume of the music: low during speech, higher in between, faded in at the start and out after the last word. Pure."""

from collections.abc import Sequence

from lecture_assets.timeline.schema import Gain

OPEN_PERMILLE = 400
"""Without speech: 8 dB below speech, present but not startling."""
DUCKED_PERMILLE = 125
"""During speech: 18 dB below it, so that every word stays clear."""
ATTACK_FRAMES = 9
"""Down within 300 ms, ending when the first word starts."""
RELEASE_FRAMES = 24
"""Up again within 800 ms."""
BRIDGE_FRAMES = 60
"""Between sentences less than two seconds apart the music stays low, to avoid pumping."""
FADE_IN_FRAMES = 8
FADE_OUT_FRAMES = 60
"""The last two seconds, or what is left of them when the voice has ended and the music has risen."""
SHORTEST_FADE_FRAMES = 24
"""If less than this were left, the music does not rise again, and fades out from where it is."""


def envelope_of(speech: Sequence[tuple[int, int]], duration: int, volume_percent: int = 100) -> list[Gain]:
    """Return the points of the volume curve from frame 0 to `duration`.

    speech:         (first frame, frame after the last) of each narration, in play order, on the lecture's clock
    duration:       in frames
    volume_percent: what everything is multiplied by
    """
    ducks, fade_start = _bridged(speech), duration - FADE_OUT_FRAMES
    if ducks:
        end = ducks[-1][1]
        rises = duration - end >= RELEASE_FRAMES + SHORTEST_FADE_FRAMES
        fade_start = max(fade_start, end + RELEASE_FRAMES if rises else end)
        ducks[-1] = (ducks[-1][0], end if rises else duration)
    fade_start = min(max(fade_start, 0), duration)
    corners = {0, FADE_IN_FRAMES, fade_start, duration}
    for start, end in ducks:
        corners |= {start - ATTACK_FRAMES, start, end, end + RELEASE_FRAMES}
    frames = sorted({min(max(corner, 0), duration) for corner in corners})
    return [
        {"frame": frame, "gain_permille": _level(frame, ducks) * _fades(frame, fade_start, duration) * volume_percent // 100_000}
        for frame in frames
    ]


def _bridged(speech: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    bridged: list[tuple[int, int]] = []
    for start, end in speech:
        if bridged and start - bridged[-1][1] < BRIDGE_FRAMES:
            start = bridged.pop()[0]  # noqa: PLW2901 - the interval grows to the left
        bridged.append((start, end))
    return bridged


def _level(frame: int, ducks: Sequence[tuple[int, int]]) -> int:
    """Return the gain at a frame in permille without the fades of the lecture's ends."""
    openness = min((_openness(frame, duck) for duck in ducks), default=1000)
    return DUCKED_PERMILLE + (OPEN_PERMILLE - DUCKED_PERMILLE) * openness // 1000


def _fades(frame: int, fade_start: int, duration: int) -> int:
    """Return the share that the fades at both ends leave, in permille."""
    fade_in = min(1000, frame * 1000 // FADE_IN_FRAMES)
    fade_out = min(1000, (duration - frame) * 1000 // max(1, duration - fade_start))
    return min(fade_in, fade_out)


def _openness(frame: int, duck: tuple[int, int]) -> int:
    """Return 0 within an interval of speech, rising to 1000 an attack before it and a release after it."""
    start, end = duck
    before, after = (start - frame) * 1000 // ATTACK_FRAMES, (frame - end) * 1000 // RELEASE_FRAMES
    return max(0, min(1000, max(before, after)))
