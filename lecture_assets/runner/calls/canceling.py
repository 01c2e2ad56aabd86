"""Cancels the calls of a canceled regeneration at their vendors where possible, and settles what they cost anyway.

    sent call ─► cancel ─┬ stopped ───► failed in the ledger, with its cost; bought again when wanted
                         └ otherwise ─► left as it is; the next regeneration collects it

A call belongs to a canceled regeneration if no living worker waits for it.
"""

import asyncio

from lecture_assets.providers.model_name import provider_of
from lecture_assets.runner.calls.boundary import close_all
from lecture_assets.runner.calls.settling import LeftCall, left_calls
from lecture_assets.runner.setup.context import Context


async def cancel_calls(context: Context, lecture: str) -> list[str]:
    """Stop the lecture's calls that no living worker waits for. Return the nodes whose calls were stopped."""
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
