"""The models that calls can name, with their prices and limits. It calls nothing.

models.toml ─┐
LECTURES_CATALOGUE ─┴─► Catalogue.find("openai:gpt-5-mini?reasoning_effort=low", role) ─► Model

A vendor's adapter and the plan use the same `Model` (`model.py`). How a name is spelled is in `model_name.py`, what simulated
models exist in `simulated_models.py`.
"""

from collections.abc import Mapping

from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Role
from lecture_assets.providers.catalogue_file import Listing, ModelEntry, built_in, read_listing
from lecture_assets.providers.environment_numbers import whole_numbers
from lecture_assets.providers.model import Model, Rate
from lecture_assets.providers.model_name import ModelName, parse_name, provider_of, read_parameters, wrong_name
from lecture_assets.providers.simulated_models import (
    INSTALL,
    NEURAL_SPEECH,
    SIMULATED_DEFAULTS,
    SIMULATED_MICROS_PER_UNIT,
    neural_model,
    sim_prices,
    simulated_model,
)
from lecture_assets.providers.vendors import SIMULATED, vendors
from lecture_media.speak.extra import is_installed

_HIGHEST_LIMIT = 1_000


class Catalogue:
    """All models: those in the package, as changed by the user's own file, and the simulated ones."""

    def __init__(
        self, listing: Listing, sim_prices: Mapping[Role, int] | None = None, keys: frozenset[str] = frozenset()
    ) -> None:
        """Hold a listing.

        sim_prices: micro-dollars per unit that replace the simulation's own
        keys:       vendors whose key is set
        """
        self._listing = listing
        self._entries = {(entry.name, entry.role): entry for entry in listing.model}
        self._sim_prices = {**SIMULATED_MICROS_PER_UNIT, **(sim_prices or {})}
        self.keys = keys

    @property
    def pools(self) -> tuple[str, ...]:
        """The vendors whose slots calls occupy."""
        return tuple(self._listing.provider)

    @property
    def default_limits(self) -> dict[str, int]:
        """Concurrent calls, by pool."""
        return {name: provider.calls_at_once for name, provider in self._listing.provider.items()}

    def default_model(self, role: Role, language: str = "", voice: str = "") -> str:
        """The model for a role if the brief names none: from the first vendor listed that has a key.

        Without one, speech is by piper if it is installed and has this voice in this language.
        """
        listed = (entry.name for entry in self._listing.model if entry.role is role and provider_of(entry.name) in self.keys)
        simulated = SIMULATED_DEFAULTS[role]
        if role is Role.SPEECH and is_installed() and language and voice:
            model = neural_model()
            simulated = model.name if model.speaks(language) and model.has_voice(voice) else simulated
        return next(listed, simulated)

    def speech_models(self) -> list[Model]:
        """The models for speech: the simulated default, piper if installed, then the others in the order they are listed."""
        listed = (entry.name for entry in self._listing.model if entry.role is Role.SPEECH)
        neural = (NEURAL_SPEECH,) if is_installed() else ()
        return [self.find(name, Role.SPEECH) for name in (SIMULATED_DEFAULTS[Role.SPEECH], *neural, *listed)]

    def sounds_of_voices(self) -> Mapping[str, str]:
        """A description of each voice of this project, as the simulated vendor speaks it."""
        return self._listing.simulated_speech.voices

    def not_installed(self, name: str) -> str | None:
        """How to install what this model needs; None if nothing is missing."""
        return INSTALL if name == NEURAL_SPEECH and not is_installed() else None

    def without_key(self, name: str) -> str | None:
        """The environment variable of the key that this model needs and that is not set; None if no key is missing."""
        provider = provider_of(name)
        vendor = vendors().get(provider)
        return None if vendor is None or provider in self.keys else vendor.key

    def find(self, name: str, role: Role) -> Model:
        """Return the model of this name in this role. WrongInputError says which names are allowed."""
        parsed = parse_name(name)
        if not parsed.is_valid:
            raise wrong_name(name, role, f"provider:model, like {self.default_model(role)}")
        if parsed.provider == SIMULATED and not parsed.query:
            return simulated_model(parsed, role, self.pools, self._sim_prices, self._listing.simulated_speech)
        entry = self._entries.get((parsed.entry, role))
        has_versions = parsed.provider in vendors() and vendors()[parsed.provider].versions
        if entry is None and has_versions and (versioned := parsed.with_version()):
            parsed, entry = versioned, self._entries.get((versioned.entry, role))
        if entry is None:
            raise wrong_name(name, role, self._listed(role))
        return self._model(parsed, entry, read_parameters(parsed, role, entry.parameters))

    def _model(self, name: ModelName, entry: ModelEntry, parameters: Mapping[str, Json]) -> Model:
        shared = self._listing.provider[name.provider]
        rates = [
            (name.provider if own is None else name.entry, unit, common if own is None else own)
            for unit, own, common in (
                ("request", entry.requests_per_minute, shared.requests_per_minute),
                ("token", entry.tokens_per_minute, shared.tokens_per_minute),
            )
        ]
        return Model(
            name=name.text,
            provider=name.provider,
            vendor_name=name.vendor_name,
            pool=name.provider,
            role=entry.role,
            prices=entry.price,
            seconds=entry.seconds,
            parameters=parameters,
            rates=tuple(Rate(bucket, unit, most) for bucket, unit, most in rates if most is not None),
            expected=entry.expected,
            voices=entry.voices,
            own_voices=entry.own_voices,
            languages=entry.languages,
            word_times=entry.word_times,
            input=entry.input,
            within=entry.within,
            version=name.version or entry.version,
        )

    def _listed(self, role: Role) -> str:
        names = [entry.name for entry in self._listing.model if entry.role is role]
        return f"a model in the catalogue ({', '.join(names)}), in a file named by LECTURES_CATALOGUE, or simulated:openai/NAME"


def read_catalogue(environ: Mapping[str, str]) -> Catalogue:
    """Return the package's catalogue as the environment changes it. WrongInputError names the file or variable at fault."""
    file = environ.get("LECTURES_CATALOGUE")
    listing = read_listing(file, built_in()) if file else built_in()
    is_replay = bool(environ.get("LECTURES_REPLAY"))
    keys = frozenset(vendor.name for vendor in vendors().values() if environ.get(vendor.key) or is_replay)
    simulated_only = environ.get("LECTURES_PROVIDERS") == SIMULATED
    return Catalogue(listing, sim_prices(environ), frozenset() if simulated_only else keys)


def limits(environ: Mapping[str, str], catalogue: Catalogue, own: Mapping[str, int] | None = None) -> dict[str, int]:
    """Return concurrent calls by pool: the catalogue's, as `LECTURES_LIMITS` changes them. WrongInputError if that is invalid.

    own: limits of what is made without a vendor
    """
    usual = {**catalogue.default_limits, **(own or {})}
    pools = tuple(usual)
    allowed = f'a JSON object of concurrent calls, from 1 to {_HIGHEST_LIMIT}, for {" or ".join(pools)}, like {{"openai": 8}}'
    changed = whole_numbers("LECTURES_LIMITS", environ, pools, range(1, _HIGHEST_LIMIT + 1), allowed)
    return {**usual, **changed}
