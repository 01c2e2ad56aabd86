"""Settings of lectures for tests, by size. Makes nothing; `simulated_world.py` does."""

from lecture_assets.graph.edits import Moment
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.settings import Settings, new_settings

SEGMENT_SECONDS = 10
INPUTS: dict[str, Json] = {
    "user-prompt": "Explain how bees find home",
    "system-prompt": "You write short lectures.",
    "audience": "ten-year-olds",
    "language": "en",
    "segment-length": SEGMENT_SECONDS,
    "num-segments": None,
    "image-style": "woodcut",
    "size-aspect-ratio": "16:9",
    "assembly-strategy": "narration-led",
    "voice": "en",
    "music-prompt-mod": "calm",
    "text-model": "simulated:text",
    "speech-model": "simulated:speech",
    "image-model": "simulated:image",
    "video-model": "simulated:video",
    "music-model": "simulated:music",
}
MOMENT = Moment(revision=7, held=lambda node: f"the words of {node}")


def lecture(segments: int = 3, images: int = 2, *, video: bool = False, **inputs: Json) -> Settings:
    """A new lecture. `inputs` are named with underscores."""
    size: dict[str, Json] = {"duration": segments * SEGMENT_SECONDS, "images-per-segment": images, "use-video": video}
    return new_settings({**INPUTS, **size, **{name.replace("_", "-"): value for name, value in inputs.items()}})
