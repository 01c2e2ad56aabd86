"""Whether a lecture's takes cost what its settled calls cost. Read-only.

    take of a paid kind ─► the key of its call ─► a charge for each attempt ─► the call, whose cost is the sum of its charges

A take costs what one attempt was charged, to this lecture or, for a copy, to another. A charge without a take is of an attempt
that failed, or whose reply was not used.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from sqlalchemy import Connection, RowMapping

from lecture_assets.graph.lecture import KINDS, MAX_SEGMENTS
from lecture_assets.graph.node import parse_node_id
from lecture_assets.runner.reading.snapshot import call_key
from lecture_assets.runner.setup.money import usd
from lecture_assets.store import ledger_queries, records
from lecture_assets.store.ledger import State

_PAID = [kind.name for kind in KINDS.values() if kind.role is not None]
_ByKey: TypeAlias = Mapping[str, list[RowMapping]]
"""The charges of each call."""


@dataclass
class LedgerComparison:
    """The takes of a lecture beside its ledger; money in micro-dollars.

    faults:         what does not agree, a sentence each
    takes:          how many takes cost something
    spent:          what all attempts of this lecture cost
    in_takes:       what its takes cost, of what it paid itself
    paid_by_others: what its takes cost, of what other lectures paid
    """

    faults: list[str] = field(default_factory=list)
    takes: int = 0
    spent: int = 0
    in_takes: int = 0
    paid_by_others: int = 0

    @property
    def without_take(self) -> int:
        """What attempts cost that left no take."""
        return self.spent - self.in_takes


def compare_ledger(connection: Connection, lecture: str) -> LedgerComparison:
    """Compare a lecture's takes with its settled calls."""
    takes = [(take, _call_keys(take)) for take in records.load_bought(connection, lecture, _PAID)]
    keys = ledger_queries.charged_keys(connection, lecture).union(*(own for _, own in takes))
    charges: dict[str, list[RowMapping]] = {}
    for charge in ledger_queries.settlements(connection, keys):
        charges.setdefault(charge["call_key"], []).append(charge)
    found = LedgerComparison(list(_uneven_calls(charges)))
    found.spent = sum(one["cost_usd_micros"] for own in charges.values() for one in own if one["lecture"] == lecture)
    for take, own_keys in takes:
        if take["cost_usd_micros"]:
            _match(take, own_keys, charges, lecture, found)
    for take, own_keys in takes:
        if not take["cost_usd_micros"]:
            found.faults += _unpaid(take, [one for key in own_keys for one in charges.get(key, ())], lecture)
    return found


def _call_keys(take: RowMapping) -> Sequence[str]:
    """Return the keys that a take's call may have: how many segments its request asked for is not stored with the take."""
    kind, _ = parse_node_id(take["node"])
    if not kind.asks:
        return [take["fingerprint"]]
    return [call_key(take["fingerprint"], dict.fromkeys(kind.asks, count)) for count in range(1, MAX_SEGMENTS + 1)]


def _uneven_calls(charges: _ByKey) -> Iterator[str]:
    """Yield the calls that do not cost what their attempts were charged."""
    for own in charges.values():
        for workspace in sorted({one["workspace"] for one in own}):
            of_call = [one for one in own if one["workspace"] == workspace]
            total, sum_ = of_call[0]["total_usd_micros"], sum(one["cost_usd_micros"] for one in of_call)
            if total is None:
                yield f"{of_call[0]['node']}: {usd(sum_)} were charged for a call that is not in the ledger"
            elif total != sum_:
                yield f"{of_call[0]['node']}: its call cost {usd(total)}, but its attempts were charged {usd(sum_)}"


def _match(take: RowMapping, keys: Collection[str], charges: _ByKey, lecture: str, found: LedgerComparison) -> None:
    """Take out the charge that a take was bought with, preferably one of this lecture, or note that there is none."""
    found.takes += 1
    candidates = sorted((one for key in keys for one in charges.get(key, ())), key=lambda one: one["lecture"] != lecture)
    charge = next((one for one in candidates if one["cost_usd_micros"] == take["cost_usd_micros"]), None)
    if charge is None:
        settled = " or ".join(usd(one["cost_usd_micros"]) for one in candidates) or "nothing"
        found.faults.append(f"{_named(take)} costs {usd(take['cost_usd_micros'])}, but {settled} was settled for its call")
        return
    charges[charge["call_key"]].remove(charge)
    if charge["lecture"] == lecture:
        found.in_takes += charge["cost_usd_micros"]
    else:
        found.paid_by_others += charge["cost_usd_micros"]


def _unpaid(take: RowMapping, charges: Collection[RowMapping], lecture: str) -> Iterator[str]:
    """Yield what was settled for the call of a take that cost nothing, unless the call was bought before and reused for it."""
    for one in charges:
        is_own = one["lecture"] == lecture and one["is_last"] and one["state"] == State.DONE
        if is_own and one["cost_usd_micros"] > one["saved_usd_micros"]:
            yield f"{_named(take)} cost nothing, but {usd(one['cost_usd_micros'])} was settled for its call"


def _named(take: RowMapping) -> str:
    return f"{take['node']}: take {take['number']}"
