"""The protocol between launchers and the fork server of a folder: a Unix socket, and one line of JSON per message."""

import json
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Request = Mapping[str, Any]
"""A request or its answer."""

STARTING = "server.lock"
"""Held while a server starts, by its launcher and then by the server itself until it listens, so that there is only one."""
SOCKET = "server.sock"
_CHUNK = 65_536
_SHORT = 100
"""The most bytes in a socket's path; the kernel accepts 107 on Linux, 103 on macOS."""


def connect(folder: Path, timeout_s: float) -> socket.socket:
    """Connect to the folder's server; OSError if none is listening."""
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(timeout_s)
    try:
        with socket_address(folder) as address:
            connection.connect(address)
    except BaseException:
        connection.close()
        raise
    return connection


def ask(folder: Path, request: Request, timeout_s: float) -> Request:
    """Return the server's answer; ConnectionError if it ended before answering, another OSError if none is listening."""
    with connect(folder, timeout_s) as connection:
        send(connection, request)
        return receive(connection)


def send(connection: socket.socket, message: Request) -> None:
    """Send a line."""
    connection.sendall(json.dumps(message).encode() + b"\n")


def receive(connection: socket.socket) -> Request:
    """Receive one line and nothing of what follows it; ConnectionResetError if the connection ends before it is complete."""
    line = b""
    while not line.endswith(b"\n"):
        there = connection.recv(_CHUNK, socket.MSG_PEEK)
        if not there:
            message = "the fork server's connection ended before a complete line"
            raise ConnectionResetError(message)
        line += connection.recv(there.find(b"\n") + 1 or len(there))
    received: Request = json.loads(line)
    return received


@contextmanager
def socket_address(folder: Path) -> Iterator[str]:
    """The socket's path, via an open directory if it is too long for the kernel."""
    path = str(folder / SOCKET)
    if len(os.fsencode(path)) <= _SHORT:
        yield path
        return
    directory = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{directory}/{SOCKET}"
    finally:
        os.close(directory)
