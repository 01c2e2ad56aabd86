"""The models that calls can name: what they take, what they cost, and how fast they may be called. It calls nobody.

models.toml ─┐
LECTURES_CATALOGUE ─┴─► Catalogue.find("openai:gpt-5-mini?reasoning_effort=low", role) ─► Model

A vendor's adapter and the plan ask the same `Model`. A simulated model stands for a vendor's: `simulated:openai/gpt-5-mini`
holds a slot of pool `openai`, and exists under any name.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from jsonschema import Draft202012Validator

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.lecture import Role
from lecture_assets.providers.catalogue_file import Listing, ModelEntry, PriceRow, Unit, built_in, read_listing
from lecture_assets.providers.vendors import SIMULATED, vendors

SIMULATED_UNITS: Mapping[Role, Unit] = {
    Role.TEXT: "call",
    Role.SPEECH: "character",
    Role.IMAGE: "call",
    Role.VIDEO: "second",
    Role.MUSIC: "second",
}
"""What a simulated call is paid by. Each is known before the call, so an estimate is exact."""
SIMULATED_DEFAULTS: Mapping[Role, str] = {
    Role.TEXT: "simulated:openai/gpt-5-mini",
    Role.SPEECH: "simulated:openai/gpt-4o-mini-tts",
    Role.IMAGE: "simulated:replicate/black-forest-labs/flux-schnell",
    Role.VIDEO: "simulated:replicate/wan-video/wan-2.2-i2v-fast",
    Role.MUSIC: "simulated:replicate/meta/musicgen",
}
"""What a lecture uses for a role where its brief names no model, and no vendor with such models has a key."""
SIMULATED_MICROS_PER_UNIT: Mapping[Role, int] = {
    Role.TEXT: 1_500,
    Role.SPEECH: 15,
    Role.IMAGE: 3_000,
    Role.VIDEO: 20_000,
    Role.MUSIC: 2_000,
}
"""Micro-dollars per unit of the role. The simulation's own figures, of the size vendors charged in 2025; nobody's price list.
`LECTURES_SIM_PRICES` changes them."""
SIMULATED_SECONDS: Mapping[Role, tuple[float, float]] = {
    Role.TEXT: (0.1, 0.35),
    Role.SPEECH: (0.15, 0.45),
    Role.IMAGE: (0.4, 0.75),
    Role.VIDEO: (0.6, 0.75),
    Role.MUSIC: (0.5, 0.75),
}
"""Shortest and longest latency of a simulated call at `LECTURES_SIM_LATENCY=1`, in seconds: vendors' times scaled down about
tenfold, so that a benchmark of hundreds of calls ends."""

_HIGHEST_LIMIT = 1_000
_LONGEST_NAME = 300
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@-]*(/[A-Za-z0-9][A-Za-z0-9._:@-]*)*")
_NAME_AND_VERSION = re.compile(r"(?P<model>[^/:]+/[^/:]+):(?P<version>[0-9a-z]+)")

Amounts: TypeAlias = Mapping[Unit, Fraction | int]
"""How much of each unit a call used, or would use."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many units a minute, `request` or `token`, shared by all calls with this name of a bucket."""

    bucket: str
    unit: str
    per_minute: int


@dataclass(frozen=True, slots=True)
class Model:
    """One model in one role.

    name:       as a brief spells it, `provider:model?parameter=value`
    provider:   who is asked; vendor_name: what that one calls it; version: of the model, where its provider has versions
    pool:       whose slots its calls hold; rates: what its calls count towards
    parameters: what goes with every call: those of the name, and the defaults of the others
    seconds:    its typical latency, for estimates
    voices:     of speech, this project's voices by name, to what the vendor calls them
    own_voices: the vendor's own voices by name, to what they sound like, "" where nobody said
    languages:  the tags (BCP 47, lower case) that speech can have; none where any may be tried
    word_times: whether the vendor tells when each word is said
    """

    name: str
    provider: str
    vendor_name: str
    pool: str
    role: Role
    prices: tuple[PriceRow, ...]
    seconds: float
    parameters: Mapping[str, Json] = field(default_factory=dict)
    rates: tuple[Rate, ...] = ()
    expected: Mapping[Unit, tuple[int, int]] = field(default_factory=dict)
    voices: Mapping[str, str] = field(default_factory=dict)
    own_voices: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    word_times: bool = False
    input: Mapping[str, str] = field(default_factory=dict)
    within: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    version: str | None = None

    def cost_usd_micros(self, amounts: Amounts, **known: Json) -> int:
        """Micro-dollars that so much costs, rounded up. known: what decides the price beside the parameters (`size`).

        Of the lines for a unit the first one counts that fits; a unit without a line costs nothing.
        """
        facts = {**self.parameters, **known}
        total = Fraction(0)
        for unit, amount in amounts.items():
            fits = (p for p in self.prices if p.unit == unit and all(facts.get(key) == value for key, value in p.when.items()))
            line = next(fits, None)
            total += amount * line.usd_micros_per_unit if line else 0
        return math.ceil(total)

    def has_voice(self, name: str) -> bool:
        """Whether speech can have this voice; of a model of which no voices are listed, any."""
        return name in self.voices or name in self.own_voices or not (self.voices or self.own_voices)

    def speaks(self, tag: str) -> bool:
        """Whether speech can be in this language, its region aside where the model has none for it."""
        wanted = tag.strip().replace("_", "-").lower()
        return not self.languages or wanted in self.languages or wanted.partition("-")[0] in self.languages

    def fitted(self, part: str, amount: int) -> int:
        """A part of a request (`seconds`, `frames`) as the model takes it: at least and at most what it can."""
        least, most = self.within.get(part, (amount, amount))
        return min(max(amount, least), most)


