"""Commands for webhooks: webhook create, list, rotate, ping, remove."""

from typing import TYPE_CHECKING, Any

import click

from lecture_assets.cli.arguments import examples, json_option
from lecture_assets.cli.session import answer, open_lectures

if TYPE_CHECKING:
    from rich.console import Console

_id_argument = click.argument("name", metavar="ID")


@click.group(epilog=examples("lectures webhook create https://example.com/hooks", "lectures webhook list"))
def webhook() -> None:
    """Tell other programs what happens to lectures.

    Messages are signed by the Standard Webhooks specification, tried again for a day, and sent by the processes that serve the
    API: lectures dev, lectures webserver, lectures serve.
    """


@webhook.command(epilog=examples("lectures webhook create https://example.com/hooks"))
@click.argument("url", metavar="URL")
@click.option("--type", "types", metavar="TYPE", multiple=True, help="What to tell, may be repeated. Default: everything.")
@json_option
def create(url: str, types: tuple[str, ...], *, as_json: bool) -> None:
    """Send messages of the workspace to a URL, and show the secret that they are signed with, once."""
    from lecture_assets.runner.change.webhook_endpoints import create_webhook  # noqa: PLC0415 - longer than --help may take

    with open_lectures() as lectures:
        document = create_webhook(lectures.context, url, types)
    answer(document, _print_new, as_json=as_json)


@webhook.command("list", epilog=examples("lectures webhook list"))
@json_option
def list_(*, as_json: bool) -> None:
    """List where messages of the workspace go, with the newest messages to each."""
    from lecture_assets.runner.change.webhook_endpoints import list_webhooks  # noqa: PLC0415 - longer than --help may take

    with open_lectures(reads=True) as lectures:
        document = list_webhooks(lectures.context)
    answer(document, _print_list, as_json=as_json)


@webhook.command(epilog=examples("lectures webhook rotate 3f9c2a7b1d04aa10 --hours 48"))
@_id_argument
@click.option("--hours", metavar="N", type=float, default=24.0, show_default=True, help="How long both secrets sign.")
@json_option
def rotate(name: str, hours: float, *, as_json: bool) -> None:
    """Sign with another secret and show it; messages carry both signatures for a while."""
    from lecture_assets.runner.change.webhook_endpoints import rotate_webhook  # noqa: PLC0415 - longer than --help may take

    with open_lectures() as lectures:
        document = rotate_webhook(lectures.context, name, hours)
    answer(document, _print_new, as_json=as_json)


@webhook.command(epilog=examples("lectures webhook ping 3f9c2a7b1d04aa10"))
@_id_argument
@json_option
def ping(name: str, *, as_json: bool) -> None:
    """Send a test message."""
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - rich is not needed for --help
    from lecture_assets.runner.change.webhook_endpoints import ping_webhook  # noqa: PLC0415 - longer than --help may take

    with open_lectures() as lectures:
        document = ping_webhook(lectures.context, name)
    sentence = f"{document['message']} is on its way; `lectures webhook list` shows how it ended."
    answer(document, lambda console, _: say(console, sentence), as_json=as_json)


@webhook.command(epilog=examples("lectures webhook remove 3f9c2a7b1d04aa10"))
@_id_argument
@json_option
def remove(name: str, *, as_json: bool) -> None:
    """Send nothing there any more."""
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - rich is not needed for --help
    from lecture_assets.runner.change.webhook_endpoints import RemovedWebhookDocument, remove_webhook  # noqa: PLC0415 - the same

    with open_lectures() as lectures:
        remove_webhook(lectures.context, name)
    document = RemovedWebhookDocument(removed=name)
    answer(document, lambda console, _: say(console, f"webhook {name} was removed."), as_json=as_json)


def _print_new(console: "Console", document: Any) -> None:
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - rich is not needed for --help

    say(console, document["secret"])
    say(console, f"This is the secret of webhook {document['id']}. Keep it safe: it is not shown again.")


def _print_list(console: "Console", document: Any) -> None:
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - rich is not needed for --help

    for one in document:
        say(console, f"{one['id']}  {one['url']}  {', '.join(one['types'])}")
        if one["disabled"]:
            say(console, f"  nothing is sent there any more: {one['disabled']}", "yellow")
        for message in one["messages"]:
            said = f" ({message['said']})" if message["said"] else ""
            say(console, f"  {message['id']}  {message['type']}: {message['state']} after {message['tries']} tries{said}")
    if not document:
        say(console, "Nobody is told of this workspace. Add one: lectures webhook create URL")
