"""A proxy between a client and S3 that answers 500 and 503 in bursts, and cuts connections in the middle of answers."""

import http.client
import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "expect"}
OK, INTERNAL, BUSY, CUT, CUT_AFTER = "ok", "500", "503", "cut", "cut after"
BURSTS = (OK,) * 5 + (INTERNAL,) * 3 + (OK,) * 3 + (BUSY,) * 4 + (OK,) * 2 + (CUT, CUT_AFTER) + (OK,) * 4 + (INTERNAL, BUSY) * 3
"""What happens to each request in turn: more than half fail, up to six in a row."""


class FaultyProxy(ThreadingHTTPServer):
    """Forwards to a server. `faults`: how often each thing happened."""

    daemon_threads = True

    def __init__(self, target: str, turns: tuple[str, ...] = BURSTS) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target = urlsplit(target).netloc
        self._turns, self._lock = itertools.cycle(turns), threading.Lock()
        self.faults: dict[str, int] = dict.fromkeys((OK, INTERNAL, BUSY, CUT, CUT_AFTER), 0)

    def turn(self) -> str:
        with self._lock:
            turn = next(self._turns)
            self.faults[turn] += 1
            return turn


class _Handler(BaseHTTPRequestHandler):
    server: FaultyProxy
    protocol_version = "HTTP/1.1"

    def _forward(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        turn = self.server.turn()
        if turn in {INTERNAL, BUSY}:
            self._refuse(int(turn), "InternalError" if turn == INTERNAL else "SlowDown")
            return
        if turn == CUT:
            self.close_connection = True
            self.connection.close()
            return
        upstream = http.client.HTTPConnection(self.server.target, timeout=30)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
        upstream.request(self.command, self.path, body or None, headers)
        answer = upstream.getresponse()
        content = answer.read()
        upstream.close()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP:
                self.send_header(name, value)
        size = answer.getheader("Content-Length", str(len(content))) if self.command == "HEAD" else str(len(content))
        self.send_header("Content-Length", size)
        self.end_headers()
        if turn == CUT_AFTER:
            self.wfile.write(content[: len(content) // 2])
            self.close_connection = True
            return
        self.wfile.write(content)

    def _refuse(self, status: int, code: str) -> None:
        content = f"<Error><Code>{code}</Code><Message>injected</Message></Error>".encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _forward  # noqa: N815 - the names that http.server looks for

    def log_message(self, *_arguments: object) -> None:
        """Stay silent."""


@contextmanager
def faulty_proxy(target: str, turns: tuple[str, ...] = BURSTS) -> Iterator[tuple[str, FaultyProxy]]:
    """Run a proxy; its URL and itself."""
    with FaultyProxy(target, turns) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{proxy.server_address[1]}", proxy
        finally:
            proxy.shutdown()
            thread.join()
