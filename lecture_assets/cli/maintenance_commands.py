"""Commands that look after a home: gc, doctor."""

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from lecture_assets.cli.arguments import examples, json_option
from lecture_assets.cli.figures import megabytes
from lecture_assets.cli.session import answer, open_lectures, stderr

if TYPE_CHECKING:
    from rich.console import Console

    from lecture_assets.runner.change.garbage import GarbageDocument
    from lecture_assets.runner.change.store_check import DoctorDocument

_HOUR_S = 3600.0
_NAMED = 20


def _home_is_there() -> bool:
    """Whether there is anything to look after; looking makes no home."""
    from lecture_assets.runner.setup.environment import check_environment, home_of  # noqa: PLC0415 - longer than --help may take

    check_environment(os.environ)
    return bool(os.environ.get("LECTURES_DATABASE_URL")) or home_of(os.environ).exists()


@click.command(epilog=examples("lectures gc --dry-run", "lectures gc"))
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@click.option(
    "--grace", type=click.FloatRange(min=0), default=24.0, show_default=True, metavar="HOURS", help="Leave what is younger."
)
@click.option("--unknown", is_flag=True, help="Remove also what this database cannot know of.")
@json_option
def gc(*, dry_run: bool, grace: float, unknown: bool, as_json: bool) -> None:
    """Remove media that nothing names any more.

    And what killed commands left. Kept are the media of every take, of every call that was paid, and of every version: whatever
    an undo may want back. A database that was put back from a backup cannot know what was made since: that is kept, too, until
    you say --unknown.
    """
    from lecture_assets.runner.change.garbage import collect_garbage  # noqa: PLC0415 - longer than --help may take

    document: GarbageDocument = {
        "removed": 0,
        "removed_bytes": 0,
        "kept": 0,
        "kept_bytes": 0,
        "unknown": 0,
        "unknown_bytes": 0,
        "missing": [],
        "dry_run": dry_run,
    }
    if _home_is_there():
        with open_lectures() as lectures:
            document = collect_garbage(lectures.context, grace * _HOUR_S, dry_run=dry_run, unknown=unknown)
    answer(document, _print_garbage, as_json=as_json)


def _print_garbage(console: "Console", document: Any) -> None:
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - rich is not needed for --help

    verb = "would be removed" if document["dry_run"] else "removed"
    removed, kept = megabytes(document["removed_bytes"]), megabytes(document["kept_bytes"])
    say(console, f"{document['removed']} files ({removed}) {verb}, {document['kept']} ({kept}) kept")
    if document["unknown"]:
        size = megabytes(document["unknown_bytes"])
        say(console, f"of these, {document['unknown']} ({size}) are of a time that this database does not know; {_UNKNOWN}")
    _list(console, "no bytes are there for", document["missing"])


_UNKNOWN = "put the newer database back, or remove them with `lectures gc --unknown`"


@click.command(epilog=examples("lectures doctor", "lectures doctor --repair"))
@click.option("--repair", is_flag=True, help="Mend what can be mended, and say what cannot.")
@json_option
def doctor(*, repair: bool, as_json: bool) -> int:
    """Look whether store, media, ledger and Dagster agree.

    Every page and row of the database and every medium that anything names is read, and Dagster is asked of every node. Exit
    code 1 where something does not agree, or cannot be mended. --repair drops damaged media, so that they are made again,
    removes what killed commands left, and tells Dagster what it missed.
    """
    from lecture_assets.defs.doctor import examine  # noqa: PLC0415 - longer than --help may take
    from lecture_assets.runner.change.store_check import Examination  # noqa: PLC0415 - the same

    document: DoctorDocument = {
        "lectures": 0,
        **Examination().to_json(),
        "unsettled": [],
        "settled": [],
        "dagster": None,
        "dagster_only": [],
        "repaired": repair,
        "mended": repair,
        "ok": True,
    }
    if _home_is_there():
        console = stderr()
        with open_lectures(reads=True) as lectures, console.status("media") as status:
            document = examine(lectures.context, os.environ, status.update if sys.stderr.isatty() else _silent, repairs=repair)
    answer(document, _print_examination, as_json=as_json)
    return 0 if document["ok"] or document["mended"] else 1


def _silent(_words: str) -> None:
    """Progress where nobody sees it move."""


_FOUND = {
    "database": "the database is damaged",
    "missing": "no bytes are there for (`lectures regenerate` makes again what counts and was made)",
    "damaged": "the bytes are not what they were of",
    "by_hand": "no run makes these again; `lectures edit` does what is said",
    "newer": "media newer than the database exist: it was put back from a backup, and does not know what made them",
    "letters": "replies of vendors that cannot be read",
    "dagster_only": "lectures that Dagster has and the store has not (a restored backup?)",
    "unsettled": "calls whose end the next run finds out, or `lectures doctor --repair`",
    "settled": "calls whose end was found out",
}
"""What is said before each list."""


def _print_examination(console: "Console", document: Any) -> None:
    from lecture_assets.cli.figures import count  # noqa: PLC0415 - the same
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - rich is not needed for --help

    for name, title in _FOUND.items():
        _list(console, title, document[name])
    told = [f"{one['lecture']} {one['node']}: {one['dagster']}, not {one['core']}" for one in document["dagster"] or []]
    _list(console, "Dagster has it wrong", told)
    if any(one["newer"] for one in document["dagster"] or []):
        say(console, f"Dagster knows newer versions than the store: the database is older than Dagster's log; {_OLDER}")
    if document["leftovers"]:
        does = "removed" if document["repaired"] else "`lectures gc` removes it"
        say(console, f"killed commands left {megabytes(document['leftover_bytes'])} in temporary folders: {does}")
    if document["dagster"] is None:
        say(console, "there is no Dagster instance here yet (`lectures dev` makes one)")
    say(console, _verdict(document, count(document["lectures"], "lecture")))


_OLDER = "put the newer one back, or let `lectures doctor --repair` tell Dagster what this one has"


def _verdict(document: Any, lectures: str) -> str:
    if document["ok"]:
        return f"{lectures}: all agree"
    if document["mended"]:
        return "repaired"
    if document["repaired"] or not document["mendable"]:
        return f"the database cannot be mended; {_BACKUP}"
    return "mend it: lectures doctor --repair"


_BACKUP = "put a backup back in its place, or save what can be read with `sqlite3 FILE .recover`"


def _list(console: "Console", title: str, lines: list[str]) -> None:
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - rich is not needed for --help

    if lines:
        rest = f"\n  … {len(lines) - _NAMED} more" if len(lines) > _NAMED else ""
        say(console, f"{title}:\n  " + "\n  ".join(lines[:_NAMED]) + rest)
