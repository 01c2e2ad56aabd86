"""What a run says of itself in Dagster, in its log and tags: its plan and price when it starts, what it spent when it ends."""

from collections.abc import Mapping, Sequence

from lecture_assets.runner.regenerate.report import ReportDocument
from lecture_assets.runner.setup.events import Started
from lecture_assets.runner.setup.money import calls, count, usd

SPENT, CALLS = "lectures/spent_usd", "lectures/calls"
"""Tags of a finished run."""
WORKSPACE = "lectures/workspace"
"""Tag of a run: who pays for it."""
_MICROS = 1_000_000


def plan_sentence(lecture: str, plan: Started) -> str:
    """`rain, version 3: 22 nodes, 12 calls (6 image, 6 text), at most $0.0300`; says so if there is nothing to make."""
    if not plan.nodes:
        return f"{lecture}, version {plan.version}: all that was asked for is fresh; a re-roll gives another take"
    nodes, highest = count(plan.nodes, "node"), usd(plan.price_usd_micros[1])
    return f"{lecture}, version {plan.version}: {nodes}, {calls(plan.calls)}, at most {highest}"


def end_sentence(report: ReportDocument) -> str:
    """`rain: made 22, restored 0, kept 25, failed 0, blocked 0; 12 calls (6 image, 6 text), spent $0.0218`."""
    counts = (
        f"made {len(report['made'])}, restored {len(report['restored'])}, kept {report['kept']}, "
        f"failed {len(report['failed'])}, blocked {len(report['blocked'])}"
    )
    saved = f", saved {usd(report['saved_usd_micros'])} with earlier takes" if report["saved_usd_micros"] else ""
    return f"{report['lecture']}: {counts}; {calls(report['calls'])}, spent {usd(report['cost_usd_micros'])}{saved}"


def spending(reports: Sequence[ReportDocument]) -> Mapping[str, str]:
    """The tags that say what a run spent, in dollars, and how many calls it made."""
    spent = sum(report["cost_usd_micros"] for report in reports)
    made = sum(sum(report["calls"].values()) for report in reports)
    return {SPENT: f"{spent / _MICROS:.6f}", CALLS: str(made)}
