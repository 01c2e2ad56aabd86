"""How much one regeneration may spend. Each price is committed before its call is sent, so no race can exceed the ceiling."""

from lecture_assets.graph.errors import RefusedError
from lecture_assets.runner.setup.money import usd


class Budget:
    """A budget in micro-dollars. Calls bought by an earlier regeneration and adopted by this one are not counted."""

    def __init__(self, ceiling_usd_micros: int | None) -> None:
        """Start with nothing committed. ceiling_usd_micros: None for no limit."""
        self.ceiling_usd_micros = ceiling_usd_micros
        self._prices: dict[str, int] = {}

    @property
    def committed_usd_micros(self) -> int:
        """The cost of what was bought, or is about to be."""
        return sum(self._prices.values())

    def commit(self, node: str, attempt: str, price_usd_micros: int) -> None:
        """Commit an attempt's price before it is sent. RefusedError if it would exceed the ceiling; it must then not be sent."""
        after = self.committed_usd_micros + price_usd_micros
        if self.ceiling_usd_micros is not None and after > self.ceiling_usd_micros:
            message = (
                f"{node} costs {usd(price_usd_micros)}; added to the {usd(self.committed_usd_micros)} of earlier calls, "
                f"that exceeds the {usd(self.ceiling_usd_micros)} allowed; what was made is kept, the rest was not bought "
                f"(run it again with a higher maximum cost)"
            )
            raise RefusedError(message)
        self._prices[attempt] = price_usd_micros

    def settle(self, attempt: str, cost_usd_micros: int) -> None:
        """Replace a failed attempt's price by what it cost anyway."""
        self._prices.pop(attempt, None)
        if cost_usd_micros:
            self._prices[attempt] = cost_usd_micros
