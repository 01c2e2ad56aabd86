"""Money in a sentence."""


def usd(micros: int) -> str:
    """Format micro-dollars as dollars with four decimals, or as many as it takes: `$0.0123`, `$0.00001`."""
    exact = f"{micros / 1_000_000:.6f}"
    return f"${exact[:-2]}{exact[-2:].rstrip('0')}"
