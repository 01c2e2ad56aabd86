"""Money and counts in a sentence."""

from collections.abc import Mapping


def usd(micros: int) -> str:
    """Format micro-dollars as dollars with four decimals, or as many as it takes: `$0.0123`, `$0.00001`."""
    exact = f"{micros / 1_000_000:.6f}"
    return f"${exact[:-2]}{exact[-2:].rstrip('0')}"


def count(number: int, noun: str) -> str:
    """`1 call`, `1,900 nodes`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def calls(by_role: Mapping[str, int]) -> str:
    """`19 calls (11 text, 6 image, 2 speech)`."""
    total = count(sum(by_role.values()), "call")
    roles = ", ".join(f"{number} {role}" for role, number in sorted(by_role.items(), key=lambda item: (-item[1], item[0])))
    return f"{total} ({roles})" if roles else total
