"""Requests to a server on loopback, as it gets them: no proxy, no redirect, no header that a client adds by itself."""

import http.client
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What a server answered."""

    status: int
    body: bytes
    headers: http.client.HTTPMessage


def ask(port: int, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None) -> HttpAnswer:
    """Send a request. Names of headers may have _ for -."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in (headers or {}).items()})
        response = connection.getresponse()
        switches = response.status == http.HTTPStatus.SWITCHING_PROTOCOLS
        return HttpAnswer(response.status, b"" if switches else response.read(), response.headers)
