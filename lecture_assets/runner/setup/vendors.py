"""Open the adapters of the vendors whose keys are set, and the simulated vendor, when a regeneration starts."""

import math
from collections.abc import Callable, Mapping
from pathlib import Path

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.ports import Provider, ReplyStore
from lecture_assets.providers.cassette import Cassette
from lecture_assets.providers.catalogue import Catalogue
from lecture_assets.providers.opening import Opening, open_adapter
from lecture_assets.providers.simulated.options import SimulatedOptions
from lecture_assets.providers.simulated.vendor import SimulatedProvider
from lecture_assets.providers.vendors import SIMULATED, vendors

RECORD, REPLAY = "LECTURES_RECORD", "LECTURES_REPLAY"
_RECORDED = "no key: the answers are recorded"
WAIT = "LECTURES_AMBIGUOUS_WAIT"
_LONGEST_WAIT_S = 3600.0


def cassette_of(environ: Mapping[str, str]) -> Cassette | None:
    """Return the cassette that exchanges are recorded on or replayed from, if any. WrongInputError for both, or a bad folder."""
    record, replay = environ.get(RECORD), environ.get(REPLAY)
    if record and replay:
        raise WrongInputError([Fault(REPLAY, repr(replay), f"either {RECORD} or {REPLAY}, not both")])
    if replay and not Path(replay, "exchanges").is_dir():
        raise WrongInputError([Fault(REPLAY, repr(replay), f"a folder recorded with {RECORD}")])
    if record and Path(record).exists() and not Path(record).is_dir():
        raise WrongInputError([Fault(RECORD, f"{record!r}, which is not a folder", "a folder, or the name of a new one")])
    secrets = frozenset(environ.get(vendor.key, "") for vendor in vendors().values())
    folder = record or replay
    return Cassette(Path(folder), secrets, plays=bool(replay)) if folder else None


def open_vendors(
    environ: Mapping[str, str], home: Path, catalogue: Catalogue, cassette: Cassette | None, replies: ReplyStore | None
) -> Callable[[], Mapping[str, Provider]]:
    """Return a function that opens the simulated vendor and those whose key is set, by name."""
    options = SimulatedOptions.from_environ(environ)

    def open_all() -> Mapping[str, Provider]:
        opened: dict[str, Provider] = {SIMULATED: SimulatedProvider(home / SIMULATED, options)}
        for vendor in vendors().values():
            if vendor.name in catalogue.keys:
                key, base_url = environ.get(vendor.key) or _RECORDED, environ.get(vendor.address) or None
                opening = Opening(home / vendor.name, catalogue, key, base_url, ambiguous_wait(environ), cassette, replies)
                opened[vendor.name] = open_adapter(vendor, opening)
        return opened

    return open_all


def ambiguous_wait(environ: Mapping[str, str]) -> float:
    """Return how many seconds to let a vendor finish after a lost reply; WrongInputError for an invalid number."""
    text = environ.get(WAIT) or "120"
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= _LONGEST_WAIT_S:
        raise WrongInputError([Fault(WAIT, repr(text), f"seconds from 0 to {_LONGEST_WAIT_S:.0f}, like 120")])
    return seconds
