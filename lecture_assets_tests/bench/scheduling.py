"""A cold generation with 30 segments × 2 images under latency, beside what other executors take for the same calls.

Our time is the wall's, with every record durable. The others are computed from the very latencies that our run had:
the best list schedule (longest path first, and the best of many perturbed orders), first-come order, layers with
barriers and batches, and one node after another.
"""

import random
from collections.abc import Mapping
from typing import Any

from rich.table import Table

from lecture_assets.graph.build import Graph, build
from lecture_assets.graph.kind import Role
from lecture_assets.graph.schedule import Work, makespan, tails
from lecture_assets.providers.simulated.options import latency_seconds
from lecture_assets.runner.lectures import Lectures
from lecture_assets.store import lectures as stored_lectures
from lecture_assets.store import ledger_queries, plans
from lecture_assets_tests.bench.lectures import brief, open_lectures

_LECTURE = "city-water"
_PERTURBED = 300


def table() -> Table:
    """Seconds, and the ratio to the best list schedule."""
    report = Table("executor", "seconds", "ratio", title="Cold generation, 30 × 2, openai 5 at once, replicate 2, latency on")
    with open_lectures(latency=1.0) as lectures:
        lectures.create(brief(30, 2), _LECTURE)
        ours = float(str(lectures.regenerate(_LECTURE)["seconds"]))
        work, graph, layers = _work(lectures)
    limits = lectures.context.limits
    reads = {node: graph.nodes[node].read_ids for node in work}
    best = best_schedule(work, reads, limits)
    rows = {
        "best list schedule": best,
        "lecture_assets, every record durable": ours,
        "first come, first served": makespan(work, reads, limits, dict.fromkeys(work, 0.0)),
        "layers with barriers, batches by provider": layered(work, layers, limits),
        "one after another": sum(task.seconds for task in work.values()),
    }
    for name, seconds in rows.items():
        report.add_row(name, f"{seconds:.2f}", f"{seconds / best:.3f}")
    return report


def _work(lectures: Lectures) -> tuple[dict[str, Work], Graph, Mapping[str, int]]:
    """Every node of the plan in topological order, with the seconds its call really had; and the plan's layers."""
    with lectures.context.database.read() as connection:
        rows = ledger_queries.entries(connection, lecture=_LECTURE)
        graph = build(stored_lectures.head(connection, _LECTURE).settings)
        stored = plans.load(connection, _LECTURE)
    assert stored is not None
    plan: Any = stored.plan
    seconds = {row["node"]: latency_seconds(Role(row["role"]), row["call_key"]) for row in rows}
    pools = {row["node"]: lectures.context.model(row["model"], Role(row["role"])).pool for row in rows}
    layers = {node["id"]: node["layer"] for node in plan["nodes"]}
    work = {node.id: Work(seconds.get(node.id, 0.0), pools.get(node.id)) for node in graph.made if node.id in layers}
    return work, graph, layers


def best_schedule(work: Mapping[str, Work], reads: Mapping[str, tuple[str, ...]], limits: Mapping[str, int]) -> float:
    """The shortest of many list schedules: with the true latencies, and with ones perturbed by up to half."""
    chance = random.Random(1)  # noqa: S311 - a benchmark's dice
    longest = tails(work, reads)
    orders = ({node: behind * chance.uniform(0.5, 1.5) for node, behind in longest.items()} for _ in range(_PERTURBED))
    return min(makespan(work, reads, limits, urgency) for urgency in (longest, *orders))


def layered(work: Mapping[str, Work], layers: Mapping[str, int], limits: Mapping[str, int]) -> float:
    """Layer by layer; in a layer each provider's jobs in batches of its limit, providers side by side."""
    total = 0.0
    for layer in sorted(set(layers.values())):
        ends = [0.0]
        for pool, limit in limits.items():
            jobs = [work[node].seconds for node in work if layers[node] == layer and work[node].pool == pool]
            ends.append(sum(max(jobs[start : start + limit]) for start in range(0, len(jobs), limit)))
        total += max(ends)
    return total
