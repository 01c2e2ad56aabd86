"""A medium behind a URL, fetched into a file: https to public addresses only, bounded in bytes, redirects and time.

The address that was looked at is the one that is connected to, so that no name can change its mind in between.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from lecture_assets.intake.unfit import UnfitMediumError, UnreachableMediumError

_REDIRECTS = 5
_TIMEOUT_S = 30.0
_WHOLE_S = 600.0
_CHUNK = 1 << 16
_HTTPS = 443


def fetch(
    url: str,
    target: Path,
    max_bytes: int,
    loopback: frozenset[tuple[str, int]] = frozenset(),
    hosts: frozenset[str] | None = None,
) -> None:
    """Write what the URL answers to a file. UnfitMediumError says what was found instead, without the URL's query.

    loopback: hosts and ports of this machine that are allowed, in the clear, too; they are the configured ones
    hosts:    the only ones beside these that are asked, redirects included, `.example.com` for all below it; None for any

    UnreachableMediumError where another try may find it.
    """
    deadline = time.monotonic() + _WHOLE_S
    for _ in range(_REDIRECTS):
        connection = _connection(url, loopback, hosts)
        try:
            answer = _asked(connection, url)
            if answer.status in {301, 302, 303, 307, 308} and (place := answer.headers.get("Location")):
                url = urljoin(url, place)
                continue
            if answer.status != http.HTTPStatus.OK:
                found = f"an answer {answer.status} of {urlsplit(url).hostname}"
                raise UnreachableMediumError(found) if _may_pass(answer.status) else UnfitMediumError(found)
            _write(answer, target, max_bytes, deadline)
        except (OSError, http.client.HTTPException) as error:
            found = f"no whole answer of {urlsplit(url).hostname} ({type(error).__name__})"
            raise UnreachableMediumError(found) from error
        else:
            return
        finally:
            connection.close()
    found = f"more than {_REDIRECTS} redirects"
    raise UnfitMediumError(found)


def _may_pass(status: int) -> bool:
    return status == http.HTTPStatus.TOO_MANY_REQUESTS or status >= http.HTTPStatus.INTERNAL_SERVER_ERROR


def _connection(url: str, loopback: frozenset[tuple[str, int]], hosts: frozenset[str] | None) -> http.client.HTTPConnection:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (_HTTPS if parts.scheme == "https" else 80)
    except ValueError:
        found = "no URL"
        raise UnfitMediumError(found) from None
    if (host, port) in loopback and parts.scheme in {"http", "https"}:
        return http.client.HTTPConnection(host, port, timeout=_TIMEOUT_S)
    if parts.scheme != "https" or not host or parts.username is not None:
        found = "a URL that is not https://host/…"
        raise UnfitMediumError(found)
    if hosts is not None and port != _HTTPS:
        found = f"a port that is none of the vendor's ({port})"
        raise UnfitMediumError(found)
    if hosts is not None and not any(host == known or (known.startswith(".") and host.endswith(known)) for known in hosts):
        found = f"a host that is none of the vendor's ({host[:100]})"
        raise UnfitMediumError(found)
    return _Pinned(host, port, _public_address(host, port))


def _public_address(host: str, port: int) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        message = f"a host that is not found ({host})"
        raise UnfitMediumError(message) from error
    addresses = [str(entry[4][0]) for entry in found]
    private = [address for address in addresses if not _is_public(address)]
    if private or not addresses:
        message = f"a host that is not public ({host})"
        raise UnfitMediumError(message)
    return addresses[0]


def _is_public(address: str) -> bool:
    """Global, and not one that carries another inside (IPv4 in IPv6, 6to4, Teredo, NAT64), which may be private."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        carries = parsed.ipv4_mapped or parsed.sixtofour or parsed.teredo or parsed in ipaddress.ip_network("64:ff9b::/96")
        if carries:
            return False
    return parsed.is_global and not parsed.is_multicast


class _Pinned(http.client.HTTPSConnection):
    """TLS for a name, to the address that was looked at."""

    def __init__(self, host: str, port: int, address: str) -> None:
        self._secure = ssl.create_default_context()
        super().__init__(host, port, timeout=_TIMEOUT_S, context=self._secure)
        self._address = address

    def connect(self) -> None:
        """Connect to the address, and prove the name."""
        plain = socket.create_connection((self._address, self.port), _TIMEOUT_S)
        self.sock = self._secure.wrap_socket(plain, server_hostname=self.host)


def _asked(connection: http.client.HTTPConnection, url: str) -> http.client.HTTPResponse:
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request("GET", path, headers={"User-Agent": "lecture-assets", "Accept-Encoding": "identity"})
    return connection.getresponse()


def _write(answer: http.client.HTTPResponse, target: Path, max_bytes: int, deadline: float) -> None:
    written = 0
    with target.open("wb") as file:
        while chunk := answer.read(_CHUNK):
            written += len(chunk)
            if written > max_bytes:
                found = f"more than {max_bytes:,} bytes"
                raise UnfitMediumError(found)
            if time.monotonic() > deadline:
                found = f"an answer that took longer than {_WHOLE_S:.0f} s"
                raise UnfitMediumError(found)
            file.write(chunk)
    if answer.length:
        found = "an answer that ended early"
        raise UnreachableMediumError(found)
