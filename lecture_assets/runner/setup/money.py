"""Money in a sentence."""


def usd(micros: int) -> str:
    """Micro-dollars as dollars with four decimals, the least that a call may cost: `$0.0123`."""
    return f"${micros / 1_000_000:.4f}"
