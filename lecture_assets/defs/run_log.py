"""What a run says of itself in Dagster, in its log and tags: at its start edits, plan and price, at its end what it spent."""

from collections.abc import Collection, Mapping, Sequence

from lecture_assets.prose.readable import readable
from lecture_assets.providers.vendors import vendors
from lecture_assets.runner.reading.shapes import RevisionDocument
from lecture_assets.runner.regenerate.report import ReportDocument
from lecture_assets.runner.setup.events import Started
from lecture_assets.runner.setup.money import calls, count, usd

SPENT, CALLS = "lectures/spent_usd", "lectures/calls"
"""Tags of a finished run."""
WORKSPACE = "lectures/workspace"
"""Tag of a run: who pays for it."""
_MICROS = 1_000_000
_NAMED, _LONGEST = 3, 80
"""The most edits named in a sentence, and the most characters of each."""


def plan_sentence(lecture: str, plan: Started, revisions: Sequence[RevisionDocument], keys: Collection[str] = ()) -> str:
    """`rain, version 3, after "set voice=teacher" (version 3): 22 nodes, 12 calls (6 image, 6 text), at most $0.0300`.

    revisions: since the plan before, the oldest first
    keys:      secrets that are left out of edits
    """
    cause = f"{lecture}, version {plan.version}, {_cause(plan, revisions, keys)}"
    if not plan.nodes:
        return f"{cause}: all that was asked for is fresh; a re-roll gives another take"
    nodes, highest = count(plan.nodes, "node"), usd(plan.price_usd_micros[1])
    return f"{cause}: {nodes}, {calls(plan.calls)}, at most {highest}"


def keys_of(environ: Mapping[str, str]) -> frozenset[str]:
    """The vendors' keys in an environment."""
    return frozenset(filter(None, (environ.get(vendor.key) for vendor in vendors().values())))


def _cause(plan: Started, revisions: Sequence[RevisionDocument], keys: Collection[str]) -> str:
    """The edits since the plan before, as they were written, those of the newest version first."""
    if not plan.since:
        return "its first run"
    recent = [revision for revision in reversed(revisions) if revision["version"] <= plan.version]
    parts, left = list[str](), _NAMED
    for revision in recent:
        edits = [f'"{_shortened(edit, keys)}"' for edit in revision["edits"][:left]]
        parts += [f"{', '.join(edits)} ({_sender(revision, keys)})"] if edits else []
        left -= len(edits)
    more = sum(len(revision["edits"]) for revision in recent) + left - _NAMED
    return f"after {', '.join(parts)}{f' and {more} more' if more else ''}" if parts else "not edited since the run before"


def _sender(revision: RevisionDocument, keys: Collection[str]) -> str:
    key = revision["client_key"]
    return f"version {revision['version']}" + (f", key {_shortened(key, keys)}" if key else "")


def _shortened(text: str, keys: Collection[str]) -> str:
    """A text as one readable line, shortened, without any of the keys."""
    for key in keys:
        text = text.replace(key, "…")
    line = " ".join(readable(text).split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


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
