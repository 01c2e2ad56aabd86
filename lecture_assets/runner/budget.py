"""How much one regeneration may spend: what is about to be bought is committed first, so that no race can pass the ceiling."""

from lecture_assets.graph.errors import RefusedError


class Budget:
    """Micro-dollars. ceiling: None for no limit; committed: bought, or about to be."""

    def __init__(self, ceiling_usd_micros: int | None) -> None:
        """Nothing is committed yet."""
        self.ceiling_usd_micros = ceiling_usd_micros
        self.committed_usd_micros = 0

    def commit(self, node: str, price_usd_micros: int) -> None:
        """Count a call in before it is sent. RefusedError where it would pass the ceiling; then it must not be sent."""
        after = self.committed_usd_micros + price_usd_micros
        if self.ceiling_usd_micros is not None and after > self.ceiling_usd_micros:
            message = (
                f"{node} costs {usd(price_usd_micros)}; with the {usd(self.committed_usd_micros)} of the calls before it, "
                f"that is more than the {usd(self.ceiling_usd_micros)} allowed; what was made is kept, the rest was not bought "
                f"(run it again with a higher --max-cost)"
            )
            raise RefusedError(message)
        self.committed_usd_micros = after

    def give_back(self, price_usd_micros: int) -> None:
        """A call that came to nothing, and cost nothing."""
        self.committed_usd_micros -= price_usd_micros


def usd(micros: int) -> str:
    """Micro-dollars in a sentence."""
    return f"${micros / 1_000_000:.4f}"
