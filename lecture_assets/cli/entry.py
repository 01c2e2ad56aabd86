"""The command itself: its exit codes, and what is said when something is wrong. Never a traceback.

0 done · 1 some nodes failed · 2 the request was wrong · 3 refused · 70 a fault of this software · 130 interrupted, 143 terminated
"""

import errno
import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click

from lecture_assets.cli.arguments import examples
from lecture_assets.cli.dev_command import dev
from lecture_assets.cli.log import keep_error, keep_stray_errors
from lecture_assets.cli.maintenance_commands import doctor, gc
from lecture_assets.cli.read_commands import costs, explain, graph, history, list_, plan, status, takes, voices
from lecture_assets.cli.signals import ended_by, ignore_signals, install_handlers
from lecture_assets.cli.version_commands import copy, import_, redo, undo
from lecture_assets.cli.write_commands import create, edit, export, make, regenerate
from lecture_assets.graph.errors import LectureError, WrongInputError
from lecture_assets.store.stopping import stop_between_transactions

WRONG, INTERNAL, PIPE_CLOSED = 2, 70, 141
"""Exit codes beside those of LectureError; 70 is EX_SOFTWARE of sysexits.h, the last one 128 + SIGPIPE."""
_SIGNAL = 128
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EMFILE, errno.ENFILE}
"""What a full or read-only disk and a tight limit say; trying again helps once somebody made room."""
_MAKING = (make, create, list_, status, plan, edit, regenerate)
_CHANGING = (explain, takes, history, undo, redo, copy, import_)
_COMMANDS = (*_MAKING, *_CHANGING, costs, export, voices, graph, gc, doctor, dev)


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
    _take_streams_as_they_are()
    install_handlers()
    stop_between_transactions()
    keep_stray_errors()
    code = run(sys.argv[1:])
    if code > _SIGNAL:
        # After an interrupt within some library's exec() CPython 3.11 dies of SIGINT at its end, whatever code it is given.
        os._exit(code)
    sys.exit(code)


def _take_streams_as_they_are() -> None:
    """A closed one is no fault of a command, nor is one that has no letter for ü or ←."""
    nowhere = Path(os.devnull)
    sys.stdout, sys.stderr = (stream or nowhere.open("w", encoding="utf-8") for stream in (sys.stdout, sys.stderr))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def run(arguments: Sequence[str]) -> int:
    """Run one command; its exit code."""
    try:
        code = cli.main(list(arguments), prog_name="lectures", standalone_mode=False)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last line of defence; the log has the traceback
        return _ended(error, arguments)
    return code if isinstance(code, int) else 0


def _ended(error: BaseException, arguments: Sequence[str]) -> int:
    """Say what ended the command; the exit code of that."""
    match error:
        case click.Abort() | KeyboardInterrupt():
            return _interrupted()
        case click.ClickException():
            return _mistyped(error)
        case LectureError():
            return _told(error)
        case BrokenPipeError():
            _write_no_more()
            return PIPE_CLOSED
        case OSError(errno=number) if number in _NO_ROOM:
            return _no_room(error)
        case _:
            return _apology(error, arguments)


def _damage() -> LectureError | None:
    """What is wrong with the database, where it is: whatever nobody foresaw is its fault, and not ours."""
    from lecture_assets.cli.session import open_lectures  # noqa: PLC0415 - longer than --help may take
    from lecture_assets.store.soundness import damage  # noqa: PLC0415 - the same
    from lecture_assets.store.troubles import DamagedDatabaseError  # noqa: PLC0415 - the same

    try:
        with open_lectures("", reads=True) as lectures:
            database = lectures.context.database
            return next((DamagedDatabaseError(database.name, one.words) for one in damage(database)), None)
    except LectureError as error:
        return None if isinstance(error, WrongInputError) else error
    except Exception:  # noqa: BLE001 - then it is not the database that can be blamed
        return None


def _write_no_more() -> None:
    """What stdout still holds cannot be written: Python would complain of that at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _told(error: LectureError) -> int:
    sentences = error.faults if isinstance(error, WrongInputError) else (error,)
    for sentence in sentences:
        _say(f"error: {_on_one_line(str(sentence))}")
    return error.exit_code


def _mistyped(error: click.ClickException) -> int:
    """Click's own faults in the form of all others; the help alone where nothing was typed."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return WRONG
    command = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "lectures"
    message = " ".join(error.format_message().split()).rstrip(".")
    _say(f"error: {_on_one_line(message)} (see {command} --help)")
    return WRONG


def _on_one_line(text: str) -> str:
    """Without characters that a terminal would obey: an error repeats what somebody wrote."""
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


def _no_room(error: OSError) -> int:
    where = f" ({error.filename})" if error.filename else ""
    _say(f"error: {error.strerror}{where}; what was made is kept, and the same command goes on from here")
    _write_no_more()
    return 1


def _say(sentence: str) -> None:
    """On stderr; where that cannot be written either, the exit code has to say it."""
    with suppress(OSError):
        click.echo(sentence, err=True)


def _interrupted() -> int:
    ignore_signals()
    with suppress(OSError):
        sys.stdout.flush()
    _say("\ninterrupted: what was made is kept; the same command goes on from here")
    return _SIGNAL + ended_by()


def _apology(error: BaseException, arguments: Sequence[str]) -> int:
    log = keep_error(error, arguments)
    if damage := _damage():
        return _told(damage)
    what = f"{type(error).__name__}: {str(error)[:200]}" if str(error) else type(error).__name__
    said = _on_one_line(" ".join(what.split()))
    _say(f"error: sorry, this is a fault of lectures itself ({said}); what was made is kept; details are in {log}")
    return INTERNAL
