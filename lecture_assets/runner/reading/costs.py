"""The ledger in sums, and what is left of each ceiling. Reads; changes nothing."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from lecture_assets.graph.fingerprint import Json
from lecture_assets.store import ledger
from lecture_assets.store.charges import Ceilings


def ceilings_document(ceilings: Ceilings, committed: Callable[[str], int]) -> list[Json]:
    """Each ceiling with what counts towards it and what is left. committed: micro-dollars, by the ceiling's name."""
    return [
        {
            "ceiling": name,
            "allowed_usd_micros": allowed,
            "committed_usd_micros": committed(name),
            "left_usd_micros": max(0, allowed - committed(name)),
        }
        for name, allowed in asdict(ceilings).items()
        if allowed is not None
    ]


def costs_document(rows: list[Mapping[str, Any]]) -> dict[str, Json]:
    """The ledger in sums: estimated, spent and saved, by provider, by model and role, and every call with its node."""
    calls: list[Json] = [
        {
            "node": row["node"],
            "lecture": row["lecture"],
            "role": row["role"],
            "model": row["model"],
            "state": row["state"],
            "attempts": row["attempts"],
            "estimated_usd_micros": row["reserved_usd_micros"],
            "spent_usd_micros": row["cost_usd_micros"],
            "spent_is_estimated": _is_estimated(row),
            "saved_usd_micros": row["saved_usd_micros"],
        }
        for row in rows
    ]
    return {
        "estimated_usd_micros": sum(row["reserved_usd_micros"] for row in rows),
        "spent_usd_micros": sum(row["cost_usd_micros"] for row in rows),
        "spent_by_estimate_usd_micros": sum(row["cost_usd_micros"] for row in rows if _is_estimated(row)),
        "saved_usd_micros": sum(row["saved_usd_micros"] for row in rows),
        "providers": _sums(rows, lambda row: {"provider": row["model"].partition(":")[0]}),
        "models": _sums(rows, lambda row: {"model": row["model"], "role": row["role"]}),
        "calls": calls,
    }


def _is_estimated(row: Mapping[str, Any]) -> bool:
    """Whether some of what was spent is what was reserved: the vendor does not count, or could not be asked what became of it."""
    return bool(row["uncertain"] or row["uncounted"])


def _sums(rows: list[Mapping[str, Any]], name: Callable[[Mapping[str, Any]], dict[str, Json]]) -> list[Json]:
    """Calls made, spent and saved by whatever `name` tells of a row, in the order of the first call."""
    sums: dict[str, dict[str, Any]] = {}
    for row in rows:
        group = sums.setdefault(str(name(row)), {**name(row), "calls": 0, "spent_usd_micros": 0, "saved_usd_micros": 0})
        group["calls"] += row["state"] == ledger.State.DONE
        group["spent_usd_micros"] += row["cost_usd_micros"]
        group["saved_usd_micros"] += row["saved_usd_micros"]
    return list(sums.values())
