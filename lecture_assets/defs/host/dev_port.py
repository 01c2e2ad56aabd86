"""A port for `lectures dev`: checks that it is free, and names the process that uses it if not."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from lecture_assets.graph.errors import Fault, WrongInputError

_PROC = Path("/proc")
_LISTENS = "0A"
_HIGHEST = 65535


def free_port(host: str, port: int) -> int:
    """The port, or any free one for 0. WrongInputError if it is taken or `host` is not an address of this machine."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise WrongInputError([_fault(host, port, error)]) from None
        return int(probe.getsockname()[1])


def _fault(host: str, port: int, error: OSError) -> Fault:
    if isinstance(error, socket.gaierror) or not port:
        return Fault("--host", f"{host!r} ({error.strerror})", "an address of this machine, such as 127.0.0.1")
    owner = next(_listeners(port), None)
    found = f"{port}, in use by process {owner}" if owner else f"{port} on {host} ({error.strerror})"
    other = port + 1 if port < _HIGHEST else 0
    return Fault("--port", found, f"a free port, for example `lectures dev --port {other}`; 0 picks any free port")


def _listeners(port: int) -> Iterator[int]:
    """The processes listening on a port that this user can see; none without /proc."""
    sockets = set(_sockets(port))
    for link in _PROC.glob("[0-9]*/fd/*") if sockets else ():
        with suppress(OSError):
            if str(link.readlink()) in sockets:
                yield int(link.parts[2])


def _sockets(port: int) -> Iterator[str]:
    """The sockets listening on a port, by their names in /proc. Columns 1, 3 and 9: address:port in hex, state, inode."""
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for columns in map(str.split, (_PROC / "net" / table).read_text().splitlines()[1:]):
                if columns[3] == _LISTENS and int(columns[1].rpartition(":")[2], 16) == port:
                    yield f"socket:[{columns[9]}]"
