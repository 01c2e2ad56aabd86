"""The events of a lecture's progress as lines for people."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from lecture_assets.cli.figures import duration, usd, usd_range
from lecture_assets.runner.setup.money import calls, count

Event = Mapping[str, Any]


def line_of(event: Event) -> str:
    """An event as `17  14:03:20  made asset:music, $0.02 (spent $0.03, 4 nodes left)`; the time is UTC."""
    at = datetime.fromtimestamp(event["at"], UTC).strftime("%H:%M:%S")
    return f"{event['number']}  {at}  {_LINES[event['kind']](event)}"


def _revision(event: Event) -> str:
    return f"version {event['version']}: {'; '.join(event['edits']) or 'created'}"


def _planned(event: Event) -> str:
    price = usd_range(*event["estimate_usd_micros"].values())
    return (
        f"run {event['run']} makes {count(event['nodes'], 'node')} of version {event['version']}, {calls(event['calls'])}, "
        f"{price}, in about {duration(event['estimate_seconds'])}"
    )


def _node(event: Event) -> str:
    cost = f", {usd(event['cost_usd_micros'])}" if event["cost_usd_micros"] else ""
    why = f": {event['error']['message']}" if event["error"] else ""
    spent = usd(event["spent_usd_micros"])
    return f"{event['outcome']} {event['node']}{cost}{why} (spent {spent}, {count(event['left'], 'node')} left)"


def _timeline(event: Event) -> str:
    changes = "" if event["patch"] is None else f", {count(len(event['patch']), 'change')}"
    return f"timeline of version {event['version']} published{changes}"


def _ended(event: Event) -> str:
    again = "; more is queued" if event["queued"] else ""
    if event["report"] is None:
        return f"run {event['run']} died{again}"
    report = event["report"]
    made = (
        ", ".join(f"{report[word]} {word}" for word in ("made", "restored", "failed", "blocked") if report[word])
        or "nothing made"
    )
    return f"run {event['run']} {event['outcome']}: {made}, {usd(report['cost_usd_micros'])}{again}"


_LINES: Mapping[str, Callable[[Event], str]] = {
    "revision": _revision,
    "run-started": lambda event: f"run {event['run']} started with version {event['version']}",
    "planned": _planned,
    "node-started": lambda event: f"{event['model']} makes {event['node']}",
    "node-delayed": lambda event: f"{event['node']}: {event['message']} (retry in {duration(event['seconds'])})",
    "node": _node,
    "timeline": _timeline,
    "run-ended": _ended,
    "withdrawn": lambda _: "the request to regenerate was withdrawn",
    "reset": lambda _: "earlier events are gone: read the lecture again",
}
