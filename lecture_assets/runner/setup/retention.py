"""How long Dagster keeps runs and superseded events."""

from collections.abc import Mapping

from lecture_assets.graph.errors import Fault, WrongInputError

KEEP_RUNS_DAYS = "LECTURES_KEEP_RUNS_DAYS"
NEVER = "never"
_DAYS, _MOST = 30, 36_500


def keep_runs_days(environ: Mapping[str, str]) -> int | None:
    """Parse `LECTURES_KEEP_RUNS_DAYS`: days from 1 to 36500, 30 by default; None if they are never deleted.

    WrongInputError if it is anything else.
    """
    text = environ.get(KEEP_RUNS_DAYS) or str(_DAYS)
    if text in {NEVER, "0"}:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(_MOST)) and 1 <= int(text) <= _MOST):
        allowed = f"days from 1 to {_MOST}, like {_DAYS}, or {NEVER}"
        raise WrongInputError([Fault(KEEP_RUNS_DAYS, repr(text[:100]), allowed)])
    return int(text)
