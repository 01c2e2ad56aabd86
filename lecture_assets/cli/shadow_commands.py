"""Commands for lectures of another system that are planned, priced and never made: shadow report, shadow paid, promote."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from lecture_assets.cli.arguments import amount, examples, json_option, lecture_argument
from lecture_assets.cli.session import answer, open_lectures

if TYPE_CHECKING:
    from rich.console import Console

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group(epilog=examples("lectures import old-lecture.json --shadow", "lectures shadow report"))
def shadow() -> None:
    """Compare with another system, without buying anything.

    A lecture that is imported with --shadow is planned and priced. Edit it as the other system's is edited, and each edit answers
    what it would have made.
    """


@shadow.command(epilog=examples("lectures shadow report --since 2026-11-01 --until 2026-12-01"))
@click.option("--since", type=_DAY, metavar="DAY", help="Only edits from this day (UTC) on.")
@click.option("--until", type=_DAY, metavar="DAY", help="Only edits before this day (UTC).")
@json_option
def report(*, since: datetime | None, until: datetime | None, as_json: bool) -> None:
    """Sum up what edits would have cost, beside what the other system paid: by lecture and by day."""
    from lecture_assets.runner.reading.shadow_report import ALWAYS, shadow_report  # noqa: PLC0415 - longer than --help may take

    begin = 0.0 if since is None else since.replace(tzinfo=UTC).timestamp()
    end = ALWAYS if until is None else until.replace(tzinfo=UTC).timestamp()
    with open_lectures(reads=True) as lectures:
        document = shadow_report(lectures.context, begin, end)
    answer(document, _print_report, as_json=as_json)


@shadow.command(epilog=examples("lectures shadow paid old-lecture 2 0.45"))
@lecture_argument
@click.argument("version", type=click.IntRange(min=2), metavar="VERSION")
@click.argument("cost", type=amount, metavar="USD")
@json_option
def paid(lecture: str, version: int, cost: int, *, as_json: bool) -> None:
    """Write down what the other system paid for the edit that made a version."""
    from lecture_assets.cli.figures import usd  # noqa: PLC0415 - longer than --help may take
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - rich is not needed for --help
    from lecture_assets.runner.change.promoting import PaidDocument, put_legacy_cost  # noqa: PLC0415 - the same

    with open_lectures(lecture) as lectures:
        put_legacy_cost(lectures.context, lectures.key_of(lecture), version, cost)
    document = PaidDocument(lecture=lecture, version=version, legacy_usd_micros=cost)
    sentence = f"The other system paid {usd(cost)} for version {version} of {lecture}."
    answer(document, lambda console, _: say(console, sentence), as_json=as_json)


@click.command(epilog=examples("lectures promote old-lecture && lectures plan old-lecture"))
@lecture_argument
@json_option
def promote(lecture: str, *, as_json: bool) -> None:
    """Make a shadow a lecture like any other.

    Nothing is bought by that: `lectures regenerate` makes what its edits made stale, and later edits are made as usual.
    """
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - rich is not needed for --help
    from lecture_assets.runner.change.promoting import PromotedDocument  # noqa: PLC0415 - longer than --help may take

    with open_lectures(lecture) as lectures:
        promoted = lectures.promote(lecture)
    document = PromotedDocument(lecture=lecture, promoted=promoted)
    sentence = (
        f"{lecture} {'is a lecture like any other now' if promoted else 'was no shadow'}. See its price: lectures plan {lecture}"
    )
    answer(document, lambda console, _: say(console, sentence), as_json=as_json)


def _print_report(console: "Console", document: Any) -> None:
    from lecture_assets.cli.figures import usd, usd_range  # noqa: PLC0415 - longer than --help may take
    from lecture_assets.cli.printing import say, table_of  # noqa: PLC0415 - rich is not needed for --help

    table = table_of("of", ">edits", ">nodes", ">calls", ">price", ">compared", ">price of those", ">the other system paid")
    named = [*((one["lecture"], one) for one in document["lectures"]), *((one["day"], one) for one in document["days"])]
    for name, one in (*named, ("all", document["total"])):
        here = usd_range(one["low_usd_micros"], one["high_usd_micros"])
        those = usd_range(one["compared_low_usd_micros"], one["compared_high_usd_micros"])
        numbers = (f"{one[key]:,}" for key in ("edits", "nodes", "calls"))
        table.add_row(name, *numbers, here, f"{one['compared_edits']:,}", those, usd(one["legacy_usd_micros"]))
    console.print(table)
    if not document["total"]["edits"]:
        say(console, "No shadow has been edited yet. Import one: lectures import FILE --shadow")
