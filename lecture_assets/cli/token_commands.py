"""Commands for access tokens of the API: token create, list, rotate, revoke."""

import time
from typing import TYPE_CHECKING, Any

import click

from lecture_assets.cli.arguments import examples, json_option
from lecture_assets.cli.session import answer, open_lectures

if TYPE_CHECKING:
    from rich.console import Console

_id_argument = click.argument("name", metavar="ID")


@click.group(epilog=examples("lectures token create --role edit --label 'the editor'", "lectures token list"))
def token() -> None:
    """Make and revoke access tokens of the API.

    A token gives access to the lectures of one workspace (LECTURES_WORKSPACE). Programs send it as `Authorization: Bearer TOKEN`.
    """


@token.command(epilog=examples("lectures token create --role spend --label 'product backend' --days 90"))
@click.option(
    "--role", metavar="ROLE", required=True, help="read, edit, spend, admin or operator; each includes those before it."
)
@click.option("--label", metavar="TEXT", default="", help="Who or what it is for.")
@click.option("--days", metavar="N", type=float, help="How long it is valid. Default: until it is revoked.")
@json_option
def create(role: str, label: str, days: float | None, *, as_json: bool) -> None:
    """Make a token and show it, once: only a digest of it is stored."""
    from lecture_assets.runner.change.access_tokens import create_token  # noqa: PLC0415 - longer than --help may take

    with open_lectures() as lectures:
        document = create_token(lectures.context, role, label, days)
    answer(document, _print_new, as_json=as_json)


@token.command("list", epilog=examples("lectures token list"))
@json_option
def list_(*, as_json: bool) -> None:
    """List the tokens of the workspace."""
    from lecture_assets.runner.change.access_tokens import list_tokens  # noqa: PLC0415 - longer than --help may take

    with open_lectures(reads=True) as lectures:
        document = list_tokens(lectures.context)
    answer(document, _print_list, as_json=as_json)


@token.command(epilog=examples("lectures token rotate 3f9c2a7b1d04 --hours 48"))
@_id_argument
@click.option("--hours", metavar="N", type=float, default=24.0, show_default=True, help="How long the old secret stays valid.")
@json_option
def rotate(name: str, hours: float, *, as_json: bool) -> None:
    """Give a token another secret and show it; the old one stays valid for a while."""
    from lecture_assets.runner.change.access_tokens import rotate_token  # noqa: PLC0415 - longer than --help may take

    with open_lectures() as lectures:
        document = rotate_token(lectures.context, name, hours)
    answer(document, _print_new, as_json=as_json)


@token.command(epilog=examples("lectures token revoke 3f9c2a7b1d04"))
@_id_argument
@json_option
def revoke(name: str, *, as_json: bool) -> None:
    """Make a token invalid at once."""
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - rich is not needed for --help
    from lecture_assets.runner.change.access_tokens import RevokedDocument, revoke_token  # noqa: PLC0415 - the same

    with open_lectures() as lectures:
        revoke_token(lectures.context, name)
    answer(RevokedDocument(revoked=name), lambda console, _: say(console, f"token {name} was revoked."), as_json=as_json)


def _print_new(console: "Console", document: Any) -> None:
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - rich is not needed for --help

    say(console, document["token"])
    say(console, f"This is token {document['id']}. Keep it safe: it is not shown again.")


def _print_list(console: "Console", document: Any) -> None:
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - rich is not needed for --help
    from lecture_assets.runner.change.access_tokens import state_of  # noqa: PLC0415 - longer than --help may take

    for one in document:
        say(console, " · ".join(filter(None, (one["id"], one["role"], one["label"], state_of(one, time.time())))))
    if not document:
        say(console, "This workspace has no tokens. Make one: lectures token create --role edit")
