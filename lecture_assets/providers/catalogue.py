"""The models that calls can name, what they cost and how many may run at once.

It calls nobody; a vendor's adapter asks it for a price, the plan for an estimate. Only the simulated provider has models in
this version. A simulated model stands for a vendor's: `simulated:openai/gpt-5-mini` holds a slot of pool `openai`.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.lecture import Role
from lecture_assets.ports import ImageRequest, MusicRequest, Request, SpeechRequest, TextRequest, VideoRequest

Unit: TypeAlias = Literal["call", "character", "second"]
PROVIDERS = ("simulated",)
"""The providers with an adapter in this version."""
POOLS = ("openai", "replicate")
"""The vendors that a simulated model can stand for; calls of one vendor share its slots."""
UNITS: Mapping[Role, Unit] = {
    Role.TEXT: "call",
    Role.SPEECH: "character",
    Role.IMAGE: "call",
    Role.VIDEO: "second",
    Role.MUSIC: "second",
}
"""What a role is paid by. Each is known before the call, so an estimate is exact."""

DEFAULT_MODELS: Mapping[Role, str] = {
    Role.TEXT: "simulated:openai/gpt-5-mini",
    Role.SPEECH: "simulated:openai/gpt-4o-mini-tts",
    Role.IMAGE: "simulated:replicate/black-forest-labs/flux-schnell",
    Role.VIDEO: "simulated:replicate/wan-video/wan-2.2-i2v-fast",
    Role.MUSIC: "simulated:replicate/meta/musicgen",
}
"""What a lecture uses for a role where its brief names no model."""

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

DEFAULT_LIMITS: Mapping[str, int] = {"openai": 5, "replicate": 2}
"""Calls at once, by pool. This project's own defaults, no vendor's figures; `LECTURES_LIMITS` changes them."""

_HIGHEST_LIMIT = 1_000
_LONGEST_NAME = 200
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@-]*(/[A-Za-z0-9][A-Za-z0-9._:@-]*)*")


@dataclass(frozen=True, slots=True)
class Price:
    """What a unit costs, per thousand of them, so that a character may cost a fraction of a micro-dollar."""

    unit: Unit
    usd_micros_per_thousand_units: int


@dataclass(frozen=True, slots=True)
class Model:
    """One model in one role.

    name:     `provider:model`, as a brief spells it
    provider: who is asked; pool: whose slots its calls hold
    seconds:  its typical latency, for estimates
    """

    name: str
    provider: str
    pool: str
    role: Role
    price: Price
    seconds: float


def find_model(name: str, role: Role, prices: Mapping[Role, int] | None = None) -> Model:
    """The model of this name in this role; `prices`: micro-dollars per unit that replace the role's own.

    WrongInputError for a name that is no name, or of a provider without an adapter.
    """
    provider, _, vendor_name = name.partition(":")
    pool, _, model = vendor_name.partition("/")
    adapters = f"a provider with an adapter in this version ({', '.join(PROVIDERS)})"
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(vendor_name):
        raise _wrong_model(name, role, f"provider:model, like {DEFAULT_MODELS[role]}")
    if provider in POOLS:
        raise _wrong_model(name, role, f"{adapters}; simulated:{provider}/{vendor_name} stands in for this one")
    if provider not in PROVIDERS:
        raise _wrong_model(name, role, f"{adapters}; simulated:openai/NAME stands in for a model of openai")
    if pool not in POOLS or not model:
        stands_for = " or ".join(f"simulated:{vendor}/NAME" for vendor in POOLS)
        raise _wrong_model(name, role, f"{stands_for}, like {DEFAULT_MODELS[role]}")
    micros = (prices or {}).get(role, SIMULATED_MICROS_PER_UNIT[role])
    return Model(name, provider, pool, role, Price(UNITS[role], micros * 1000), sum(SIMULATED_SECONDS[role]) / 2)


def cost_usd_micros(model: Model, request: Request) -> int:
    """Micro-dollars that this request costs, rounded up; exact, and known before it is sent."""
    return price_usd_micros(model, _units(request))


def price_usd_micros(model: Model, units: int) -> int:
    """Micro-dollars that so many units cost, rounded up."""
    return -(-units * model.price.usd_micros_per_thousand_units // 1000)


def limits(environ: Mapping[str, str]) -> dict[str, int]:
    """Calls at once, by pool: the defaults, changed by the JSON object in `LECTURES_LIMITS`. WrongInputError on nonsense."""
    allowed = f'a JSON object of calls at once, from 1 to {_HIGHEST_LIMIT}, for {" or ".join(POOLS)}, like {{"openai": 8}}'
    changed = _whole_numbers("LECTURES_LIMITS", environ, POOLS, range(1, _HIGHEST_LIMIT + 1), allowed)
    return {**DEFAULT_LIMITS, **changed}


def prices(environ: Mapping[str, str]) -> dict[Role, int]:
    """Micro-dollars per unit in place of the simulation's own, from `LECTURES_SIM_PRICES`. WrongInputError on nonsense."""
    roles = tuple(role.value for role in Role)
    allowed = f'a JSON object of micro-dollars per unit, whole and from 0, for {", ".join(roles)}, like {{"image": 40000}}'
    changed = _whole_numbers("LECTURES_SIM_PRICES", environ, roles, range(10**9), allowed)
    return {Role(role): micros for role, micros in changed.items()}


def _units(request: Request) -> int:
    match request:
        case TextRequest() | ImageRequest():
            return 1
        case SpeechRequest():
            return len(request.text)
        case VideoRequest() | MusicRequest():
            return request.seconds


def _wrong_model(name: str, role: Role, allowed: str) -> WrongInputError:
    shown = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
    return WrongInputError([Fault(f"{role}-model", repr(shown), allowed)])


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
