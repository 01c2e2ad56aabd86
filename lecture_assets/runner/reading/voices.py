"""The document of `lectures voices`: each voice, how it sounds, the speech models that have it, the languages they speak."""

from lecture_assets.graph.fingerprint import Json
from lecture_assets.providers.catalogue import Catalogue


def voices_document(catalogue: Catalogue) -> list[dict[str, Json]]:
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
    documents: list[dict[str, Json]] = []
    for name in ours:
        having = [model for model in models if name in model.voices or name in model.own_voices]
        facts: dict[str, Json] = {
            model.name: {
                "voice": model.voices.get(name, name),
                "word_times": model.word_times,
                "languages": list(model.languages),
            }
            for model in having
        }
        spoken: list[Json] = list(dict.fromkeys(tag for model in having for tag in model.languages))
        written: list[Json] = list(languages())
        documents.append({"voice": name, "note": sounds.get(name, ""), "languages": spoken, "written": written, "models": facts})
    return documents
