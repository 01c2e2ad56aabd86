"""What a canceled regeneration has out at vendors is stopped there, as far as it can be; what it cost all the same is settled.

call that was sent ─► cancel ─► how did it end?
├ stopped ─► in the ledger as failed, with its cost: bought again when wanted
└ else ────► it stands, and the next regeneration collects it
"""

import asyncio

from lecture_assets.providers.model_name import provider_of
from lecture_assets.runner.calls.boundary import close_all
from lecture_assets.runner.calls.settling import LeftCall, left_calls
from lecture_assets.runner.setup.context import Context


async def cancel_calls(context: Context, lecture: str) -> list[str]:
    """Stop what no living worker waits for any more; the nodes whose calls were stopped."""
    out = left_calls(context, lecture)
    if not out:
        return []
    providers = context.open_providers()
    try:
        calls = [LeftCall.of(context, row, providers.get(provider_of(row["model"]))) for row in out]
        ended = await asyncio.gather(*(call.stop() for call in calls))
    finally:
        await close_all(providers)
    return [row["node"] for row, stopped in zip(out, ended, strict=True) if stopped]
