"""Output for people about making: the plan before, the report afterwards, the answer to an edit."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from lecture_assets.cli.figures import duration, failed, megabytes, usd, usd_range
from lecture_assets.cli.printing import STYLES, Document, say, table_of
from lecture_assets.runner.setup.money import calls, count

_NAME_COLUMN = 10
_ROWS = 60
"""More rows than this, and a plan has one row per kind, and a list of stale nodes is cut off."""
_NEWS = 20
"""The most failed nodes that a report names."""


def print_plan(console: Console, document: Document) -> None:
    """Print what would be made, in which order, why, by which calls and at what price."""
    nodes = sorted(document["nodes"], key=lambda node: node["layer"])
    if not nodes:
        say(console, f"{document['lecture']}, version {document['version']}: everything is up to date; nothing to make.")
        return
    console.print(_node_rows(nodes) if len(nodes) <= _ROWS else _kind_rows(nodes))
    price = document["estimate_usd_micros"]
    money = usd_range(price["low"], price["high"])
    long = duration(document["estimate_seconds"])
    what = f"{document['lecture']}, version {document['version']}"
    say(console, f"\n{what}: {count(len(nodes), 'node')}, {calls(document['calls'])}, {money}, about {long}")
    if document["idle"]:
        say(console, f"not needed, because only pinned nodes read them: {', '.join(document['idle'])}")
    say(console, f"plan token: {document['token']}")


def _node_rows(nodes: Iterable[Document]) -> Table:
    table = table_of(">layer", "node", "call", ">price", "because")
    for node in nodes:
        call = ", ".join(call["model"] for call in node["calls"])
        because = "; ".join(reason["text"] for reason in node["reasons"])
        free = "restored from an earlier take" if node.get("restored") else because
        table.add_row(str(node["layer"]), Text(node["id"], STYLES[node["status"]]), Text(call), _price([node]), Text(free))
    return table


def _kind_rows(nodes: Iterable[Document]) -> Table:
    groups: dict[str, list[Document]] = {}
    for node in nodes:
        groups.setdefault(":".join(node["id"].split(":")[:2]), []).append(node)
    table = table_of(">layer", "kind", ">nodes", ">calls", ">price", "because")
    for kind, group in groups.items():
        because = sorted({reason["kind"] for node in group for reason in node["reasons"]})
        bought = sum(len(node["calls"]) for node in group)
        layer = str(min(node["layer"] for node in group))
        row = (kind, f"{len(group):,}", f"{bought:,}" if bought else "", _price(group), ", ".join(because).replace("-", " "))
        table.add_row(layer, *row)
    return table


def _price(nodes: Iterable[Document]) -> str:
    calls = [call for node in nodes for call in node["calls"]]
    low, high = (sum(call[price] for call in calls) for price in ("low_usd_micros", "estimate_usd_micros"))
    return usd_range(low, high) if calls else ""


def print_edit(console: Console, document: Document) -> None:
    """Print the result of an edit."""
    lecture, stale = document["lecture"], document["stale"]
    say(console, f"{lecture} is now at version {document['version']}.")
    print_conflicts(console, document)
    if price := document["shadow"]:
        cost = usd_range(price["low_usd_micros"], price["high_usd_micros"])
        made = f"{count(len(price['nodes']), 'node')}, {calls(price['calls'])}"
        say(console, f"This would have made {made}, for {cost}. Nothing is made of a shadow.")
        return
    if not stale:
        say(console, "Nothing is stale.")
        return
    say(console, f"{count(len(stale), 'node')} to make:")
    for node in stale[:_ROWS]:
        say(console, f"  {node}")
    if len(stale) > _ROWS:
        say(console, f"  and {len(stale) - _ROWS:,} more")
    say(console, f"See the price: lectures plan {lecture}. Make them: lectures regenerate {lecture}")


def print_conflicts(console: Console, document: Document) -> None:
    """Print the conflicts that a person has to decide."""
    for node in document["conflicts"][:_NEWS]:
        say(
            console,
            f"conflict: the model's value that yours replaced in {node} has changed "
            f"(lectures explain {document['lecture']} '{node}')",
            "yellow",
        )
    if len(document["conflicts"]) > _NEWS:
        say(
            console,
            f"conflict: {len(document['conflicts']) - _NEWS:,} more; lectures status {document['lecture']} shows them",
            "yellow",
        )


def print_copy(console: Console, document: Document) -> None:
    """Print the result of a copy."""
    state = "is a copy of" if document["created"] else "already exists, as a copy of"
    say(console, f"{document['lecture']} {state} {document['copied_from']}.")
    print_edit(console, document)


def print_import(console: Console, document: Document) -> None:
    """Print what was imported, and what a run would add."""
    lecture, missing = document["lecture"], document["missing"]
    say(
        console,
        f"{lecture} {'was imported' if document['created'] else 'already exists, from the same file'}: "
        f"{count(document['adopted'], 'node')}, nothing bought.",
    )
    if document["shadow"]:
        say(console, f"It is a shadow: its edits are planned and priced, and nothing is made (until lectures promote {lecture}).")
    if missing:
        say(console, f"Missing from the file: {count(len(missing), 'node')}. See what a run would make: lectures plan {lecture}")
    say(console, f"See it as a video: lectures export {lecture}")


def print_report(console: Console, document: Document, files: Mapping[str, Path] | None = None) -> None:
    """Print what `make` and `regenerate` made, kept, called and paid. files: the files written, by label."""
    say(console, f"{document['lecture']}, version {document['version']}")
    for name, text in (*_report_rows(document), *((name, str(path)) for name, path in (files or {}).items())):
        say(console, f"{name:<{_NAME_COLUMN}}{text}")
    for failure in sorted(document["failed"], key=_by_number)[:_NEWS]:
        say(console, f"failed: {failed(failure['id'], failure['message'])}", "red")
    for stop in sorted(document["stopped"], key=_by_number)[:_NEWS]:
        say(console, f"blocked: {stop['message']}", "magenta")
    if len(document["failed"]) > _NEWS:
        say(console, f"failed: {len(document['failed']) - _NEWS:,} more; lectures status {document['lecture']} lists them", "red")
    print_conflicts(console, document)
    if document["failed"]:
        say(
            console,
            f"What was made is kept. Fix the problems above, then retry the rest: lectures regenerate {document['lecture']}",
        )


def _by_number(failure: Document) -> list[tuple[int, str]]:
    """A sort key that puts segment 2 before segment 10."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", failure["id"])]


