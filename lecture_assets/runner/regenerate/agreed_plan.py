"""Whether a plan is the one that was agreed to, and within the limit: otherwise the refusal, with the difference."""

from collections.abc import Sequence

from lecture_assets.graph.errors import RefusedError
from lecture_assets.graph.plan import Plan
from lecture_assets.runner.setup.context import Context
from lecture_assets.runner.setup.money import usd
from lecture_assets.store import plans
from lecture_assets.store.plans import Offer

_MAX_NAMED = 4
"""The most nodes that a message names."""


def check_plan(plan: Plan, context: Context, token: str | None, ceiling: int | None) -> None:
    """Raise RefusedError if the plan is not the one that was agreed to, or costs too much.

    token:   of the plan that was agreed to; None for any
    ceiling: the most that it may cost, in micro-dollars; None for any amount
    """
    if token is not None and token != plan.token:
        offer = context.database.reading(lambda connection: plans.offered(connection, plan.lecture, token))
        message = (
            f"the plan of lecture {plan.lecture} is now {plan.token}, not {token}: {_difference(offer, plan)}; "
            f"nothing was made (plan again to see the current one)"
        )
        raise RefusedError(message)
    high = plan.price_usd_micros[1]
    if ceiling is not None and high > ceiling:
        message = (
            f"this may cost {usd(high)}, {usd(high - ceiling)} more than the {usd(ceiling)} allowed; "
            f"nothing was made (allow a higher maximum cost, or make only some nodes or one segment)"
        )
        raise RefusedError(message)


def check_rendering(plan: Plan) -> None:
    """Raise RefusedError if a plan makes more than what is made on demand."""
    if more := [planned.node.id for planned in plan.nodes if not planned.node.kind.on_demand]:
        message = f"lecture {plan.lecture} is not finished: {_some(more)} would be made first; nothing was rendered or bought"
        raise RefusedError(message)


def _difference(offer: Offer | None, plan: Plan) -> str:
    """Describe how a plan differs from the offer, as part of a sentence."""
    now = _size(len(plan.nodes), sum(plan.calls.values()), plan.price_usd_micros[1])
    if offer is None:
        return f"{now}; that token is unknown for this lecture, or was offered too long ago"
    parts = {
        "added": [node for node in plan.items if node not in offer.nodes],
        "removed": [node for node in offer.nodes if node not in plan.items],
        "with other inputs or another price": [n for n, item in plan.items.items() if offer.nodes.get(n, item) != item],
    }
    changes = [f"{len(nodes)} {how} ({_some(nodes)})" for how, nodes in parts.items() if nodes]
    then = f"{_size(len(offer.nodes), offer.calls, offer.high_usd_micros)}, for version {offer.version}"
    return f"{'; '.join(changes) or 'the same nodes in another order'}; it was {then}; it is {now}, for version {plan.version}"


def _size(nodes: int, calls: int, high_usd_micros: int) -> str:
    return f"{nodes} node{'s' * (nodes != 1)}, {calls} call{'s' * (calls != 1)}, at most {usd(high_usd_micros)}"


def _some(nodes: Sequence[str]) -> str:
    more = f", … {len(nodes) - _MAX_NAMED} more" if len(nodes) > _MAX_NAMED else ""
    return ", ".join(nodes[:_MAX_NAMED]) + more


def check_new_plan(plan: Plan, ceiling: int | None, spent_usd_micros: int) -> None:
    """Raise RefusedError if an edit that landed meanwhile could bring the total above the limit."""
    high = spent_usd_micros + plan.price_usd_micros[1]
    if ceiling is not None and high > ceiling:
        message = (
            f"an edit landed meanwhile; making version {plan.version} may bring this to {usd(high)}, more than the "
            f"{usd(ceiling)} allowed; what was made is kept, the rest was not bought (run it again with a higher maximum cost)"
        )
        raise RefusedError(message)
