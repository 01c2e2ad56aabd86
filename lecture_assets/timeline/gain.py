"""By how much each sound is amplified, from what it was measured to be (`content.SoundMeasures`). Pure.

Gains are in millibel, hundredths of a decibel: a factor of 10 ** (gain_millibel / 2000).
"""

from collections.abc import Mapping

SPEECH_MILLIBEL = -1570
"""-15.7 LUFS: with its pauses, its opening and its end, a film is then at -16 ±1 LUFS, as podcasts and learning platforms require
(Apple Podcasts). Measured on 24 films: they lie 0.2 to 1.0 LU below their speech."""
MUSIC_SWELL_MILLIBEL = 300
"""Music whose loudest three seconds are further above the whole is levelled by those: they do not cover speech, either."""
SILENCE_MILLIBEL = -7000
"""What silence is measured to be."""


def speech_gain(measured: Mapping[str, int]) -> int:
    """Bring a recording to the loudness of speech. Silence stays as it is."""
    return _gain(measured["loudness_millibel"])


def music_gain(measured: Mapping[str, int]) -> int:
    """Bring a piece of music to the loudness of speech; its envelope then says by how much it lies below."""
    return _gain(max(measured["loudness_millibel"], measured["loudest_millibel"] - MUSIC_SWELL_MILLIBEL))


def _gain(loudness_millibel: int) -> int:
    return 0 if loudness_millibel <= SILENCE_MILLIBEL else SPEECH_MILLIBEL - loudness_millibel
