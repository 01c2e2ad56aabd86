"""The `asset:` nodes: what speech, image, video and music models are asked. The answer is a digest and what is known of it."""

from collections.abc import Mapping

from lecture_assets.ports import ImageRequest, MusicRequest, SpeechRequest, VideoRequest
from lecture_assets.steps.step import Inputs, Paid, checked
from lecture_assets.timeline.assemble import size_of


def _speech(inputs: Inputs) -> SpeechRequest:
    return SpeechRequest(inputs["content:narration-text"], inputs["config:voice"], inputs["config:language"])


def _image(inputs: Inputs) -> ImageRequest:
    return ImageRequest(inputs["content:image-prompt"], *size_of(inputs["config:size-aspect-ratio"]))


def _starting_image(inputs: Inputs) -> ImageRequest:
    return ImageRequest(inputs["content:starting-image-prompt"], *size_of(inputs["config:size-aspect-ratio"]))


def _video(inputs: Inputs) -> VideoRequest:
    picture = inputs["asset:starting-image"]
    return VideoRequest(
        image=picture["sha256"],
        prompt=inputs["content:movie-direction-prompt"],
        seconds=inputs["config:segment-length"],
        width=picture["width"],
        height=picture["height"],
    )


def _music(inputs: Inputs) -> MusicRequest:
    return MusicRequest(inputs["content:music-prompt"], inputs["config:duration"])


MEDIA: Mapping[str, Paid] = {
    "asset:narration": Paid("1", _speech, checked),
    "asset:image": Paid("1", _image, checked),
    "asset:starting-image": Paid("1", _starting_image, checked),
    "asset:video": Paid("1", _video, checked),
    "asset:music": Paid("1", _music, checked),
}
