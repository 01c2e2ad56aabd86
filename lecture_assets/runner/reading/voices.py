"""The document of `lectures voices`: each voice, how it sounds, the speech models that have it, the languages they speak."""

from typing_extensions import TypedDict

from lecture_assets.providers.catalogue import Catalogue


class VoiceModelDocument(TypedDict):
    """A speech model that has a voice: what its vendor calls it, whether it tells word times, its languages; none: any."""

    voice: str
    word_times: bool
    languages: list[str]


class VoiceDocument(TypedDict):
    """A voice. note: what it sounds like; languages: of all its models; models: by name."""

    voice: str
    note: str
    languages: list[str]
    written: list[str]
    models: dict[str, VoiceModelDocument]


def voices_document(catalogue: Catalogue) -> list[VoiceDocument]:
    """List our voices first, then the vendors' own.

    written: languages that the simulated writer can write in
    models:  by model, the vendor's name for the voice, whether it returns word times, and its languages; an empty list means
             that any may be tried
    """
    from lecture_assets.providers.simulated.phrasebook import languages  # noqa: PLC0415 - internal to the provider

    models = catalogue.speech_models()
    sounds = {name: note for model in models for name, note in model.own_voices.items()}
    sounds |= catalogue.sounds_of_voices()
    names = dict.fromkeys(name for model in models for name in (*model.voices, *model.own_voices))
    ours = sorted(names, key=lambda name: name not in catalogue.sounds_of_voices())
    documents: list[VoiceDocument] = []
    for name in ours:
        having = [model for model in models if name in model.voices or name in model.own_voices]
        facts: dict[str, VoiceModelDocument] = {
            model.name: {
                "voice": model.voices.get(name, name),
                "word_times": model.word_times,
                "languages": list(model.languages),
            }
            for model in having
        }
        spoken = list(dict.fromkeys(tag for model in having for tag in model.languages))
        documents.append(
            {"voice": name, "note": sounds.get(name, ""), "languages": spoken, "written": list(languages()), "models": facts}
        )
    return documents
