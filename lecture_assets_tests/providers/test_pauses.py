"""How long a vendor can make us wait: within limits, by the vendor's own clock, and with a message if it asks for more."""

import pytest

from lecture_assets.providers.failures import Problem, refused, retry_after

NOW = "Sat, 28 Nov 2026 12:00:00 GMT"
SAID = [
    ({"retry-after": "7"}, 7.0),
    ({"retry-after-ms": "250"}, 0.25),
    ({"retry-after": "86400"}, 300.0),
    ({"retry-after": "1e400"}, 300.0),
    ({"retry-after-ms": "inf"}, 300.0),
    ({"retry-after-ms": "nan"}, None),
    ({"retry-after-ms": "-5"}, 0.0),
    ({"retry-after": "-5"}, None),
    ({"retry-after": "soon"}, None),
    ({"retry-after": "٣"}, 3.0),
    ({"retry-after": ""}, None),
    ({"retry-after": "Sat, 28 Nov 2026 12:00:09 GMT", "date": NOW}, 9.0),
    ({"retry-after": "Sun, 29 Nov 2026 12:00:00 GMT", "date": NOW}, 300.0),
    ({"retry-after": "Fri, 27 Nov 2026 12:00:00 GMT", "date": NOW}, 0.0),
    ({"retry-after": "Sat, 28 Nov 2026 12:00:09 GMT", "date": "nonsense"}, None),
    ({"retry-after": "Sat, 99 Foo 20260000 12:00:09 GMT", "date": NOW}, None),
]


@pytest.mark.parametrize(("headers", "waits_s"), SAID)
def test_a_pause_is_limited_and_a_date_is_relative_to_the_vendors_clock(headers: dict[str, str], waits_s: float | None) -> None:
    assert retry_after(headers) == waits_s


@pytest.mark.parametrize(("asked", "said"), [("86400", "a day or longer"), ("1e400", "a day or longer"), ("5400", "90 minutes")])
def test_a_longer_pause_is_cut_to_five_minutes_and_the_message_says_so(asked: str, said: str) -> None:
    error = refused("openai", 429, Problem("rate_limit_exceeded", "slow down"), {"retry-after": asked})
    assert error.retry_after == 300.0
    assert f"it asks not to be called for {said}; it will be called again after 5 minutes" in str(error)


def test_a_short_pause_is_not_mentioned() -> None:
    assert "not to be called" not in str(refused("openai", 429, Problem("", "slow down"), {"retry-after": "20"}))


def test_the_error_for_a_missing_model_says_how_to_choose_another() -> None:
    error = refused("openai", 404, Problem("model_not_found", "The model `gpt-9` does not exist"), {})
    assert "choose a model that it offers: `lectures edit ID 'model NODE=PROVIDER:NAME'`" in str(error)
