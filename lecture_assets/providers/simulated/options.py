"""How the simulated vendor behaves, as environment variables set it."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.kind import Role
from lecture_assets.providers.simulated.faults import Clause, parse_faults
from lecture_assets.providers.simulated_models import SIMULATED_SECONDS, sim_prices

_HIGHEST_LATENCY = 1_000.0


@dataclass(frozen=True, slots=True)
class SimulatedOptions:
    """How the vendor behaves.

    latency: factor for its latencies; at 0 it answers as soon as the work is done
    faults:  failures to inject
    prices:  micro-dollars per unit that replace the simulation's own, by role
    journal: the file of purchases; None for the one in the vendor's folder
    """

    latency: float = 0.0
    faults: tuple[Clause, ...] = ()
    prices: Mapping[Role, int] = field(default_factory=dict)
    journal: Path | None = None

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "SimulatedOptions":
        """Read LECTURES_SIM_LATENCY, …_FAULTS, …_PRICES and …_JOURNAL. WrongInputError if one is invalid."""
        journal = environ.get("LECTURES_SIM_JOURNAL", "")
        return cls(
            latency=_parse_latency(environ.get("LECTURES_SIM_LATENCY", "")),
            faults=parse_faults(environ.get("LECTURES_SIM_FAULTS", "")),
            prices=sim_prices(environ),
            journal=Path(journal) if journal else None,
        )


def latency_seconds(role: Role, key: str) -> float:
    """A call's latency in seconds at factor 1, spread evenly by its key over the role's range."""
    shortest, longest = SIMULATED_SECONDS[role]
    drawn = int.from_bytes(hashlib.sha256(f"{role}:{key}".encode()).digest()[:8]) / 2**64
    return shortest + (longest - shortest) * drawn


def _parse_latency(text: str) -> float:
    """The factor; 0 if the text is empty, since no simulation should wait unless asked to."""
    try:
        latency = float(text.strip() or 0)
    except ValueError:
        latency = math.nan
    if not 0 <= latency <= _HIGHEST_LATENCY:
        allowed = f"a number from 0 to {_HIGHEST_LATENCY:.0f} that multiplies the simulated latencies, like 1 or 0.5"
        raise WrongInputError([Fault("LECTURES_SIM_LATENCY", repr(text), allowed)])
    return latency
