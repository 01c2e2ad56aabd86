"""Forked processes: each has a session, signals and output of its own, and an exit status that somebody waits for."""

import ctypes
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

_PR_SET_PDEATHSIG, _PR_SET_NAME = 1, 15


@dataclass(slots=True)
class ForkedProcesses:
    """The living processes that this one forked.

    inherited: returns what a forked process must close
    living:    what to do about the end of each, by process id: it takes the id and the wait status
    """

    inherited: Callable[[], Iterable[socket.socket]]
    living: dict[int, Callable[[int, int], None]] = field(default_factory=dict)

    def fork(self, name: str, log: Path, body: Callable[[], None], on_end: Callable[[int, int], None]) -> int:
        """Run `body` in a forked process; returns its process id."""
        sys.stdout.flush()
        sys.stderr.flush()
        child = os.fork()
        if not child:
            for connection in self.inherited():
                connection.close()
            become(name, log, body)
        self.living[child] = on_end
        return child

    def reap(self) -> bool:
        """Collect those that ended, and do what is to be done about each; returns whether there were any."""
        ended = [(process, status) for process in self.living for pid, status in [os.waitpid(process, os.WNOHANG)] if pid]
        for process, status in ended:
            self.living.pop(process)(process, status)
        return bool(ended)


def become(name: str, log: Path, body: Callable[[], None]) -> NoReturn:
    """In a forked process: run `body`, with output appended to the log, and exit as Python would, but without exit handlers.

    name: as for `name_process`
    """
    status = 1
    try:
        _settle_in(name, log)
        body()
        status = 0
    except SystemExit as leaving:
        status = _exit_code(leaving)
    except BaseException:  # noqa: BLE001 - the last entry in the process's log
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def name_process(name: str) -> None:
    """Set the name that `top` and `ps -e` show, at most 15 characters. Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_NAME, name.encode())


def end_with_parent() -> None:
    """Have the kernel kill this process when its parent dies in any way. Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _settle_in(name: str, log: Path) -> None:
    name_process(name)
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    os.close(output)
    os.close(nothing)
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__


def _exit_code(leaving: SystemExit) -> int:
    if leaving.code is None or isinstance(leaving.code, int):
        return leaving.code or 0
    sys.stderr.write(f"{leaving.code}\n")
    return 1
