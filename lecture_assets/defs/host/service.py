"""A service: the main function of a module in a process forked by the fork server, for as long as another process wants it.

its user ── connection ──► fork server ── fork ──► service
         ◄─ exit status ──             ── SIGKILL ─► when the connection or the server ends
"""

import os
import pkgutil
import select
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from lecture_assets.defs.host.fork_protocol import Request, receive
from lecture_assets.defs.host.forked_process import end_with_parent


@dataclass
class ForkedService:
    """A service, as the process that wants it sees it. Dropping the connection kills it."""

    connection: socket.socket
    pid: int
    _how: str | None = None

    def fileno(self) -> int:
        """The number of the connection, which can be read once the service has ended."""
        return self.connection.fileno()

    def ended(self) -> str | None:
        """How it ended; None while it is running."""
        if self._how is None and select.select([self.connection], [], [], 0)[0]:
            self._how = self._told()
            self.connection.close()
        return self._how

    def _told(self) -> str:
        try:
            status = int(receive(self.connection)["status"])
        except OSError:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)  # on systems other than Linux it outlives the server
            return "the fork server is gone"
        return f"killed by {signal.Signals(-status).name}" if status < 0 else f"exit code {status}"

    def send(self, number: signal.Signals) -> None:
        """Send it a signal if it is running."""
        if self.ended() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


def request_of(name: str, main: str, arguments: list[str], environment: dict[str, str], log: str) -> Request:
    """The request for a service.

    name:        as `ps` and `top` show it, at most 15 characters
    main:        its main function, `package.module:function`
    arguments:   its command line, without the program's name
    environment: all of its environment
    log:         the file that its output is appended to
    """
    service = {
        "name": name,
        "main": main,
        "arguments": arguments,
        "environment": environment,
        "log": log,
        "folder": str(Path.cwd()),
    }
    return {"ask": "serve", **service}


def be_service(request: Request) -> None:
    """In the forked process: become the service. Returns or raises SystemExit when it has ended."""
    end_with_parent()
    os.umask(0o077)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = [request["main"].partition(":")[0], *request["arguments"]]
    pkgutil.resolve_name(request["main"])()
