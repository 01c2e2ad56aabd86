"""Money in a sentence."""


def usd(micros: int) -> str:
    """Format micro-dollars as dollars with four decimals, fine enough for the cheapest call: `$0.0123`."""
    return f"${micros / 1_000_000:.4f}"
