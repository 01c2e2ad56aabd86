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

_HOUR_S = 3600.0
_NAMED = 20


def _home_is_there() -> bool:
    """Whether there is anything to look after; looking makes no home."""
    from lecture_assets.runner.environment import check_environment, home_of  # noqa: PLC0415 - longer than --help may take

    check_environment(os.environ)
    return bool(os.environ.get("LECTURES_DATABASE_URL")) or home_of(os.environ).exists()


@click.command(epilog=examples("lectures gc --dry-run", "lectures gc"))
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@click.option(
    "--grace", type=click.FloatRange(min=0), default=24.0, show_default=True, metavar="HOURS", help="Leave what is younger."
)
@json_option
def gc(*, dry_run: bool, grace: float, as_json: bool) -> None:
    """Remove media that nothing names any more.

    Kept are those of every take, of every call that was paid, and of every version: whatever an undo may want back.
    """
    from lecture_assets.runner.garbage import collect_garbage  # noqa: PLC0415 - longer than --help may take

    document: dict[str, Any] = {
        "removed": 0, "removed_bytes": 0, "kept": 0, "kept_bytes": 0, "missing": [], "dry_run": dry_run
    }  # fmt: skip
    if _home_is_there():
        with open_lectures() as lectures:
            document = collect_garbage(lectures.context, grace * _HOUR_S, dry_run=dry_run)
    answer(document, _print_garbage, as_json=as_json)


def _print_garbage(console: "Console", document: Any) -> None:
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - rich is not needed for --help

    verb = "would be removed" if document["dry_run"] else "removed"
    removed, kept = megabytes(document["removed_bytes"]), megabytes(document["kept_bytes"])
    say(console, f"{document['removed']} files ({removed}) {verb}, {document['kept']} ({kept}) kept")
    _list(console, "no bytes are there for", document["missing"])


@click.command(epilog=examples("lectures doctor", "lectures doctor --repair"))
@click.option("--repair", is_flag=True, help="Drop damaged media, so that they are made again, and tell Dagster what it missed.")
@json_option
def doctor(*, repair: bool, as_json: bool) -> int:
    """Look whether store, media, ledger and Dagster agree.

    Every medium is read byte by byte, and Dagster is asked of every node. Exit code 1 where something does not agree.
    """
    from lecture_assets.defs.examination import examine  # noqa: PLC0415 - longer than --help may take

    document: dict[str, Any] = {
        "lectures": 0, "missing": [], "damaged": [], "unsettled": [], "dagster": None, "repaired": repair, "ok": True
    }  # fmt: skip
    if _home_is_there():
        console = stderr()
        with open_lectures() as lectures, console.status("media") as status:
            document = examine(lectures.context, os.environ, status.update if sys.stderr.isatty() else _silent, repairs=repair)
    answer(document, _print_examination, as_json=as_json)
    return 0 if document["ok"] or repair else 1


def _silent(_words: str) -> None:
    """Progress where nobody sees it move."""


def _print_examination(console: "Console", document: Any) -> None:
    from lecture_assets.cli.figures import count  # noqa: PLC0415 - the same
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - rich is not needed for --help

    _list(console, "no bytes are there for (`lectures regenerate` makes them again)", document["missing"])
    _list(console, "the bytes are not what they were of", document["damaged"])
    _list(console, "calls whose end the next run of their lecture finds out", document["unsettled"])
    told = [f"{one['lecture']} {one['node']}: {one['dagster']}, not {one['core']}" for one in document["dagster"] or []]
    _list(console, "Dagster has it wrong", told)
    if document["dagster"] is None:
        say(console, "there is no Dagster instance here yet (`lectures dev` makes one)")
    if document["ok"]:
        say(console, f"{count(document['lectures'], 'lecture')}: all agree")
    else:
        say(console, "repaired" if document["repaired"] else "mend it: lectures doctor --repair")


def _list(console: "Console", title: str, lines: list[str]) -> None:
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - rich is not needed for --help

    if lines:
        rest = f"\n  … {len(lines) - _NAMED} more" if len(lines) > _NAMED else ""
        say(console, f"{title}:\n  " + "\n  ".join(lines[:_NAMED]) + rest)
