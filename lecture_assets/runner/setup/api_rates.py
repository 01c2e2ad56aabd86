"""How much one sender may ask the API for, in the long run."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from lecture_assets.graph.errors import Fault, WrongInputError

REQUESTS, COST = "LECTURES_API_REQUESTS", "LECTURES_API_COST"
_MOST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class ApiRates:
    """What a sender gets back each second: requests, and points of cost. 0 for as many as they like."""

    requests: float = 200.0
    cost: float = 100_000.0


def api_rates(environ: Mapping[str, str]) -> ApiRates:
    """Parse `LECTURES_API_REQUESTS` and `LECTURES_API_COST`. WrongInputError names the first that is no number from 0 on."""
    default = ApiRates()
    return ApiRates(_number(environ, REQUESTS, default.requests), _number(environ, COST, default.cost))


def _number(environ: Mapping[str, str], name: str, default: float) -> float:
    text = environ.get(name) or str(default)
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number <= _MOST:
        raise WrongInputError([Fault(name, repr(text[:100]), f"a number from 0 to {_MOST:,}; 0 for no limit")])
    return number
