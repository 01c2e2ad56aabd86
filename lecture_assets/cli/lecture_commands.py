"""Commands on a lecture as a whole: rename, delete."""

import sys

import click

from lecture_assets.cli.arguments import examples, json_option, lecture_argument, lecture_id
from lecture_assets.cli.figures import usd
from lecture_assets.cli.session import answer, open_lectures


@click.command(epilog=examples("lectures rename photosynthesis how-plants-eat"))
@lecture_argument
@click.argument("new", metavar="NEW", type=lecture_id)
@json_option
def rename(lecture: str, new: str, *, as_json: bool) -> None:
    """Give a lecture another id.

    Nothing else changes: its versions, takes and costs stay with it. In Dagster it keeps the partition that it was created with.
    """
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - rich is not needed for --help
    from lecture_assets.runner.reading.shapes import RenamedDocument  # noqa: PLC0415 - the same

    with open_lectures(lecture) as lectures:
        lectures.rename(lecture, new)
    document = RenamedDocument(lecture=new, renamed_from=lecture)
    answer(document, lambda console, _: say(console, f"{lecture} is now called {new}."), as_json=as_json)


@click.command(epilog=examples("lectures delete photosynthesis", "lectures delete photosynthesis --yes && lectures gc"))
@lecture_argument
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def delete(lecture: str, *, yes: bool, as_json: bool) -> None:
    """Delete a lecture: its versions, takes and plans. This cannot be undone.

    What it cost stays in the accounts of its workspace. Media that nothing else uses are removed by `lectures gc`, a day later.
    """
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - rich is not needed for --help
    from lecture_assets.graph.errors import RefusedError  # noqa: PLC0415 - longer than --help may take
    from lecture_assets.runner.reading.shapes import DeletedDocument  # noqa: PLC0415 - the same

    with open_lectures(lecture) as lectures:
        spent = lectures.costs(lecture)["spent_usd_micros"]
        if not yes and not _agrees(lecture):
            message = f"{lecture} was not deleted (answer y, or pass --yes)"
            raise RefusedError(message)
        lectures.delete(lecture)
    document = DeletedDocument(deleted=lecture, spent_usd_micros=spent)
    sentence = f"{lecture} was deleted. It cost {usd(spent)}, which stays in the accounts; `lectures gc` frees its media."
    answer(document, lambda console, _: say(console, sentence), as_json=as_json)


def _agrees(lecture: str) -> bool:
    """Ask the person. No where nobody can answer."""
    if not sys.stdin.isatty():
        return False
    return click.confirm(f"Delete {lecture} with all of its versions and takes?", err=True)
