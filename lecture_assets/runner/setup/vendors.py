"""The adapters that the environment has keys for, and the simulated vendor: opened when a regeneration starts."""

import math
from collections.abc import Callable, Mapping
from pathlib import Path

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.ports import Provider
from lecture_assets.providers.cassette import Cassette
from lecture_assets.providers.catalogue import Catalogue
from lecture_assets.providers.opening import Opening, open_adapter
from lecture_assets.providers.simulated.vendor import SimulatedOptions, SimulatedProvider
from lecture_assets.providers.vendors import SIMULATED, vendors

RECORD, REPLAY = "LECTURES_RECORD", "LECTURES_REPLAY"
_RECORDED = "no key: the answers are recorded"
WAIT = "LECTURES_AMBIGUOUS_WAIT"
_LONGEST_WAIT_S = 3600.0


def cassette_of(environ: Mapping[str, str]) -> Cassette | None:
    """Where exchanges with vendors are recorded or played from; None for neither. WrongInputError for both, or for no folder."""
    record, replay = environ.get(RECORD), environ.get(REPLAY)
    if record and replay:
        raise WrongInputError([Fault(REPLAY, repr(replay), f"one of {RECORD} and {REPLAY}, not both")])
    if replay and not Path(replay, "exchanges").is_dir():
        raise WrongInputError([Fault(REPLAY, repr(replay), f"a folder that {RECORD} has filled")])
    if record and Path(record).exists() and not Path(record).is_dir():
        raise WrongInputError([Fault(RECORD, f"{record!r}, which is no folder", "a folder, or a name for a new one")])
    secrets = frozenset(environ.get(vendor.key, "") for vendor in vendors().values())
    folder = record or replay
    return Cassette(Path(folder), secrets, plays=bool(replay)) if folder else None


def open_vendors(
    environ: Mapping[str, str], home: Path, catalogue: Catalogue, cassette: Cassette | None
) -> Callable[[], Mapping[str, Provider]]:
    """Opens the vendors whose key is set, and the simulated one, by name."""
    options = SimulatedOptions.from_environ(environ)

    def open_all() -> Mapping[str, Provider]:
        opened: dict[str, Provider] = {SIMULATED: SimulatedProvider(home / SIMULATED, options)}
        for vendor in vendors().values():
            if vendor.name in catalogue.keys:
                key, base_url = environ.get(vendor.key) or _RECORDED, environ.get(vendor.address) or None
                opening = Opening(home / vendor.name, catalogue, key, base_url, ambiguous_wait(environ), cassette)
                opened[vendor.name] = open_adapter(vendor, opening)
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
