"""Commands that make or change something: make, create, edit, regenerate, export."""

import os
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lecture_assets.cli.arguments import (
    NewPath,
    Source,
    edits_argument,
    examples,
    if_version_option,
    json_option,
    lecture_argument,
    max_cost_option,
    scope_options,
    source_options,
)
from lecture_assets.cli.session import answer, note, open_lectures, stderr
from lecture_assets.graph.errors import Fault, WrongInputError

_FILMS = frozenset({"mp4", "html", "scorm"})
"""The formats of an export that contain the film."""

if TYPE_CHECKING:
    from lecture_assets.runner.reading.shapes import CreatedDocument, ExportDocument, ExportFormat
    from lecture_assets.runner.regenerate.report import MadeDocument, ReportDocument

FORMATS = ("remotion", "mp4", "vtt", "srt", "otio", "html", "scorm", "poster", "gif")


@click.command(
    epilog=examples(
        "lectures make --example photosynthesis",
        "lectures make --prompt 'Why the sky is blue, for kids, 30 seconds, vertical' --out sky",
        "lectures make my-brief.yaml --max-cost 0.50",
    )
)
@source_options
@click.option("--out", metavar="DIR", type=NewPath(path_type=Path), help="Folder for the video and its parts. Default: ./ID")
@max_cost_option
@json_option
def make(*, lecture: str | None, out: Path | None, max_cost: int | None, as_json: bool, **source: str | None) -> int:
    """Make a video from a brief: the main command.

    BRIEF is a YAML or JSON file; its only required key is `prompt` (or `notes`). Writes DIR/lecture.mp4, DIR/poster.jpg,
    DIR/captions.vtt, DIR/timeline.json and DIR/media. What was already made is kept: run an interrupted `make` again, and
    it continues.
    """
    from lecture_assets.cli.progress import watching  # noqa: PLC0415 - rich is not needed for --help
    from lecture_assets.cli.report import print_report  # noqa: PLC0415 - the same
    from lecture_assets.runner.regenerate.scope import Scope  # noqa: PLC0415 - the same

    asked = Source(source["brief"], source["example"], source["prompt"]).read()
    lecture = asked.name if lecture is None else lecture
    folder = _checked_folder(out or Path(lecture))
    with open_lectures() as lectures, watching(stderr()) as watch:
        created = lectures.create(asked.brief, lecture)
        lectures.check_letters(lecture)
        note(created.warnings, asked.understood)
        report = lectures.regenerate(lecture, Scope(max_cost_usd_micros=max_cost), watch, out=folder)
        began = time.monotonic()
        timeline = lectures.export(lecture, folder, watch)
        seen = lectures.film_notes(lecture, timeline)
    warnings = list(dict.fromkeys([*report["warnings"], *seen.sentences]))
    document: MadeDocument = {
        **report,
        "timeline": str(timeline),
        "video_seconds": round(time.monotonic() - began, 3),
        "warnings": [*created.warnings, *warnings],
        "understood": asked.understood,
    }
    note(warnings)
    answer(document, partial(print_report, files=_files(folder)), as_json=as_json)
    return _exit_code(report) or int(seen.is_broken)


@click.command(epilog=examples("lectures create my-brief.yaml && lectures plan my-brief"))
@source_options
@json_option
def create(*, lecture: str | None, as_json: bool, **source: str | None) -> None:
    """Create a lecture from a brief without making it yet."""
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - rich is not needed for --help

    asked = Source(source["brief"], source["example"], source["prompt"]).read()
    lecture = asked.name if lecture is None else lecture
    with open_lectures() as lectures:
        created = lectures.create(asked.brief, lecture)
    note(created.warnings, asked.understood)
    document: CreatedDocument = {
        "lecture": created.lecture,
        "version": created.version,
        "created": created.new,
        "warnings": list(created.warnings),
        "understood": asked.understood,
    }
    verb = "was created" if created.new else f"already exists, from the same brief, at version {created.version}"
    sentence = f"{lecture} {verb}. See its price: lectures plan {lecture}. Make it: lectures regenerate {lecture}"
    answer(document, lambda console, _: say(console, sentence), as_json=as_json)


@click.command(
    epilog=examples(
        "set KEY=VALUE               set a key of the brief: set image_style=ink drawing",
        "text NODE=VALUE             use your own words for a content node",
        "text NODE=@FILE             the same, from a file",
        "model NODE=PROVIDER:MODEL   use another model for one node",
        "reroll NODE                 make another result from the same inputs",
        "take NODE=NUMBER            use an earlier take (lectures takes lists them)",
        "media NODE=@FILE            use your own picture, recording, clip or music",
        "unpin NODE                  go back from your value to the generated one",
        "keep NODE                   in a conflict: keep your value",
        "merge NODE                  in a conflict: combine yours and the model's",
        "segments add[:AFTER]        add a segment, at the end or after a slot",
        "segments remove:S           remove a segment",
        "segments move:S:POSITION    move a segment; positions start at 0",
        title="An EDIT is one of (quote it, since it has spaces):",
    )
    + "\n\n"
    + examples(
        "lectures edit photosynthesis 'set voice=teacher'",
        "lectures edit photosynthesis -e 'text content:narration-text:segment[2]=New words.'",
    )
)
@lecture_argument
@edits_argument
@if_version_option
@click.option("--client-key", metavar="KEY", help="Names this request: repeated under the same name, it is done once.")
@json_option
def edit(lecture: str, edits: tuple[str, ...], more: tuple[str, ...], **options: Any) -> None:
    """Change a lecture and show what becomes stale.

    Either all of the edits are applied or none. Nothing is remade until `lectures regenerate`.
    """
    from lecture_assets.cli.report import print_edit  # noqa: PLC0415 - rich is not needed for --help

    wanted = [*more, *edits]
    if not wanted:
        raise WrongInputError(
            [Fault("EDIT", "none", "at least one, like 'set voice=teacher' (`lectures edit --help` lists them all)")]
        )
    with open_lectures(lecture) as lectures:
        document = lectures.edit(lecture, wanted, options["if_version"], options["client_key"])
    note(document["warnings"])
    answer(document, print_edit, as_json=options["as_json"])


