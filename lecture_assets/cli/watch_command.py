"""The command `lectures watch`: the events of a lecture's progress, a line each, as they come."""

import json
import sys
from collections.abc import Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import click

from lecture_assets.cli.arguments import examples, lecture_argument
from lecture_assets.cli.session import open_lectures, stdout
from lecture_assets.prose.readable import readable_value

if TYPE_CHECKING:
    from lecture_assets.runner.lectures import Lectures

_Show = Callable[[Any], None]


@click.command(epilog=examples("lectures watch photosynthesis", "lectures watch photosynthesis --after 0 --json --until-done"))
@lecture_argument
@click.option(
    "--after", type=click.IntRange(min=0), metavar="N", help="Begin after event N; 0 for all. Default: with the next one."
)
@click.option("--until-done", is_flag=True, help="End with the run; at once if nothing is queued or running.")
@click.option("--json", "as_json", is_flag=True, help="Print each event as one line of JSON.")
def watch(lecture: str, *, after: int | None, until_done: bool, as_json: bool) -> None:
    """Print what happens to a lecture, as it happens.

    Each event has a number. To go on where you stopped, pass the last one to --after: no event is missed, none comes twice.
    Events that are a day old and not among the last 1,000 are deleted; whoever asks for them gets one event `reset`.
    """
    import asyncio  # noqa: PLC0415 - longer than --help may take

    show = _show_json if as_json else _shown_to_people()
    with open_lectures(lecture, reads=True) as lectures:
        asyncio.run(_watch(lectures, lectures.key_of(lecture), after, show, until_done=until_done))


async def _watch(lectures: "Lectures", key: str, after: int | None, show: _Show, *, until_done: bool) -> None:
    from lecture_assets.runner.watching.following import ProgressHub, progress_now  # noqa: PLC0415 - longer than --help may take

    database = lectures.context.database
    begun = progress_now(database, key)
    number = begun["newest"] if after is None else after
    is_idle = begun["request"] == "none"
    if until_done and is_idle and number == begun["newest"]:
        return
    with ProgressHub(database) as hub:
        async with aclosing(hub.follow(key, number)) as events:
            async for event in events:
                show(event)
                if event["kind"] == "reset":
                    is_idle = progress_now(database, key)["request"] == "none"
                is_last = is_idle if event["number"] <= begun["newest"] else _ends(event)
                if until_done and is_last and event["number"] >= begun["newest"]:
                    return


def _ends(event: Any) -> bool:
    """Whether nothing is left to do after an event."""
    return event["kind"] == "withdrawn" or (event["kind"] == "run-ended" and not event["queued"])


def _show_json(event: Any) -> None:
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    sys.stdout.write(json.dumps(readable_value(event), ensure_ascii=not unicode) + "\n")
    sys.stdout.flush()


def _shown_to_people() -> _Show:
    from lecture_assets.cli.event_lines import line_of  # noqa: PLC0415 - longer than --help may take
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - the same

    console = stdout()
    return lambda event: say(console, line_of(event))
