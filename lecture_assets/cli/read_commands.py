"""Commands that only report: list, status, plan, explain, takes, costs, history, voices, graph. They change nothing."""

from functools import partial
from typing import Any

import click

from lecture_assets.cli.arguments import edits_argument, examples, json_option, lecture_argument, lecture_id, scope_options
from lecture_assets.cli.session import answer, note, open_lectures


@click.command("list", epilog=examples("lectures list"))
@json_option
def list_(*, as_json: bool) -> None:
    """List the lectures, newest first."""
    from lecture_assets.cli.printing import print_lectures  # noqa: PLC0415 - rich is not needed for --help

    with open_lectures(reads=True) as lectures:
        answer(lectures.all(), print_lectures, as_json=as_json)


@click.command(epilog=examples("lectures status photosynthesis"))
@lecture_argument
@click.option("--all", "every", is_flag=True, help="Also list the fresh nodes of a long lecture.")
@json_option
def status(lecture: str, *, every: bool, as_json: bool) -> None:
    """Show every node: fresh, stale, pending, failed or blocked."""
    from lecture_assets.cli.printing import print_status  # noqa: PLC0415 - rich is not needed for --help

    with open_lectures(lecture, reads=True) as lectures:
        answer(lectures.status(lecture), partial(print_status, every=every), as_json=as_json)


@click.command(epilog=examples("lectures plan photosynthesis", "lectures plan photosynthesis 'set voice=teacher'"))
@lecture_argument
@edits_argument
@scope_options
@json_option
def plan(lecture: str, edits: tuple[str, ...], more: tuple[str, ...], **options: Any) -> None:
    """Show what would be made, why, and at what price.

    With edits it answers "what if" and saves nothing. Pass the plan token it prints to `lectures regenerate --plan`, which
    refuses if the plan has changed by then. `lectures edit --help` lists the edits.
    """
    from lecture_assets.cli.report import print_plan  # noqa: PLC0415 - rich is not needed for --help
    from lecture_assets.runner.regenerate.scope import Scope  # noqa: PLC0415 - the same

    scope = Scope(options["only"], options["segment"])
    with open_lectures(lecture, reads=True) as lectures:
        document = lectures.plan(lecture, [*more, *edits], scope)
    note(document["warnings"])
    answer(document, print_plan, as_json=options["as_json"])


@click.command(epilog=examples("lectures explain photosynthesis 'asset:image:segment[0]:image[1]'"))
@lecture_argument
@click.argument("node", metavar="NODE")
@json_option
def explain(lecture: str, node: str, *, as_json: bool) -> None:
    """Show where a value comes from, or why it is stale."""
    from lecture_assets.cli.printing import print_explanation  # noqa: PLC0415 - rich is not needed for --help

    with open_lectures(lecture, reads=True) as lectures:
        answer(lectures.explain(lecture, node), print_explanation, as_json=as_json)


@click.command(
    epilog=examples(
        "lectures takes photosynthesis 'asset:image:segment[0]:image[1]'",
        "lectures edit photosynthesis 'take asset:image:segment[0]:image[1]=1'",
    )
)
@lecture_argument
@click.argument("node", metavar="NODE")
@json_option
def takes(lecture: str, node: str, *, as_json: bool) -> None:
    """List everything a node ever held, with its cost.

    Any take can be used again, for free: `lectures edit ID 'take NODE=NUMBER'`.
    """
    from lecture_assets.cli.printing import print_takes  # noqa: PLC0415 - rich is not needed for --help

    with open_lectures(lecture, reads=True) as lectures:
        answer(lectures.takes(lecture, node), print_takes, as_json=as_json)


@click.command(epilog=examples("lectures costs photosynthesis"))
@click.argument("lecture", metavar="[ID]", required=False, type=lecture_id)
@click.option("--workspace", metavar="W", help="Only this workspace. Default: the current one.")
@json_option
def costs(lecture: str | None, *, workspace: str | None, as_json: bool) -> None:
    """Show what was spent, and what reuse saved.

    For one lecture or, without ID, for all of them.
    """
    from lecture_assets.cli.printing import print_costs  # noqa: PLC0415 - rich is not needed for --help

    with open_lectures(lecture, reads=True) as lectures:
        answer(lectures.costs(lecture, workspace), print_costs, as_json=as_json)


@click.command(epilog=examples("lectures history photosynthesis"))
@lecture_argument
@json_option
def history(lecture: str, *, as_json: bool) -> None:
    """List the versions of a lecture and their edits."""
    from lecture_assets.cli.printing import print_history  # noqa: PLC0415 - rich is not needed for --help

    with open_lectures(lecture, reads=True) as lectures:
        answer(lectures.history(lecture), print_history, as_json=as_json)


@click.command(epilog=examples("lectures voices", "lectures edit photosynthesis 'set voice=teacher'"))
@json_option
def voices(*, as_json: bool) -> None:
    """List the voices that can read a lecture."""
    from lecture_assets.cli.printing import print_voices  # noqa: PLC0415 - rich is not needed for --help

    with open_lectures(reads=True) as lectures:
        answer(lectures.voices(), print_voices, as_json=as_json)


@click.command(epilog=examples("lectures graph photosynthesis --json"))
@lecture_argument
@json_option
def graph(lecture: str, *, as_json: bool) -> None:
    """Show every node and what it reads."""
    from lecture_assets.cli.printing import print_graph  # noqa: PLC0415 - rich is not needed for --help

    with open_lectures(lecture, reads=True) as lectures:
        answer(lectures.graph(lecture), print_graph, as_json=as_json)
