"""The command itself: its exit codes and error messages. It never prints a traceback.

0 done · 1 some nodes failed · 2 wrong request · 3 refused · 70 internal error · 130 interrupted, 143 terminated
"""

import errno
import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import click

from lecture_assets.cli.arguments import examples
from lecture_assets.cli.db_commands import db
from lecture_assets.cli.dev_command import dev
from lecture_assets.cli.lecture_commands import delete, rename
from lecture_assets.cli.log import keep_error, keep_stray_errors
from lecture_assets.cli.maintenance_commands import artifacts, doctor, gc
from lecture_assets.cli.mcp_command import mcp
from lecture_assets.cli.read_commands import costs, explain, graph, history, list_, plan, status, takes, voices
from lecture_assets.cli.rollout_commands import rollout
from lecture_assets.cli.serve_commands import serve, webserver, worker
from lecture_assets.cli.shadow_commands import promote, shadow
from lecture_assets.cli.signals import ended_by, ignore_signals, install_handlers
from lecture_assets.cli.token_commands import token
from lecture_assets.cli.version_commands import copy, import_, redo, undo
from lecture_assets.cli.watch_command import watch
from lecture_assets.cli.webhook_commands import webhook
from lecture_assets.cli.write_commands import create, edit, export, make, regenerate
from lecture_assets.graph.errors import LectureError, WrongInputError
from lecture_assets.store.stopping import stop_between_transactions

WRONG, INTERNAL, PIPE_CLOSED = 2, 70, 141
"""Exit codes in addition to LectureError's; 70 is EX_SOFTWARE of sysexits.h, 141 is 128 + SIGPIPE."""
_SIGNAL = 128
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EMFILE, errno.ENFILE}
"""Errors of a full or read-only disk and of tight limits; retrying helps once they are resolved."""
_MAKING = (make, create, list_, status, plan, edit, regenerate)
_CHANGING = (watch, explain, takes, history, undo, redo, copy, rename, delete, import_)
_LEGACY = (shadow, promote, rollout)
_KEEPING = (gc, artifacts, doctor, db, token, webhook)
_COMMANDS = (*_MAKING, *_CHANGING, costs, export, voices, graph, *_LEGACY, *_KEEPING, dev, webserver, worker, serve, mcp)


class _InOrder(click.Group):
    """Lists commands in the order that newcomers need them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(self.commands)


_BEGIN = (
    "lectures make --example photosynthesis      a first video, in ./photosynthesis",
    "lectures edit photosynthesis 'set image_style=ink drawing'",
    "lectures plan photosynthesis                what that changes, and its price",
    "lectures regenerate photosynthesis          makes exactly that",
)


@click.group(
    cls=_InOrder,
    epilog=examples(*_BEGIN, title="Start here:"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="lecture-assets", prog_name="lectures")
def cli() -> None:
    """Make narrated lecture videos from a brief, and remake only what an edit changes.

    Lectures are stored in the folder .lectures, or in LECTURES_HOME if it is set.
    """


for _command in _COMMANDS:
    cli.add_command(_command)


def main() -> None:
    """The console script."""
    prepare_process()
    code = run(sys.argv[1:])
    if code > _SIGNAL:
        # After an interrupt within a library's exec(), CPython 3.11 dies of SIGINT on exit, regardless of the exit code.
        os._exit(code)
    sys.exit(code)


def prepare_process() -> None:
    """Make this process one of a command: its streams, signals and stray errors."""
    _tolerate_streams()
    install_handlers()
    stop_between_transactions()
    keep_stray_errors()


def _tolerate_streams() -> None:
    """Keep commands working when a stream is closed, or when its encoding lacks ü or ←."""
    nowhere = Path(os.devnull)
    sys.stdout, sys.stderr = (stream or nowhere.open("w", encoding="utf-8") for stream in (sys.stdout, sys.stderr))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    try:
        code = cli.main(list(arguments), prog_name="lectures", standalone_mode=False)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last resort; the log has the traceback
        return _ended(error, arguments)
    return code if isinstance(code, int) else 0


def _ended(error: BaseException, arguments: Sequence[str]) -> int:
    """Report what ended the command, and return its exit code."""
    match error:
        case click.Abort() | KeyboardInterrupt():
            return _interrupted()
        case click.ClickException():
            return _mistyped(error)
        case LectureError():
            return _report(error)
        case BrokenPipeError():
            _discard(sys.stdout)
            return PIPE_CLOSED
        case OSError(errno=number) if number in _NO_ROOM:
            return _no_room(error)
        case _:
            return _apology(error, arguments)


def _damage() -> LectureError | None:
    """The database's damage, if any: it then explains the unexpected error, which is not a bug."""
    from lecture_assets.cli.session import open_lectures  # noqa: PLC0415 - longer than --help may take
    from lecture_assets.store.soundness import damage  # noqa: PLC0415 - the same
    from lecture_assets.store.troubles import DamagedDatabaseError  # noqa: PLC0415 - the same

    try:
        with open_lectures("", reads=True) as lectures:
            database = lectures.context.database
            return next((DamagedDatabaseError(database.name, one.words) for one in damage(database)), None)
    except LectureError as error:
        return None if isinstance(error, WrongInputError) else error
    except Exception:  # noqa: BLE001 - then the database cannot be blamed
        return None


def _discard(stream: TextIO) -> None:
    """Redirect a stream to nowhere: output that it cannot write stays in its buffer, and Python would end with code 120."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _report(error: LectureError) -> int:
    sentences = error.faults if isinstance(error, WrongInputError) else (error,)
    for sentence in sentences:
        _say(f"error: {_on_one_line(str(sentence))}")
    return error.exit_code


def _mistyped(error: click.ClickException) -> int:
    """Report click's own errors in the form of all others; show only the help if there were no arguments."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return WRONG
    command = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "lectures"
    message = " ".join(error.format_message().split()).rstrip(".")
    _say(f"error: {_on_one_line(message)} (see {command} --help)")
    return WRONG


def _on_one_line(text: str) -> str:
    """Escape characters that a terminal would obey: errors quote what a person or a model wrote."""
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


def _no_room(error: OSError) -> int:
    where = f" ({error.filename})" if error.filename else ""
    _say(f"error: {error.strerror}{where}; what was made is kept; once this is resolved, run the same command to continue")
    _discard(sys.stdout)
    return 1


def _say(sentence: str) -> None:
    """Print on stderr; if that cannot be written either, the exit code has to suffice."""
    try:
        click.echo(sentence, err=True)
    except OSError:
        _discard(sys.stderr)


def _interrupted() -> int:
    ignore_signals()
    with suppress(OSError):
        sys.stdout.flush()
    _say("\ninterrupted: what was made is kept; run the same command to continue")
    return _SIGNAL + ended_by()


def _apology(error: BaseException, arguments: Sequence[str]) -> int:
    log = keep_error(error, arguments)
    if damage := _damage():
        return _report(damage)
    what = f"{type(error).__name__}: {str(error)[:200]}" if str(error) else type(error).__name__
    cause = _on_one_line(" ".join(what.split()))
    _say(f"error: sorry, this is a bug in lectures ({cause}); what was made is kept; details are in {log}")
    return INTERNAL