class Catalogue:
    """All models: those of the package, changed by a file of the user's, and the simulated ones."""

    def __init__(
        self, listing: Listing, sim_prices: Mapping[Role, int] | None = None, keys: frozenset[str] = frozenset()
    ) -> None:
        """sim_prices: micro-dollars a unit in place of the simulation's own; keys: vendors whose key is set."""
        self._listing = listing
        self._entries = {(entry.name, entry.role): entry for entry in listing.model}
        self._sim_prices = {**SIMULATED_MICROS_PER_UNIT, **(sim_prices or {})}
        self.keys = keys

    @property
    def pools(self) -> tuple[str, ...]:
        """The vendors whose slots calls hold."""
        return tuple(self._listing.provider)

    @property
    def default_limits(self) -> dict[str, int]:
        """Calls at once, by pool."""
        return {name: provider.calls_at_once for name, provider in self._listing.provider.items()}

    def default_model(self, role: Role) -> str:
        """What a lecture uses for a role where its brief names no model: of the first listed vendor that has a key."""
        listed = (entry.name for entry in self._listing.model if entry.role is role and provider_of(entry.name) in self.keys)
        return next(listed, SIMULATED_DEFAULTS[role])

    def speech_models(self) -> list[Model]:
        """The models that speak: the simulated default, and the listed ones in their order."""
        listed = (entry.name for entry in self._listing.model if entry.role is Role.SPEECH)
        return [self.find(name, Role.SPEECH) for name in (SIMULATED_DEFAULTS[Role.SPEECH], *listed)]

    def sounds_of_voices(self) -> Mapping[str, str]:
        """What each voice of this project sounds like, as the simulated vendor says it."""
        return self._listing.simulated_speech.voices

    def without_key(self, name: str) -> str | None:
        """The variable of the key that a model of this name needs and that is not set; None where nothing is missing."""
        provider = provider_of(name)
        vendor = vendors().get(provider)
        return None if vendor is None or provider in self.keys else vendor.key

    def find(self, name: str, role: Role) -> Model:
        """The model of this name in this role. WrongInputError says what is allowed where there is none."""
        provider, _, rest = name.partition(":")
        vendor_name, _, query = rest.partition("?")
        if len(name) > _LONGEST_NAME or not _NAME.fullmatch(vendor_name):
            raise self._wrong(name, role, f"provider:model, like {self.default_model(role)}")
        if provider == SIMULATED and not query:
            return self._simulated(name, vendor_name, role)
        version = None
        entry = self._entries.get((f"{provider}:{vendor_name}", role))
        has_versions = provider in vendors() and vendors()[provider].versions
        if entry is None and has_versions and (pinned := _NAME_AND_VERSION.fullmatch(vendor_name)):
            vendor_name, version = pinned["model"], pinned["version"]
            entry = self._entries.get((f"{provider}:{vendor_name}", role))
        if entry is None:
            raise self._wrong(name, role, self._listed(role))
        return self._model(name, vendor_name, entry, self._parameters(name, role, entry, query), version)

    def _model(
        self, name: str, vendor_name: str, entry: ModelEntry, parameters: Mapping[str, Json], version: str | None
    ) -> Model:
        provider = provider_of(name)
        shared, own = self._listing.provider[provider], f"{provider}:{vendor_name}"
        rates = [
            (provider if mine is None else own, unit, theirs if mine is None else mine)
            for unit, mine, theirs in (
                ("request", entry.requests_per_minute, shared.requests_per_minute),
                ("token", entry.tokens_per_minute, shared.tokens_per_minute),
            )
        ]
        return Model(
            name=name,
            provider=provider,
            vendor_name=vendor_name,
            pool=provider,
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
            version=version or entry.version,
        )

    def _simulated(self, name: str, vendor_name: str, role: Role) -> Model:
        pool, _, model = vendor_name.partition("/")
        if pool not in self.pools or not model:
            stands_for = " or ".join(f"simulated:{vendor}/NAME" for vendor in self.pools)
            raise self._wrong(name, role, f"{stands_for}, like {SIMULATED_DEFAULTS[role]}")
        price = PriceRow(unit=SIMULATED_UNITS[role], usd=Fraction(self._sim_prices[role], 1_000_000))
        simulated = Model(name, SIMULATED, vendor_name, pool, role, (price,), sum(SIMULATED_SECONDS[role]) / 2)
        if role is not Role.SPEECH:
            return simulated
        speech = self._listing.simulated_speech
        return replace(simulated, voices={voice: voice for voice in speech.voices}, languages=speech.languages, word_times=True)

    def _parameters(self, name: str, role: Role, entry: ModelEntry, query: str) -> dict[str, Json]:
        """The parameters of a name over the defaults; WrongInputError for each that the model has not, or not so."""
        found: dict[str, Json] = {key: schema["default"] for key, schema in entry.parameters.items() if "default" in schema}
        faults = []
        for key, text in parse_qsl(query, keep_blank_values=True):
            schema = entry.parameters.get(key)
            if schema is None:
                allowed = f"a parameter of this model ({', '.join(entry.parameters) or 'it has none'})"
                faults.append(Fault(f"{role}-model", f"{key!r} in {name!r}", allowed))
                continue
            value = _read(text, schema)
            if not Draft202012Validator(schema).is_valid(value):
                faults.append(Fault(f"{role}-model", f"{key}={text} in {name!r}", _in_words(key, schema)))
            found[key] = value
        if faults:
            raise WrongInputError(faults)
        return found

    def _listed(self, role: Role) -> str:
        names = [entry.name for entry in self._listing.model if entry.role is role]
        return f"a model of the catalogue ({', '.join(names)}), of a file named by LECTURES_CATALOGUE, or simulated:openai/NAME"

    def _wrong(self, name: str, role: Role, allowed: str) -> WrongInputError:
        shown = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
        return WrongInputError([Fault(f"{role}-model", repr(shown), allowed)])


