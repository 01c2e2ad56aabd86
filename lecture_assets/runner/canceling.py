"""What a canceled regeneration has out at vendors is stopped there, as far as it can be; what it cost all the same is settled.

call that was sent ─► cancel ─► how did it end?
├ stopped ─► in the ledger as failed, with its cost: bought again when wanted
└ else ────► it stands, and the next regeneration collects it
"""

import asyncio
from typing import Any

from lecture_assets.graph.errors import LectureError
from lecture_assets.graph.lecture import Role
from lecture_assets.ports import REQUESTS, Call, NoLookupError, Provider, ProviderError
from lecture_assets.providers.catalogue import provider_of
from lecture_assets.runner.context import Context
from lecture_assets.store import ledger
from lecture_assets.store.ledger import Intent
from lecture_assets.store.requests import Lease, is_alive

_LONGEST_S = 15.0
"""How long is waited for a vendor to say how a call ended."""


async def cancel_calls(context: Context, lecture: str) -> list[str]:
    """Stop what no living worker waits for any more; the nodes whose calls were stopped."""
    with context.database.read() as connection:
        now = context.store_time(connection)
        rows = ledger.entries(connection, lecture=lecture)
        out = [row for row in rows if row["state"] in ledger.UNSETTLED and not is_alive(connection, lecture, row["fence"], now)]
    if not out:
        return []
    providers = context.open_providers()
    try:
        ended = await asyncio.gather(*(_cancel(context, row, providers.get(provider_of(row["model"]))) for row in out))
    finally:
        for provider in providers.values():
            await provider.close()
    return [row["node"] for row, stopped in zip(out, ended, strict=True) if stopped]


async def _cancel(context: Context, row: Any, provider: Provider | None) -> bool:
    """Whether the call was stopped; the vendor's own word decides."""
    if provider is None:
        return False
    try:
        model = context.model(row["model"], Role(row["role"]))
    except LectureError:  # it is not in the catalogue any more
        return False
    request = REQUESTS[model.role](**row["request"])
    call = Call(row["fingerprint"], row["attempt"], model.role, model.name.partition(":")[2], request)
    try:
        async with asyncio.timeout(_LONGEST_S):
            provider_id = row["provider_id"] or await provider.find(call)
            if provider_id is not None and await provider.cancel(provider_id):
                await provider.collect(provider_id, call)
    except (TimeoutError, NoLookupError):
        return False
    except ProviderError as error:
        if error.sent:  # it has ended, and came to nothing
            _settle(context, row, error)
        return error.sent
    return False


def _settle(context: Context, row: Any, error: ProviderError) -> None:
    intent = Intent(
        workspace=row["workspace"],
        fingerprint=row["fingerprint"],
        attempt=row["attempt"],
        node=row["node"],
        role=row["role"],
        model=row["model"],
        request=row["request"],
        reserved_usd_micros=row["reserved_usd_micros"],
        lease=Lease(row["lecture"], "", row["fence"]),
    )
    with context.database.write() as connection:
        ledger.fail(connection, intent, error.to_json(), error.cost_usd_micros, context.store_time(connection))
