"""A server on loopback that sends whatever bytes a test gives it, as slowly as required; and a proxy.

with RawServer(lambda asked: [answer(b"{}"), …]) as server: …    the parts are sent one after the other

DRIP            from here on, one byte after the other, endlessly
SILENCE         from here on nothing, until the other side has gone
"""

import select
import socket
import socketserver
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlsplit

DRIP, SILENCE = object(), object()
_BETWEEN_BYTES_S = 0.02


@dataclass(frozen=True)
class Heard:
    """One request, as received."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


def answer(body: bytes = b"{}", status: int = 200, media_type: str = "application/json", **headers: str) -> bytes:
    """A complete answer. headers: with _ for -."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Type: {media_type}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + body


class _Local(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """The client has gone."""


class RawServer:
    """heard: all requests, in order."""

    def __init__(self, script: Callable[[Heard], Iterable[Any]]) -> None:
        self.heard: list[Heard] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: Any) -> None:
                """Log nothing."""

            def _any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                heard = Heard(self.command, self.path, headers, body)
                server.heard.append(heard)
                self.close_connection = True
                for part in script(heard):
                    if part in {DRIP, SILENCE}:
                        self._wait(drips=part is DRIP)
                    else:
                        self.wfile.write(part)
                        self.wfile.flush()

            def _wait(self, *, drips: bool) -> None:
                """Wait until the other side has gone."""
                while not select.select([self.connection], [], [], _BETWEEN_BYTES_S)[0]:
                    if drips:
                        self.wfile.write(b"x")
                        self.wfile.flush()

            do_GET = do_POST = do_CONNECT = _any  # noqa: N815 - the library's names

        self._server = _Local(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class Proxy:
    """A proxy on loopback: CONNECT for https, full URLs for http. asked: `METHOD target` of each."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        proxy = self

        class Handler(socketserver.StreamRequestHandler):
            rbufsize = 0  # what follows the head stays in the socket

            def handle(self) -> None:
                line = self.rfile.readline().decode("latin-1")
                method, target, _ = line.split(" ", 2)
                head = b""
                while (part := self.rfile.readline()).strip():
                    head += part if not part.lower().startswith(b"proxy-") else b""
                proxy.asked.append(f"{method} {target}")
                if method == "CONNECT":
                    host, _, port = target.rpartition(":")
                    with socket.create_connection((host.strip("[]"), int(port))) as onward:
                        self.wfile.write(b"HTTP/1.1 200 Connected\r\n\r\n")
                        self._pass_on(onward)
                    return
                parts = urlsplit(target)
                with socket.create_connection((str(parts.hostname), parts.port or 80)) as onward:
                    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                    onward.sendall(f"{method} {path} HTTP/1.1\r\n".encode() + head + b"\r\n")
                    self._pass_on(onward)

            def _pass_on(self, onward: socket.socket) -> None:
                """Copy in both directions until one side has nothing more to send."""
                while True:
                    for ready in select.select([self.connection, onward], [], [])[0]:
                        content = ready.recv(65_536)
                        if not content:
                            return
                        (onward if ready is self.connection else self.connection).sendall(content)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, *_: Any) -> None:
                """The client has gone."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
