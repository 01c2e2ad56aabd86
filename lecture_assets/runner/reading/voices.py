"""What `lectures voices` says: each voice, what it sounds like, the speech models that have it, the languages they speak."""

from lecture_assets.graph.fingerprint import Json
from lecture_assets.providers.catalogue import Catalogue


def voices_document(catalogue: Catalogue) -> list[dict[str, Json]]:
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
