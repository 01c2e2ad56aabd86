"""What the vendors' stand-ins share: an HTTP server on loopback that fails on demand and keeps its own bill.

A fault is queued by the kind of request; the next request of that kind takes the first one:

    "503", "429", "401", …  an answer with that status (429 with `Retry-After: 0.05`), nothing accepted
    "reset"                 the connection breaks before anything is accepted
    "lost"                  accepted and charged, then the connection breaks before the answer
    "truncated"             accepted and charged, then half of the answer is sent
"""

import json
import socket
import struct
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

PURCHASES = frozenset({"text", "speech", "image", "create"})
"""The kinds of requests that buy something."""
SAVED_S = 5.0
"""A rate unused for this long allows as much at once."""


@dataclass
class Answer:
    """One answer of a stand-in. accepted: it has bought something."""

    document: Any = None
    status: int = 200
    content: bytes | None = None
    media_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        return self.content if self.content is not None else json.dumps(self.document).encode()


@dataclass
class Asked:
    """One request. kind: the kind that faults are queued by."""

    kind: str
    method: str
    path: str
    query: dict[str, list[str]]
    body: bytes
    headers: dict[str, str]

    def json(self) -> Any:
        return json.loads(self.body or b"{}")


class StandIn:
    """A vendor on loopback, until the end of a `with`. Subclasses answer.

    takes_s:  how long each answer takes
    most_out: the most purchases that were in progress at once
    """

    def __init__(self, key: str) -> None:
        self.key = key
        self.faults: dict[str, list[str]] = defaultdict(list)
        self.requests: list[Asked] = []
        self.per_second: dict[str, float] = {}
        self.says_limits = True
        self.allowance: dict[str, tuple[float, float]] = {}
        self.away_until = 0.0
        self.takes_s = 0.0
        self.out = self.most_out = 0
        self.answered: list[tuple[str, float, int]] = []
        self.lock = threading.Lock()
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: Any) -> None:
                """Log nothing."""

            def do_GET(self) -> None:
                stand_in._serve(self, "GET")

            def do_POST(self) -> None:
                stand_in._serve(self, "POST")

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Any:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def kind_of(self, method: str, path: str) -> str:
        """The kind of a request."""
        raise NotImplementedError

    def answer(self, asked: Asked) -> Answer:
        """Answer a request for which no fault is queued; this is where purchases happen."""
        raise NotImplementedError

    def error(self, status: int) -> Answer:
        """An error in the vendor's own form."""
        raise NotImplementedError

    def _is_within_its_rate(self, kind: str) -> bool:
        """Whether one more request of this kind is allowed now; if so, it is counted."""
        rate = self.per_second.get(kind)
        if rate is None:
            return True
        now = time.monotonic()
        left, _ = _within(self.allowance.get(kind, (rate * SAVED_S, now)), rate, now)
        self.allowance[kind] = (left - 1 if left >= 1 else left), now
        return left >= 1

    def _said(self, kind: str, rate: float) -> dict[str, str]:
        """A rate in headers, as OpenAI sends them."""
        left = int(min(self.allowance[kind][0], rate * 60))
        limit, reset_ms = round(rate * 60), round((rate * 60 - left) / rate * 1000)
        said = {"limit": str(limit), "remaining": str(left), "reset": f"{reset_ms}ms"}
        return {f"x-ratelimit-{name}-requests": value for name, value in said.items()}

    def _decide(self, asked: Asked) -> tuple[Answer, str | None]:
        """The answer, and the fault that spoils it."""
        fault = self.faults[asked.kind].pop(0) if self.faults[asked.kind] else None
        if asked.kind != "file" and asked.headers.get("authorization") != f"Bearer {self.key}":
            return self.error(401), None
        if time.monotonic() < self.away_until:
            return self.error(503), None
        if not self._is_within_its_rate(asked.kind):
            refused = self.error(429)
            refused.headers["Retry-After"] = "0.5"
            return refused, None
        if fault is not None and fault.isdigit():
            refused = self.error(int(fault))
            refused.headers |= {"Retry-After": "0.05"} if fault == "429" else {}
            return refused, None
        return Answer() if fault == "reset" else self.answer(asked), fault

    def _serve(self, handler: BaseHTTPRequestHandler, method: str) -> None:
        parts = urlsplit(handler.path)
        length = int(handler.headers.get("Content-Length") or 0)
        body = handler.rfile.read(length)
        if len(body) < length:
            return  # who asked was killed
        kind = self.kind_of(method, parts.path)
        headers = {name.lower(): value for name, value in handler.headers.items()}
        asked = Asked(kind, method, parts.path, parse_qs(parts.query), body, headers)
        with self.lock:
            self.out += kind in PURCHASES
            self.most_out = max(self.most_out, self.out)
        time.sleep(self.takes_s)  # a vendor takes its time
        with self.lock:
            self.out -= kind in PURCHASES
            self.requests.append(asked)
            answer, fault = self._decide(asked)
            if self.says_limits and (rate := self.per_second.get(kind)):
                answer.headers |= self._said(kind, rate)
            self.answered.append((kind, time.monotonic(), answer.status))
        if fault in {"reset", "lost"}:
            _break(handler)
            return
        content = answer.body()
        handler.send_response(answer.status)
        handler.send_header("Content-Type", answer.media_type)
        handler.send_header("Content-Length", str(len(content)))
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        if fault == "truncated":
            handler.wfile.write(content[: len(content) // 2])
            handler.wfile.flush()
            _break(handler)
            return
        handler.wfile.write(content)


def _within(allowance: tuple[float, float], per_second: float, now: float) -> tuple[float, float]:
    """What is left of a rate, and when: at most three seconds' worth, refilled over time."""
    left, then = allowance
    return min(per_second * SAVED_S, left + (now - then) * per_second), now


def _break(handler: BaseHTTPRequestHandler) -> None:
    """Reset the connection."""
    handler.close_connection = True
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
