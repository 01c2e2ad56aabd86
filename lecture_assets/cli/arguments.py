"""Arguments and options: money, slots, briefs, edits. Only their form is checked here."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from lecture_assets.graph.errors import Fault, WrongInputError

if TYPE_CHECKING:
    from lecture_assets.briefs.brief import Brief

_MAX_USD = 1_000_000
_SLOT = re.compile(r"(?:s(?=[0-9]{2}$))?([0-9]{1,2})")
F = TypeVar("F", bound=Callable[..., Any])


def examples(*lines: str, title: str = "") -> str:
    """The end of a help text, its lines unwrapped (a backspace on the first line makes click keep them)."""
    title = title or ("Example:" if len(lines) == 1 else "Examples:")
    return "\n".join(["\b", title, *(f"  {line}" for line in lines)])


def amount(text: str) -> int:
    """Parse dollars, such as `0.50` or `$0.50`, as micro-dollars."""
    try:
        dollars = Decimal(text.removeprefix("$"))
    except InvalidOperation:
        message = f"{text!r} is not an amount; write dollars, like 0.50"
        raise click.BadParameter(message) from None
    if not dollars.is_finite() or not 0 <= dollars <= _MAX_USD:
        message = f"{text!r} is not an amount from 0 to {_MAX_USD:,} dollars"
        raise click.BadParameter(message)
    return int(dollars * 1_000_000)


def slot(text: str) -> int:
    """Parse a segment's slot, `2` or `s02`."""
    match = _SLOT.fullmatch(text)
    if match is None:
        message = f"{text!r} is not a segment; write its slot, like 2 or s02"
        raise click.BadParameter(message)
    return int(match[1])


@dataclass(frozen=True, slots=True)
class TypedRequest:
    """The brief that a command was given.

    name:       an id derived from it
    understood: the settings read from a typed prompt, by key of the brief; None for a file
    """

    brief: "Brief"
    name: str
    understood: "dict[str, Any] | None" = None


@dataclass(frozen=True, slots=True)
class Source:
    """The source of a brief: exactly one of a file, an example's name, a prompt."""

    file: str | None
    example: str | None
    prompt: str | None

    def read(self) -> "TypedRequest":
        """Read the brief and derive an id from its name. WrongInputError with all of its faults, unknown names included."""
        from lecture_assets.briefs.lecture_id import slug  # noqa: PLC0415 - pydantic and YAML take longer than --help may
        from lecture_assets.briefs.reading import brief_of, read_brief, read_example  # noqa: PLC0415 - the same
        from lecture_assets.briefs.typed import read_typed  # noqa: PLC0415 - the same
        from lecture_assets.runner.setup.names import environment_names  # noqa: PLC0415 - the same

        given = [value for value in (self.file, self.example, self.prompt) if value is not None]
        if len(given) != 1:
            found = "none" if not given else "more than one"
            raise WrongInputError([Fault("BRIEF", found, "exactly one of BRIEF (a file), --example NAME, --prompt TEXT")])
        if self.file is not None:
            return TypedRequest(read_brief(self.file, environment_names()), slug(Path(self.file).stem))
        if self.example is not None:
            return TypedRequest(read_example(self.example, environment_names()), slug(self.example))
        typed = read_typed(given[0])
        name = slug(" ".join(typed.prompt.split()[:6]))
        return TypedRequest(brief_of(typed, environment_names()), name, {"prompt": typed.prompt, **typed.settings})


class NewPath(click.Path):
    """A path that will be written; an empty text, as of a variable that is not set, is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path. UsageError for an empty text."""
        if value == "":
            self.fail("an empty path; write the name of a file or folder, or leave the option out", param, ctx)
        return super().convert(value, param, ctx)


def lecture_id(text: str) -> str:
    """Check a lecture's id before anything is named after it; WrongInputError if it is invalid."""
    from lecture_assets.briefs.lecture_id import check_id  # noqa: PLC0415 - pydantic is not needed for --help

    return check_id(text)


def source_options(command: F) -> F:
    """Add BRIEF, --example, --prompt and --id."""
    for option in (
        click.option(
            "--id",
            "lecture",
            type=lecture_id,
            metavar="ID",
            help="The lecture's id: a-z, 0-9 and -. Default: derived from the brief's name.",
        ),
        click.option(
            "--prompt",
            metavar="TEXT",
            help="Instead of a file: describe the lecture; may mention its audience, length, style and format.",
        ),
        click.option(
            "--example", metavar="NAME", help="Instead of a file: an example brief that comes with lectures (photosynthesis, …)."
        ),
        click.argument("brief", required=False, metavar="[BRIEF]"),
    ):
        command = option(command)
    return command


def json_option(command: F) -> F:
    """Add --json."""
    promise = "Print exactly one JSON document on stdout; none if an error is reported on stderr."
    return click.option("--json", "as_json", is_flag=True, help=promise)(command)


def edits_argument(command: F) -> F:
    """Add EDIT… and -e EDIT."""
    command = click.argument("edits", nargs=-1, metavar="[EDIT]...")(command)
    return click.option("-e", "--edit", "more", multiple=True, metavar="EDIT", help="An edit; may be repeated.")(command)


def scope_options(command: F) -> F:
    """Add --only and --segment."""
    segment = click.option("--segment", type=slot, metavar="S", help="Only this segment's nodes and what they need.")
    only = click.option("--only", multiple=True, metavar="NODE", help="Only this node and what it needs; may be repeated.")
    return only(segment(command))


lecture_argument = click.argument("lecture", metavar="ID", type=lecture_id)
if_version_option = click.option(
    "--if-version", type=click.IntRange(min=1), metavar="V", help="Refuse unless the lecture is still at this version."
)
max_cost_option = click.option(
    "--max-cost", type=amount, metavar="USD", help="Refuse to start if it could cost more than this, in dollars."
)
