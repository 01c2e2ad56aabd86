"""The `asset:` nodes: requests to speech, image, video and music models. An answer is a digest and the medium's properties.

Texts are sent as readers see them, without markup, and speech with the said words of the lecture's lexicon. Vendors' voices read
numbers, signs and units themselves, and better than substituted words would; only the simulated vendor puts into words what
espeak-ng cannot read, within its own process, so that a better reading changes no request and no fingerprint.
"""

from collections.abc import Mapping
from typing import Any

from lecture_assets.ports import ImageRequest, MusicRequest, SpeechRequest, VideoRequest
from lecture_assets.prose.markup import as_shown
from lecture_assets.prose.pronunciation import entries_in, pronounced
from lecture_assets.steps.step import Inputs, Paid, checked
from lecture_assets.timeline.assemble import size_of


def _plain(text: str, language: str = "") -> str:
    """Return the text without its markup; text consisting only of markup stays unchanged, for the vendor to refuse."""
    return as_shown(text, language) or text


def _speech(inputs: Inputs) -> SpeechRequest:
    language, text = inputs["config:language"], inputs["content:narration-text"]
    shown, voice = _plain(text, language), inputs["config:voice"]
    said = pronounced(shown, _entries_in(inputs.there("config:lexicon", {}), text))
    return SpeechRequest(said.text, voice, language, *([*words] for words in ((said.show, said.say) if said.used else ())))


def _entries_in(lexicon: Any, text: Any) -> dict[str, Any]:
    """Return the part of the lexicon that a narration uses, whatever its language."""
    return {**entries_in(lexicon, _plain(text))}


def _image(inputs: Inputs) -> ImageRequest:
    return ImageRequest(_plain(inputs["content:image-prompt"]), *size_of(inputs["config:size-aspect-ratio"]))


def _starting_image(inputs: Inputs) -> ImageRequest:
    return ImageRequest(_plain(inputs["content:starting-image-prompt"]), *size_of(inputs["config:size-aspect-ratio"]))


def _video(inputs: Inputs) -> VideoRequest:
    picture = inputs["asset:starting-image"]
    return VideoRequest(
        image=picture["sha256"],
        prompt=_plain(inputs["content:movie-direction-prompt"]),
        seconds=inputs["config:segment-length"],
        width=picture["width"],
        height=picture["height"],
    )


def _music(inputs: Inputs) -> MusicRequest:
    return MusicRequest(_plain(inputs["content:music-prompt"]), inputs["config:duration"])


MEDIA: Mapping[str, Paid] = {
    "asset:narration": Paid("1", _speech, checked, parts={"config:lexicon": _entries_in}),
    "asset:image": Paid("1", _image, checked),
    "asset:starting-image": Paid("1", _starting_image, checked),
    "asset:video": Paid("1", _video, checked),
    "asset:music": Paid("1", _music, checked),
}
