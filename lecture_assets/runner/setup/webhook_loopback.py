"""Where on this machine webhooks may go: nowhere, unless the environment says so for development."""

import re
from collections.abc import Mapping

from lecture_assets.graph.errors import Fault, WrongInputError

LOOPBACK = "LECTURES_WEBHOOK_LOOPBACK"
_PLACE = re.compile(r"(127\.0\.0\.1|localhost):([1-9][0-9]{0,4})")
_HIGHEST_PORT = 65535


def webhook_loopback(environ: Mapping[str, str]) -> frozenset[tuple[str, int]]:
    """Parse `LECTURES_WEBHOOK_LOOPBACK`, hosts with ports, separated by commas. WrongInputError names the first that is none."""
    places = [place for place in (part.strip() for part in environ.get(LOOPBACK, "").split(",")) if place]
    found = []
    for place in places:
        match = _PLACE.fullmatch(place)
        if match is None or int(match[2]) > _HIGHEST_PORT:
            raise WrongInputError([Fault(LOOPBACK, repr(place[:100]), "places like 127.0.0.1:8080, separated by commas")])
        found.append((match[1], int(match[2])))
    return frozenset(found)
