"""Output for people on stdout: small tables and sentences from the JSON documents. `report.py` has plans and reports.

Long lectures are summarized: nobody reads 1,900 lines. Every function takes the console it writes to and one document.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from lecture_assets.cli.figures import usd
from lecture_assets.runner.setup.money import count

Document = Mapping[str, Any]
MANY = 200
"""More nodes than this, and fresh ones are only counted."""
_LONG = 300
"""The most characters of a value that `explain` shows; --json has all of it."""
_PARTS = 4
"""The most changed parts of a text that `explain` shows."""
_SHORT = 100
"""The most characters of a value within a sentence."""
STYLES = {"fresh": "green", "stale": "yellow", "pending": "dim", "generating": "cyan", "failed": "red", "blocked": "magenta"}
_MAKERS = {"person": "a person", "step": "lectures itself", "import": "the imported lecture"}
_SLOT = re.compile(r":segment\[(\d+)\]")


def table_of(*columns: str) -> Table:
    """A table without lines; columns whose name begins with `>` are right-aligned."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        table.add_column(column.removeprefix(">"), justify="right" if column.startswith(">") else "left", overflow="fold")
    return table


def say(console: Console, sentence: str, style: str = "") -> None:
    """Print one sentence literally: text that a person wrote is not markup."""
    console.print(Text(sentence, style=style), soft_wrap=True)


def when(seconds: float) -> str:
    """A time in UTC, to the second."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")


def print_lectures(console: Console, documents: Iterable[Document]) -> None:
    """Print one line per lecture."""
    table = table_of("lecture", ">version", ">published", "made (UTC)", "run")
    for row in documents:
        run = "" if row["request"] == "none" else row["request"]
        table.add_row(row["lecture"], str(row["version"]), str(row["published"] or "–"), when(row["created_at"]), run)
    if table.row_count:
        console.print(table)
    else:
        say(console, "No lectures yet. Make one: lectures make --example photosynthesis")


def print_status(console: Console, document: Document, *, every: bool = False) -> None:
    """Print a lecture's nodes by segment; of a long lecture, only those that are not fresh, unless `every`."""
    nodes = document["nodes"]
    say(console, f"{document['lecture']}, version {document['version']}: {count(len(nodes), 'node')}, {_statuses(nodes)}")
    summed = len(nodes) > MANY and not every
    for name, group in _by_segment(nodes).items():
        shown = [node for node in group if node["status"] != "fresh"] if summed else group
        say(console, f"\n{name}  {_statuses(group)}" if shown or not summed else f"{name}  {_statuses(group)}", "bold")
        if shown:
            console.print(_nodes(shown))
    if summed:
        say(console, "\nFresh nodes are only counted; --all lists them too.")


def _nodes(nodes: Iterable[Document]) -> Table:
    table = table_of("status", "node", ">take", ">cost", "")
    for node in nodes:
        take = str(node["take"]) if node["take"] else "–"
        cost = usd(node["cost_usd_micros"]) if node["cost_usd_micros"] else ""
        pinned = "pinned, in conflict" if node["conflict"] else "pinned" if node["pinned"] else ""
        note = node["error"]["message"] if node["error"] else pinned
        table.add_row(Text(node["status"], STYLES[node["status"]]), Text(node["id"]), take, cost, Text(note))
    return table


def _statuses(nodes: Iterable[Document]) -> str:
    counted = Counter(node["status"] for node in nodes)
    return ", ".join(f"{counted[status]:,} {status}" for status in STYLES if counted[status])


def _by_segment(nodes: Iterable[Document]) -> dict[str, list[Document]]:
    groups: dict[str, list[Document]] = {"lecture": []}
    slots: dict[str, list[Document]] = {}
    for node in nodes:
        match = _SLOT.search(node["id"])
        (slots.setdefault(f"s{int(match[1]):02}", []) if match else groups["lecture"]).append(node)
    return {name: group for name, group in (groups | dict(sorted(slots.items()))).items() if group}


def print_explanation(console: Console, document: Document) -> None:
    """Print where a node's value comes from and why it is stale."""
    say(console, _heading(document))
    if document["value"] is not None:
        say(console, f"\n{_shortened(document['value'])}", "italic")
    if document["reasons"]:
        is_sure = document.get("take") is None or any(reason["kind"] != "upstream" for reason in document["reasons"])
        say(console, f"\nIt {'needs' if is_sure else 'may need'} to be made because" + _because(document["reasons"]))
    if document.get("unchanged"):
        say(console, f"Unchanged: {', '.join(document['unchanged'])}.")
    if document.get("conflict"):
        _say_conflict(console, document)
    for link in document["chain"]:
        say(console, f"  {link['id']}:{_because(link['reasons'])}")
    if document.get("error"):
        say(console, f"\n{document['error']['message']}", "red")
    if document["made_from"]:
        table = table_of("made from", "status")
        for source in document["made_from"]:
            status = source["status"] or "set by a person"
            table.add_row(Text(source["id"]), Text(status, STYLES.get(status, "")))
        console.print()
        console.print(table)


