"""What the sound of a film depends on, and nothing else: recordings and music with their times and gains. Pure.

The value is a timeline without pictures and words, from which `render/sound_file.py` writes the sound as it does from any other.
Equal values sound equal: after an edit that changes only pictures or captions, the sound is not written again.
"""

from collections.abc import Mapping
from typing import Any

AUDIO_MIX_SCHEMA = "lecture-audio-mix/1"
_HEARD = ("type", "media", "start_ms", "start_frame", "duration_in_frames", "gain_millibel")
"""Keys of a narration that its sound depends on."""
_ONLY_READ = frozenset({"src", "reason"})


def audio_mix(timeline: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is heard of a timeline (`schema.Timeline`): `fps`, `duration_in_frames`, narrations, `music`."""
    spoken = [segment["narration"] for segment in timeline["segments"] if segment["narration"]["type"] == "audio"]
    return {
        "schema": AUDIO_MIX_SCHEMA,
        "fps": timeline["fps"],
        "duration_in_frames": timeline["duration_in_frames"],
        "segments": [{"narration": {key: narration[key] for key in _HEARD if key in narration}} for narration in spoken],
        "music": {key: value for key, value in timeline["music"].items() if key not in _ONLY_READ},
    }
