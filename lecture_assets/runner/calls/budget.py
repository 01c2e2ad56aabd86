"""How much one regeneration may spend: what is about to be bought is committed first, so that no race can pass the ceiling."""

from lecture_assets.graph.errors import RefusedError
from lecture_assets.runner.setup.money import usd


class Budget:
    """Micro-dollars. ceiling: None for no limit. What was bought by an earlier regeneration, and is adopted, is not counted."""

    def __init__(self, ceiling_usd_micros: int | None) -> None:
        """Nothing is committed yet."""
        self.ceiling_usd_micros = ceiling_usd_micros
        self._prices: dict[str, int] = {}

    @property
    def committed_usd_micros(self) -> int:
        """What was bought, or is about to be."""
        return sum(self._prices.values())

    def commit(self, node: str, attempt: str, price_usd_micros: int) -> None:
        """Count an attempt in before it is sent. RefusedError where it would pass the ceiling; then it must not be sent."""
        after = self.committed_usd_micros + price_usd_micros
        if self.ceiling_usd_micros is not None and after > self.ceiling_usd_micros:
            message = (
                f"{node} costs {usd(price_usd_micros)}; with the {usd(self.committed_usd_micros)} of the calls before it, "
                f"that is more than the {usd(self.ceiling_usd_micros)} allowed; what was made is kept, the rest was not bought "
                f"(run it again with a higher --max-cost)"
            )
            raise RefusedError(message)
        self._prices[attempt] = price_usd_micros

    def settle(self, attempt: str, cost_usd_micros: int) -> None:
        """An attempt that came to nothing, with what it cost all the same."""
        self._prices.pop(attempt, None)
        if cost_usd_micros:
            self._prices[attempt] = cost_usd_micros
