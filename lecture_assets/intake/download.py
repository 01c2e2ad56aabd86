"""A medium behind a URL, fetched into a file: https to public addresses only, bounded in bytes, redirects and time.

The address that was looked at is the one that is connected to, so that no name can change its mind in between; also behind a
proxy, which is asked for that address. Only a vendor's own hosts, which are listed by name, may be left to a proxy's look-up.
"""

import asyncio
import ipaddress
import re
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path

import httpx2

from lecture_assets.intake.unfit import UnfitMediumError, UnreachableMediumError

_REDIRECTS = 5
_TIMEOUT = httpx2.Timeout(30.0)
"""Seconds without a byte; what all of it may take is `WHOLE_S`."""
WHOLE_S = 600.0
"""For the look-up, every redirect, the headers and the last byte together: 1 GB, the largest clip, at 14 Mbit/s."""
_HTTPS, _HIGHEST_PORT = 443, 65535
_PORTS = {"http": 80, "https": _HTTPS}
_SURROGATE = re.compile("[\ud800-\udfff]")
_MOVED = frozenset({301, 302, 303, 307, 308})
_AGENT = {"User-Agent": "lecture-assets", "Accept-Encoding": "identity"}
ProxyOf = Callable[[str], str | None]


def no_proxy(_url: str) -> None:
    """The proxy of a URL where there is none."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a URL leads. connect_to: the address that was looked at; None where the host is known by its name."""

    url: httpx2.URL
    connect_to: str | None = None


async def fetch(  # noqa: PLR0913, PLR0917 - what is asked for, and three ways in which it is bounded
    url: str,
    target: Path,
    max_bytes: int,
    loopback: frozenset[tuple[str, int]] = frozenset(),
    hosts: frozenset[str] | None = None,
    proxy_of: ProxyOf = no_proxy,
) -> None:
    """Write what the URL answers to a file. UnfitMediumError says what was found instead, without the URL's query.

    loopback: hosts and ports of this machine that are allowed, in the clear, too; they are the configured ones
    hosts:    the only ones beside these that are asked, redirects included, `.example.com` for all below it; None for any
    proxy_of: the proxy that a URL is asked through, None for none

    UnreachableMediumError where another try may find it. It can be cancelled at any time.
    """
    try:
        async with asyncio.timeout(WHOLE_S):
            await _follow(_url(url), target, max_bytes, _Rules(loopback, hosts, proxy_of))
    except TimeoutError:
        found = f"an answer that was not whole after {WHOLE_S:.0f} s"
        raise UnreachableMediumError(found) from None


@dataclass(frozen=True, slots=True)
class _Rules:
    loopback: frozenset[tuple[str, int]]
    hosts: frozenset[str] | None
    proxy_of: ProxyOf

    async def place(self, url: httpx2.URL) -> _Place:
        """Where the URL leads, if that may be asked; UnfitMediumError where not."""
        host, port = url.host, _port(url)
        if (host, port) in self.loopback and url.scheme in _PORTS:
            return _Place(url)
        if url.scheme != "https" or not host or url.userinfo:
            found = "a URL that is not https://host/…"
            raise UnfitMediumError(found)
        if self.hosts is None:
            return _Place(url, await _public_address(host, port))
        if port != _HTTPS:
            found = f"a port that is none of the vendor's ({port})"
            raise UnfitMediumError(found)
        if not any(host == known or (known.startswith(".") and host.endswith(known)) for known in self.hosts):
            found = f"a host that is none of the vendor's ({host[:100]})"
            raise UnfitMediumError(found)
        return _Place(url, None if self.proxy_of(str(url)) else await _public_address(host, port))


def _url(text: str, base: httpx2.URL | None = None) -> httpx2.URL:
    """A URL as browsers read it: other letters percent-encoded, a host's as IDNA."""
    text = _SURROGATE.sub("\ufffd", text)
    try:
        url = base.join(text) if base is not None else httpx2.URL(text)
        url.raw_path.decode("ascii"), url.raw_host.decode("ascii")
    except (httpx2.InvalidURL, ValueError, IndexError):
        found = "no URL"
        raise UnfitMediumError(found) from None
    if not 0 < _port(url) <= _HIGHEST_PORT:
        found = "no URL"
        raise UnfitMediumError(found)
    return url


def _port(url: httpx2.URL) -> int:
    return url.port if url.port is not None else _PORTS.get(url.scheme, _HTTPS)


async def _follow(url: httpx2.URL, target: Path, max_bytes: int, rules: _Rules) -> None:
    for _ in range(_REDIRECTS):
        place = await rules.place(url)
        try:
            moved = await _taken(place, target, max_bytes, rules.proxy_of(str(url)))
        except (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL, OSError, ValueError) as error:
            found = f"no whole answer of {url.host} ({type(error).__name__})"
            raise UnreachableMediumError(found) from error
        if moved is None:
            return
        url = _url(moved, url)
    found = f"more than {_REDIRECTS} redirects"
    raise UnfitMediumError(found)


async def _taken(place: _Place, target: Path, max_bytes: int, proxy: str | None) -> str | None:
    """Write the answer to a file; where it says that it lies elsewhere, that."""
    asked, more = place.url, {}
    if place.connect_to is not None:
        asked, more = place.url.copy_with(host=place.connect_to), {"sni_hostname": place.url.raw_host.decode("ascii")}
    headers = {**_AGENT, "Host": place.url.netloc.decode("ascii")}
    transport = httpx2.AsyncHTTPTransport(verify=_tls(), proxy=proxy)
    async with (
        httpx2.AsyncClient(transport=transport, timeout=_TIMEOUT, trust_env=False) as client,
        client.stream("GET", asked, headers=headers, extensions=more) as answer,
    ):
        if answer.status_code in _MOVED and (elsewhere := answer.headers.get("Location")):
            return str(elsewhere)
        if answer.status_code != HTTPStatus.OK:
            found = f"an answer {answer.status_code} of {place.url.host}"
            raise UnreachableMediumError(found) if _may_pass(answer.status_code) else UnfitMediumError(found)
        await _write(answer, target, max_bytes)
    return None


@cache
def _tls() -> ssl.SSLContext:
    return httpx2.create_ssl_context()


def _may_pass(status: int) -> bool:
    return status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR


async def _write(answer: httpx2.Response, target: Path, max_bytes: int) -> None:
    written = 0
    with target.open("wb") as file:
        async for chunk in answer.aiter_raw():
            written += len(chunk)
            if written > max_bytes:
                found = f"more than {max_bytes:,} bytes"
                raise UnfitMediumError(found)
            file.write(chunk)


async def _public_address(host: str, port: int) -> str:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        message = f"a host that is not found ({host[:100]})"
        raise UnfitMediumError(message) from error
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(_is_public(address) for address in addresses):
        message = f"a host that is not public ({host[:100]})"
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
