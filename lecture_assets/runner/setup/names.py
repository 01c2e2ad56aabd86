"""Check that the models, voices and languages named by a brief or an edit exist at the vendors."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lecture_assets.briefs.brief import KEY_OF, Brief, Impossible
from lecture_assets.briefs.rules import shown
from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Role
from lecture_assets.providers.catalogue import Catalogue, read_catalogue
from lecture_assets.providers.model import Model

_SHOWN = 12
"""The most languages an error lists; it counts the rest."""


@dataclass(frozen=True, slots=True)
class CatalogueNames:
    """The names in a catalogue. A model whose vendor has no key cannot be used."""

    catalogue: Catalogue

    def instead_of(self, key: str, model: str) -> str | None:
        """Return what is allowed for the key `models.ROLE` instead of this model; None if the model can be used."""
        try:
            self.catalogue.find(model, Role(key.partition(".")[2]))
        except WrongInputError as error:
            return error.faults[0].allowed
        if command := self.catalogue.not_installed(model):
            return f"a model that is installed here ({command})"
        missing = self.catalogue.without_key(model)
        return f"a model whose vendor's key is set ({missing} is not set)" if missing else None

    def unfit(self, values: Mapping[str, Json]) -> list[Impossible]:
        """Return the voice and the language that the speech model lacks, each with what it offers. Absent keys get defaults."""
        voice, language = (str(values.get(key) or Brief.model_fields[key].default) for key in ("voice", "language"))
        try:
            model = self.catalogue.find(str(values.get("models.speech") or self._default(language, voice)), Role.SPEECH)
        except WrongInputError:
            return []  # reported for the model's own key
        wrong = []
        if not model.has_voice(voice):
            others = self._where(lambda other: other.has_voice(voice), "has it")
            wrong.append(_unfit("voice", voice, f"one of {', '.join((*model.voices, *model.own_voices))}{others}"))
        if not model.speaks(language):
            others = self._where(lambda other: other.speaks(language), "speaks it")
            wrong.append(_unfit("language", language, f"{_languages(model)}{others}"))
        return wrong

    def _default(self, language: str, voice: str) -> str:
        return self.catalogue.default_model(Role.SPEECH, language, voice)

    def _where(self, is_so: Callable[[Model], bool], what: str) -> str:
        models = [model.name for model in self.catalogue.speech_models() if is_so(model)]
        return f"; or a speech model that {what}: {', '.join(models)}" if models else ""


def _unfit(key: str, value: str, allowed: str) -> Impossible:
    return Impossible(frozenset({key, "models.speech"}), key, shown(value), allowed)


def _languages(model: Model) -> str:
    some, more = model.languages[:_SHOWN], len(model.languages) - _SHOWN
    rest = f" and {more} more" if more > 0 else ""
    return f"a language that {model.name} speaks: {', '.join(some)}{rest} (see `lectures voices`)"


def environment_names() -> CatalogueNames:
    """Return the names of the catalogue in this process's environment."""
    return CatalogueNames(read_catalogue(os.environ))


def check_inputs(inputs: Mapping[str, Json], names: CatalogueNames) -> None:
    """Raise WrongInputError if inputs name a model that cannot be used, or a voice or language the speech model lacks."""
    values = {key: inputs[name] for name, key in KEY_OF.items() if name in inputs}
    models = {key: str(model) for key, model in values.items() if key.startswith("models.")}
    faults = [Fault(key, repr(model), instead) for key, model in models.items() if (instead := names.instead_of(key, model))]
    faults += [Fault(wrong.key, wrong.found, wrong.allowed) for wrong in names.unfit(values)]
    if faults:
        raise WrongInputError(faults)
