"""One model: what it accepts, what a call to it costs, and how fast it may be called. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from lecture_assets.graph.fingerprint import Json
from lecture_assets.graph.kind import Role
from lecture_assets.providers.catalogue_file import PriceRow, Unit

Amounts: TypeAlias = Mapping[Unit, Fraction | int]
"""How much of each unit a call used, or would use."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate limit that all calls with the same bucket share.

    unit:       `request` or `token`
    per_minute: units per minute
    """

    bucket: str
    unit: str
    per_minute: int


@dataclass(frozen=True, slots=True)
class Model:
    """One model in one role.

    name:        as written in a brief, `provider:model?parameter=value`
    provider:    the provider that is called
    vendor_name: what the provider calls the model
    pool:        the pool whose slots its calls occupy
    seconds:     its typical latency, for estimates
    parameters:  parameters sent with every call: those in the name, and the defaults of the others
    rates:       the rate limits that its calls count towards
    expected:    how much of a unit a call uses, from and to, where the request does not determine it
    voices:      for speech, this project's voices by name, mapped to the vendor's
    own_voices:  the vendor's own voices by name, mapped to a description, which may be empty
    languages:   language tags (BCP 47, lower case) that speech supports; empty if any may be tried
    word_times:  the vendor reports when each word is spoken
    input:       the model's own name for each part of a request that it accepts
    within:      least and most of a part that it accepts (`seconds`, `frames`)
    version:     of the model, if its provider has versions
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
        """Return the price of these amounts in micro-dollars, rounded up.

        The first matching price row of each unit applies; a unit without one is free.

        known: facts other than parameters that the price depends on (`size`)
        """
        facts = {**self.parameters, **known}
        total = Fraction(0)
        for unit, amount in amounts.items():
            fits = (p for p in self.prices if p.unit == unit and all(facts.get(key) == value for key, value in p.when.items()))
            line = next(fits, None)
            total += amount * line.usd_micros_per_unit if line else 0
        return math.ceil(total)

    def has_voice(self, name: str) -> bool:
        """Whether speech can use this voice. A model with no voices listed accepts any."""
        return name in self.voices or name in self.own_voices or not (self.voices or self.own_voices)

    def speaks(self, tag: str) -> bool:
        """Whether speech supports this language. Its region is ignored if the model does not list it."""
        wanted = tag.strip().replace("_", "-").lower()
        return not self.languages or wanted in self.languages or wanted.partition("-")[0] in self.languages

    def fitted(self, part: str, amount: int) -> int:
        """Clamp a part of a request (`seconds`, `frames`) to what the model accepts."""
        least, most = self.within.get(part, (amount, amount))
        return min(max(amount, least), most)