@click.command(
    epilog=examples(
        "lectures regenerate photosynthesis", "lectures regenerate photosynthesis --only 'asset:image:segment[0]:image[1]'"
    )
)
@lecture_argument
@scope_options
@click.option("--plan", "token", metavar="TOKEN", help="Refuse unless the plan is still the one with this token.")
@max_cost_option
@click.option(
    "--proof",
    metavar="FILE",
    type=NewPath(path_type=Path),
    help="Write a JSON file of what every node held before and after, with digests of the bytes on disk.",
)
@json_option
def regenerate(lecture: str, *, only: tuple[str, ...], segment: int | None, **options: Any) -> int:
    """Make what is stale or missing, and nothing else."""
    from lecture_assets.cli.progress import watching  # noqa: PLC0415 - rich is not needed for --help
    from lecture_assets.cli.report import print_regenerated  # noqa: PLC0415 - the same
    from lecture_assets.runner.reading.proof import write_proof  # noqa: PLC0415 - the same
    from lecture_assets.runner.regenerate.scope import Scope  # noqa: PLC0415 - the same

    scope = Scope(only, segment, options["token"], options["max_cost"])
    proof = options["proof"]
    if proof is not None:
        _check_file(proof)
    with open_lectures(lecture) as lectures, watching(stderr()) as watch:
        before = lectures.holdings(lecture) if proof else {}
        report = lectures.regenerate(lecture, scope, watch)
        if proof is not None:
            write_proof(proof, before, lectures.holdings(lecture), report)
    note(report["warnings"])
    files = {"timeline": Path(report["timeline"])} | ({"proof": proof} if proof else {})
    answer(report, partial(print_regenerated, files=files), as_json=options["as_json"])
    return _exit_code(report)


@click.command(
    epilog=examples(
        "lectures export photosynthesis --format srt --out photosynthesis.srt",
        "lectures export photosynthesis --format html && open photosynthesis-html/index.html",
        "lectures export photosynthesis --format remotion --out public/lecture",
    )
)
@lecture_argument
@click.option("--format", "form", type=click.Choice(FORMATS), default="mp4", show_default=True, help="What to write.")
@click.option(
    "--out",
    metavar="PATH",
    type=NewPath(path_type=Path),
    help="Where to write. Default: ID.mp4, .vtt, .srt, .jpg or .gif, ID-scorm.zip; folders ID-html, ID-otio, ID-remotion.",
)
@json_option
def export(lecture: str, *, form: "ExportFormat", out: Path | None, as_json: bool) -> None:
    """Write the video, its captions, or a page.

    html is a folder with a page that plays anywhere, scorm that page for a learning platform, otio for editing programs,
    remotion for programmers; poster and gif are pictures to show elsewhere. What has not been made yet is left out or shown
    as missing; nothing is bought.
    """
    from lecture_assets.cli.export_command import write  # noqa: PLC0415 - media libraries
    from lecture_assets.cli.printing import say  # noqa: PLC0415 - rich is not needed for --help
    from lecture_assets.cli.progress import watching  # noqa: PLC0415 - the same

    with open_lectures(lecture, reads=True) as lectures, watching(stderr()) as watch:
        path = write(lectures, lecture, form, out, watch)
        warnings = [*lectures.stale_notes(lecture), *(lectures.rendered_notes(lecture).sentences if form in _FILMS else ())]
    note(warnings)
    document: ExportDocument = {"lecture": lecture, "format": form, "path": str(path), "warnings": warnings}
    answer(document, lambda c, _: say(c, str(path)), as_json=as_json)


def _checked_folder(folder: Path) -> Path:
    """Check the folder before anything is bought; it is created once there is something to put in it."""
    from lecture_assets.render.folder import check_folder  # noqa: PLC0415 - the same as below
    from lecture_assets.runner.setup.environment import why_not_writable  # noqa: PLC0415 - SQL and pydantic take longer than --help may

    if why := why_not_writable(folder):
        raise WrongInputError([Fault("--out", f"{str(folder)!r}, {why}", "a folder, or a name for a new one")])
    check_folder(folder)
    return folder


def _check_file(path: Path) -> None:
    """Check the file before anything is bought."""
    folder = path.absolute().parent
    wrong = {
        "a folder": path.is_dir(),
        "in a folder that does not exist": not folder.is_dir(),
        "which is not writable": folder.is_dir() and not os.access(path if path.exists() else folder, os.W_OK),
    }
    for found in (found for found, holds in wrong.items() if holds):
        raise WrongInputError([Fault("--proof", f"{str(path)!r}, {found}", "a file, or a name for a new one")])


def _files(folder: Path) -> dict[str, Path]:
    names = {"video": "lecture.mp4", "poster": "poster.jpg", "captions": "captions.vtt", "timeline": "timeline.json"}
    return {name: folder / file for name, file in names.items() if (folder / file).exists()}


def _exit_code(report: "ReportDocument") -> int:
    """1 if some nodes are missing; 3 if nothing was bought because it would have exceeded a ceiling."""
    if report["stopped"] and not (report["failed"] or report["calls"]):
        return 3
    return 1 if report["failed"] or report["blocked"] else 0
