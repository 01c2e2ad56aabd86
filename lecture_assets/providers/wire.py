"""The connection to one vendor: its key, its own address and no other, proxies, and limits on everything that comes back.

    ask ───► a VendorAnswer with any status, complete, within limits on bytes and time
    stream ─► its head, and its bytes as they arrive, within the same limits
               └─ sent by the vendor's own package (openai/client.py, replicate/client.py) over the transport that is made here

Any other outcome is a ProviderError: either nothing was sent, or it is unknown. Redirects are not followed, since the key would
go with them. The key is removed from everything the vendor sends before any other code reads it.
"""

import asyncio
import json as json_text
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any, ClassVar, Protocol

import httpx
import httpx2

from lecture_assets.graph.errors import Fault, WrongInputError
from lecture_assets.graph.fingerprint import Json
from lecture_assets.providers.answers import UnreadableAnswerError, read_json
from lecture_assets.providers.cassette import Cassette, NotRecordedError, recorded
from lecture_assets.providers.failures import Problem, is_problem, problem_of, unreachable
from lecture_assets.providers.proxies import proxy_of
from lecture_assets.providers.reply_cache import TooLargeError
from lecture_assets.providers.vendors import vendors

LARGEST_JSON = 4 * 2**20
"""Largest answer in bytes. The longest text we request has 128,000 tokens, some 0.6 MB; 100 predictions have less."""
LARGEST_ERROR = 2**20
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_CONNECT_S = 10.0


def _errors(*names: str) -> tuple[type[Exception], ...]:
    """Collect exceptions by name from both packages that vendors' packages are built on."""
    return tuple(getattr(web, name) for web in (httpx, httpx2) for name in names)


_NOT_SENT = _errors(
    *("ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol", "LocalProtocolError", "InvalidURL")
)
_BROKEN: tuple[type[Exception], ...] = (TimeoutError, *_errors("HTTPError", "StreamError", "InvalidURL"), NotRecordedError)
_PAGE_TYPES = ("text/html", "application/xhtml")


@dataclass(frozen=True, slots=True)
class VendorAnswer:
    """A vendor's answer. content: complete, and without the key."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def is_error(self) -> bool:
        """Whether the status is one of failure."""
        return not 200 <= self.status < 300  # noqa: PLR2004 - the class of success

    @property
    def is_page(self) -> bool:
        """Whether it is a web page."""
        is_markup = self.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"
        return is_markup or self.headers.get("content-type", "").lower().startswith(_PAGE_TYPES)


@dataclass(frozen=True, slots=True)
class ConnectionOptions:
    """How a vendor's package is opened.

    address:  without a slash at its end
    silent_s: longest silence in seconds
    """

    key: str
    address: str
    transport: Any
    silent_s: float
    connect_s: float = _CONNECT_S


class VendorClient(Protocol):
    """A vendor's own package, as far as it sends requests. web: `httpx` or `httpx2`, whichever it is built on."""

    web: ClassVar[ModuleType]

    def __init__(self, opening: ConnectionOptions) -> None:
        """Open the package, for one event loop."""

    def send(self, method: str, path: str, body: Mapping[str, Any] | None, **more: Any) -> AbstractAsyncContextManager[Any]:
        """Send a request and return its answer, unread, until the block ends.

        body: JSON body of a POST
        more: `params` or `files`
        """

    async def close(self) -> None:
        """Close the connections."""


class _RefusalError(Exception):
    """An answer with a status of failure, raised past the package, which would otherwise retry it or read it without limits."""

    def __init__(self, response: Any) -> None:
        self.response = response
        super().__init__(str(response.status_code))


def _raising_refusals(web: ModuleType, inner: Any) -> Any:
    """Wrap a transport so that it raises _RefusalError for such answers."""

    class RefusalTransport(web.AsyncBaseTransport):  # type: ignore[name-defined, misc]
        async def handle_async_request(self, request: Any) -> Any:
            response = await inner.handle_async_request(request)
            if not response.is_success:
                raise _RefusalError(response)
            return response

        async def aclose(self) -> None:
            await inner.aclose()

    return RefusalTransport()


