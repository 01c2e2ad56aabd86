"""What `lectures voices` says: each voice, what it sounds like, the speech models that have it, the languages they speak."""

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
    """Our voices first, then those of the vendors' own. `written`: languages in which the simulated writer has words.

    models: by name of a model, what its vendor calls the voice, whether it tells word times, and its languages; none where any
    may be tried
    """
    from lecture_assets.providers.simulated.phrasebook import languages  # noqa: PLC0415 - known to the provider alone

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
