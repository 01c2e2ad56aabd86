"""Commands for the databases: db upgrade, db check."""

import os
from typing import TYPE_CHECKING, Any

import click

from lecture_assets.cli.arguments import examples, json_option
from lecture_assets.cli.session import answer

if TYPE_CHECKING:
    from rich.console import Console


@click.group(epilog=examples("lectures db check", "lectures db upgrade"))
def db() -> None:
    """Check and upgrade the databases of a server."""


@db.command(epilog=examples("lectures db check"))
@json_option
def check(*, as_json: bool) -> int:
    """Compare the schemas of both databases with this release's.

    These are the lectures' and, if its instance exists, Dagster's. The exit code is 1 if one has to be upgraded, or has other
    tables or columns than this release.
    """
    from lecture_assets.defs.databases import check_databases  # noqa: PLC0415 - longer than --help may take

    document = check_databases(os.environ)
    answer(document, _print_check, as_json=as_json)
    return 0 if document["ok"] else 1


@db.command(epilog=examples("lectures db upgrade"))
@json_option
def upgrade(*, as_json: bool) -> None:
    """Create or upgrade the schemas of both databases.

    These are the lectures' and, if its instance exists, Dagster's. Back both up first: there is no way back. On a server, stop
    what uses them; a file is upgraded as it is opened and needs this for Dagster alone. It may be run again at any time, even
    twice at once.
    """
    from lecture_assets.defs.databases import upgrade_databases  # noqa: PLC0415 - longer than --help may take

    answer(upgrade_databases(os.environ), _print_upgrade, as_json=as_json)


def _print_check(console: "Console", document: Any) -> None:
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - rich is not needed for --help
    from lecture_assets.store.migrate import other_revision  # noqa: PLC0415 - longer than --help may take

    say(console, f"{document['database']}: {_state(document['revision'], document['wanted'])}")
    for difference in document["differences"]:
        say(console, f"  {difference}", "yellow")
    for one in document["dagster"]:
        say(console, f"Dagster's {one['storage']} ({document['dagster_home']}): {_state(one['revision'], one['wanted'])}")
    if document["differences"]:
        say(console, "Somebody changed these tables: restore a backup, or change them back.")
    elif document["revision"] is None:
        say(console, "`lectures db upgrade` creates them.")
    elif document["revision"] != document["wanted"]:
        fault = other_revision(document["revision"])
        say(console, f"It has {fault.found}; needed: {fault.allowed}.")
    elif not document["ok"]:
        say(console, "Back up, stop what uses the databases, and run `lectures db upgrade`.")


def _print_upgrade(console: "Console", document: Any) -> None:
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - rich is not needed for --help

    say(console, f"{document['database']}: {_change(document['before'], document['revision'])}")
    for before, now in zip(document["dagster_before"], document["dagster"], strict=True):
        say(console, f"Dagster's {now['storage']} ({document['dagster_home']}): {_change(before['revision'], now['revision'])}")


def _state(revision: str | None, wanted: str) -> str:
    if revision is None:
        return "it has no tables yet"
    return f"revision {revision}, up to date" if revision == wanted else f"revision {revision}; this release's is {wanted}"


def _change(before: str | None, revision: str) -> str:
    if before is None:
        return f"created, revision {revision}"
    return f"revision {revision}, was up to date" if before == revision else f"upgraded from revision {before} to {revision}"