def read_catalogue(environ: Mapping[str, str]) -> Catalogue:
    """The catalogue that the environment makes of the package's. WrongInputError names a file or a variable that is wrong."""
    file = environ.get("LECTURES_CATALOGUE")
    listing = read_listing(file, built_in()) if file else built_in()
    from_tape = bool(environ.get("LECTURES_REPLAY"))
    keys = frozenset(vendor.name for vendor in vendors().values() if environ.get(vendor.key) or from_tape)
    simulated_only = environ.get("LECTURES_PROVIDERS") == SIMULATED
    return Catalogue(listing, sim_prices(environ), frozenset() if simulated_only else keys)


def provider_of(name: str) -> str:
    """Who is asked for a model of this name."""
    return name.partition(":")[0]


def limits(environ: Mapping[str, str], catalogue: Catalogue) -> dict[str, int]:
    """Calls at once, by pool: the catalogue's, changed by the JSON object in `LECTURES_LIMITS`. WrongInputError on nonsense."""
    pools = catalogue.pools
    allowed = f'a JSON object of calls at once, from 1 to {_HIGHEST_LIMIT}, for {" or ".join(pools)}, like {{"openai": 8}}'
    changed = _whole_numbers("LECTURES_LIMITS", environ, pools, range(1, _HIGHEST_LIMIT + 1), allowed)
    return {**catalogue.default_limits, **changed}


def sim_prices(environ: Mapping[str, str]) -> dict[Role, int]:
    """Micro-dollars per unit in place of the simulation's own, from `LECTURES_SIM_PRICES`. WrongInputError on nonsense."""
    roles = tuple(role.value for role in Role)
    allowed = f'a JSON object of micro-dollars per unit, whole and from 0, for {", ".join(roles)}, like {{"image": 40000}}'
    changed = _whole_numbers("LECTURES_SIM_PRICES", environ, roles, range(10**9), allowed)
    return {Role(role): micros for role, micros in changed.items()}


def _read(text: str, schema: Mapping[str, Any]) -> Json:
    """A parameter's text as its type has it; the text where it is none of that type."""
    try:
        match schema.get("type"):
            case "integer":
                return int(text)
            case "number" if math.isfinite(number := float(text)):
                return number
    except ValueError:
        pass
    return text


def _in_words(key: str, schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return f"{key}= one of {', '.join(map(str, schema['enum']))}"
    bounds = [f"{word} {schema[name]}" for name, word in (("minimum", "from"), ("maximum", "to")) if name in schema]
    longest = f" of at most {schema['maxLength']} characters" if "maxLength" in schema else ""
    return " ".join([f"{key}= a {schema.get('type', 'value')}{longest}", *bounds])


def _whole_numbers(
    variable: str, environ: Mapping[str, str], keys: tuple[str, ...], values: range, allowed: str
) -> dict[str, int]:
    """The JSON object in an environment variable, {} where it is unset or empty; one fault for each wrong entry."""
    text = environ.get(variable, "")
    if not text.strip():
        return {}
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise WrongInputError([Fault(variable, repr(text), allowed)])
    faults = [
        Fault(variable, json.dumps({key: value}), allowed)
        for key, value in document.items()
        if key not in keys or type(value) is not int or value not in values
    ]
    if faults:
        raise WrongInputError(faults)
    return document
