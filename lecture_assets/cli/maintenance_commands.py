"""Commands that maintain a home: gc, artifacts copy, doctor."""

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

_HOUR_S = 3600.0
_NAMED = 20


def _home_exists() -> bool:
    """Whether there is anything to maintain; checking creates no home."""
    from lecture_assets.runner.setup.environment import check_environment, home_of  # noqa: PLC0415 - longer than --help may take

    check_environment(os.environ)
    return bool(os.environ.get("LECTURES_DATABASE_URL")) or home_of(os.environ).exists()


@click.command(epilog=examples("lectures gc --dry-run", "lectures gc"))
@click.option("--dry-run", is_flag=True, help="Only report what would be removed.")
@click.option(
    "--grace",
    type=click.FloatRange(min=0),
    default=24.0,
    show_default=True,
    metavar="HOURS",
    help="Keep younger files.",
)
@click.option("--unknown", is_flag=True, help="Also remove media newer than this database.")
@json_option
def gc(*, dry_run: bool, grace: float, unknown: bool, as_json: bool) -> None:
    """Remove media that nothing refers to any more.

    Also removes what killed commands left behind, and films that Dagster's UI rendered and nobody asked for since. Media of
    every take, every paid call and every version are kept, since an undo may need them. A database restored from a backup has
    no record of what was made since: that is kept, too, unless you pass --unknown.
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
    if _home_exists():
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
        say(console, f"of these, {document['unknown']} ({size}) are newer than this database; {_UNKNOWN}")
    _list(console, "media whose files are missing", document["missing"])


_UNKNOWN = "restore the newer database, or remove them with `lectures gc --unknown`"


_COPYING = "lectures artifacts copy .lectures/artifacts s3://my-media/lectures"


@click.group(epilog=examples(_COPYING))
def artifacts() -> None:
    """Copy media between a folder and a bucket of S3."""


@artifacts.command(epilog=examples(_COPYING))
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@json_option
def copy(*, source: str, target: str, as_json: bool) -> int:
    """Copy all media from one place to another.

    Each place is a folder or s3://BUCKET/PREFIX. What the target has already is verified and stays, so that the command may be
    repeated until all is copied. Then set LECTURES_ARTIFACTS to the target, and nothing is bought again. Media that were added
    meanwhile are not copied: stop the runs first, or repeat it after them. The exit code is 1 if media are damaged in the source.
    """
    from lecture_assets.runner.change.media_copy import copy_media  # noqa: PLC0415 - longer than --help may take

    with stderr().status("media") as status:

        def progress(done: int, number: int) -> None:
            if sys.stderr.isatty():
                status.update(f"{done} of {number} media")

        document = copy_media(source, target, progress)
    answer(document, _print_copy, as_json=as_json)
    return 1 if document["damaged"] else 0


def _print_copy(console: "Console", document: Any) -> None:
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - rich is not needed for --help

    size = megabytes(document["copied_bytes"])
    say(console, f"{document['copied']} media ({size}) copied, {document['present']} were there already")
    _list(console, "media that are damaged in the source, and were left out", document["damaged"])
    if document["marked"]:
        say(console, f"to use them: LECTURES_ARTIFACTS={document['target']}")


@click.command(epilog=examples("lectures doctor", "lectures doctor --repair"))
@click.option("--repair", is_flag=True, help="Repair what can be repaired, and report what cannot.")
@json_option
def doctor(*, repair: bool, as_json: bool) -> int:
    """Check that store, media, ledger and Dagster agree.

    Reads every page and row of the database and every referenced medium, and compares Dagster's status of every node. The exit
    code is 1 if something does not agree or cannot be repaired. --repair stores lost media on S3 again that this machine has a
    copy of, drops damaged media, so that they are made again, removes what killed commands left behind, and publishes to Dagster
    what it is missing.
    """
    from lecture_assets.defs.doctor import examine  # noqa: PLC0415 - longer than --help may take
    from lecture_assets.runner.change.store_check import Examination, doctor_document  # noqa: PLC0415 - the same

    document = doctor_document(Examination(), repaired=repair, ok=True)
    if _home_exists():
        console = stderr()
        with open_lectures(reads=True) as lectures, console.status("media") as status:
            document = examine(lectures.context, os.environ, status.update if sys.stderr.isatty() else _silent, repairs=repair)
    answer(document, _print_examination, as_json=as_json)
    return 0 if document["ok"] or document["mended"] else 1


def _silent(_words: str) -> None:
    """Ignore progress when stderr is not a terminal."""


_FOUND = {
    "database": "the database is damaged",
    "missing": "media whose files are missing (`lectures regenerate` makes those again that are in use and were generated)",
    "damaged": "media whose files are damaged",
    "by_hand": "no run can make these again; fix them with `lectures edit`",
    "newer": "media newer than the database, which was restored from a backup and has no record of them",
    "letters": "unreadable replies of vendors",
    "dagster_only": "lectures that Dagster has and the store lacks (a restored backup?)",
    "dagster_lacks": "lectures that the store has and Dagster lacks",
    "unsettled": "calls with an unknown outcome; the next run or `lectures doctor --repair` settles them",
    "settled": "calls that have been settled",
}
"""The heading of each list."""
_MENDED = _FOUND.keys() - {"newer", "settled"}
"""What `--repair` is for. It keeps media that are newer than the database: somebody may still restore the newer one."""


def _print_examination(console: "Console", document: Any) -> None:
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - rich is not needed for --help
    from lecture_assets.runner.setup.money import count  # noqa: PLC0415 - the same

    if document["media_folder"]:
        say(console, document["media_folder"])
    for name, title in _FOUND.items():
        _list(console, title, document[name])
    wrong = [f"{one['lecture']} {one['node']}: {one['dagster']}, not {one['core']}" for one in document["dagster"] or []]
    _list(console, "nodes that Dagster has wrong", wrong)
    if any(one["newer"] for one in document["dagster"] or []):
        say(console, f"Dagster has newer versions than the store: the database is older than Dagster's log; {_OLDER}")
    if document["leftovers"]:
        does = "removed" if document["repaired"] else "`lectures gc` removes them"
        say(console, f"killed commands left {megabytes(document['leftover_bytes'])} in temporary folders: {does}")
    if document["dagster"] is None:
        say(console, "there is no Dagster instance yet (`lectures dev` creates one)")
    else:
        say(console, f"Dagster instance: {document['dagster_home']}")
    say(console, _verdict(document, count(document["lectures"], "lecture")))


_OLDER = "restore the newer one, or publish this one to Dagster with `lectures doctor --repair`"


def _verdict(document: Any, lectures: str) -> str:
    if document["ok"]:
        return f"{lectures}: all agree"
    if document["newer"] and not (document["media_folder"] or document["dagster"] or any(document[name] for name in _MENDED)):
        return f"{lectures}: all else agrees; {_UNKNOWN}"
    if document["repaired"]:
        return _outcome(document)
    return "repair it: lectures doctor --repair" if document["mendable"] else _HOPELESS


def _outcome(document: Any) -> str:
    """What a repair came to."""
    if document["mended"]:
        lost = document["missing"] or document["damaged"]
        return "repaired; `lectures regenerate` makes lost media again" if lost else "repaired"
    if document["media_folder"]:
        return "the media folder was left as it was"
    return "repaired but for what no run can make again" if document["by_hand"] else _HOPELESS


_BACKUP = "restore a backup, or save what can still be read (of a file: with `sqlite3 FILE .recover`)"
_HOPELESS = f"the database cannot be repaired; {_BACKUP}"


def _list(console: "Console", title: str, lines: list[str]) -> None:
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - rich is not needed for --help

    if lines:
        rest = f"\n  … {len(lines) - _NAMED} more" if len(lines) > _NAMED else ""
        say(console, f"{title}:\n  " + "\n  ".join(lines[:_NAMED]) + rest)
