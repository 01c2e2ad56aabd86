"""How an adapter is opened: by the function that its vendor's row names, with what the environment says."""

import pkgutil
from dataclasses import dataclass
from pathlib import Path

from lecture_assets.ports import Provider
from lecture_assets.providers.cassette import Cassette
from lecture_assets.providers.catalogue import Catalogue
from lecture_assets.providers.vendors import Vendor


@dataclass(frozen=True, slots=True)
class Opening:
    """What an adapter is opened with.

    folder:    its own below the home, made when it is first needed
    catalogue: its models
    key:       as its variable has it
    base_url:  as its variable has it; None for the vendor's own address
    settle_s:  seconds that a lost call is waited for by a vendor that can look nothing up
    cassette:      where its exchanges are recorded or played from; None for neither
    """

    folder: Path
    catalogue: Catalogue
    key: str
    base_url: str | None
    settle_s: float
    cassette: Cassette | None


def open_adapter(vendor: Vendor, opening: Opening) -> Provider:
    """The vendor's provider. Its module is imported now: a vendor's package takes a second."""
    opened: Provider = pkgutil.resolve_name(vendor.adapter)(opening)
    return opened
