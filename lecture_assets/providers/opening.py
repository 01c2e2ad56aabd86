"""Open a vendor's adapter with the function that the vendor's row names, and with the settings of the environment."""

import pkgutil
from dataclasses import dataclass
from pathlib import Path

from lecture_assets.ports import Provider, ReplyStore
from lecture_assets.providers.cassette import Cassette
from lecture_assets.providers.catalogue import Catalogue
from lecture_assets.providers.vendors import Vendor


@dataclass(frozen=True, slots=True)
class Opening:
    """The settings of an adapter.

    folder:    its own folder below the home, created when it is first needed
    catalogue: its models
    key:       as the environment variable has it
    base_url:  as the environment variable has it; None for the vendor's own address
    settle_s:  seconds to wait for a lost call that the vendor cannot look up
    cassette:  records or replays its exchanges; None for neither
    replies:   where other machines find replies that come only once; None if there are no other machines
    """

    folder: Path
    catalogue: Catalogue
    key: str
    base_url: str | None
    settle_s: float
    cassette: Cassette | None
    replies: ReplyStore | None = None


def open_adapter(vendor: Vendor, opening: Opening) -> Provider:
    """Return the vendor's provider. Its module is imported only now, since a vendor's package takes a second to load."""
    opened: Provider = pkgutil.resolve_name(vendor.adapter)(opening)
    return opened
