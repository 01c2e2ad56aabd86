"""Who owns the assets in Dagster: people by their e-mail address, and teams."""

import re
from collections.abc import Mapping

from lecture_assets.graph.errors import Fault, WrongInputError

OWNERS = "LECTURES_OWNERS"
_OWNER = re.compile(r"team:[^\s,;]+|[A-Za-z0-9_][A-Za-z0-9._%+-]*@[A-Za-z0-9.-]+\.[A-Za-z]{2,7}")
"""What Dagster 1.13 accepts, without spaces and semicolons in a team's name."""


def owners_of(environ: Mapping[str, str]) -> list[str]:
    """Parse `LECTURES_OWNERS`, separated by commas; none by default. WrongInputError names the first that is no owner."""
    owners = [owner for owner in (part.strip() for part in environ.get(OWNERS, "").split(",")) if owner]
    for owner in owners:
        if not _OWNER.fullmatch(owner):
            allowed = "e-mail addresses and teams, like team:content,mia@example.org"
            raise WrongInputError([Fault(OWNERS, repr(owner[:100]), allowed)])
    return owners
