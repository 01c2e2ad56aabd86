"""The command itself: its exit codes, and what is said when something is wrong. Never a traceback.

0 done · 1 some nodes failed · 2 the request was wrong · 3 refused · 70 a fault of this software · 130 interrupted
"""

import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from lecture_assets.cli.arguments import examples
from lecture_assets.cli.asking import costs, explain, graph, history, list_, plan, status, voices
from lecture_assets.cli.making import create, edit, export, make, regenerate
from lecture_assets.graph.errors import LectureError, WrongInputError

WRONG, INTERNAL, INTERRUPTED, PIPE_CLOSED = 2, 70, 130, 141
"""Exit codes beside those of LectureError; 70 is EX_SOFTWARE of sysexits.h, the last two 128 + the signal."""
_COMMANDS = (make, create, list_, status, plan, edit, regenerate, explain, costs, history, export, voices, graph)


class _InOrder(click.Group):
    """Lists commands in the order in which a newcomer needs them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(self.commands)


_BEGIN = (
    "lectures make --example photosynthesis      a first video, in ./photosynthesis",
    "lectures edit photosynthesis 'set image_style=ink drawing'",
    "lectures plan photosynthesis                what that changes, and its price",
    "lectures regenerate photosynthesis          make exactly that",
)


@click.group(
    cls=_InOrder,
    epilog=examples(*_BEGIN, title="Begin here:"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="lecture-assets", prog_name="lectures")
def cli() -> None:
    """Makes narrated lecture videos from a brief, and remakes only what an edit changes.

    Lectures are kept in the folder .lectures, or in the one that LECTURES_HOME names.
    """


for _command in _COMMANDS:
    cli.add_command(_command)


def main() -> None:
    """The console script."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command; its exit code."""
    try:
        code = cli.main(list(arguments), prog_name="lectures", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return WRONG
    except (click.Abort, KeyboardInterrupt):
        return _interrupted()
    except LectureError as error:
        return _told(error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except Exception as error:  # noqa: BLE001 - the last line of defence; the log has the traceback
        return _apology(error, arguments)
    return code if isinstance(code, int) else 0


def _told(error: LectureError) -> int:
    sentences = error.faults if isinstance(error, WrongInputError) else (error,)
    for sentence in sentences:
        click.echo(f"error: {sentence}", err=True)
    return error.exit_code


def _interrupted() -> int:
    click.echo("\ninterrupted: what was made is kept and nothing is bought twice; the same command goes on from here", err=True)
    return INTERRUPTED


def _apology(error: Exception, arguments: Sequence[str]) -> int:
    log = _log(arguments)
    what = f"{type(error).__name__}: {str(error)[:200]}" if str(error) else type(error).__name__
    said = " ".join(what.split())
    click.echo(
        f"error: sorry, this is a fault of lectures itself ({said}); what was made is kept; details are in {log}", err=True
    )
    return INTERNAL


def _log(arguments: Sequence[str]) -> Path:
    """The traceback of the error at hand, appended to a file; in the temporary folder where there is no other place."""
    stamp = datetime.now(UTC).isoformat(timespec="seconds")
    entry = f"{stamp} lectures {' '.join(arguments)}\n{traceback.format_exc()}\n"
    for folder in (Path(os.environ.get("LECTURES_HOME") or ".lectures") / "log", Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / "lectures.log").open("a", encoding="utf-8", errors="backslashreplace") as log:
                log.write(entry)
        except OSError:
            continue
        return folder / "lectures.log"
    return Path(os.devnull)