class Wire:
    """One vendor's server, for one event loop."""

    def __init__(  # noqa: PLR0913 - each is a setting of its own
        self,
        provider: str,
        key: str,
        base_url: str,
        package: type[VendorClient],
        *,
        silent_s: float,
        whole_s: float,
        cassette: Cassette | None = None,
    ) -> None:
        """Open the connection. WrongInputError if the address or the key is invalid.

        silent_s: longest silence in seconds
        whole_s:  longest time for a complete answer in seconds
        """
        self.provider, self.key, self._whole_s = provider, key.strip(), whole_s
        if not self.key or not self.key.isascii() or not self.key.isprintable():
            raise WrongInputError(
                [Fault(vendors()[provider].key, "characters that no key has", "the key as the vendor shows it")]
            )
        self.base = _base(provider, base_url)
        plain = package.web.AsyncHTTPTransport(verify=_tls(), proxy=proxy_of(str(self.base)))
        transport = _raising_refusals(package.web, recorded(package.web, plain, cassette))
        self._client = package(ConnectionOptions(self.key, str(self.base), transport, silent_s))

    @property
    def on_loopback(self) -> frozenset[tuple[str, int]]:
        """The server's host and port, if it is on this machine: then it may hand out its own files."""
        port = self.base.port or (443 if self.base.scheme == "https" else 80)
        return frozenset({(self.base.host, port)}) if self.base.host in _LOOPBACK else frozenset()

    async def ask(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Json] | None = None,
        is_purchase: bool,
        largest: int = LARGEST_JSON,
        **more: Any,
    ) -> VendorAnswer:
        """Return the complete answer. TooLargeError if it exceeds `largest` bytes, ProviderError if there is none."""
        async with self.stream(method, path, body=body, is_purchase=is_purchase, **more) as (head, parts):
            content = await gathered(parts, LARGEST_ERROR if head.is_error else largest)
        return VendorAnswer(head.status, head.headers, content)

    @asynccontextmanager
    async def stream(
        self, method: str, path: str, *, body: Mapping[str, Json] | None = None, is_purchase: bool, **more: Any
    ) -> AsyncIterator[tuple[VendorAnswer, AsyncIterator[bytes]]]:
        """Yield an answer without its content, and its content as it arrives. Exceptions in the block are passed on."""
        try:
            async with asyncio.timeout(self._whole_s), AsyncExitStack() as held:
                try:
                    response = await held.enter_async_context(self._client.send(method, path, body, **more))
                except _RefusalError as refusal:
                    response = refusal.response
                    held.push_async_callback(response.aclose)
                yield self._head(response), _scrubbed(response.aiter_bytes(), self.key.encode())
        except _BROKEN as error:
            raise unreachable(self.provider, error, sent=is_purchase and not isinstance(error, _NOT_SENT)) from None

    def _head(self, response: Any) -> VendorAnswer:
        headers = {name.lower(): value.replace(self.key, "…") for name, value in response.headers.items()}
        return VendorAnswer(response.status_code, headers, b"")

    def document(self, answer: VendorAnswer) -> Json:
        """Parse an answer as JSON. UnreadableAnswerError if it is not JSON."""
        return read_json(answer.content, self.key)

    def problem(self, answer: VendorAnswer) -> Problem:
        """Parse the error that an answer describes."""
        try:
            return problem_of(self.document(answer))
        except UnreadableAnswerError:
            return Problem()

    def is_problem(self, answer: VendorAnswer) -> bool:
        """Whether an answer with a status of success is an error."""
        try:
            return is_problem(self.document(answer))
        except UnreadableAnswerError:
            return False

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()


async def gathered(parts: AsyncIterator[bytes], largest: int) -> bytes:
    """Read all bytes. TooLargeError if there are more than `largest`."""
    found, size = [], 0
    async for part in parts:
        found.append(part)
        size += len(part)
        if size > largest:
            raise TooLargeError
    return b"".join(found)


async def _scrubbed(parts: AsyncIterator[bytes], secret: bytes) -> AsyncIterator[bytes]:
    """Replace a secret by as many asterisks, even where it is split between parts. No part is empty."""
    kept = b""
    async for part in parts:
        kept = (kept + part).replace(secret, b"*" * len(secret))
        whole = max(0, len(kept) - len(secret) + 1)
        if whole:
            yield kept[:whole]
        kept = kept[whole:]
    if kept:
        yield kept


def encoded(body: Mapping[str, Any]) -> bytes:
    """Encode a body as JSON; lone surrogates, which no vendor accepts, become question marks."""
    return json_text.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8", "replace")


def _base(provider: str, base_url: str) -> httpx2.URL:
    """Parse an address and remove a slash at its end."""
    try:
        url = httpx2.URL(base_url.strip().rstrip("/"))
    except (httpx2.InvalidURL, ValueError):
        url = httpx2.URL("")
    if url.scheme not in {"http", "https"} or not url.host:
        raise WrongInputError([Fault(vendors()[provider].address, repr(base_url[:100]), "an address like https://HOST/v1")])
    return url


@cache
def _tls() -> Any:
    return httpx2.create_ssl_context()
