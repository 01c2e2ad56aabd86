"""Money and time as text."""

import pytest

from lecture_assets.cli.figures import duration, usd, usd_range


@pytest.mark.parametrize(
    ("micros", "text"),
    [(0, "$0.00"), (1, "$0.0000"), (1500, "$0.0015"), (99_999, "$0.1000"), (100_000, "$0.10"), (1_234_567_890, "$1,234.57")],
)
def test_small_prices_keep_four_decimals(micros: int, text: str) -> None:
    assert usd(micros) == text


def test_a_range_that_reads_the_same_is_one_price() -> None:
    assert (usd_range(1500, 1540), usd_range(1500, 3000)) == ("$0.0015", "$0.0015 to $0.0030")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0 s"), (9.94, "9.9 s"), (12.4, "12 s"), (59.6, "1 min 0 s"), (125, "2 min 5 s"), (3725, "1 h 2 min")],
)
def test_durations_get_coarser_as_they_grow(seconds: float, text: str) -> None:
    assert duration(seconds) == text
