"""Download a medium from a URL to a file: https to public addresses only, with limits on bytes, redirects and time.

The connection goes to the very address that was checked, so that a second DNS answer cannot differ. The same holds behind a
proxy, which is asked for that address. Only a vendor's own hosts, which are listed by name, may be resolved by a proxy.
"""

import asyncio
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path

import httpx2

from lecture_assets.intake.public_host import public_address
from lecture_assets.intake.unfit import UnfitMediumError, UnreachableMediumError
from lecture_assets.prose.refusals import plain_name

_REDIRECTS = 5
_TIMEOUT = httpx2.Timeout(30.0)
"""Longest silence in seconds; the limit for the whole download is `WHOLE_S`."""
WHOLE_S = 600.0
"""Seconds for the DNS lookup, every redirect, the headers and the content together: 1 GB, the largest clip, at 14 Mbit/s."""
_HTTPS, _HIGHEST_PORT = 443, 65535
_PORTS = {"http": 80, "https": _HTTPS}
_SURROGATE = re.compile("[\ud800-\udfff]")
_MOVED = frozenset({301, 302, 303, 307, 308})
_AGENT = {"User-Agent": "lecture-assets", "Accept-Encoding": "identity"}
ProxyOf = Callable[[str], str | None]


def no_proxy(_url: str) -> None:
    """A `proxy_of` that uses no proxy."""


@dataclass(frozen=True, slots=True)
class _Place:
    """The server a URL leads to. connect_to: the address that was checked; None if the host is trusted by name."""

    url: httpx2.URL
    connect_to: str | None = None


async def fetch(  # noqa: PLR0913, PLR0917 - what to fetch, and the limits on it
    url: str,
    target: Path,
    max_bytes: int,
    loopback: frozenset[tuple[str, int]] = frozenset(),
    hosts: frozenset[str] | None = None,
    proxy_of: ProxyOf = no_proxy,
) -> None:
    """Download a URL to a file. UnfitMediumError says what was found instead, without the URL's query.

    loopback: host and port pairs on this machine that are allowed as well, over plain HTTP: the configured ones
    hosts:    the only other hosts allowed, redirects included; `.example.com` allows every subdomain; None for any
    proxy_of: returns the proxy for a URL; None for no proxy

    UnreachableMediumError if another attempt may succeed. It can be cancelled at any time.
    """
    try:
        async with asyncio.timeout(WHOLE_S):
            await _follow(_url(url), target, max_bytes, _Rules(loopback, hosts, proxy_of))
    except TimeoutError:
        found = f"an answer that was not complete after {WHOLE_S:.0f} s"
        raise UnreachableMediumError(found) from None


@dataclass(frozen=True, slots=True)
class _Rules:
    loopback: frozenset[tuple[str, int]]
    hosts: frozenset[str] | None
    proxy_of: ProxyOf

    async def place(self, url: httpx2.URL) -> _Place:
        """Return the server a URL leads to. UnfitMediumError if it is not allowed."""
        host, port = url.host, _port(url)
        if (host, port) in self.loopback and url.scheme in _PORTS:
            return _Place(url)
        if url.scheme != "https" or not host or url.userinfo:
            found = "a URL that is not https://host/…"
            raise UnfitMediumError(found)
        if self.hosts is None:
            return _Place(url, await public_address(host, port))
        if port != _HTTPS:
            found = f"a port that is not the vendor's ({port})"
            raise UnfitMediumError(found)
        if not any(host == known or (known.startswith(".") and host.endswith(known)) for known in self.hosts):
            found = f"a host that is not the vendor's ({host[:100]})"
            raise UnfitMediumError(found)
        return _Place(url, None if self.proxy_of(str(url)) else await public_address(host, port))


def _url(text: str, base: httpx2.URL | None = None) -> httpx2.URL:
    """Parse a URL as browsers do: special characters are percent-encoded, those of a host by IDNA."""
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
            found = f"no complete answer from {url.host} ({plain_name(error)})"
            raise UnreachableMediumError(found) from error
        if moved is None:
            return
        url = _url(moved, url)
    found = f"more than {_REDIRECTS} redirects"
    raise UnfitMediumError(found)


async def _taken(place: _Place, target: Path, max_bytes: int, proxy: str | None) -> str | None:
    """Write the answer to a file. If it is a redirect, return where to."""
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
            found = f"an answer {answer.status_code} from {place.url.host}"
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
