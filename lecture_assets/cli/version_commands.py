"""Commands that move between versions or start a lecture from another one: undo, redo, copy, import."""

from pathlib import Path
from typing import Any

import click

from lecture_assets.cli.arguments import edits_argument, examples, if_version_option, json_option, lecture_argument, lecture_id
from lecture_assets.cli.session import answer, open_lectures
from lecture_assets.graph.errors import Fault, WrongInputError

_key_option = click.option(
    "--client-key", metavar="KEY", help="Names this request: repeated under the same name, it is done once."
)


@click.command(epilog=examples("lectures undo photosynthesis && lectures regenerate photosynthesis"))
@lecture_argument
@if_version_option
@_key_option
@json_option
def undo(lecture: str, **options: Any) -> None:
    """Undo the last edit; repeat to go further back.

    This makes a new version, so nothing is lost. What was made for the earlier version is used again, for free.
    """
    from lecture_assets.cli.report import print_edit  # noqa: PLC0415 - rich is not needed for --help

    with open_lectures(lecture) as lectures:
        document = lectures.undo(lecture, options["if_version"], options["client_key"])
    answer(document, print_edit, as_json=options["as_json"])


@click.command(epilog=examples("lectures redo photosynthesis"))
@lecture_argument
@if_version_option
@_key_option
@json_option
def redo(lecture: str, **options: Any) -> None:
    """Redo the last undone edit; repeat to go further forward."""
    from lecture_assets.cli.report import print_edit  # noqa: PLC0415 - rich is not needed for --help

    with open_lectures(lecture) as lectures:
        document = lectures.redo(lecture, options["if_version"], options["client_key"])
    answer(document, print_edit, as_json=options["as_json"])


@click.command(
    epilog=examples(
        "lectures copy photosynthesis photosynthesis-square 'set aspect_ratio=1:1'", "lectures plan photosynthesis-square"
    )
)
@lecture_argument
@click.argument("target", metavar="NEW", type=lecture_id)
@edits_argument
@json_option
def copy(lecture: str, target: str, edits: tuple[str, ...], more: tuple[str, ...], *, as_json: bool) -> None:
    """Start a variant: another language, format, audience.

    It shares everything it has in common with the original and pays only for what differs. Nothing is made yet.
    """
    from lecture_assets.cli.report import print_copy  # noqa: PLC0415 - rich is not needed for --help

    with open_lectures(lecture) as lectures:
        document = lectures.copy(lecture, target, [*more, *edits])
    answer(document, print_copy, as_json=as_json)


@click.command("import", epilog=examples("lectures import old-lecture.json", "lectures import old-lectures --shadow"))
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--id", "lecture", type=lecture_id, metavar="ID", help="The lecture's id. Default: the file's `id`, or its name.")
@click.option("--shadow", is_flag=True, help="Plan and price the lecture's edits, and never make it (until `lectures promote`).")
@json_option
def import_(files: tuple[Path, ...], *, lecture: str | None, shadow: bool, as_json: bool) -> int:
    """Import lectures that were made elsewhere.

    FILE is JSON with the lecture's brief, script, and media as files or URLs (the README shows one), or a folder of such files.
    What it contains counts as made: nothing is bought, and a later edit remakes only what it affects. Of several files, one that
    is wrong does not stop the others; repeated, the command goes on where it ended.
    """
    from lecture_assets.cli.import_files import import_file, import_files  # noqa: PLC0415 - longer than --help may take

    if len(files) == 1 and not files[0].is_dir():
        return import_file(files[0], lecture, shadow=shadow, as_json=as_json)
    if lecture is not None:
        raise WrongInputError([Fault("--id", "an id for several files", "one file, or the key `id` in each")])
    return import_files(files, shadow=shadow, as_json=as_json)
