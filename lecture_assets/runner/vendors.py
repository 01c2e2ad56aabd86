"""The adapters that the environment has keys for, and the simulated vendor: opened when a regeneration starts."""

import math
from collections.abc import Callable, Mapping
from pathlib import Path

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.ports import Provider
from lecture_assets.providers.catalogue import KEYS, Catalogue
from lecture_assets.providers.simulated.vendor import SimulatedOptions, SimulatedProvider

WAIT = "LECTURES_AMBIGUOUS_WAIT"
_LONGEST_WAIT_S = 3600.0


def vendors(environ: Mapping[str, str], home: Path, catalogue: Catalogue) -> Callable[[], Mapping[str, Provider]]:
    """Opens the vendors, by name. A vendor's package is imported when it is first needed: it takes a second."""
    options = SimulatedOptions.from_environ(environ)

    def open_all() -> Mapping[str, Provider]:
        opened: dict[str, Provider] = {"simulated": SimulatedProvider(home / "simulated", options)}
        if "openai" in catalogue.keys:
            opened["openai"] = _openai(environ, home, catalogue)
        if "replicate" in catalogue.keys:
            opened["replicate"] = _replicate(environ, catalogue)
        return opened

    return open_all


def ambiguous_wait(environ: Mapping[str, str]) -> float:
    """Seconds that a vendor's time to answer is waited out after a lost reply; WrongInputError where they are none."""
    text = environ.get(WAIT) or "120"
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= _LONGEST_WAIT_S:
        raise WrongInputError([Fault(WAIT, repr(text), f"seconds from 0 to {_LONGEST_WAIT_S:.0f}, like 120")])
    return seconds


def _openai(environ: Mapping[str, str], home: Path, catalogue: Catalogue) -> Provider:
    from lecture_assets.providers.openai import OpenAIProvider  # noqa: PLC0415 - said above

    base_url = environ.get("OPENAI_BASE_URL") or None
    settle_s = ambiguous_wait(environ)
    return OpenAIProvider(home / "openai", catalogue, environ[KEYS["openai"]], base_url=base_url, settle_s=settle_s)


def _replicate(environ: Mapping[str, str], catalogue: Catalogue) -> Provider:
    from lecture_assets.providers.replicate import ReplicateProvider  # noqa: PLC0415 - the same

    base_url = environ.get("REPLICATE_BASE_URL") or None
    return ReplicateProvider(catalogue, environ[KEYS["replicate"]], base_url=base_url)
