"""A port for `lectures dev`: one that is free, or who has it. Binds nothing for longer than a look takes."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from lecture_assets.graph.errors import Fault, WrongInputError

_PROC = Path("/proc")
_LISTENS = "0A"
_HIGHEST = 65535


def free_port(host: str, port: int) -> int:
    """The port, if it is free; for 0 any that is. WrongInputError where it is taken or the host is none of this machine's."""
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
        return Fault("--host", f"{host!r} ({error.strerror})", "an address of this machine, like 127.0.0.1")
    owner = next(_listeners(port), None)
    found = f"{port}, in use by process {owner}" if owner else f"{port} on {host} ({error.strerror})"
    other = port + 1 if port < _HIGHEST else 0
    return Fault("--port", found, f"a port that nobody uses, like `lectures dev --port {other}`; 0 takes any that is free")


def _listeners(port: int) -> Iterator[int]:
    """The processes that listen on a port, as far as this user may see them; none where there is no /proc."""
    sockets = set(_sockets(port))
    for link in _PROC.glob("[0-9]*/fd/*") if sockets else ():
        with suppress(OSError):
            if str(link.readlink()) in sockets:
                yield int(link.parts[2])


def _sockets(port: int) -> Iterator[str]:
    """The sockets that listen on a port, as /proc names them. Columns 1, 3 and 9: address:port in hex, state, inode."""
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for columns in map(str.split, (_PROC / "net" / table).read_text().splitlines()[1:]):
                if columns[3] == _LISTENS and int(columns[1].rpartition(":")[2], 16) == port:
                    yield f"socket:[{columns[9]}]"
