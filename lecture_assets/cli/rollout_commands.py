"""Commands for the rule that leaves new lectures to another system: rollout show, set, ask."""

from typing import TYPE_CHECKING, Any

import click

from lecture_assets.cli.arguments import examples, json_option
from lecture_assets.cli.session import answer, open_lectures

if TYPE_CHECKING:
    from rich.console import Console


@click.group(epilog=examples("lectures rollout set --percent 10 --allow our-own-team", "lectures rollout ask customer-7"))
def rollout() -> None:
    """Leave new lectures to another system, for a share of customers.

    GraphQL's createLecture asks the rule of the workspace; commands do not. A key, such as a customer's id, always gets the same
    answer: a higher percentage takes nobody back.
    """


@rollout.command(epilog=examples("lectures rollout show"))
@json_option
def show(*, as_json: bool) -> None:
    """Show the rule of the workspace."""
    from lecture_assets.runner.change.rollout import rollout_document  # noqa: PLC0415 - longer than --help may take

    with open_lectures(reads=True) as lectures:
        document = rollout_document(lectures.context)
    answer(document, _print_rule, as_json=as_json)


@rollout.command("set", epilog=examples("lectures rollout set --percent 50", "lectures rollout set --deny customer-7"))
@click.option("--percent", type=click.IntRange(0, 100), metavar="N", help="Share of keys whose lectures are made here.")
@click.option("--allow", multiple=True, metavar="KEY", help="Make this key's lectures here, whatever the percentage; repeatable.")
@click.option("--deny", multiple=True, metavar="KEY", help="Leave this key's lectures to the other system; may be repeated.")
@click.option("--forget", multiple=True, metavar="KEY", help="Let the percentage decide about this key again; may be repeated.")
@json_option
def set_(*, percent: int | None, as_json: bool, **keys: tuple[str, ...]) -> None:
    """Change the rule: what is not given stays as it is. 100 % is as if there were no rule."""
    from lecture_assets.runner.change.rollout import rollout_document, set_rollout  # noqa: PLC0415 - longer than --help may take

    with open_lectures() as lectures:
        set_rollout(lectures.context, percent, **keys)
        document = rollout_document(lectures.context)
    answer(document, _print_rule, as_json=as_json)


@rollout.command(epilog=examples("lectures rollout ask customer-7"))
@click.argument("key", metavar="KEY")
@json_option
def ask(key: str, *, as_json: bool) -> None:
    """Show which system makes the lectures of a key, and why."""
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - rich is not needed for --help
    from lecture_assets.runner.change.rollout import RolloutAnswerDocument, ask_rollout  # noqa: PLC0415 - the same

    with open_lectures(reads=True) as lectures:
        found = ask_rollout(lectures.context, key)
    document = RolloutAnswerDocument(key=key, system=found.system, because=found.because)
    sentence = f"{key}: {found.system} ({found.because.replace('-', ' ')})"
    answer(document, lambda console, _: say(console, sentence), as_json=as_json)


def _print_rule(console: "Console", document: Any) -> None:
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - rich is not needed for --help

    if document["percent"] is None:
        say(console, "This workspace has no rule: everything is made here. Make one: lectures rollout set --percent 10")
        return
    say(console, f"{document['percent']} % of keys are made here, the others by the legacy system.")
    for one in document["keys"]:
        say(console, f"{'allowed' if one['system'] == 'graph' else 'denied'}: {one['key']}")