def _say_conflict(console: Console, document: Document) -> None:
    """Print the values in conflict, and the possible decisions."""
    conflict, node = document["conflict"], document["node"]
    theirs = "not known yet: the next run that needs it asks the model" if conflict["theirs"] is None else conflict["theirs"]
    say(console, "\nIt is in conflict: the model's value, which yours replaced, has changed.", "yellow")
    values = {"the model's value then": conflict["base"], "your value": conflict["mine"], "the model's value now": theirs}
    if conflict["merged"] is not None:
        values["both changes merged"] = conflict["merged"]
    for name, value in values.items():
        say(console, f"  {name + ':':<24}{_shortened(value)}")
    merge = f"\n  merge {node}    combine both" if conflict["merged"] is not None else ""
    say(
        console,
        f"Decide with lectures edit {document['lecture']}:\n  keep {node}    keep yours\n"
        f"  unpin {node}    use the model's{merge}",
    )


def print_takes(console: Console, document: Document) -> None:
    """Print one line per take."""
    table = table_of(">take", "", "made by", "at (UTC)", ">cost", "value")
    for take in document["takes"]:
        note = "chosen" if take["chosen"] else "in use" if take["counts"] else ""
        maker = _MAKERS.get(take["made_by"], take["made_by"])
        cost = usd(take["cost_usd_micros"]) if take["cost_usd_micros"] else ""
        value = take["path"] or _shortened(take["value"], _SHORT)
        table.add_row(str(take["number"]), note, maker, when(take["made_at"]), cost, Text(value))
    if not table.row_count:
        say(console, f"{document['node']} has never been made.")
        return
    console.print(table)
    say(console, f"Choose one, for free: lectures edit {document['lecture']} 'take {document['node']}=NUMBER'")


def _heading(document: Document) -> str:
    if document["status"] is None:
        return f"{document['node']} is an input, set by a person."
    take = (
        f", take {document['take']}, made by {_MAKERS.get(document['made_by'], document['made_by'])}"
        if document.get("take")
        else ""
    )
    return f"{document['node']} is {document['status']}{', pinned' if document.get('pinned') else ''}{take}."


def _because(reasons: Iterable[Document]) -> str:
    return " " + "; ".join(reason["text"] + _change(reason) for reason in reasons) + "."


def _change(reason: Document) -> str:
    """The change from the old value to the new one, if known."""
    if "from" not in reason:
        return ""
    if reason.get("parts"):
        shown = [f"'{_shortened(p['from'], _SHORT)}' → '{_shortened(p['to'], _SHORT)}'" for p in reason["parts"][:_PARTS]]
        more = f" and {len(reason['parts']) - _PARTS} more changes" if len(reason["parts"]) > _PARTS else ""
        return f": {', '.join(shown)}{more}"
    before, after = ("nothing" if reason[end] is None else json.dumps(reason[end], ensure_ascii=False) for end in ("from", "to"))
    return f", from {_shortened(before, _SHORT)} to {_shortened(after, _SHORT)}"


def _shortened(value: Any, most: int = _LONG) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= most else f"{text[:most]}… ({len(text):,} characters)"


def print_costs(console: Console, document: Document) -> None:
    """Print the ledger's totals."""
    table = table_of("model", "role", ">calls", ">spent", ">saved by reuse")
    for sums in document["models"]:
        spent, saved = usd(sums["spent_usd_micros"]), usd(sums["saved_usd_micros"])
        table.add_row(Text(sums["model"]), sums["role"], f"{sums['calls']:,}", spent, saved)
    if table.row_count:
        console.print(table)
    spent, saved, estimated = (usd(document[f"{sort}_usd_micros"]) for sort in ("spent", "saved", "estimated"))
    for row in document["ceilings"]:
        left, allowed = usd(row["left_usd_micros"]), usd(row["allowed_usd_micros"])
        say(console, f"{row['ceiling']}: {left} left of {allowed}")
    whose = document["lecture"] or f"all lectures of workspace {document['workspace']}"
    say(console, f"{whose}: spent {spent} (estimated at most {estimated}), saved {saved} by reuse")
    if by_estimate := document["spent_by_estimate_usd_micros"]:
        say(console, f"of that, {usd(by_estimate)} is what was reserved for calls whose usage the vendor did not report")


def print_history(console: Console, documents: Iterable[Document]) -> None:
    """Print one line per revision."""
    table = table_of(">version", "at (UTC)", "edits")
    for row in documents:
        edits = "\n".join(_shortened(edit) for edit in row["edits"]) or "created"
        table.add_row(str(row["version"]), when(row["created_at"]), Text(edits))
    console.print(table)


def print_voices(console: Console, documents: Iterable[Document]) -> None:
    """Print one line per voice, then the languages of the speech models."""
    table = table_of("voice", "sounds like", "with the speech model")
    rows = list(documents)
    speak = {name: tuple(facts["languages"]) for row in rows for name, facts in row["models"].items()}
    for row in rows:
        table.add_row(row["voice"], row["note"], "any" if row["models"].keys() == speak.keys() else ", ".join(row["models"]))
    console.print(table)
    for tags in dict.fromkeys(speak.values()):
        names = [name for name, spoken in speak.items() if spoken == tags]
        say(console, f"\n{', '.join(names)}: {', '.join(sorted(tags)) or 'any language that its vendor supports'}.")
    if rows:
        written = ", ".join(rows[0]["written"])
        say(console, f"\nThe simulated writer writes in {written}; in any other language it needs notes to read out.")


def print_graph(console: Console, document: Document) -> None:
    """Print one line per node with what it reads."""
    say(console, f"{document['lecture']}, version {document['version']}: {count(len(document['nodes']), 'node')}")
    for node in document["nodes"]:
        reads = f"  ← {', '.join(node['reads'])}" if node["reads"] else ""
        say(console, f"{node['id']}{reads}")
