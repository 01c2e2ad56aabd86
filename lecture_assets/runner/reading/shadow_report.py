"""What the edits of shadows would have cost, beside what the other system paid for them: by lecture and by day. Buys nothing."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from typing_extensions import TypedDict

from lecture_assets.runner.reading.shadow_price import priced
from lecture_assets.runner.setup.context import Context
from lecture_assets.store import shadows
from lecture_assets.store.shadows import ShadowEdit

ALWAYS = 1e12
"""Later than any edit, in seconds since 1970."""


class ShadowSumDocument(TypedDict):
    """What edits would have made.

    nodes, calls: how many, all in all
    low, high:    the least and the most that the calls would have cost
    compared:     of how many edits it is known what the other system paid
    compared_low, compared_high: what those would have cost here
    legacy:       what the other system paid for those
    """

    edits: int
    nodes: int
    calls: int
    low_usd_micros: int
    high_usd_micros: int
    compared_edits: int
    compared_low_usd_micros: int
    compared_high_usd_micros: int
    legacy_usd_micros: int


class ShadowLectureDocument(ShadowSumDocument):
    """The edits of a lecture."""

    lecture: str


class ShadowDayDocument(ShadowSumDocument):
    """The edits of a day (UTC), like 2026-11-30."""

    day: str


class ShadowReportDocument(TypedDict):
    """The output of `shadow report`."""

    workspace: str
    total: ShadowSumDocument
    lectures: list[ShadowLectureDocument]
    days: list[ShadowDayDocument]


def shadow_report(context: Context, since: float = 0.0, until: float = ALWAYS) -> ShadowReportDocument:
    """Sum up the edits of a workspace's shadows, former ones among them, made from a time on and before another."""
    for lecture in context.database.reading(lambda connection: shadows.unpriced(connection, context.workspace)):
        priced(context, lecture)
    read = shadows.edits_of_workspace
    edits = context.database.reading(lambda connection: read(connection, context.workspace, since, until))
    lectures = _grouped(edits, lambda edit: edit.name)
    days = _grouped(edits, lambda edit: datetime.fromtimestamp(edit.edited_at, UTC).date().isoformat())
    return {
        "workspace": context.workspace,
        "total": _sum(edits),
        "lectures": [{"lecture": name, **_sum(some)} for name, some in lectures.items()],
        "days": [{"day": day, **_sum(some)} for day, some in days.items()],
    }


def _grouped(edits: Sequence[ShadowEdit], of: Callable[[ShadowEdit], str]) -> dict[str, list[ShadowEdit]]:
    groups: dict[str, list[ShadowEdit]] = {}
    for edit in edits:
        groups.setdefault(of(edit), []).append(edit)
    return dict(sorted(groups.items()))


def _sum(edits: Sequence[ShadowEdit]) -> ShadowSumDocument:
    compared = [edit for edit in edits if edit.legacy_usd_micros is not None]
    return {
        "edits": len(edits),
        "nodes": sum(edit.nodes for edit in edits),
        "calls": sum(edit.calls for edit in edits),
        "low_usd_micros": sum(edit.low_usd_micros for edit in edits),
        "high_usd_micros": sum(edit.high_usd_micros for edit in edits),
        "compared_edits": len(compared),
        "compared_low_usd_micros": sum(edit.low_usd_micros for edit in compared),
        "compared_high_usd_micros": sum(edit.high_usd_micros for edit in compared),
        "legacy_usd_micros": sum(edit.legacy_usd_micros or 0 for edit in compared),
    }