def print_regenerated(console: Console, document: Document, files: Mapping[str, Path]) -> None:
    """Print the report of `regenerate`, and how to see the result."""
    print_report(console, document, files)
    say(console, f"See it as a video: lectures export {document['lecture']}")


def _report_rows(document: Document) -> Iterable[tuple[str, str]]:
    made, restored, blocked = (len(document[key]) for key in ("made", "restored", "blocked"))
    yield "made", f"{count(made, 'node')}, {calls(document['calls'])}{_media(document['made_bytes'])}"
    if restored:
        yield "restored", f"{count(restored, 'node')} from earlier takes, free{_media(document['saved_bytes'])}"
    yield "kept", f"{count(document['kept'], 'node')}{_media(document['kept_bytes'])}"
    if blocked:
        yield "blocked", f"{count(blocked, 'node')} that read a failed one, or would exceed a ceiling"
    saved = f", {usd(document['saved_usd_micros'])} saved by reuse" if document["saved_usd_micros"] else ""
    yield "cost", usd(document["cost_usd_micros"]) + saved
    first = document["first_playable_seconds"]
    playable = f", first segment playable after {duration(first)}" if first is not None else ""
    video = f", then {duration(document['video_seconds'])} to write the video" if "video_seconds" in document else ""
    yield "time", duration(document["seconds"]) + playable + video


def _media(size: int) -> str:
    return f", {megabytes(size)} of media" if size else ""
