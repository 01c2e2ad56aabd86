"""Spending ceilings from the environment. The ledger enforces them, in the transaction that reserves the money."""

import json
from collections.abc import Mapping

from lecture_assets.graph.errors import Fault, LectureError, WrongInputError
from lecture_assets.runner.setup.money import usd
from lecture_assets.store.charges import Ceilings, Shortage

VARIABLE = "LECTURES_CEILINGS"
KIND = "ceiling"
"""The failure kind of a call that a ceiling refused; no vendor reports it."""
_NAMES = ("lecture", "workspace", "month")
_MAX_USD = 10_000_000
_ALLOWED = f'a JSON object of dollar amounts (0 or more) for {", ".join(_NAMES)}, like {{"lecture": 2.5, "month": 100}}'


def ceilings(environ: Mapping[str, str]) -> Ceilings:
    """Parse `LECTURES_CEILINGS`; unset means no ceilings. WrongInputError has a fault for each wrong entry."""
    text = environ.get(VARIABLE, "")
    if not text.strip():
        return Ceilings()
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise WrongInputError([Fault(VARIABLE, repr(text[:100]), _ALLOWED)])
    faults = [
        Fault(VARIABLE, json.dumps({key: value})[:100], _ALLOWED)
        for key, value in document.items()
        if key not in _NAMES or isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MAX_USD
    ]
    if faults:
        raise WrongInputError(faults)
    return Ceilings(**{name: round(dollars * 1_000_000) for name, dollars in document.items()})


class CeilingError(LectureError):
    """A call was not bought because it would have taken the spent and reserved total over a ceiling."""

    exit_code = 1

    def __init__(self, node: str, lecture: str, price_usd_micros: int, shortage: Shortage) -> None:
        """Name the ceiling, the missing sum and the remedy."""
        self.shortage = shortage
        whose = {"lecture": f"lecture {lecture}", "workspace": "this workspace", "month": "this month"}[shortage.ceiling]
        super().__init__(
            f"{node} of lecture {lecture} may cost {usd(price_usd_micros)}; "
            f"the ceiling of {whose} is {usd(shortage.allowed_usd_micros)}, "
            f"and {usd(shortage.committed_usd_micros)} of it is spent or reserved: {usd(shortage.missing_usd_micros)} short "
            f"(raise `{shortage.ceiling}` in {VARIABLE}, then run it again)"
        )
