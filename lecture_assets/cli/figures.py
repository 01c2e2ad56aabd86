"""Money, time, sizes and failures as text for people; counts are in `runner/setup/money.py`."""

_MINUTE_S, _HOUR_S = 60, 3600
_DIME = 100_000
"""Micro-dollars below which two decimals would hide most of a price."""


def usd(micros: int) -> str:
    """Micro-dollars as `$0.0423`; from ten cents up, as `$1.20`."""
    return f"${micros / 1_000_000:,.{2 if micros >= _DIME or not micros else 4}f}"


def usd_range(low: int, high: int) -> str:
    """`$0.03` or `$0.03 to $0.05`."""
    return usd(high) if usd(low) == usd(high) else f"{usd(low)} to {usd(high)}"


def duration(seconds: float) -> str:
    """`0.4 s`, `12 s`, `3 min 5 s`, `1 h 2 min`."""
    whole = round(seconds)
    if seconds < 10:  # noqa: PLR2004 - from ten seconds up, tenths are noise
        return f"{seconds:.1f} s"
    if whole < _MINUTE_S:
        return f"{whole} s"
    if whole < _HOUR_S:
        return f"{whole // _MINUTE_S} min {whole % _MINUTE_S} s"
    return f"{whole // _HOUR_S} h {whole % _HOUR_S // _MINUTE_S} min"


def megabytes(size: int) -> str:
    """Bytes as `9.6 MB`."""
    return f"{size / 1_000_000:.1f} MB"


def failed(node: str, message: str) -> str:
    """A node and why it failed, naming the node once."""
    return message if node in message else f"{node}: {message}"
