"""Rate limits in vendors' headers: parsed as they are sent, and ignored where implausible."""

import pytest

from lecture_assets.ports import Allowance
from lecture_assets.providers.rate_headers import allowances


def openai(limit: str, remaining: str, reset: str, unit: str = "requests") -> dict[str, str]:
    said = {"limit": limit, "remaining": remaining, "reset": reset}
    return {f"x-ratelimit-{name}-{unit}": value for name, value in said.items()}


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        (openai("500", "499", "120ms"), Allowance("request", 500, 499, 0.12)),
        (openai("60", "0", "1m0s"), Allowance("request", 60, 0, 1.0)),
        (openai("50000", "20000", "36s", "tokens"), Allowance("token", 50_000, 20_000, 0.0012)),
        (openai("200", "200", "0s"), Allowance("request", None, 200, 0.0)),  # of a minute, or of a day
        (openai("10", "9", "100ms"), Allowance("request", None, 9, 0.1)),  # a second's
        (openai("14400", "14370", "2m59.56s"), Allowance("request", None, 14_370, 179.56 / 30)),  # a day's
        (openai("200", "0", "24h0m0s"), Allowance("request", None, 0, 300.0)),
        (
            {"ratelimit-limit": "600", "ratelimit-remaining": "0", "ratelimit-reset": "30"},
            Allowance("request", None, 0, 30.0),
        ),
    ],
)
def test_limits_are_read(headers: dict[str, str], wanted: Allowance) -> None:
    assert allowances(headers) == (wanted,)


def test_each_of_several_limits_is_read() -> None:
    both = openai("500", "499", "120ms") | openai("50000", "49000", "1.2s", "tokens")
    assert [said.unit for said in allowances(both)] == ["request", "token"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        openai("-1", "-1", "0"),
        openai("0", "0", "0"),
        openai("500", "501", "1s"),
        openai("500", "", "1s"),
        openai("500", "4e2", "1s"),
        openai("500", "499", "soon"),
        openai("500", "499", ""),
        openai("500", "499", "9" * 400 + "s"),
        {"x-ratelimit-limit-requests": "500"},
    ],
)
def test_implausible_limits_are_ignored(headers: dict[str, str]) -> None:
    assert allowances(headers) == ()
